"""Local time: the two nights a year when clocks move, and the planning day that begins at six."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.wall_clock import (
    at_venue,
    day_start,
    exists,
    happens_twice,
    instant,
    planning_day,
    planning_days,
    whole_days,
)
from tests.support.places import BRUSSELS, SIX, span, when

PARIS = "Europe/Paris"
ZONES = (BRUSSELS, PARIS)
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def test_a_strike_over_the_night_when_clocks_go_forward_lasts_seven_hours():
    assert span("2027-03-27 22:00", "2027-03-28 06:00").length == timedelta(hours=7)


def test_a_strike_over_the_night_when_clocks_go_back_lasts_nine_hours():
    assert span("2027-10-30 22:00", "2027-10-31 06:00").length == timedelta(hours=9)


def test_a_time_that_does_not_exist_moves_forward_by_the_gap():
    asked = datetime(2027, 3, 28, 2, 30)
    assert not exists(asked, BRUSSELS)
    assert at_venue(instant(asked, BRUSSELS), BRUSSELS).isoformat() == "2027-03-28T03:30:00+02:00"


def test_a_time_that_happens_twice_means_its_first_occurrence():
    asked = datetime(2027, 10, 31, 2, 30)
    assert happens_twice(asked, BRUSSELS)
    assert at_venue(instant(asked, BRUSSELS), BRUSSELS).isoformat() == "2027-10-31T02:30:00+02:00"


def test_a_fold_somebody_left_in_the_value_does_not_choose_the_second_occurrence():
    asked = datetime(2027, 10, 31, 2, 30, fold=1)
    assert instant(asked, BRUSSELS) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("hour", [1, 3, 12])
def test_other_hours_of_those_nights_are_ordinary(hour: int):
    for day in (FORWARD, BACK):
        asked = datetime(day.year, day.month, day.day, hour, 30)
        assert exists(asked, BRUSSELS)
        assert not happens_twice(asked, BRUSSELS)


def test_a_wall_clock_time_carries_no_offset():
    with pytest.raises(ValueError, match="no offset"):
        instant(datetime(2027, 3, 1, 9, tzinfo=UTC), BRUSSELS)


def test_a_strike_that_ends_at_two_belongs_to_the_evening_before():
    assert planning_day(when("2027-03-28 01:59"), BRUSSELS, SIX) == date(2027, 3, 27)
    assert planning_day(when("2027-03-28 05:59"), BRUSSELS, SIX) == date(2027, 3, 27)
    assert planning_day(when("2027-03-28 06:00"), BRUSSELS, SIX) == date(2027, 3, 28)


def test_the_strike_when_clocks_go_forward_is_on_the_planning_day_of_the_27th_alone():
    assert planning_days(span("2027-03-27 22:00", "2027-03-28 06:00"), BRUSSELS, SIX) == [date(2027, 3, 27)]


def test_a_span_that_ends_on_the_day_line_does_not_touch_the_next_day():
    assert planning_days(span("2027-03-01 20:00", "2027-03-02 06:00"), BRUSSELS, SIX) == [date(2027, 3, 1)]
    touched = planning_days(span("2027-03-01 20:00", "2027-03-02 06:01"), BRUSSELS, SIX)
    assert touched == [date(2027, 3, 1), date(2027, 3, 2)]


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 27), 23), (date(2027, 3, 28), 24), (date(2027, 10, 30), 25)]
)
def test_a_whole_day_lasts_as_long_as_the_clocks_make_it(day: date, hours: int):
    # From six to six: the night in which clocks move belongs to the planning day before.
    assert whole_days(day, day + timedelta(days=1), BRUSSELS, SIX).length == timedelta(hours=hours)


def test_a_day_line_in_the_hour_that_is_skipped_begins_when_the_clocks_have_moved():
    assert at_venue(day_start(FORWARD, BRUSSELS, 150), BRUSSELS).isoformat() == "2027-03-28T03:30:00+02:00"


def test_whole_days_run_forward():
    with pytest.raises(ValueError, match="ends after it starts"):
        whole_days(BACK, BACK, BRUSSELS, SIX)


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_three_years_is_one_planning_day_and_joins_the_next(zone: str):
    day = date(2026, 1, 1)
    while day <= date(2028, 12, 31):
        tomorrow = day + timedelta(days=1)
        whole = whole_days(day, tomorrow, zone, SIX)
        assert planning_days(whole, zone, SIX) == [day]
        assert whole.end == day_start(tomorrow, zone, SIX)
        assert at_venue(whole.start, zone).strftime("%F %R") == f"{day} 06:00"
        day = tomorrow


@given(days, st.integers(1, 40), st.sampled_from(ZONES), st.integers(0, 12 * 60 - 1))
def test_whole_days_touch_their_own_planning_days_and_no_other(day: date, count: int, zone: str, day_line: int):
    end = day + timedelta(days=count)
    expected = [day + timedelta(days=n) for n in range(count)]
    assert planning_days(whole_days(day, end, zone, day_line), zone, day_line) == expected


@given(days, st.integers(0, 24 * 60 - 1), st.sampled_from(ZONES))
def test_a_local_time_comes_back_as_it_was_typed_unless_it_does_not_exist(day: date, minute: int, zone: str):
    typed = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    shown = at_venue(instant(typed, zone), zone).replace(tzinfo=None)
    if exists(typed, zone):
        assert shown == typed
    else:
        assert shown == typed + timedelta(hours=1)
