"""Joris answers: confirm, decline, cancel; enters what was phoned; plans BUDA's own (issue 2, step 3)."""

from collections.abc import Callable

import pytest

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import (
    BEDS,
    STUDIO,
    a_claim,
    answer,
    ask,
    ask_for_the_house,
    history,
    organisation_of,
    timeline,
)
from tests.support.clocks import StoppedClock
from tests.support.rows import counted

As = Callable[[str | None], Api]


def test_a_request_waits_in_the_houses_inbox_and_is_confirmed(api: As, clock: StoppedClock):
    camille, joris = api("camille"), api("joris")
    booking = ask(camille, STUDIO, BEDS).json["id"]
    [waiting] = joris.get("/bookings?state=requested").json["items"]
    assert waiting["id"] == booking
    assert waiting["organisation_name"] == "Compagnie Lisière"
    assert waiting["verbs"] == ["grant", "confirm", "counter", "refer", "decline"]
    clock.advance(hours=3)
    confirmed = answer(joris, booking, "confirm")
    assert (confirmed.status, confirmed.json["state"], confirmed.json["verbs"]) == (
        200,
        "confirmed",
        ["counter", "cancel"],
    )
    for code, quantity in (("BUD-S1", 1), ("BUD-RH", 4)):
        [item] = timeline(camille, code)
        assert (item["force"], item["quantity"], item["booking"]) == ("confirmed", quantity, booking)
    [_, last] = history(camille, booking)
    assert (last["by"], last["kind"], last["at"]) == ("Joris", "booking.confirmed", "2026-11-23T12:00:00+01:00")
    assert joris.get("/bookings?state=requested").json["items"] == []


def test_a_no_has_a_reason_that_the_company_reads(api: As):
    camille, joris = api("camille"), api("joris")
    booking = ask(camille, STUDIO).json["id"]
    for silence in ({}, {"reason": ""}, {"reason": "   "}, {"reason": None}):
        refused = joris.post(f"/bookings/{booking}/decline", silence)
        assert (refused.status, refused.code) == (422, "malformed")
        assert list(refused.json["errors"]) == ["reason"]
    declined = answer(joris, booking, "decline", reason="De vloer wordt vernieuwd")
    assert declined.json["state"] == "declined"
    assert history(camille, booking)[-1]["why"] == "De vloer wordt vernieuwd"
    assert answer(joris, booking, "confirm").code == "wrong-state"


@pytest.mark.parametrize("who", ["joris", "camille"])
def test_what_is_confirmed_is_cancelled_with_a_reason_by_either_side(api: As, who: str):
    camille, joris = api("camille"), api("joris")
    booking = ask(camille, STUDIO).json["id"]
    assert answer(joris, booking, "confirm").status == 200
    assert answer(api(who), booking, "cancel").status == 422
    cancelled = answer(api(who), booking, "cancel", reason="Ziekte")
    assert cancelled.json["state"] == "cancelled"
    assert timeline(joris, "BUD-S1") == []
    assert ask(api("wout"), STUDIO).status == 201, "the days are free again"


def test_an_option_is_granted_and_taken_back_with_a_reason(api: As):
    camille, joris = api("camille"), api("joris")
    booking = ask(camille, STUDIO).json["id"]
    assert answer(joris, booking, "grant").json["state"] == "option"
    [item] = timeline(api("wout"), "BUD-S1")
    assert (item["force"], "booking" in item, "title" in item) == ("option", False, False)
    assert answer(joris, booking, "release").status == 422
    assert answer(joris, booking, "release", reason="Festival").json["state"] == "released"


def test_the_house_plans_its_own_programme(api: As):
    joris = api("joris")
    own = ask_for_the_house(joris, a_claim("BUD-TA", "2027-03-08", "2027-03-13"), purpose="performance")
    assert own.status == 201
    assert (own.json["state"], own.json["organisation"], own.json["verbs"]) == (
        "confirmed",
        None,
        ["counter", "cancel"],
    )
    [seen] = timeline(api("camille"), "BUD-TA")
    assert seen == {"start": "2027-03-08", "end": "2027-03-13", "force": "confirmed", "quantity": 1}
    assert answer(joris, own.json["id"], "cancel", reason="Geen dansers").json["state"] == "cancelled"


@pytest.mark.parametrize("state", ["requested", "option", "confirmed"])
def test_the_phone_rang_and_the_planner_enters_it_for_the_company(api: As, state: str):
    camille, joris = api("camille"), api("joris")
    entered = ask_for_the_house(joris, STUDIO, organisation=organisation_of(camille), state=state)
    assert (entered.status, entered.json["state"]) == (201, state)
    assert entered.json["organisation_name"] == "Compagnie Lisière"
    [hers] = camille.get("/bookings").json["items"]
    assert hers["id"] == entered.json["id"]
    assert history(camille, hers["id"])[0]["by"] == "Joris"


def test_without_a_state_the_policy_decides_for_the_phone_too(api: As):
    camille = organisation_of(api("camille"))
    assert ask_for_the_house(api("joris"), STUDIO, organisation=camille).json["state"] == "requested"
    studio = a_claim("V04-DS", "2027-03-08", "2027-03-10")
    assert ask_for_the_house(api("lieselot"), studio, organisation=camille).json["state"] == "confirmed"


@pytest.mark.parametrize("state", ["pending", "completed", "declined", "cancelled", "free"])
def test_nobody_begins_in_the_middle_of_the_story(api: As, database: Database, state: str):
    before = counted(database)
    assert ask_for_the_house(api("joris"), STUDIO, state=state).status == 422
    assert counted(database) == before


def test_a_house_moves_what_is_confirmed_and_a_company_asks_for_it(api: As):
    camille, joris = api("camille"), api("joris")
    booking = ask(camille, STUDIO).json["id"]
    answer(joris, booking, "confirm")
    moved = {"claims": [a_claim("BUD-S2", "2027-03-08", "2027-03-20")]}
    wish = camille.patch(f"/bookings/{booking}", moved)
    assert (wish.status, wish.json["proposal"]["by"]) == (200, "company")
    assert timeline(joris, "BUD-S2") == []
    assert joris.patch(f"/bookings/{booking}", moved).status == 200
    assert timeline(joris, "BUD-S1") == []
    assert [item["booking"] for item in timeline(joris, "BUD-S2")] == [booking]


def test_the_second_of_two_requests_cannot_be_confirmed(api: As):
    joris = api("joris")
    first, second = ask(api("camille"), STUDIO).json["id"], ask(api("wout"), STUDIO).json["id"]
    assert answer(joris, second, "confirm").status == 200
    refused = answer(joris, first, "confirm")
    assert (refused.status, refused.code) == (409, "time-taken")
    assert len(refused.json["conflicts"][0]["days"]) == 12
    assert api("camille").get(f"/bookings/{first}").json["state"] == "requested"
    assert answer(joris, first, "grant").status == 409


def test_another_house_decides_nothing_here(api: As):
    booking = ask(api("camille"), STUDIO).json["id"]
    for verb in ("confirm", "grant", "decline", "cancel", "release", "withdraw"):
        assert answer(api("nadia"), booking, verb, reason="mine").status == 404
    assert ask_for_the_house(api("nadia"), STUDIO).status == 403


def test_a_stay_that_runs_can_end_earlier_or_later_and_never_before_now(api: As, clock: StoppedClock):
    camille, bram = api("camille"), api("bram")
    booking = ask(camille, a_claim("DGP-KZ", "2027-03-08", "2027-03-20")).json["id"]
    assert bram.post(f"/bookings/{booking}/confirm").status == 200
    clock.set("2027-03-10T10:00:00+01:00")

    def until(end: str, start: str = "2027-03-08") -> dict[str, object]:
        return {"claims": [a_claim("DGP-KZ", start, end)], "reason": "the plan changed"}

    assert bram.patch(f"/bookings/{booking}", until("2027-03-21")).json["claims"][0]["end"] == "2027-03-21"
    assert camille.patch(f"/bookings/{booking}", until("2027-03-17")).json["claims"][0]["end"] == "2027-03-17"
    for over in (until("2027-03-10"), until("2027-03-17", start="2027-03-09")):
        refused = camille.patch(f"/bookings/{booking}", over)
        assert (refused.status, refused.json["conflicts"][0]["rule"]) == (409, "past"), refused
