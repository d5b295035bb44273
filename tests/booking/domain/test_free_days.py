"""Free days as bits: a filter that may say free too often, and taken never."""

from datetime import date

import pytest

from booking.domain.free_days import Holder, bits_of_year, cut, days_in, runs
from tests.support.places import BRUSSELS, SIX, span


def free_on(day: str, *holders: Holder, capacity: int = 1, exclusive: bool = True) -> bool:
    bits = bits_of_year(2027, holders, capacity=capacity, exclusive=exclusive, zone=BRUSSELS, day_line=SIX)
    return bool(bits >> (date.fromisoformat(day) - date(2027, 1, 1)).days & 1)


def test_a_day_on_which_a_room_is_held_for_an_hour_is_not_free():
    hour = Holder(span("2027-03-08 10:00", "2027-03-08 11:00"), 1)
    assert not free_on("2027-03-08", hour)
    assert free_on("2027-03-07", hour)
    assert free_on("2027-03-09", hour)


def test_a_strike_until_two_belongs_to_the_evening_before():
    strike = Holder(span("2027-03-27 22:00", "2027-03-28 06:00"), 1)
    assert not free_on("2027-03-27", strike)
    assert free_on("2027-03-28", strike)


@pytest.mark.parametrize(("second", "free"), [("12:00", True), ("11:30", False)])
def test_stock_is_sold_out_when_all_of_it_is_out_at_one_moment(second: str, free: bool):
    ten = Holder(span("2027-05-11 09:00", "2027-05-11 12:00"), 10)
    rest = Holder(span(f"2027-05-11 {second}", "2027-05-11 18:00"), 14)
    assert free_on("2027-05-11", ten, rest, capacity=24, exclusive=False) is free


def test_bits_of_two_years_are_cut_into_one_row():
    years = {2027: (1 << days_in(2027)) - 1, 2028: 0b10}
    assert cut(years, date(2027, 12, 30), date(2028, 1, 4)) == 0b01011


@pytest.mark.parametrize("days", range(1, 9))
def test_a_run_is_found_where_there_is_one(days: int):
    bits = int("1101111011111110", 2)
    assert bool(runs(bits, days)) is ("1" * days in f"{bits:b}")
