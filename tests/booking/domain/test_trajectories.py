"""Chains: until when a yes is held, and where kit would have to teleport (scenarios A5, A6)."""

from datetime import UTC, date, datetime

from booking.domain.spans import Span
from booking.domain.states import State
from booking.domain.trajectories import (
    ChainRule,
    ChainState,
    Kit,
    LegTerms,
    Stay,
    deadline,
    missing_legs,
    returned_until,
    shown_state,
    stay_of,
)
from booking.domain.wall_clock import whole_days
from booking.domain.working_days import of_countries

ZONE, LINE = "Europe/Brussels", 360


def at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour - 1, tzinfo=UTC)


def a_stay(venue: str, first: int, last: int, get_in: datetime | None = None) -> Stay:
    span = whole_days(date(2027, 3, first), date(2027, 3, last + 1), ZONE, LINE)
    arrivals = [("get-in", get_in)] if get_in else []
    return stay_of(venue, span, ZONE, first_day=date(2027, 3, first), arrivals=arrivals)


CHAIN = [a_stay("PHX", 1, 5), a_stay("BUD", 8, 19), a_stay("DGP", 22, 26, at(22, 9))]
KIT = Kit("PHX-PJ", "PHX", (Span(at(1, 6), at(27, 6)),))
TO_KORTRIJK = LegTerms("PHX", "BUD", at(5, 18), at(7, 12), "PHX-VAN")
TO_OSTEND = LegTerms("BUD", "DGP", at(20, 9), at(20, 18), "PHX-VAN")


def missing(*legs: LegTerms, kit: Kit = KIT) -> list[tuple[str, str]]:
    return [(gap.origin, gap.destination) for gap in missing_legs(CHAIN, [kit], legs)]


def test_kit_needs_a_leg_wherever_it_changes_house():
    assert missing() == [("PHX", "BUD"), ("BUD", "DGP")]
    assert missing(TO_KORTRIJK) == [("BUD", "DGP")]
    assert missing(TO_KORTRIJK, TO_OSTEND) == []


def test_a_leg_that_comes_after_the_get_in_or_leaves_too_early_is_none():
    late = LegTerms("BUD", "DGP", at(22, 6), at(22, 10))
    early = LegTerms("BUD", "DGP", at(18, 9), at(18, 12))
    assert missing(TO_KORTRIJK, late) == [("BUD", "DGP")]
    assert missing(TO_KORTRIJK, early) == [("BUD", "DGP")]
    [gap] = missing_legs(CHAIN, [KIT], [TO_KORTRIJK])
    assert (gap.after, gap.before) == (at(19, 6), at(22, 9))


def test_legs_may_lead_there_by_way_of_another_house():
    over = LegTerms("BUD", "V04", at(20, 9), at(20, 11)), LegTerms("V04", "DGP", at(21, 9), at(21, 11))
    assert missing(TO_KORTRIJK, *over) == []
    assert missing(TO_KORTRIJK, *reversed(over)) == []
    assert missing(TO_KORTRIJK, over[1]) == [("BUD", "DGP")]


def test_kit_from_another_house_has_to_come_first_and_kit_that_stays_needs_nothing():
    from_ghent = Kit("V04-MIC", "V04", (Span(at(8, 6), at(20, 6)),))
    assert missing(kit=from_ghent) == [("V04", "BUD")]
    at_home = Kit("BUD-X", "BUD", (Span(at(8, 6), at(20, 6)),))
    assert missing(kit=at_home) == []


def test_the_first_yes_is_held_for_ten_days_on_which_everybody_works():
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert deadline(monday, of_countries("FR", "BE"), ZONE) == datetime(2026, 12, 7, 8, tzinfo=UTC)
    # 1 and 8 May 2028 are holidays: the first in both countries, the second in France alone; 25 May in both
    april = datetime(2028, 4, 28, 8, tzinfo=UTC)
    assert deadline(april, of_countries("FR", "BE"), ZONE).date() == date(2028, 5, 16)
    assert deadline(april, of_countries("BE"), ZONE).date() == date(2028, 5, 15)


def test_what_was_agreed_stays_an_option_for_five_days_on_the_clock_of_the_house():
    friday = datetime(2027, 3, 26, 9, tzinfo=UTC)  # 10:00, and clocks go forward on Sunday
    assert returned_until(friday, ZONE) == datetime(2027, 3, 31, 8, tzinfo=UTC)


def test_where_each_house_decides_alone_the_parts_say_how_the_chain_stands():
    each = ChainRule.EACH
    assert shown_state(each, ChainState.OPEN, [State.CONFIRMED, State.DECLINED]) is ChainState.CONFIRMED
    assert shown_state(each, ChainState.OPEN, [State.CONFIRMED, State.OPTION]) is ChainState.OPEN
    assert shown_state(each, ChainState.OPEN, [State.DECLINED]) is ChainState.OPEN
    assert shown_state(ChainRule.ALL_OR_NOTHING, ChainState.BROKEN, [State.OPTION]) is ChainState.BROKEN
