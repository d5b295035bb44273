"""Offered windows: when a house is open for requests."""

from dataclasses import replace
from datetime import date

import pytest

from booking.domain.claims import Place
from booking.domain.conflicts import broken_rules
from booking.domain.windows import Window, days_outside, is_offered, next_windows
from tests.support.places import BRUSSELS, COMPANY, HOUSE, SIX, a_room, asking, span, when

TODAY = when("2026-11-23 09:00")
MARCH = span("2027-03-01 06:00", "2027-04-01 06:00")


def open_in(*spans: object, room: Place | None = None) -> Place:
    return replace(room or a_room(), windows=(spans,))


def rules_broken(place: Place, start: str, end: str, asker: object = COMPANY) -> list[str]:
    found = broken_rules([asking(place, start, end)], asker, TODAY)  # type: ignore[arg-type]
    return [conflict.facts["rule"] for conflict in found]


def test_without_windows_it_is_always_open():
    assert is_offered(asking(a_room(), "2027-03-08", "2027-03-13"))
    assert not rules_broken(a_room(), "2027-03-08", "2027-03-13")


def test_inside_a_window_a_company_may_ask_and_outside_it_may_not():
    place = open_in(MARCH)
    assert not rules_broken(place, "2027-03-01", "2027-04-01")
    assert rules_broken(place, "2027-03-31", "2027-04-02") == ["window"]
    assert rules_broken(place, "2027-05-10", "2027-05-12") == ["window"]


def test_the_house_itself_may_always_and_may_enter_it_for_a_company():
    place = open_in(MARCH)
    assert not rules_broken(place, "2027-05-10", "2027-05-12", HOUSE)
    assert not rules_broken(place, "2027-05-10", "2027-05-12", replace(COMPANY, by_house=True))


def test_only_the_days_outside_are_named():
    assert days_outside(asking(open_in(MARCH), "2027-03-30", "2027-04-03")) == (
        date(2027, 4, 1),
        date(2027, 4, 2),
    )


def test_two_windows_that_touch_are_one():
    april = span("2027-04-01 06:00", "2027-05-01 06:00")
    assert is_offered(asking(open_in(MARCH, april), "2027-03-30", "2027-04-03"))


def test_set_up_lies_in_the_window_too():
    place = open_in(span("2027-03-08 09:00", "2027-03-08 18:00"))
    assert is_offered(asking(place, "2027-03-08 10:00", "2027-03-08 18:00", setup_minutes=60))
    assert not is_offered(asking(place, "2027-03-08 10:00", "2027-03-08 18:00", setup_minutes=90))


def test_a_whole_is_open_when_every_part_with_windows_is():
    place = replace(a_room(), windows=((MARCH,), (span("2027-03-15 06:00", "2027-06-01 06:00"),)))
    assert not is_offered(asking(place, "2027-03-10", "2027-03-12"))
    assert is_offered(asking(place, "2027-03-15", "2027-04-01"))
    assert [each["start"] for each in next_windows(asking(place, "2027-03-10", "2027-03-12"), TODAY)] == [
        "2027-03-15T06:00:00+01:00"
    ]


def test_days_run_from_planning_day_line_to_planning_day_line():
    assert Window(date(2027, 3, 1), date(2027, 4, 1)).span(BRUSSELS, SIX) == MARCH
    with pytest.raises(ValueError, match="both ends"):
        Window(date(2027, 3, 1), when("2027-04-01 06:00")).span(BRUSSELS, SIX)
