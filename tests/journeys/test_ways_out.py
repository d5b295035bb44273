"""A refusal offers ways out, and each that carries no caveat succeeds when it is posted at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]


def posted(member: Api, way: dict[str, Any]) -> list[Answer]:
    return [ask(member, *each["claims"]) for each in way["bookings"]]


def by_kind(refused: Answer) -> dict[str, dict[str, Any]]:
    assert refused.status == 409, refused
    found: dict[str, dict[str, Any]] = {}
    for way in refused.json["alternatives"]:
        found.setdefault(way["kind"], way)
    return found


@pytest.fixture
def spotlights(a_booking: Callable[..., object]) -> None:
    """C3: 10 of 24 from Monday to Wednesday, 8 from Tuesday to Thursday."""
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=10, company="Noordzee")
    a_booking(resource="PHX-PAR", start="2027-05-11", end="2027-05-14", quantity=8, company="Zwaluw")


def test_two_spotlights_short_on_wednesday_only(api: As, spotlights: None):
    refused = ask(api("camille"), a_claim("PHX-PAR", "2027-05-12", "2027-05-15", 8))
    assert refused.code == "capacity"
    assert [(each["short"], each["days"]) for each in refused.json["conflicts"]] == [(2, ["2027-05-12"])]
    ways = by_kind(refused)
    assert {"fewer-days", "less", "split"} <= set(ways)
    assert [claim["quantity"] for claim in ways["less"]["bookings"][0]["claims"]] == [6]
    fewer = ways["fewer-days"]["bookings"][0]["claims"][0]
    assert (fewer["start"], fewer["end"], fewer["quantity"]) == ("2027-05-13", "2027-05-15", 8)
    here, there = ways["split"]["bookings"]
    assert (here["venue"], there["venue"]) == ("PHX", "V04")
    assert [(claim["resource"], claim["quantity"], claim["start"]) for claim in there["claims"]] == [
        ("V04-PAR", 2, "2027-05-12")
    ]


@pytest.mark.parametrize("kind", ["shift", "fewer-days", "less", "split"])
def test_each_way_out_of_the_spotlights_succeeds(api: As, spotlights: None, kind: str):
    camille = api("camille")
    way = by_kind(ask(camille, a_claim("PHX-PAR", "2027-05-12", "2027-05-15", 8)))[kind]
    assert "caveat" not in way
    assert [each.status for each in posted(camille, way)] == [201] * len(way["bookings"])


def test_a_taken_studio_has_another_week_and_another_house(api: As, canary: Callable[..., Any]):
    taken = canary(resource="BUD-S1", start="2027-03-08", end="2027-03-20")
    refused = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-20"))
    ways = by_kind(refused)
    assert refused.code == "time-taken"
    assert {"shift", "other-house"} <= set(ways)
    taken.assert_unseen(refused.text, "the ways out")
    for kind in ("shift", "other-house"):
        assert [each.status for each in posted(api("camille"), ways[kind])] == [201]


def test_a_queue_jump_offers_the_days_without_a_better_option(api: As):
    bram, camille = api("bram"), api("camille")
    option = {"state": "option"}
    ask_for_the_house(
        bram, a_claim("DGP-KZ", "2027-05-10", "2027-05-13"), organisation=organisation_of(api("wout")), **option
    )
    second = ask_for_the_house(
        bram, a_claim("DGP-KZ", "2027-05-12", "2027-05-15"), organisation=organisation_of(camille), **option
    ).json["id"]
    ways = by_kind(answer(bram, second, "confirm"))
    assert [(each["start"], each["end"]) for each in ways["fewer-days"]["bookings"][0]["claims"]] == [
        ("2027-05-13", "2027-05-15")
    ]


def test_ways_out_are_found_in_a_breath(api: As, a_booking: Callable[..., object]):
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", company="Zwaluw")
    camille = api("camille")
    organisation_of(camille)
    before = datetime.now(UTC)  # noqa: TID251 -- how long it takes is what is tested
    refused = ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-20"))
    assert refused.json["alternatives"]
    assert (datetime.now(UTC) - before).total_seconds() < 1.0  # noqa: TID251 -- generous: two cores, other tests


def test_what_many_are_refused_is_worked_out_once_and_anew_when_a_room_in_it_is_taken(
    api: As, a_booking: Callable[..., Any], statements: Callable[[], Any]
):
    """Two companies hear the same; when one takes the first way out, the next is told others."""
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-15", quantity=20, company="Noordzee")
    wanted = a_claim("PHX-PAR", "2027-05-10", "2027-05-13", 16)
    camille, wout, samira = api("camille"), api("wout"), api("samira")
    with statements() as first:
        told = ask(camille, wanted)
    with statements() as second:
        told_again = ask(wout, wanted)
    assert told.json["alternatives"] == told_again.json["alternatives"] != []
    assert len(second) + 2 < len(first) < 15, second.listing
    way = next(each for each in told.json["alternatives"] if "caveat" not in each)
    assert [each.status for each in posted(wout, way)] == [201] * len(way["bookings"])
    others = ask(samira, wanted).json["alternatives"]
    assert others != told.json["alternatives"]
    way = next(each for each in others if "caveat" not in each)
    assert [each.status for each in posted(samira, way)] == [201] * len(way["bookings"])


def test_what_plays_next_door_by_now_is_said_of_a_way_out(api: As, a_booking: Callable[..., object]):
    """Nothing happened to the room itself: its neighbour's evening is told of all the same."""
    a_booking(resource="V04-BZ", start="2027-05-12", end="2027-05-13", state="confirmed", company="Zwaluw")
    drums = a_claim("V04-BZ", "2027-05-12", "2027-05-13")

    def the_day_after() -> list[bool]:
        ways = ask(api("camille"), drums).json["alternatives"]
        return ["caveat" in way for way in ways if _first_start(way) == "2027-05-13"]

    assert the_day_after() == [False]
    a_booking(resource="V04-TZ", start="2027-05-13", end="2027-05-14", state="confirmed", company="Zwaluw")
    assert the_day_after() == [True]


def test_kept_ways_out_go_with_the_clock(api: As, a_booking: Callable[..., Any], clock: StoppedClock):
    """A shift that lies in the past by now is offered no more."""
    a_booking(resource="PHX-VAN", start="2026-11-27", end="2026-11-28", company="Noordzee")
    wanted = a_claim("PHX-VAN", "2026-11-27T10:00:00+01:00", "2026-11-27T12:00:00+01:00")
    starts = [_first_start(way) for way in ask(api("camille"), wanted).json["alternatives"]]
    assert min(starts) < "2026-11-27"
    clock.set("2026-11-27T08:00:00+01:00")
    later = [_first_start(way) for way in ask(api("wout"), wanted).json["alternatives"]]
    assert later
    assert min(later) > "2026-11-27T08"


def _first_start(way: dict[str, Any]) -> str:
    return min(claim["start"] for booking in way["bookings"] for claim in booking["claims"])


def test_whole_days_may_step_around_a_class_and_the_house_agrees(api: As, a_booking: Callable[..., object]):
    class_ = {"start": "2027-03-10T10:00:00+01:00", "end": "2027-03-10T12:00:00+01:00"}
    a_booking(resource="BUD-S1", **class_, company="Zwaluw")
    camille, joris = api("camille"), api("joris")
    way = by_kind(ask(camille, a_claim("BUD-S1", "2027-03-08", "2027-03-13")))["around"]
    assert "the house has to agree" in way["caveat"]
    first, second = way["bookings"][0]["claims"]
    assert (first["end"], second["start"]) == ("2027-03-10T09:00:00+00:00", "2027-03-10T11:00:00+00:00")
    (asked,) = posted(camille, way)
    assert (asked.status, asked.json["state"]) == (201, "requested")
    assert answer(joris, asked.json["id"], "confirm").status == 200


def test_a_day_of_rehearsal_is_nothing_to_step_around(api: As, a_booking: Callable[..., object]):
    day = {"start": "2027-03-10T10:00:00+01:00", "end": "2027-03-10T18:00:00+01:00"}
    a_booking(resource="BUD-S1", **day, company="Zwaluw")
    assert "around" not in by_kind(ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-13")))
