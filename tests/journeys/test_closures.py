"""A closure over bookings: seen before it is saved, decided for what is settled, and nothing is deleted (B4)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house, history, timeline
from tests.support.builders import MakeBooking
from tests.support.feeds import subscribe
from tests.support.rows import counted

GRID = {"start": "2027-04-12", "end": "2027-04-19", "reason": "Grid inspection"}


def close(api: Api, resource: str = "PHX-ST", decisions: dict[str, str] | None = None, **more: Any) -> Answer:
    decided = [{"booking": booking, "decision": word} for booking, word in (decisions or {}).items()]
    return api.post(f"/resources/{resource}/closures", {**GRID, "decisions": decided, **more})


class Week:
    """The week of B4: one confirmed, two options, one request."""

    def __init__(self, a_booking: MakeBooking) -> None:
        def made(first: str, end: str, state: str, company: str) -> str:
            return str(a_booking(resource="PHX-ST", start=first, end=end, state=state, company=company))

        self.confirmed = made("2027-04-12", "2027-04-15", "confirmed", "Lisière")
        self.first = made("2027-04-15", "2027-04-17", "option", "Zwaluw")
        self.second = made("2027-04-17", "2027-04-19", "option", "Sambre")
        self.request = made("2027-04-16", "2027-04-18", "requested", "Marée")


@pytest.fixture
def week(a_booking: MakeBooking) -> Week:
    return Week(a_booking)


def ids(documents: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in documents}


def state(api: Api, booking: str) -> str:
    return str(api.get(f"/bookings/{booking}").json["state"])


def closed_days(api: Api, code: str = "PHX-ST") -> list[tuple[str, str]]:
    items = timeline(api, code, "2027-04-10", "2027-04-25")
    return [(item["start"][:10], item["end"][:10]) for item in items if item["force"] == "closed"]


def test_before_saving_all_four_are_seen_and_nothing_is_written(
    api: Callable[..., Api], week: Week, database: Database
):
    before = counted(database)
    seen = close(api("nadia"), preview=True)
    assert seen.status == 200, seen
    assert ids(seen.json["confirmed"]) == {week.confirmed}
    assert ids(seen.json["options"]) == {week.first, week.second}
    assert ids(seen.json["requests"]) == {week.request}
    assert counted(database) == before


def test_without_a_decision_it_is_refused_with_the_preview(
    api: Callable[..., Api], week: Week, database: Database
):
    before = counted(database)
    refused = close(api("nadia"))
    assert (refused.status, refused.code) == (409, "decisions-missing")
    assert ids(refused.json["confirmed"]) == {week.confirmed}
    assert refused.json["undecided"] == [week.confirmed]
    assert counted(database) == before


def test_kept_days_stay_open_and_options_are_suspended(api: Callable[..., Api], week: Week):
    nadia = api("nadia")
    saved = close(nadia, decisions={week.confirmed: "keep"})
    assert saved.status == 201, saved
    assert [state(nadia, each) for each in (week.confirmed, week.first, week.second, week.request)] == [
        "confirmed",
        "suspended",
        "suspended",
        "requested",
    ]
    assert nadia.get("/conflicts?venue=PHX&state=open").json["items"] == []
    taken = [item for item in timeline(nadia, "PHX-ST", "2027-04-12", "2027-04-15") if item["force"] == "closed"]
    assert taken == []


def test_when_it_shrinks_the_options_return_and_nothing_is_deleted(
    api: Callable[..., Api], week: Week, database: Database
):
    nadia = api("nadia")
    saved = close(nadia, decisions={week.confirmed: "move"}).json
    assert state(nadia, week.first) == "suspended"
    shorter = nadia.patch(f"/closures/{saved['id']}", {"end": "2027-04-14"})
    assert shorter.status == 200, shorter
    assert shorter.json["decisions"] == [{"booking": week.confirmed, "decision": "move"}]
    assert [state(nadia, each) for each in (week.first, week.second)] == ["option", "option"]
    assert "booking.returned" in [item["kind"] for item in history(nadia, week.first)]


def test_who_has_to_move_stands_on_the_desk_until_the_booking_moved(api: Callable[..., Api], week: Week):
    nadia = api("nadia")
    assert close(nadia, decisions={week.confirmed: "move"}).status == 201
    (conflict,) = nadia.get("/conflicts?venue=PHX&state=open").json["items"]
    assert (conflict["kind"], conflict["booking"]) == ("closed", week.confirmed)
    assert conflict["days"] == ["2027-04-12", "2027-04-13", "2027-04-14"]
    assert answer(nadia, week.confirmed, "cancel", reason="moved to May").status == 200
    assert nadia.get("/conflicts?venue=PHX&state=open").json["items"] == []


def test_who_is_cancelled_is_told_the_reason_of_the_closure(api: Callable[..., Api], week: Week):
    nadia = api("nadia")
    assert close(nadia, decisions={week.confirmed: "cancel"}).status == 201
    last = history(api("camille"), week.confirmed)[-1]
    assert (last["kind"], last["why"]) == ("booking.cancelled", "Grid inspection")


def test_removed_it_frees_what_it_held_and_a_second_time_it_is_gone(api: Callable[..., Api], week: Week):
    nadia = api("nadia")
    saved = close(nadia, decisions={week.confirmed: "keep"}).json
    assert nadia.delete(f"/closures/{saved['id']}").status == 204
    assert state(nadia, week.second) == "option"
    assert nadia.get("/resources/PHX-ST/closures").json["items"] == []
    assert nadia.delete(f"/closures/{saved['id']}").status == 409


def test_a_closure_of_the_whole_closes_every_part_and_hits_who_has_one(api: Callable[..., Api]):
    bram = api("bram")
    made = ask_for_the_house(bram, a_claim("DGP-KZ", "2027-04-14", "2027-04-15")).json["id"]
    assert ids(close(bram, "DGP-HOUSE", preview=True).json["confirmed"]) == {made}
    assert close(bram, "DGP-HOUSE", {made: "keep"}).status == 201
    assert closed_days(bram, "DGP-KZ") == [("2027-04-12", "2027-04-14"), ("2027-04-15", "2027-04-19")]


def test_a_closure_of_a_part_hits_who_has_the_whole(api: Callable[..., Api]):
    bram = api("bram")
    made = ask_for_the_house(bram, a_claim("DGP-HOUSE", "2027-04-14", "2027-04-15")).json["id"]
    assert ids(close(bram, "DGP-KZ", preview=True).json["confirmed"]) == {made}


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": "2027-04-12"},
        {"end": "2027-04-01"},
        {"end": "2027-04-19T10:00:00+02:00"},
        {"end": "2037-04-19"},
        {"reason": " "},
        {"decisions": [{"booking": "x", "decision": "keep"}]},
        {"decisions": [{"booking": "018f0000-0000-7000-8000-000000000000", "decision": "keep"}]},
        {"decisions": "keep"},
        {"more": 1},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    api: Callable[..., Api], database: Database, wrong: dict[str, Any]
):
    before = counted(database)
    refused = api("nadia").post("/resources/PHX-ST/closures", {**GRID, **wrong})
    assert refused.status == 422, refused
    assert counted(database) == before


def test_a_preview_that_is_no_longer_true_is_refused(api: Callable[..., Api], week: Week):
    nadia = api("nadia")
    tag = close(nadia, preview=True).headers["ETag"]
    assert answer(nadia, week.second, "release", reason="asked by phone").status == 200
    body = {**GRID, "decisions": [{"booking": week.confirmed, "decision": "keep"}]}
    stale = nadia.post("/resources/PHX-ST/closures", body, headers={"If-Match": tag})
    assert stale.status == 412


def test_only_managers_of_the_house_close_it(api: Callable[..., Api]):
    assert close(api("camille"), preview=True).status == 404
    assert close(api("joris"), preview=True).status == 404
    assert api("camille").get("/resources/PHX-ST/closures").status == 404
    assert api(None).get("/resources/PHX-ST/closures").status == 401


def test_feeds_show_a_closure_without_the_days_that_it_spares(
    api: Callable[..., Api], client: FlaskClient, a_booking: MakeBooking
):
    nadia = api("nadia")
    kept = str(a_booking(resource="PHX-ST", start="2027-04-14", end="2027-04-16", state="confirmed"))
    feed = subscribe(nadia, client, "resource", "PHX-ST")
    saved = close(nadia, decisions={kept: "keep"})
    assert saved.status == 201, saved

    def closed() -> list[tuple[str, str]]:
        events = [each for each in feed.events().values() if "Grid" in each.summary]
        return sorted((str(each.start), str(each.end)) for each in events)

    assert closed() == [("2027-04-12", "2027-04-14"), ("2027-04-16", "2027-04-19")]
    assert nadia.patch(f"/closures/{saved.json['id']}", {"end": "2027-04-14"}).status == 200
    assert closed() == [("2027-04-12", "2027-04-14")]
