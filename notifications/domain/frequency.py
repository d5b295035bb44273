"""How often a person hears of one kind of news through one channel, and when a digest goes."""

from datetime import datetime, timedelta
from enum import StrEnum

from booking.domain.wall_clock import DAY, MIDNIGHT, at_venue, instant

ZONE = "Europe/Brussels"
"""The clock of letters that no house sends; all houses share it with Paris."""

HOUR = 8
"""At eight in the morning a digest goes, and the week's round on Mondays."""


class Frequency(StrEnum):
    """At once, in one letter a day, in one a week, or not at all."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


def next_round(frequency: Frequency, moment: datetime, zone: str) -> datetime:
    """The first eight o'clock (on a Monday, for a weekly one) after `moment` on the clock of that zone.

    >>> from datetime import UTC
    >>> friday = datetime(2027, 3, 26, 9, tzinfo=UTC)
    >>> next_round(Frequency.DAILY, friday, "Europe/Brussels").isoformat()
    '2027-03-27T07:00:00+00:00'
    >>> next_round(Frequency.WEEKLY, friday, "Europe/Brussels").isoformat()  # clocks went forward on Sunday
    '2027-03-29T06:00:00+00:00'
    """
    day = at_venue(moment, zone).date()
    while True:
        at = instant(datetime.combine(day, MIDNIGHT) + timedelta(hours=HOUR), zone)
        if at > moment and (frequency is not Frequency.WEEKLY or day.weekday() == 0):
            return at
        day += DAY


def week_of(moment: datetime, zone: str) -> tuple[str, datetime]:
    """The ISO week (`2026-W48`) whose round is the last one before `moment`, and when that round was.

    >>> from datetime import UTC
    >>> week_of(datetime(2026, 11, 23, 6, tzinfo=UTC), "Europe/Brussels")[0]  # Monday, before eight
    '2026-W47'
    """
    day = at_venue(moment, zone).date()
    day -= DAY * day.weekday()
    at = instant(datetime.combine(day, MIDNIGHT) + timedelta(hours=HOUR), zone)
    if at > moment:
        day -= DAY * 7
        at = instant(datetime.combine(day, MIDNIGHT) + timedelta(hours=HOUR), zone)
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}", at
