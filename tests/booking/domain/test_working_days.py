"""Deadlines of options and challenges (scenarios A2, A3, A4)."""

from datetime import UTC, date, datetime

from booking.domain.wall_clock import at_venue, instant
from booking.domain.working_days import of_countries

BRUSSELS, PARIS = "Europe/Brussels", "Europe/Paris"


def deadline(start: datetime, days: int, *countries: str, zone: str = BRUSSELS, closing: tuple[date, ...] = ()):
    after = of_countries(*countries, closing=closing).after(instant(start, zone), days, zone)
    return f"{at_venue(after, zone):%a %d %b %H:%M}"


def test_a_challenge_on_wednesday_is_due_on_monday():
    assert deadline(datetime(2026, 12, 9, 10), 3, "BE", "FR") == "Mon 14 Dec 10:00"


def test_the_challenger_then_has_two_working_days():
    assert deadline(datetime(2026, 12, 14, 10), 2, "BE", "FR") == "Wed 16 Dec 10:00"


def test_the_fourteenth_of_july_counts_only_where_nobody_is_french():
    start = datetime(2027, 7, 12, 10)
    assert deadline(start, 2, "FR", zone=PARIS) == "Thu 15 Jul 10:00"
    assert deadline(start, 2, "BE") == "Wed 14 Jul 10:00"
    assert deadline(start, 2, "BE", "FR") == "Thu 15 Jul 10:00"


def test_closing_days_of_the_house_do_not_count():
    assert deadline(datetime(2026, 12, 9, 10), 1, "BE", closing=(date(2026, 12, 10),)) == "Fri 11 Dec 10:00"


def test_easter_monday_is_stepped_over():
    assert deadline(datetime(2027, 3, 26, 9), 1, "BE") == "Tue 30 Mar 09:00"


def test_what_is_left_is_counted_the_way_it_was_given():
    working = of_countries("BE", "FR")
    start = datetime(2026, 12, 9, 9, tzinfo=UTC)
    assert working.between(start, working.after(start, 3, BRUSSELS), BRUSSELS) == 3
    assert working.between(start, start, BRUSSELS) == 0
