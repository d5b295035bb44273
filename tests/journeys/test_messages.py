"""What others did with what is mine is told to me, once, in my language, and to nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from booking.jobs import handle_events
from booking.storage.database import Database
from notifications.jobs import HANDLERS
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.pages import form_token, sign_in
from tests.support.statements import Statements

Worker = Callable[[], dict[str, int]]
ApiOf = Callable[[str | None], Api]

REQUEST = {
    "title": "Marées",
    "purpose": "residency",
    "claims": [{"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-20"}],
}


def ask(api: Api) -> str:
    organisation = api.get("/me").json["organisations"][0]["id"]
    answer = api.post("/bookings", {**REQUEST, "organisation": organisation})
    assert answer.status == 201, answer
    return str(answer.json["id"])


def messages(api: Api, **more: Any) -> list[dict[str, Any]]:
    answer = api.get("/notifications", **more)
    assert answer.status == 200, answer
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_a_request_reaches_the_house_and_its_answer_the_company(api: ApiOf, worker: Worker) -> None:
    camille, joris = api("camille"), api("joris")
    booking = ask(camille)
    worker()

    [asked] = messages(joris)
    assert (asked["kind"], asked["booking"], asked["venue"]) == ("booking.requested", booking, "BUD")
    assert asked["text"] == "Compagnie Lisière sent a request: “Marées”."
    assert messages(camille) == []

    joris.post(f"/bookings/{booking}/decline", {"reason": "De zaal wordt geschilderd."})
    worker()
    [declined] = messages(camille)
    assert declined["kind"] == "booking.declined"
    assert declined["reason"] == "De zaal wordt geschilderd."
    assert len(messages(joris)) == 1


def test_it_is_read_in_the_readers_language(api: ApiOf, worker: Worker) -> None:
    ask(api("camille"))
    worker()

    [dutch] = messages(api("joris"), headers={"Accept-Language": "nl"})
    [french] = messages(api("joris"), headers={"Accept-Language": "fr"})
    assert dutch["text"] == "Compagnie Lisière stuurde een aanvraag: “Marées”."
    assert french["text"] == "Compagnie Lisière a envoyé une demande\u00a0: «\u00a0Marées\u00a0»."


def test_others_hear_nothing(api: ApiOf, worker: Worker) -> None:
    ask(api("camille"))
    worker()

    for stranger in ("nadia", "wout", "pauline", "griet", "elise"):
        assert messages(api(stranger)) == []


def test_an_event_that_is_handled_twice_is_told_once(
    api: ApiOf, worker: Worker, database: Database, a_booking: MakeBooking
) -> None:
    a_booking()
    worker()
    database.write(lambda connection: connection.exec_driver_sql("UPDATE event SET handled_at = NULL"))
    assert worker()["events handled"] == 1

    assert len(messages(api("camille"))) == 1


def test_a_message_is_read_once_and_only_by_its_reader(api: ApiOf, worker: Worker, clock: StoppedClock) -> None:
    ask(api("camille"))
    worker()
    joris = api("joris")
    [message] = messages(joris)
    path = f"/notifications/{message['id']}/read"

    assert api("camille").post(path).status == 404
    assert api(None).post(path).status == 401
    assert messages(joris, headers={})[0]["read_at"] is None
    first = joris.post(path)
    clock.advance(hours=1)
    again = joris.post(path)

    assert first.status == again.status == 200
    assert again.json["read_at"] == first.json["read_at"] == "2026-11-23T09:00:00+01:00"
    assert joris.get("/notifications?unread=true").json["items"] == []


def test_many_messages_come_in_pages_newest_first(api: ApiOf, worker: Worker, a_booking: MakeBooking) -> None:
    for day in range(1, 6):
        a_booking(resource="BUD-S1", start=f"2027-05-0{day}", end=f"2027-05-0{day + 1}", title=f"Dag {day}")
    worker()
    camille = api("camille")

    first = camille.get("/notifications?limit=2").json
    second = camille.get(first["next"]).json
    third = camille.get(second["next"]).json

    texts = [item["text"] for page in (first, second, third) for item in page["items"]]
    assert [text[-7:-2] for text in texts] == ["Dag 5", "Dag 4", "Dag 3", "Dag 2", "Dag 1"]
    assert third["next"] is None


@pytest.mark.parametrize("path", ["/notifications/nonsense/read", "/notifications/0/read"])
def test_an_unknown_message_is_not_found(api: ApiOf, path: str) -> None:
    assert api("joris").post(path).status == 404


def test_telling_takes_few_statements(
    database: Database, a_booking: MakeBooking, clock: StoppedClock, statements: Callable[[], Any]
) -> None:
    a_booking()
    seen: Statements
    with statements() as seen:
        assert handle_events(database, HANDLERS, clock) == 1
    assert len(seen) <= 14, seen.listing


def test_on_the_page_a_message_is_opened_and_is_read_then(client: FlaskClient, api: ApiOf, worker: Worker) -> None:
    booking = ask(api("camille"))
    worker()
    sign_in(client, "joris@buda.example")

    assert "Compagnie Lisière stuurde een aanvraag" in client.get("/notifications").text
    token = form_token(client, "/notifications")
    [message] = messages(api("joris"))
    opened = client.post(f"/notifications/{message['id']}/read", data={"csrf_token": token})

    assert opened.status_code == 303
    assert opened.headers["Location"] == f"/bookings/{booking}"
    assert messages(api("joris"))[0]["read_at"] is not None


def test_without_its_form_token_nothing_is_read(client: FlaskClient, api: ApiOf, worker: Worker) -> None:
    ask(api("camille"))
    worker()
    sign_in(client, "joris@buda.example")

    assert client.post("/notifications/read").status_code == 400
    assert messages(api("joris"))[0]["read_at"] is None
