"""A link in a letter says what it would do, and asks once; following it, as mail scanners do, changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from notifications.domain.audience import TOLD
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.letters import Mail, mails, parsed
from tests.support.pages import form_token, sign_in
from tests.support.visits import Visitor

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]


def ask(api: Api, resource: str = "BUD-S1") -> str:
    organisation = api.get("/me").json["organisations"][0]["id"]
    claim = {"resource": resource, "start": "2027-03-08", "end": "2027-03-20"}
    body = {"title": "Marées", "purpose": "residency", "claims": [claim], "organisation": organisation}
    answer = api.post("/bookings", body)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def newest(folder: Path, to: str) -> Mail:
    return [mail for mail in mails(folder) if mail.to == to][-1]


def state(api: Api, booking: str) -> str:
    return str(api.get(f"/bookings/{booking}").json["state"])


def press(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": form_token(client, path)}).status_code


def test_a_planner_grants_and_the_company_commits_without_signing_in(
    api: ApiOf, worker: Worker, tmp_path: Path, client: FlaskClient, clock: StoppedClock
) -> None:
    booking = ask(api("camille"))
    worker()
    path = newest(tmp_path, "joris@buda.example").link("/letters/act/")
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert "Compagnie Lisière krijgt een optie op deze dagen" in page.text
    assert client.head(path).status_code == 200
    assert state(api("joris"), booking) == "requested"
    assert client.post(path).status_code == 400  # without the token of the page nothing happens either

    assert press(client, path) == 200
    assert state(api("joris"), booking) == "option"
    again = client.get(path)
    assert "de boeking staat er intussen anders voor" in again.text
    assert "csrf_token" not in again.text.split("<main")[1].split("</main")[0]
    history = api("joris").get(f"/bookings/{booking}/history").json["items"]
    assert (history[-1]["kind"], history[-1]["by"]) == ("booking.granted", "Joris")

    worker()
    commit = newest(tmp_path, "camille@lisiere.example").link("/letters/act/")
    assert "Vous vous engagez" in client.get(commit).text
    assert press(client, commit) == 200
    assert state(api("camille"), booking) == "pending"

    clock.advance(days=31)
    assert client.get(commit).status_code == 404


def test_what_cannot_be_done_any_more_is_said_kindly(
    api: ApiOf, worker: Worker, tmp_path: Path, client: FlaskClient
) -> None:
    booking = ask(api("camille"))
    worker()
    path = newest(tmp_path, "joris@buda.example").link("/letters/act/")
    token = form_token(client, path)
    api("camille").post(f"/bookings/{booking}/withdraw")

    late = client.post(path, data={"csrf_token": token})
    assert late.status_code == 409
    assert state(api("camille"), booking) == "withdrawn"


def test_a_yes_from_a_letter_is_to_what_that_letter_told_and_to_nothing_later(
    api: ApiOf, worker: Worker, tmp_path: Path, client: FlaskClient, clock: StoppedClock
) -> None:
    booking, joris = ask(api("camille")), api("joris")
    early, late = (
        {"claims": [{"resource": "BUD-S1", "start": start, "end": end}]}
        for start, end in (("2027-03-09", "2027-03-20"), ("2027-07-05", "2027-07-06"))
    )
    links = []
    for claims in (early, late):
        clock.advance(minutes=5)
        assert joris.post(f"/bookings/{booking}/counter", claims).status == 200
        worker()
        links.append(newest(tmp_path, "camille@lisiere.example").link("/letters/act/"))
    first, second = links
    token = form_token(client, second)
    assert "<form" not in client.get(first).text.split("<main")[1].split("</main")[0]
    assert client.post(first, data={"csrf_token": token}).status_code == 409
    assert api("camille").get(f"/bookings/{booking}").json["claims"][0]["start"] == "2027-03-08"
    shown = client.get(second).text.split("<main")[1]
    assert "lun. 5 juil. 2027" in shown.partition("Proposé")[2]  # what a yes would take, beside what it takes now
    assert press(client, second) == 200
    assert api("camille").get(f"/bookings/{booking}").json["claims"][0]["start"] == "2027-07-05"
    assert "Proposé" not in client.get(second).text


@pytest.mark.parametrize("token", ["nonsense", "WyJ4Il0.AAAA", "a.b.c", "%00"])
def test_a_made_up_link_is_not_found(client: FlaskClient, token: str) -> None:
    assert client.get(f"/letters/act/{token}").status_code in (400, 404)
    assert client.get(f"/letters/unsubscribe/{token}").status_code in (400, 404)


def test_a_challenged_holder_answers_from_the_letter(
    api: ApiOf, worker: Worker, tmp_path: Path, client: FlaskClient, a_booking: MakeBooking
) -> None:
    where = {"resource": "BUD-TA", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
    holder = str(a_booking(company="Zwaluw", **where))
    asker = str(a_booking(company="Lisière", **where))
    worker()
    assert api("camille").post(f"/bookings/{asker}/challenge").status == 200
    worker()
    letter = newest(tmp_path, "wout@zwaluw.example")
    assert letter.subject.startswith("Beslis vóór donderdag 26 november 2026 om 09:00")
    assert "Compagnie Lisière" not in letter.text
    assert "List-Unsubscribe" not in letter.message

    release = [line for line in letter.text.splitlines() if "/letters/act/" in line][-1]
    path = release.removeprefix("http://localhost")
    assert press(client, path) == 200
    assert state(api("wout"), holder) == "released"
    worker()
    assert any(mail.subject.startswith("À vous, jusqu’au") for mail in mails(tmp_path))


def test_letters_of_this_machine_are_shown_to_their_readers(
    app: Flask, api: ApiOf, worker: Worker, client: FlaskClient, tmp_path: Path
) -> None:
    ask(api("camille"))
    worker()
    assert client.get("/letters/folder").status_code == 302
    sign_in(client, "joris@buda.example")
    files = {parsed(each.read_bytes()).to: each for each in (tmp_path / "mail").glob("*.eml")}
    assert set(files) == {"joris@buda.example", "camille@lisiere.example"}  # who asked is told that it arrived
    file, hers = files["joris@buda.example"], files["camille@lisiere.example"]
    stranger = Visitor(app, "wout")
    assert 'href="/letters/folder"' in client.get("/me").text
    assert "stuurde een aanvraag" in client.get("/letters/folder").text
    assert file.stem not in stranger.get("/letters/folder").text
    assert client.get(f"/letters/folder/{hers.stem}").status_code == 404
    assert stranger.get(f"/letters/folder/{file.stem}").status == 404  # its links would act as joris
    shown = client.get(f"/letters/folder/{file.stem}")
    assert "Je antwoord wordt verwacht" in shown.text
    assert "unsafe-inline" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/letters/folder/{file.stem}?as=text").mimetype == "text/plain"
    assert client.get("/letters/folder/01a2149b-9570-776e-9ce5-1fa66da69b3f").status_code == 404


def test_every_kind_of_news_has_its_letter_in_every_language(client: FlaskClient) -> None:
    sign_in(client, "elise@emerge.example")
    for language in ("nl", "fr", "en"):
        page = client.get(f"/letters/previews?language={language}").text
        assert [kind for kind in TOLD if f"<code>{kind}</code>" not in page] == []
        assert "%(" not in page
        assert client.get(f"/letters/previews/booking.confirmed/company?language={language}").status_code == 200
    assert client.get("/letters/previews/nonsense/company").status_code == 404
