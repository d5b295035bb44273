"""Who waits for what is taken is told once when it frees; it holds nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, organisation_of
from tests.support.builders import MakeBooking
from tests.support.cast import ADDRESSES
from tests.support.clocks import StoppedClock
from tests.support.pages import form_token, sign_in

As = Callable[[str | None], Api]
Worker = Callable[[], dict[str, int]]

WEEK = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-13"}


def wait(member: Api, **more: Any) -> dict[str, Any]:
    noted = member.post("/waiting-list", {**WEEK, **more})
    assert noted.status == 201, noted
    document: dict[str, Any] = noted.json
    return document


def told(member: Api, worker: Worker) -> list[str]:
    """What the member was told of things that became free."""
    worker()
    items = member.get("/notifications").json["items"]
    return [item["text"] for item in items if item["kind"] == "waiting.freed"]


def test_a_cancelled_booking_is_told_once_to_who_waits(
    api: As, a_booking: MakeBooking, worker: Worker, clock: StoppedClock
):
    taken = str(a_booking(**WEEK, state="confirmed", company="Zwaluw"))
    camille, joris = api("camille"), api("joris")
    noted = wait(camille)
    assert (noted["behind"], noted["told_at"], noted["venue"]) == ("hard", None, "BUD")
    assert wait(camille)["id"] == noted["id"]
    assert [item["id"] for item in camille.get("/waiting-list").json["items"]] == [noted["id"]]
    assert api("wout").get("/waiting-list").json["items"] == []
    assert answer(joris, taken, "cancel", reason="moved").status == 200
    (text,) = told(camille, worker)
    assert "Mon 8 – Fri 12 Mar 2027" in text
    assert "Zwaluw" not in text
    assert camille.get("/waiting-list").json["items"][0]["told_at"] is not None
    again = str(a_booking(**WEEK, state="confirmed", company="Zwaluw"))
    assert answer(joris, again, "cancel", reason="moved").status == 200
    assert len(told(camille, worker)) == 1
    clock.set("2027-03-14T09:00:00+01:00")
    assert camille.get("/waiting-list").json["items"] == []


def test_it_holds_nothing(api: As, a_booking: MakeBooking):
    a_booking(**WEEK, state="confirmed", company="Zwaluw")
    wait(api("camille"), start="2027-03-12", end="2027-03-16")
    assert ask(api("wout"), a_claim("BUD-S1", "2027-03-13", "2027-03-16")).status == 201


@pytest.mark.parametrize(
    ("state", "who", "verb"),
    [("option", "wout", "release"), ("pending", "wout", "withdraw"), ("confirmed", "joris", "cancel")],
)
def test_whatever_ends_it_frees(api: As, a_booking: MakeBooking, worker: Worker, state: str, who: str, verb: str):
    taken = str(a_booking(**WEEK, state="option" if state == "pending" else state, company="Zwaluw"))
    if state == "pending":
        assert answer(api("wout"), taken, "commit").status == 200
    camille = api("camille")
    assert wait(camille)["behind"] == ("option" if state == "option" else "hard")
    assert answer(api(who), taken, verb, reason="changed plans").status == 200
    assert len(told(camille, worker)) == 1


def test_released_days_free_what_lies_within_them_alone(api: As, a_booking: MakeBooking, worker: Worker):
    taken = str(a_booking(**WEEK, state="option", company="Zwaluw"))
    camille = api("camille")
    wait(camille, start="2027-03-10", end="2027-03-11")
    wait(camille)
    released = answer(api("wout"), taken, "release", **{"from": "2027-03-10", "to": "2027-03-12"})
    assert released.status == 200, released
    assert len(told(camille, worker)) == 1
    assert [item["told_at"] is None for item in camille.get("/waiting-list").json["items"]] == [False, True]


def test_time_itself_frees(api: As, a_booking: MakeBooking, worker: Worker, clock: StoppedClock):
    a_booking(**WEEK, state="option", company="Zwaluw")
    camille = api("camille")
    wait(camille)
    assert told(camille, worker) == []
    clock.advance(days=15)
    assert len(told(camille, worker)) == 1


def test_a_removed_closure_and_whole_stock_free(api: As, a_booking: MakeBooking, worker: Worker):
    nadia, camille = api("nadia"), api("camille")
    closure = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}
    closed = nadia.post("/resources/PHX-ST/closures", closure).json["id"]
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=10, company="Noordzee")
    wait(camille, resource="PHX-ST", start="2027-04-14", end="2027-04-16")
    lamps = wait(camille, resource="PHX-PAR", start="2027-05-12", end="2027-05-14", quantity=20)
    assert lamps["behind"] == "hard"
    assert nadia.delete(f"/closures/{closed}").status == 204
    assert len(told(camille, worker)) == 1
    assert camille.get("/waiting-list").json["items"][-1]["told_at"] is None
    assert nadia.patch("/resources/PHX-PAR", {"capacity": 40}).status == 200
    assert len(told(camille, worker)) == 2


def test_behind_something_hard_an_option_that_is_left_counts_as_free(
    api: As, a_booking: MakeBooking, worker: Worker
):
    hard = str(a_booking(**WEEK, state="confirmed", company="Zwaluw"))
    camille = api("camille")
    wait(camille, end="2027-03-14")
    a_booking(resource="BUD-S1", start="2027-03-13", end="2027-03-15", state="option", company="Sambre")
    assert answer(api("joris"), hard, "cancel", reason="moved").status == 200
    assert len(told(camille, worker)) == 1


def test_what_is_free_already_is_told_at_once(api: As, worker: Worker):
    camille = api("camille")
    noted = wait(camille)
    assert noted["behind"] == "free"
    assert noted["told_at"] is not None
    assert len(told(camille, worker)) == 1


def test_who_no_longer_waits_is_not_told(api: As, a_booking: MakeBooking, worker: Worker):
    taken = str(a_booking(**WEEK, state="option", company="Zwaluw"))
    camille = api("camille")
    noted = wait(camille)
    assert camille.delete(f"/waiting-list/{noted['id']}").status == 204
    assert camille.delete(f"/waiting-list/{noted['id']}").status == 404
    assert answer(api("wout"), taken, "release").status == 200
    assert told(camille, worker) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"resource": "XXX"}, "resource"),
        ({"end": "2027-03-08"}, "end"),
        ({"end": "2027-03-13T09:00:00+01:00"}, "end"),
        ({"start": "2026-03-08", "end": "2026-03-13"}, "end"),
        ({"start": "2037-03-08", "end": "2037-03-13"}, "end"),
        ({"start": "2027-03-08T09:00:00"}, "start"),
        ({"quantity": 2}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"hope": "much"}, "hope"),
    ],
)
def test_what_makes_no_sense_is_refused(api: As, wrong: dict[str, Any], field: str):
    camille = api("camille")
    refused = camille.post("/waiting-list", {**WEEK, **wrong})
    assert refused.status == 422, refused
    assert field in refused.json["errors"]
    assert camille.get("/waiting-list").json["items"] == []


@pytest.mark.parametrize(
    ("language", "heading", "told_words"),
    [("nl", "Wachtlijst", "is vrijgekomen"), ("fr", "Liste d’attente", "s’est libéré")],
)
def test_a_page_to_wait_on_in_both_languages(
    api: As,
    a_booking: MakeBooking,
    client: FlaskClient,
    worker: Worker,
    language: str,
    heading: str,
    told_words: str,
):
    taken = str(a_booking(**WEEK, state="option", company="Zwaluw"))
    sign_in(client, ADDRESSES["camille"])
    csrf = form_token(client, "/")
    client.post("/language", data={"csrf_token": csrf, "language": language})
    page = client.get("/waiting-list?resource=BUD-S1&from=2027-03-08&to=2027-03-13").text
    assert heading in page
    assert 'value="2027-03-12"' in page
    wish = {"csrf_token": csrf, "resource": "BUD-S1", "first": "2027-03-08", "last": "2027-03-12"}
    assert client.post("/waiting-list", data={**wish, "last": "2027-03-01"}).status_code == 422
    assert client.post("/waiting-list", data=wish).status_code == 303
    (item,) = api("camille").get("/waiting-list").json["items"]
    assert item["end"] == "2027-03-13"
    assert answer(api("wout"), taken, "release").status == 200
    worker()
    assert told_words in client.get("/notifications").text
    assert client.post(f"/waiting-list/{item['id']}/remove", data={"csrf_token": csrf}).status_code == 303
    assert api("camille").get("/waiting-list").json["items"] == []
    assert organisation_of(api("camille")) == item["organisation"]
