"""Local time: the only module that knows zones, daylight saving and planning days.

A local time that does not exist moves forward by the gap; a time that exists twice means its
first occurrence (PEP 495, `fold=0`).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.domain.spans import Span

MIDNIGHT = time()
DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """An IANA time zone. zoneinfo.ZoneInfoNotFoundError when unknown."""
    return ZoneInfo(name)


def instant(local: datetime, zone_name: str) -> datetime:
    """The instant (UTC) at which a naive wall-clock time happens at the venue.

    >>> instant(datetime(2027, 3, 28, 2, 30), "Europe/Brussels").isoformat()  # does not exist: 03:30
    '2027-03-28T01:30:00+00:00'
    >>> instant(datetime(2027, 10, 31, 2, 30), "Europe/Brussels").isoformat()  # twice: the first
    '2027-10-31T00:30:00+00:00'
    """
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time carries no offset")
    return local.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def exists(local: datetime, zone_name: str) -> bool:
    """Whether the clocks of that zone ever show this naive time."""
    return at_venue(instant(local, zone_name), zone_name).replace(tzinfo=None) == local


def happens_twice(local: datetime, zone_name: str) -> bool:
    """Whether that naive time comes twice, as 02:30 does when clocks go back."""
    there = local.replace(tzinfo=zone(zone_name))
    return exists(local, zone_name) and there.utcoffset() != there.replace(fold=1).utcoffset()


def at_venue(moment: datetime, zone_name: str) -> datetime:
    """The same instant, as the clock at the venue shows it, with its offset."""
    return moment.astimezone(zone(zone_name))


@lru_cache(maxsize=4096)
def day_start(day: date, zone_name: str, day_line: int) -> datetime:
    """The instant at which the planning day begins; `day_line` in minutes after midnight.

    >>> day_start(date(2027, 3, 28), "Europe/Brussels", 360).isoformat()
    '2027-03-28T04:00:00+00:00'
    """
    return instant(datetime.combine(day, MIDNIGHT) + timedelta(minutes=day_line), zone_name)


def whole_days(first: date, end: date, zone_name: str, day_line: int) -> Span:
    """From planning-day line to planning-day line; `end` is excluded. ValueError unless first < end."""
    return Span(day_start(first, zone_name, day_line), day_start(end, zone_name, day_line))


def planning_day(moment: datetime, zone_name: str, day_line: int) -> date:
    """The planning day an instant belongs to: 02:00 belongs to the evening before.

    Told by the lines around it: a season asks some thousand times, and reading a clock costs ten times as much.
    """
    day = moment.date()
    while moment < day_start(day, zone_name, day_line):
        day -= DAY
    while moment >= day_start(day + DAY, zone_name, day_line):
        day += DAY
    return day


def planning_days(span: Span, zone_name: str, day_line: int) -> list[date]:
    """Every planning day that the span touches, in order."""
    first = planning_day(span.start, zone_name, day_line)
    last = planning_day(span.end - timedelta(microseconds=1), zone_name, day_line)
    return [first + DAY * n for n in range((last - first).days + 1)]
