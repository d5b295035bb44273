"""Days drawn as bars: cut to the strip, free days as runs, what is left of a stock at its worst moment."""

from datetime import date, datetime

from booking.services.timeline import TimelineItem
from booking.web.pages import days
from booking.web.pages.days import Place, Stretch
from tests.support.places import BRUSSELS, SIX, when

MONDAY = date(2027, 3, 8)
ROOM = Place(BRUSSELS, SIX, 1, exclusive=True)
BEDS = Place(BRUSSELS, SIX, 15, exclusive=False)


def day(number: int) -> date:
    return date(2027, 3, number)


def item(start: str, end: str, force: str = "confirmed", quantity: int = 1) -> TimelineItem:
    return TimelineItem(when(start), when(end), force, quantity)


def week() -> list[days.Day]:
    return days.axis(MONDAY, 7, today=MONDAY)


def test_a_bar_is_cut_to_the_week_and_says_that_it_goes_on():
    (bar,) = days.strip(week(), [Stretch(day(5), day(17), "confirmed")]).bars
    assert (bar.column, bar.width, bar.goes_back, bar.goes_on) == (1, 7, True, True)
    assert bar.end == day(15)


def test_a_bar_begins_in_its_own_column():
    (bar,) = days.strip(week(), [Stretch(day(10), day(11), "option")]).bars
    assert (bar.column, bar.width, bar.goes_back, bar.goes_on) == (3, 2, False, False)


def test_what_lies_beside_the_week_is_not_drawn():
    assert days.strip(week(), [Stretch(day(15), day(16), "confirmed")]).bars == []


def test_hours_after_midnight_belong_to_the_evening_before():
    (stretch,) = days.taken([item("2027-03-10 22:00", "2027-03-11 02:00")], ROOM)
    assert (stretch.first, stretch.last) == (day(10), day(10))


def test_whole_days_keep_their_dates():
    whole = TimelineItem(when("2027-03-08 06:00"), when("2027-03-10 06:00"), "confirmed", 1, (day(8), day(10)))
    (stretch,) = days.taken([whole], ROOM)
    assert (stretch.first, stretch.last, stretch.hours) == (day(8), day(9), None)


def test_free_days_are_runs_that_end_on_sunday():
    two_weeks = days.axis(MONDAY, 14, today=MONDAY)
    gaps = days.gaps(two_weeks, [Stretch(day(10), day(11), "confirmed")], since=MONDAY)
    assert [(gap.first.day, gap.last.day) for gap in gaps] == [(8, 9), (12, 14), (15, 21)]


def test_days_that_have_passed_are_not_free():
    gaps = days.gaps(week(), [], since=day(12))
    assert [(gap.first.day, gap.last.day) for gap in gaps] == [(12, 14)]


def test_of_a_stock_the_worst_moment_of_a_day_counts():
    items = [
        item("2027-03-08 09:00", "2027-03-08 12:00", quantity=10),
        item("2027-03-08 11:00", "2027-03-08 18:00", quantity=4),
        item("2027-03-08 12:00", "2027-03-08 18:00", quantity=5),
    ]
    levels = days.levels(week()[:1], items, BEDS, since=MONDAY)
    assert [(level.free, level.state) for level in levels] == [(1, "free")]


def test_an_option_takes_nothing_of_a_stock():
    levels = days.levels(
        week()[:1], [item("2027-03-08 06:00", "2027-03-09 06:00", "option", 15)], BEDS, since=MONDAY
    )
    assert levels[0].free == 15


def test_a_stock_with_nothing_left_is_drawn_as_taken():
    levels = days.levels(
        week()[:1], [item("2027-03-08 06:00", "2027-03-09 06:00", quantity=15)], BEDS, since=MONDAY
    )
    assert (levels[0].free, levels[0].state) == (0, "confirmed")


def test_a_holiday_is_a_day_off():
    axis = days.axis(MONDAY, 2, today=MONDAY, holidays={day(9): "Pasen"})
    assert [each.is_off for each in axis] == [False, True]


def test_the_window_runs_from_day_line_to_day_line():
    window = days.window(date(2027, 3, 28), 1, ROOM)
    assert window.length.total_seconds() == 24 * 3600
    assert days.monday(date(2027, 3, 14)) == MONDAY
    assert isinstance(window.start, datetime)
