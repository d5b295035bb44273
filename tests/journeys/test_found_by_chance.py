"""What any sequence of deeds once broke (`test_any_sequence`), each told plainly."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of
from tests.support.builders import MakeBooking
from tests.support.feeds import subscribe

As = Callable[[str | None], Api]


def test_fewer_lamps_than_are_confirmed_or_pending_stay_on_the_desk(api: As):
    """Capacity and breakage count together, and who is only committed is short as well."""
    nadia, camille, wout = api("nadia"), api("camille"), api("wout")
    week = ("2027-05-10", "2027-05-14")
    sold = ask(camille, a_claim("PHX-PAR", *week, 14))
    given = ask_for_the_house(
        nadia, a_claim("PHX-PAR", *week, 10), organisation=organisation_of(wout), state="option"
    )
    assert answer(wout, given.json["id"], "commit").json["state"] == "pending"
    assert nadia.patch("/resources/PHX-PAR", {"capacity": 20}).status == 200
    short = nadia.get("/conflicts?venue=PHX&state=open").json["items"]
    assert {each["booking"] for each in short} == {sold.json["id"], given.json["id"]}
    assert nadia.patch("/resources/PHX-PAR", {"capacity": 24}).status == 200
    assert nadia.get("/conflicts?venue=PHX&state=open").json["items"] == []


def test_what_is_moved_under_a_closure_by_force_says_so(api: As, a_booking: MakeBooking):
    """An option that a planner puts there by force is not suspended at once."""
    nadia, booking = api("nadia"), a_booking(resource="PHX-ST", state="option")
    closed = nadia.post(
        "/resources/PHX-ST/closures", {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}
    )
    assert closed.status == 201, closed
    there = {"claims": [a_claim("PHX-ST", "2027-04-13", "2027-04-15")]}
    assert nadia.patch(f"/bookings/{booking}", there).code == "closed"
    moved = nadia.patch(f"/bookings/{booking}", {**there, "force": True, "reason": "the grid is not needed"})
    assert (moved.status, moved.json["state"]) == (200, "option"), moved


def test_a_suspended_option_that_moves_away_leaves_the_calendar_it_was_in(
    api: As, client: FlaskClient, a_booking: MakeBooking
):
    nadia, camille = api("nadia"), api("camille")
    booking = a_booking(resource="PHX-F1", start="2027-04-12", end="2027-04-14", state="option")
    feed = subscribe(nadia, client, "resource", "PHX-F1")
    assert feed.only().status == "TENTATIVE"
    closed = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Floor"}
    assert nadia.post("/resources/PHX-F1/closures", closed).status == 201
    assert len(feed.events()) == 1  # the closure alone
    moved = camille.patch(f"/bookings/{booking}", {"claims": [a_claim("PHX-F2", "2027-04-12", "2027-04-14")]})
    assert (moved.status, moved.json["state"]) == (200, "option"), moved
    assert sorted(each.status for each in feed.events().values()) == ["CANCELLED", "CONFIRMED"]


def test_days_that_were_lost_and_asked_again_are_not_offered_a_second_time(api: As, a_booking: MakeBooking):
    """An option beaten on Wednesday moves back over it once the winner cancelled: nothing is held twice."""
    nadia, camille = api("nadia"), api("camille")
    option = str(a_booking(resource="PHX-F1", start="2027-04-12", end="2027-04-16", state="option"))
    winner = str(a_booking(resource="PHX-F1", start="2027-04-14", end="2027-04-15", company="Zwaluw"))
    assert [claim["end"] for claim in camille.get(f"/bookings/{option}").json["claims"]] == [
        "2027-04-14",
        "2027-04-16",
    ]
    assert answer(nadia, winner, "cancel", reason="ill").json["state"] == "cancelled"
    whole = {"claims": [a_claim("PHX-F1", "2027-04-12", "2027-04-16")]}
    assert camille.patch(f"/bookings/{option}", whole).status == 200
    assert camille.get(f"/bookings/{option}").json["state"] == "option"
    assert answer(camille, option, "accept").status == 409  # nothing is missing any more
    assert answer(nadia, option, "confirm").json["state"] == "confirmed"
