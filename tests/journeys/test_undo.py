"""Undo: done at once, told after a minute, and back before that unless somebody acted since."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, history
from tests.support.clocks import StoppedClock
from tests.support.letters import mails
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Worker = Callable[[], dict[str, int]]
WEEK = a_claim("DGP-KZ", "2027-03-08", "2027-03-13")
LATER = a_claim("DGP-KZ", "2027-03-15", "2027-03-20")
SECONDS_LATER, A_MINUTE_LATER = "2026-11-23T09:00:59+01:00", "2026-11-23T09:01:00+01:00"


@pytest.fixture
def booking(api: As) -> str:
    return str(ask(api("camille"), WEEK).json["id"])


def no(api: As, booking: str, verb: str = "decline", **more: Any) -> Answer:
    said = answer(api("bram"), booking, verb, reason="Vol.", undoable=True, **more)
    assert said.status == 200, said
    return said


def back(api: Api, said: Answer) -> Answer:
    return api.post(said.json["undo"]["url"].removeprefix("/api/v1"))


def kinds(api: Api, booking: str) -> list[str]:
    return [each["kind"] for each in history(api, booking)]


def told(api: Api) -> list[str]:
    return [each["kind"] for each in api.get("/notifications").json["items"]]


def test_a_no_goes_back_and_nobody_ever_hears_of_it(
    api: As, booking: str, worker: Worker, clock: StoppedClock, tmp_path: Path
):
    worker()
    before = len(mails(tmp_path))
    said = no(api, booking)
    assert (said.json["state"], said.json["undo"]["until"]) == ("declined", "2026-11-23T08:01:00+00:00")
    clock.set(SECONDS_LATER)
    worker()
    assert told(api("camille")) == []
    undone = back(api("bram"), said)
    assert (undone.status, undone.json["items"]) == (200, [{"bookings": [booking], "undone": True}])
    assert api("bram").get(f"/bookings/{booking}").json["state"] == "requested"
    assert kinds(api("bram"), booking)[-2:] == ["booking.declined", "booking.undone"]
    assert kinds(api("camille"), booking) == ["booking.requested"]
    clock.set("2026-11-23T12:00:00+01:00")
    worker()
    assert (told(api("camille")), len(mails(tmp_path))) == ([], before)
    assert answer(api("bram"), booking, "grant").status == 200  # it is a request as before


def test_after_a_minute_the_letter_goes_and_undo_is_refused_kindly(
    api: As, booking: str, worker: Worker, clock: StoppedClock
):
    said = no(api, booking)
    clock.set(A_MINUTE_LATER)
    late = back(api("bram"), said)
    assert (late.status, late.json["code"], late.json["why"]) == (409, "wrong-state", "late")
    worker()
    assert told(api("camille")) == ["booking.declined"]
    assert api("bram").get(f"/bookings/{booking}").json["state"] == "declined"


def test_without_asking_for_it_a_machine_is_told_at_once_and_nothing_goes_back(
    api: As, booking: str, worker: Worker
):
    said = answer(api("bram"), booking, "decline", reason="Vol.")
    assert "undo" not in said.json
    worker()
    assert told(api("camille")) == ["booking.declined"]


def test_only_who_did_it_takes_it_back_and_only_once(api: As, booking: str):
    said = no(api, booking)
    for other in ("camille", "griet", "joris", "admin"):
        assert back(api(other), said).status == 404
    assert back(api("bram"), said).status == 200
    again = back(api("bram"), said)
    assert (again.status, again.json["why"]) == (409, "undone")


def test_whoever_lost_the_hat_meanwhile_takes_nothing_back(api: As, booking: str):
    known = {"email": "joris@buda.example", "role": "manager"}
    joins = api("bram").post("/venues/DGP/team", known)
    assert joins.status == 201
    said = answer(api("joris"), booking, "decline", reason="Vol.", undoable=True)
    assert api("bram").delete(f"/venues/DGP/team/{joins.json['id']}").status == 204
    kept = back(api("joris"), said)
    assert (kept.status, kept.json["code"]) == (404, "not-found")
    assert api("bram").get(f"/bookings/{booking}").json["state"] == "declined"


def test_what_somebody_acted_on_since_stays(api: As, booking: str):
    said = api("bram").post("/bookings/answers", {"bookings": [booking], "verb": "grant", "undoable": True})
    assert answer(api("camille"), booking, "commit").status == 200
    refused = back(api("bram"), said)
    assert (refused.status, refused.json["why"]) == (409, "acted")
    assert api("bram").get(f"/bookings/{booking}").json["state"] == "pending"


def test_many_answers_go_back_with_one_press_each_for_itself(api: As, worker: Worker, clock: StoppedClock):
    ids = [str(ask(api(who), WEEK).json["id"]) for who in ("camille", "wout")]
    body = {"bookings": ids, "verb": "grant", "undoable": True}
    said = api("bram").post("/bookings/answers", body)
    assert [each["state"] for each in said.json["items"]] == ["option", "option"]
    assert answer(api("wout"), ids[1], "release").status == 200
    undone = back(api("bram"), said).json["items"]
    assert [each["undone"] for each in undone] == [True, False]
    states = [api("bram").get(f"/bookings/{each}").json["state"] for each in ids]
    assert states == ["requested", "released"]
    items = api("bram").get("/resources/DGP-KZ/timeline?from=2027-03-01&to=2027-04-01").json["items"]
    assert items == []  # what the grant held is held no more
    clock.set(A_MINUTE_LATER)
    worker()
    assert "booking.granted" not in told(api("camille"))


def test_a_confirmation_that_ended_anothers_option_does_not_go_back(api: As, booking: str):
    other = ask(api("wout"), WEEK).json["id"]
    assert answer(api("bram"), other, "grant").status == 200
    assert answer(api("bram"), booking, "confirm", force=True, reason="Festival.").status == 200
    third = ask(api("wout"), LATER).json["id"]
    second = ask(api("camille"), LATER).json["id"]
    answer(api("bram"), third, "grant")
    said = api("bram").post("/bookings/answers", {"bookings": [second], "verb": "confirm", "undoable": True})
    assert "undo" not in said.json


def test_a_move_goes_back_to_the_days_it_had_with_its_place_in_the_queue(
    api: As, booking: str, clock: StoppedClock
):
    answer(api("bram"), booking, "grant")
    before = api("bram").get(f"/bookings/{booking}").json
    clock.set("2026-11-23T10:00:00+01:00")
    body = {"claims": [LATER], "undoable": True}
    said = api("bram").patch(f"/bookings/{booking}", body)
    assert said.status == 200, said
    assert back(api("bram"), said).status == 200
    after = api("bram").get(f"/bookings/{booking}").json
    same = ("state", "claims", "rank", "expires_at", "due_at", "days")
    assert {name: after.get(name) for name in same} == {name: before.get(name) for name in same}


def test_days_that_were_taken_meanwhile_are_not_taken_back(api: As, booking: str):
    assert answer(api("bram"), booking, "confirm").status == 200
    said = api("bram").patch(f"/bookings/{booking}", {"claims": [LATER], "undoable": True})
    assert said.status == 200, said
    other = ask_for_the_house(api("bram"), WEEK, state="confirmed")
    assert other.status == 201, other
    refused = back(api("bram"), said)
    assert (refused.status, refused.json["code"]) == (409, "time-taken")
    [claim] = api("bram").get(f"/bookings/{booking}").json["claims"]
    assert claim["start"] == "2027-03-15"


def test_an_option_that_was_given_meanwhile_is_not_beaten_by_undo(api: As, booking: str):
    assert answer(api("bram"), booking, "confirm").status == 200
    said = api("bram").patch(f"/bookings/{booking}", {"claims": [LATER], "undoable": True})
    other = ask(api("wout"), WEEK).json["id"]
    assert answer(api("bram"), other, "grant").status == 200
    assert back(api("bram"), said).json["why"] == "acted"
    assert api("wout").get(f"/bookings/{other}").json["state"] == "option"


def test_what_was_passed_on_comes_back_and_the_partner_never_heard_of_it(
    api: As, worker: Worker, clock: StoppedClock
):
    booking = ask(api("camille"), WEEK, refer_consent=True).json["id"]
    worker()
    said = no(api, booking, "refer", venues=["V04"])
    [copy] = [each for each in api("camille").get("/bookings").json["items"] if each["id"] != booking]
    assert (said.json["state"], copy["state"]) == ("declined", "requested")
    assert back(api("bram"), said).status == 200
    states = {each["id"]: each["state"] for each in api("camille").get("/bookings").json["items"]}
    assert states == {booking: "requested", copy["id"]: "withdrawn"}
    clock.set(A_MINUTE_LATER)
    worker()
    assert told(api("camille")) == []
    again = no(api, booking, "refer", venues=["V04"])
    assert again.json["state"] == "declined"


def test_the_company_is_no_longer_asked_when_the_question_goes_back(api: As, booking: str, worker: Worker):
    said = no(api, booking, "refer", venues=["V04"])
    assert back(api("bram"), said).status == 200
    assert answer(api("camille"), booking, "accept").json["code"] == "wrong-state"


def test_a_resolved_conflict_stands_on_the_desk_again(api: As):
    lamps = ask(api("camille"), a_claim("PHX-PAR", "2027-05-10", "2027-05-13", 20)).json["id"]
    assert api("nadia").patch("/resources/PHX-PAR", {"out_of_order": 7}).status == 200
    [waiting] = api("nadia").get("/conflicts?venue=PHX&state=open").json["items"]
    said = api("nadia").post(f"/conflicts/{waiting['id']}/resolve", {"reason": "Vu.", "undoable": True})
    assert said.json["state"] == "resolved"
    assert back(api("nadia"), said).status == 200
    assert api("nadia").get("/conflicts?venue=PHX&state=open").json["items"] == [waiting]
    assert kinds(api("nadia"), lamps)[-2:] == ["conflict.resolved", "booking.undone"]
    assert kinds(api("camille"), lamps)[-1] == "conflict.opened"


def test_the_notice_stays_on_every_page_until_it_is_used_or_past(
    app: Flask, api: As, booking: str, clock: StoppedClock
):
    bram = Visitor(app, "bram")
    assert bram.post(f"/bookings/{booking}/decline", {"reason": "Vol."}).status == 303
    notice = "Pas over een minuut krijgt iemand bericht."
    for page in (f"/bookings/{booking}", "/desk/DGP", "/me", f"/bookings/{booking}"):
        assert notice in bram.get(page).text
    assert notice not in Visitor(app, "camille").get("/").text
    clock.set(SECONDS_LATER)
    path = bram.get("/me").text.partition('action="/undo/')[2].partition('"')[0]
    clock.set(A_MINUTE_LATER)
    assert notice not in bram.get("/me").text
    late = bram.post(f"/undo/{path}", {"next": "/me"})
    assert (late.status, late.headers["Location"]) == (303, "/me")
    assert "Te laat om dit ongedaan te maken" in bram.get("/me").text


def test_undo_on_the_page_gives_back_what_the_desk_answered(app: Flask, api: As, booking: str):
    bram = Visitor(app, "bram")
    form: Mapping[str, str] = {"booking": booking, "verb": "decline", "reason": "Vol."}
    assert bram.post("/desk/DGP/answers", form).status == 303
    path = bram.get("/desk/DGP/requests").text.partition('action="/undo/')[2].partition('"')[0]
    assert bram.post(f"/undo/{path}", {"next": "/desk/DGP/requests"}).status == 303
    page = bram.get("/desk/DGP/requests").text
    assert "Ongedaan gemaakt. Niemand heeft bericht gekregen." in page
    assert 'action="/undo/' not in page
    assert api("bram").get(f"/bookings/{booking}").json["state"] == "requested"
