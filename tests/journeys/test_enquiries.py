"""A1, the second half: one enquiry to several houses, offers that are options, one yes that frees the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, organisation_of, timeline
from tests.support.builders import MakeBooking
from tests.support.letters import mails
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

PERIODS = [
    {"from": "2027-03-08", "to": "2027-03-20"},
    {"from": "2027-03-15", "to": "2027-03-27"},
    {"from": "2027-04-05", "to": "2027-04-17"},
]
NEEDS = [{"kind": "studio", "sprung_floor": True, "min_width_m": 10, "min_depth_m": 10}]
AT_BUDA = [a_claim("BUD-S1", "2027-03-08", "2027-03-20"), a_claim("BUD-RH", "2027-03-08", "2027-03-20", 4)]
AT_OSTEND = [a_claim("DGP-RS", "2027-03-15", "2027-03-27")]


def send(member: Api, venues: tuple[str, ...] = ("BUD", "DGP", "PHX"), **more: Any) -> Answer:
    body = {
        "organisation": organisation_of(member),
        "title": "Marées",
        "people": 5,
        "beds": 4,
        "periods": PERIODS,
        "needs": NEEDS,
        "venues": list(venues),
        "refer_consent": True,
    }
    return member.post("/enquiries", {**body, **more})


def reply(house: Api, enquiry: str, **body: Any) -> Answer:
    return house.post(f"/enquiries/{enquiry}/answers", body)


def state_of(api: Api, booking: str) -> str:
    state: str = api.get(f"/bookings/{booking}").json["state"]
    return state


def test_one_enquiry_three_houses_two_offers_and_one_yes(
    api: As, worker: Callable[[], dict[str, int]], tmp_path: Path
):
    camille, joris, bram, nadia = (api(name) for name in ("camille", "joris", "bram", "nadia"))
    sent = send(camille)
    assert sent.status == 201, sent
    enquiry = sent.json["id"]
    assert sent.json["state"] == "open"
    assert sent.json["periods"] == PERIODS
    assert {each["state"] for each in sent.json["houses"]} == {"waiting"}
    assert timeline(camille, "BUD-S1") == [], "it holds nothing"
    worker()
    written = {mail.to: mail.subject for mail in mails(tmp_path)}
    dutch = "Compagnie Lisière vraagt wat jullie kunnen aanbieden: “Marées”"
    french = "Compagnie Lisière demande ce que vous pourriez proposer~: «~Marées~»"
    assert written["joris@buda.example"] == written["bram@degrotepost.example"] == dutch
    french = french.replace("~", "\N{NO-BREAK SPACE}")
    assert written["nadia@phenix.example"] == french, "each planner in their own language"

    offered = reply(joris, enquiry, claims=AT_BUDA)
    assert offered.status == 201, offered
    assert offered.json["venues"] == ["BUD"], "a house sees itself alone"
    first = offered.json["answers"][0]["booking"]
    assert (first["state"], first["enquiry"], first["people"]) == ("option", enquiry, 5)
    second = reply(bram, enquiry, claims=AT_OSTEND).json["answers"][0]["booking"]
    no = reply(nadia, enquiry, decline=True, reason="En travaux jusqu’en mai")
    assert no.json["answers"][0]["kind"] == "decline"

    seen = camille.get(f"/enquiries/{enquiry}").json
    assert {each["venue"]: each["state"] for each in seen["houses"]} == {
        "BUD": "offered",
        "DGP": "offered",
        "PHX": "declined",
    }
    assert "En travaux" in str(seen["answers"])
    assert answer(camille, first["id"], "commit").status == 200
    assert state_of(camille, first["id"]) == "pending"
    assert state_of(camille, second["id"]) == "released"
    assert timeline(camille, "DGP-RS") == []
    settled = camille.get(f"/enquiries/{enquiry}").json
    assert settled["state"] == "settled"
    assert {each["venue"]: each["state"] for each in settled["houses"]}["BUD"] == "chosen"
    assert reply(bram, enquiry, claims=AT_OSTEND).code == "wrong-state"
    assert answer(camille, second["id"], "commit").code == "wrong-state"


def test_a_house_that_confirms_its_offer_releases_the_others_too(api: As):
    camille = api("camille")
    enquiry = send(camille).json["id"]
    first = reply(api("joris"), enquiry, claims=AT_BUDA).json["answers"][0]["booking"]["id"]
    second = reply(api("bram"), enquiry, claims=AT_OSTEND).json["answers"][0]["booking"]["id"]
    assert answer(api("joris"), first, "confirm").status == 200
    assert state_of(camille, second) == "released"


def test_offers_to_one_enquiry_count_as_one_option(api: As, a_booking: MakeBooking):
    camille, joris = api("camille"), api("joris")
    for start, end in (("2027-05-03", "2027-05-05"), ("2027-05-10", "2027-05-12")):
        a_booking(resource="BUD-TA", start=start, end=end, state="option")
    enquiry = send(camille).json["id"]
    for n, period in enumerate(PERIODS):
        offered = reply(joris, enquiry, claims=[a_claim("BUD-S1", period["from"], period["to"])])
        assert offered.status == 201, (n, offered)
    another = send(camille).json["id"]
    refused = reply(joris, another, claims=[a_claim("BUD-S2", "2027-06-07", "2027-06-09")])
    assert (refused.status, refused.json["conflicts"][0]["rule"]) == (409, "most-options")


def test_another_period_and_a_kind_no_from_everybody(api: As, worker: Callable[[], dict[str, int]]):
    camille = api("camille")
    enquiry = send(camille, ("BUD", "PHX")).json["id"]
    other = [{"from": "2027-05-03", "to": "2027-05-15"}]
    countered = reply(api("joris"), enquiry, periods=other, reason="In mei is alles vrij")
    assert countered.json["answers"][0]["periods"] == other
    assert countered.json["houses"] == [{"venue": "BUD", "state": "countered"}]
    reply(api("nadia"), enquiry, decline="Complet")
    assert camille.get(f"/enquiries/{enquiry}").json["state"] == "open"
    reply(api("joris"), enquiry, decline="Toch niet")
    seen = camille.get(f"/enquiries/{enquiry}").json
    assert seen["state"] == "declined"
    worker()
    told = [each["text"] for each in camille.get("/notifications").json["items"]]
    assert "Kunstencentrum BUDA could help at another time: “Marées”." in told


def test_taking_it_back_releases_every_offer(api: As):
    camille = api("camille")
    enquiry = send(camille).json["id"]
    offer = reply(api("joris"), enquiry, claims=AT_BUDA).json["answers"][0]["booking"]["id"]
    assert api("joris").post(f"/enquiries/{enquiry}/withdraw", {}).status == 403
    withdrawn = camille.post(f"/enquiries/{enquiry}/withdraw", {"reason": "trouvé ailleurs"})
    assert withdrawn.json["state"] == "withdrawn"
    assert state_of(camille, offer) == "released"
    assert camille.post(f"/enquiries/{enquiry}/withdraw", {}).code == "wrong-state"


def test_an_offer_is_a_booking_like_any_other(api: As, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-03-10", end="2027-03-12", company="Zwaluw")
    enquiry = send(api("camille")).json["id"]
    refused = reply(api("joris"), enquiry, claims=AT_BUDA)
    assert refused.code == "time-taken"
    assert refused.json["conflicts"][0]["days"] == ["2027-03-10", "2027-03-11"]
    elsewhere = reply(api("joris"), enquiry, claims=AT_OSTEND)
    assert elsewhere.status in (404, 403, 422)


def test_who_is_not_concerned_sees_nothing(api: As):
    camille = api("camille")
    enquiry = send(camille, ("BUD",)).json["id"]
    for stranger in ("wout", "bram", "farid"):
        assert api(stranger).get(f"/enquiries/{enquiry}").status == 404
        assert reply(api(stranger), enquiry, decline=True).status == 404
        assert api(stranger).get("/enquiries").json["items"] == []
    assert [each["id"] for each in api("joris").get("/enquiries?venue=BUD").json["items"]] == [enquiry]
    assert [each["id"] for each in api("elise").get("/enquiries").json["items"]] == [enquiry]
    assert reply(api("elise"), enquiry, decline=True).status == 403
    assert send(api("wout"), organisation=organisation_of(camille)).status == 404


def test_bad_enquiries_are_told_by_field(api: As):
    camille = api("camille")
    assert send(camille, ("NOPE",)).json["errors"].keys() == {"venues.0"}
    assert send(camille, ()).json["errors"].keys() == {"venues"}
    assert send(camille, needs=[]).json["errors"].keys() == {"needs"}
    assert send(camille, title=" ").json["errors"].keys() == {"title"}
    enquiry = send(camille).json["id"]
    assert reply(api("joris"), enquiry).json["errors"].keys() == {"claims"}
    assert reply(api("joris"), enquiry, claims=AT_BUDA, decline=True).status == 422
    key = {"Idempotency-Key": "once"}
    twice = [camille.post("/enquiries", _body(camille), headers=key).json["id"] for _ in range(2)]
    assert twice[0] == twice[1]


def _body(member: Api) -> dict[str, Any]:
    organisation = organisation_of(member)
    return {"organisation": organisation, "title": "x", "periods": PERIODS, "needs": NEEDS, "venues": ["BUD"]}


def test_both_sides_talk_and_a_house_does_not_read_another(api: As, worker: Callable[[], dict[str, int]]):
    camille = api("camille")
    enquiry = send(camille).json["id"]
    assert camille.post(f"/enquiries/{enquiry}/messages", {"text": "Bonjour à tous"}).status == 201
    assert api("joris").post(f"/enquiries/{enquiry}/messages", {"text": "Dag Camille"}).status == 201
    read = {name: api(name).get(f"/enquiries/{enquiry}/messages").json["items"] for name in ("camille", "bram")}
    assert [each["text"] for each in read["camille"]] == ["Bonjour à tous", "Dag Camille"]
    assert [each["text"] for each in read["bram"]] == ["Bonjour à tous"]
    worker()
    told = {name: api(name).get("/notifications").json["items"] for name in ("camille", "joris", "bram")}
    news = {name: [each["kind"] for each in items].count("message.posted") for name, items in told.items()}
    assert news == {"camille": 1, "joris": 1, "bram": 1}


FORM = {
    "kind": "studio",
    "sprung_floor": "1",
    "min_width_m": "10",
    "people": "5",
    "beds": "4",
    "first": "2027-03-08",
    "last": "2027-03-19",
    "title": "Marées",
    "venue": "BUD",
    "note": "Cinq danseuses",
}


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_from_a_search_to_a_chosen_offer(app: Flask, api: As):
    camille, joris = Visitor(app, "camille"), Visitor(app, "joris")
    french, dutch = {"Accept-Language": "fr"}, {"Accept-Language": "nl"}
    address = "kind=studio&sprung_floor=1&min_width_m=10&people=5&beds=4&first=2027-03-08&last=2027-03-19"
    found = camille.get(f"/search?{address}", **french)
    assert 'name="venue" value="BUD"' in found.text
    form = camille.get(f"/enquiries/new?{address}&venue=BUD", **french)
    assert "au moins 10 m de large · plancher amorti" in form.text
    assert camille.post("/enquiries", {**FORM, "title": " "}).status == 422
    sent = camille.post("/enquiries", FORM)
    assert sent.status == 303
    page = sent.headers["Location"]
    desk = joris.get("/desk/BUD/enquiries", **dutch)
    assert "Compagnie Lisière" in desk.text
    shown = joris.get(page, **dutch)
    assert "Deze dagen aanbieden" in shown.text
    offer = {"deed": "offer", "house": "BUD", "resource": "BUD-S1", "pieces": "1"}
    assert joris.post(f"{page}/answers", {**offer, "first": "2027-03-08", "last": "2027-03-01"}).status == 422
    assert joris.post(f"{page}/answers", {**offer, "first": "2027-03-08", "last": "2027-03-19"}).status == 303
    seen = camille.get(page, **french)
    assert "S’engager : les autres sont libérées" in seen.text.replace("\N{NO-BREAK SPACE}", " ")
    [enquiry] = api("camille").get("/enquiries").json["items"]
    booking = enquiry["answers"][0]["booking"]["id"]
    assert camille.post(f"/bookings/{booking}/commit").status == 303
    assert "choisie" in camille.get(page, **french).text


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_planner_answers_many_at_once(app: Flask, api: As, a_booking: MakeBooking):
    a_booking(resource="BUD-RH", start="2027-03-08", end="2027-03-20", quantity=8)
    ids = [send(api(name), ("BUD", "DGP"), title=name).json["id"] for name in ("camille", "wout", "samira")]
    joris = Visitor(app, "joris")
    desk = joris.get("/desk/BUD/enquiries")
    assert "3 willen 8 – 19 mrt 2027" in desk.text
    several: Any = {"deed": "offer", "enquiry": ids}
    answered = joris.post("/desk/BUD/enquiries", several)
    assert answered.status == 200
    offers = [api("joris").get(f"/enquiries/{each}").json["answers"][0]["booking"] for each in ids]
    assert [each["claims"][0]["resource"] for each in offers] == ["BUD-S1"] * 3
    assert [each["rank"] for each in offers][:2] == [1, 1], "each in the first period where it is free"
    assert offers[2]["rank"] > 1, "and where none is left, as the next option"
    assert "Er wacht geen aanvraag op maat." in joris.get("/desk/BUD/enquiries").text
