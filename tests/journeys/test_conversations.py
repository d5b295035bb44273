"""The conversation of a booking with its files and common answers, and who comes: for its two sides alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from urllib3 import encode_multipart_formdata

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask, history, organisation_of
from tests.support.clocks import StoppedClock
from tests.support.statements import Statements
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def booking(api: As) -> str:
    asked = ask(api("camille"), a_claim("DGP-KZ", "2027-03-08", "2027-03-13"))
    assert asked.status == 201, asked
    return str(asked.json["id"])


def upload(
    api: Api, subject: str, content: bytes, name: str, kind: str = "rider", about: str = "bookings"
) -> Answer:
    body, media = encode_multipart_formdata({"file": (name, content, "application/octet-stream"), "kind": kind})
    return api.request("POST", f"/{about}/{subject}/files", body=body, headers={"Content-Type": media})


def test_both_sides_talk_and_nobody_else_listens(api: As, booking: str, worker: Callable[[], dict[str, int]]):
    camille, bram = api("camille"), api("bram")
    said = camille.post(f"/bookings/{booking}/messages", {"text": "  We come with a van of 3.2 m.\n"})
    assert (said.status, said.json["text"], said.json["side"]) == (201, "We come with a van of 3.2 m.", "company")
    assert bram.post(f"/bookings/{booking}/messages", {"text": "The dock is 3.5 m."}).json["side"] == "house"
    read = camille.get(f"/bookings/{booking}/messages?limit=1").json
    assert [each["text"] for each in read["items"]] == ["We come with a van of 3.2 m."]
    assert [each["by"] for each in camille.get(read["next"]).json["items"]] == ["Bram"]
    for stranger in ("wout", "joris"):
        assert api(stranger).get(f"/bookings/{booking}/messages").status == 404
    assert api("griet").post(f"/bookings/{booking}/messages", {"text": "x"}).status == 403
    worker()
    told = [each["kind"] for each in bram.get("/notifications").json["items"]]
    assert told.count("message.posted") == 1
    assert [each["kind"] for each in history(camille, booking)].count("message.posted") == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "bell\x07"])
def test_what_cannot_be_kept_is_refused(api: As, booking: str, text: str):
    assert api("camille").post(f"/bookings/{booking}/messages", {"text": text}).status == 422
    assert api("camille").get(f"/bookings/{booking}/messages").json["items"] == []


def test_files_are_kept_by_what_they_are(api: As, booking: str):
    kept = upload(api("camille"), booking, PDF, "../../Fiche\u202etechnique.exe")
    assert kept.status == 201, kept
    assert {name: kept.json[name] for name in ("name", "kind", "media_type", "size", "side")} == {
        "name": "Fichetechnique.pdf",
        "kind": "rider",
        "media_type": "application/pdf",
        "size": len(PDF),
        "side": "company",
    }
    bram = api("bram")
    [listed] = bram.get(f"/bookings/{booking}/files").json["items"]
    assert listed == kept.json
    got = bram.get(listed["url"])
    assert (got.body, got.headers["Content-Type"]) == (PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert api("wout").get(listed["url"]).status == 404
    assert bram.delete(listed["url"]).status == 403  # not the house's to take back
    assert api("camille").delete(listed["url"]).status == 204
    assert bram.get(listed["url"]).status == 404
    kinds = [each["kind"] for each in history(bram, booking)]
    assert kinds[-2:] == ["file.added", "file.removed"]


def test_a_file_that_is_sent_again_is_kept_once_and_another_under_the_same_key_is_refused(api: As, booking: str):
    camille = api("camille")

    def sent(content: bytes, name: str = "rider.pdf") -> Answer:
        body, media = encode_multipart_formdata({"file": (name, content, "application/pdf"), "kind": "rider"})
        headers = {"Content-Type": media, "Idempotency-Key": "one-rider"}
        return camille.request("POST", f"/bookings/{booking}/files", body=body, headers=headers)

    first, again = sent(PDF), sent(PDF)
    assert (first.status, again.status, again.json) == (201, 201, first.json)
    assert sent(PDF + b"\n% another").status == 422
    assert sent(PDF, "other.pdf").status == 422
    assert len(camille.get(f"/bookings/{booking}/files").json["items"]) == 1


def test_a_file_belongs_to_its_own_conversation(api: As, booking: str):
    other = ask(api("wout"), a_claim("DGP-KL", "2027-04-05", "2027-04-08")).json["id"]
    file = upload(api("camille"), booking, PNG, "plan.png", "plan").json["id"]
    assert api("wout").get(f"/bookings/{other}/files/{file}").status == 404


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "empty.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "plan.svg"),
        (b"<html><script>1</script></html>", "rider.pdf"),
        (b"MZ" + b"\0" * 100, "rider.pdf"),
        (b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024), "large.pdf"),
    ],
    ids=["empty", "svg", "html", "program", "large"],
)
def test_other_files_are_refused(api: As, booking: str, content: bytes, filename: str):
    refused = upload(api("camille"), booking, content, filename)
    assert (refused.status, list(refused.json["errors"])) == (422, ["file"])
    assert api("camille").get(f"/bookings/{booking}/files").json["items"] == []


def test_far_too_much_is_refused_unread(api: As, booking: str):
    assert upload(api("camille"), booking, PDF + b"x" * (11 * 1024 * 1024), "huge.pdf").status == 413


def test_who_comes_is_known_to_two_sides_and_forgotten_after_the_stay(
    api: As, booking: str, clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    camille, bram = api("camille"), api("bram")
    people: list[dict[str, Any]] = [
        {"name": "Ana", "arrives": "2027-03-07", "leaves": "2027-03-13", "diet": "vegan", "access": None},
        {"name": "Noé", "arrives": None, "leaves": None, "diet": None, "access": "wheelchair"},
    ]
    written = camille.put(f"/bookings/{booking}/arrivals", {"people": people})
    assert (written.status, written.json["items"]) == (200, people)
    assert api("griet").get(f"/bookings/{booking}/arrivals").json["items"] == people  # the house's technician
    assert api("elise").get(f"/bookings/{booking}/arrivals").status == 403
    assert bram.post(f"/bookings/{booking}/confirm").status == 200
    backwards = {"people": [{"name": "Ana", "arrives": "2027-03-09", "leaves": "2027-03-08"}]}
    assert camille.put(f"/bookings/{booking}/arrivals", backwards).json["errors"] == {
        "people.0.leaves": ["The end comes after the start."]
    }
    clock.set("2027-03-13T05:59:00+01:00")
    assert worker()["arrivals forgotten"] == 0  # the night of the 12th runs until six
    clock.set("2027-03-13T06:00:00+01:00")
    assert worker()["arrivals forgotten"] == 2
    assert bram.get(f"/bookings/{booking}/arrivals").json["items"] == []
    assert camille.put(f"/bookings/{booking}/arrivals", {"people": people}).status == 409


def test_a_chain_has_one_conversation_with_all_its_houses(api: As, worker: Callable[[], dict[str, int]]):
    camille = api("camille")
    parts = [
        {"venue": "DGP", "purpose": "residency", "claims": [a_claim("DGP-KZ", "2027-03-08", "2027-03-13")]},
        {"venue": "BUD", "purpose": "residency", "claims": [a_claim("BUD-S1", "2027-03-15", "2027-03-20")]},
    ]
    chain = {"organisation": organisation_of(camille), "title": "Marées", "rule": "each", "bookings": parts}
    made = camille.post("/trajectories", chain)
    assert made.status == 201, made
    messages = f"/trajectories/{made.json['id']}/messages"
    assert camille.post(messages, {"text": "Here is the whole journey."}).status == 201
    assert api("bram").post(messages, {"text": "The dock is 3.5 m."}).status == 201
    assert [each["text"] for each in api("joris").get(messages).json["items"]] == [
        "Here is the whole journey.",
        "The dock is 3.5 m.",
    ]
    assert api("nadia").get(messages).status == 404
    worker()
    told = {name: _kinds(api(name)).count("message.posted") for name in ("camille", "bram", "joris")}
    assert told == {"camille": 1, "bram": 1, "joris": 2}
    file = upload(camille, made.json["id"], PDF, "Rider.pdf", about="trajectories")
    assert api("joris").get(file.json["url"]).body == PDF
    ours = upload(api("bram"), made.json["id"], PDF, "Zaal.pdf", about="trajectories").json
    assert (ours["side"], ours["venue"], file.json["venue"]) == ("house", "DGP", None)
    assert api("joris").delete(ours["url"]).status == 403  # another house's
    assert camille.delete(ours["url"]).status == 403
    assert api("bram").delete(ours["url"]).status == 204


@pytest.fixture
def enquiry(api: As) -> str:
    """Camille asks Le Phénix, BUDA and De Grote Post at once."""
    camille = api("camille")
    sent = camille.post(
        "/enquiries",
        {
            "organisation": organisation_of(camille),
            "title": "Marées",
            "people": 5,
            "beds": 0,
            "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
            "needs": [{"kind": "studio"}],
            "venues": ["PHX", "BUD", "DGP"],
        },
    )
    assert sent.status == 201, sent
    return str(sent.json["id"])


def test_houses_that_are_asked_at_once_read_the_company_and_not_each_other(app: Flask, api: As, enquiry: str):
    camille, joris, bram = (Visitor(app, name) for name in ("camille", "joris", "bram"))
    here = f"/enquiries/{enquiry}"
    assert camille.post(f"{here}/messages", {"text": "Nous venons à cinq."}).status == 303
    assert joris.post(f"{here}/messages", {"text": "Kom gerust kijken."}).status == 303
    assert bram.post(f"{here}/messages", {"text": "Wij hebben plaats."}).status == 303
    plan = upload(api("joris"), enquiry, PNG, "plan.png", "plan", about="enquiries").json
    for word in ("Nous venons à cinq.", "Kom gerust kijken.", "Wij hebben plaats.", "plan.png"):
        assert word in camille.get(here).text
    for reader in (bram, Visitor(app, "griet")):  # the planner and the technician of another house
        page = reader.get(here).text
        assert "Nous venons à cinq." in page
        assert "Wij hebben plaats." in page
        assert "Kom gerust kijken." not in page
        assert "plan.png" not in page
    assert [each["text"] for each in api("griet").get(f"{here}/messages").json["items"]] == [
        "Nous venons à cinq.",
        "Wij hebben plaats.",
    ]
    assert bram.get(f"{here}/files/{plan['id']}").status == 404
    assert camille.post(f"{here}/files/{plan['id']}/remove").status == 403
    assert joris.post(f"{here}/files/{plan['id']}/remove").status == 303
    assert Visitor(app, "wout").get(here).status == 404
    again = camille.post(f"{here}/messages", {"text": " "})
    assert again.status == 422
    assert 'id="say-error"' in again.text or "nécessaire" in again.text


def test_a_planner_answers_an_enquiry_and_a_chain_with_a_common_answer(app: Flask, api: As, enquiry: str):
    bram = Visitor(app, "bram")
    answer = {"title": "Vol seizoen", "language": "nl", "text": "Helaas, ons seizoen is vol."}
    assert bram.post("/desk/DGP/templates", answer).status == 303
    template = bram.get("/desk/DGP/templates").text.partition("/desk/DGP/templates/")[2].partition('"')[0]
    camille = api("camille")
    part = {"venue": "DGP", "purpose": "residency", "claims": [a_claim("DGP-KZ", "2027-03-08", "2027-03-13")]}
    chain = {"organisation": organisation_of(camille), "title": "Marées", "rule": "each", "bookings": [part]}
    made = camille.post("/trajectories", chain).json["id"]
    for here in (f"/enquiries/{enquiry}", f"/trajectories/{made}"):
        assert f'{here}?answer={template}#say"' in bram.get(here).text
        assert "Helaas, ons seizoen is vol.</textarea>" in bram.get(f"{here}?answer={template}").text
        assert template not in Visitor(app, "camille").get(here).text
        assert template not in Visitor(app, "joris").get(f"/enquiries/{enquiry}").text


def _kinds(api: Api) -> list[str]:
    return [each["kind"] for each in api.get("/notifications").json["items"]]


def test_the_pages_of_a_conversation(app: Flask, api: As, booking: str):
    camille, bram = Visitor(app, "camille"), Visitor(app, "bram")
    assert camille.post(f"/bookings/{booking}/messages", {"text": "Bonjour <b>Bram</b>"}).status == 303
    assert "Bonjour &lt;b&gt;Bram&lt;/b&gt;" in bram.get(f"/bookings/{booking}").text
    again = camille.post(f"/bookings/{booking}/messages", {"text": " "})
    assert again.status == 422
    assert "Ce champ est nécessaire" in again.text or "nécessaire" in again.text
    answer = {"title": "Vol seizoen", "language": "nl", "text": "Helaas, ons seizoen is vol."}
    assert bram.post("/desk/DGP/templates", answer).status == 303
    page = bram.get("/desk/DGP/templates").text
    template = page.partition("/desk/DGP/templates/")[2].partition('"')[0]
    assert "Helaas, ons seizoen is vol.</textarea>" in bram.get(f"/bookings/{booking}?answer={template}").text
    assert bram.post(f"/desk/DGP/templates/{template}", {**answer, "text": ""}).status == 422
    assert bram.post(f"/desk/DGP/templates/{template}/remove").status == 303
    people = {"name.0": "Ana", "arrives.0": "2027-03-07", "diet.0": "végane", "name.2": "Noé", "arrives.2": "x"}
    assert camille.post(f"/bookings/{booking}/arrivals", people).status == 422
    assert camille.post(f"/bookings/{booking}/arrivals", {**people, "arrives.2": ""}).status == 303
    assert api("bram").post(f"/bookings/{booking}/confirm").status == 200
    listed = Visitor(app, "griet").get("/desk/DGP/arrivals?from=2027-03-08").text
    assert "végane" in listed
    assert "Noé" in listed


def test_pages_with_a_conversation_take_few_statements(
    app: Flask, api: As, enquiry: str, statements: Callable[[], AbstractContextManager[Statements]]
):
    camille = api("camille")
    parts = [
        {"venue": "DGP", "purpose": "residency", "claims": [a_claim("DGP-KZ", "2027-03-08", "2027-03-13")]},
        {"venue": "BUD", "purpose": "residency", "claims": [a_claim("BUD-S1", "2027-03-15", "2027-03-20")]},
    ]
    chain = {"organisation": organisation_of(camille), "title": "Marées", "rule": "each", "bookings": parts}
    made = camille.post("/trajectories", chain).json["id"]
    for here in (f"/enquiries/{enquiry}", f"/trajectories/{made}"):
        for number in range(5):
            assert camille.post(f"{here}/messages", {"text": f"{number}"}).status == 201
        reader = Visitor(app, "camille")
        reader.get(here)
        with statements() as seen:
            assert reader.get(here).status == 200
        assert len(seen) <= 12, f"{here}\n{seen.listing}"
