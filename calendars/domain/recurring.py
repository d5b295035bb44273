"""A series as calendars know it: one master with its rule, and what differs from it (RFC 5545 §3.8.5).

Every occurrence of a series is a booking of its own. What most of them look like becomes the
master; a day of the rule without a booking becomes an EXDATE, and an occurrence that looks
different (another hour, another title, cancelled) stands beside it under its RECURRENCE-ID. All of
them carry the same UID, SEQUENCE and dates, so an app that takes one change takes the whole series.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from booking.domain.series import days_between_ends, without_end
from booking.domain.wall_clock import at_venue, instant
from calendars.domain.events import Event, Repeats


class Face(NamedTuple):
    """What occurrences share: everything that an app shows of them except their day.

    `start`: on the clock of the house, None for whole days. `days`: from the first to the last day.
    """

    start: time | None
    end: time | None
    days: int
    length: timedelta
    event: Event


def recurring(rule: str, told: Mapping[date, Event]) -> list[Event]:
    """The master, then its exceptions. `told`: at least one, by the day of the rule; all with one UID."""
    first, last = min(told), max(told)
    days = _days(rule, first, last)
    if not told.keys() <= set(days):  # the rule does not name them all: each stands by itself
        return [event._replace(uid=f"{day:%Y%m%d}-{event.uid}") for day, event in sorted(told.items())]
    faces = {day: _face(event, day) for day, event in told.items()}
    usual = _usual(faces)
    master = _on(usual, first)
    rest = [day for day in days if day not in told]
    if len(days) > 1:
        master = master._replace(repeats=Repeats(_spelled(rule, first), last, tuple(rest)))
    # When clocks change in the first night, its two ends tell a length that the others do not have, and
    # parsers part company over which is meant: then every occurrence tells its own.
    is_clear = usual.start is None or master.end - master.start == usual.length
    return [
        master._replace(url=told[first].url),
        *(
            told[day]._replace(instead_of=_day_or_time(usual, day))
            for day in sorted(told)
            if not is_clear or faces[day] != usual or not _falls_on(usual, day, told[day])
        ),
    ]


def _spelled(rule: str, day: date) -> str:
    """The rule without its end, with the day of the month said: some parsers take it from DTSTART in UTC.

    >>> _spelled("FREQ=MONTHLY;COUNT=3", date(2027, 8, 30))
    'FREQ=MONTHLY;BYMONTHDAY=30'
    """
    bare = without_end(rule)
    if "BY" in bare or not bare.startswith(("FREQ=MONTHLY", "FREQ=YEARLY")):
        return bare
    months = f";BYMONTH={day.month}" if "YEARLY" in bare else ""
    return f"{bare}{months};BYMONTHDAY={day.day}"


@lru_cache(maxsize=4096)
def _days(rule: str, first: date, last: date) -> list[date]:
    return days_between_ends(rule, first, last)


def _face(event: Event, day: date) -> Face:
    bare = event._replace(start=day.min, end=day.min, url="")
    if not isinstance(event.start, datetime) or not isinstance(event.end, datetime):
        return Face(None, None, (event.end - event.start).days, timedelta((event.start - day).days), bare)
    start, end = (_clock(moment, event.zone) for moment in (event.start, event.end))
    shown = Face(start.time(), end.time(), (end.date() - start.date()).days, event.end - event.start, bare)
    return shown if start.date() == day else shown._replace(days=-1)


def _usual(faces: Mapping[date, Face]) -> Face:
    """What most of them look like, of those that can be repeated; the latest when two are as many."""
    counted = Counter(face for _, face in sorted(faces.items(), reverse=True))
    return max(counted, key=lambda face: (_repeatable(face), counted[face]))


def _repeatable(face: Face) -> bool:
    """It begins on the day that the rule names."""
    return face.days >= 0 if face.start else face.length == timedelta()


def _on(face: Face, day: date) -> Event:
    if face.start is None or face.end is None:
        return face.event._replace(start=day, end=day + timedelta(days=face.days))
    start = instant(datetime.combine(day, face.start), face.event.zone)
    end = instant(datetime.combine(day + timedelta(days=max(face.days, 0)), face.end), face.event.zone)
    return face.event._replace(start=start, end=end)


def _falls_on(face: Face, day: date, event: Event) -> bool:
    """Whether the clock of that day agrees: in the night when clocks change an hour is missing, or comes twice."""
    there = _on(face, day)
    return (there.start, there.end) == (event.start, event.end)


def _day_or_time(face: Face, day: date) -> date | datetime:
    return day if face.start is None else datetime.combine(day, face.start)


def _clock(moment: datetime, zone: str) -> datetime:
    return at_venue(moment, zone).replace(tzinfo=None, fold=0)
