"""Series: an RFC 5545 rule, expanded on the wall clock of the house, minus the days that it leaves out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import overload

from dateutil.rrule import rrulestr

from booking.domain.claims import ClaimTerms
from booking.domain.refusals import Malformed
from booking.domain.wall_clock import DAY, at_venue, instant

MOST = 400
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAY = r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)"
SHAPES: Mapping[str, str] = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"[1-9]\d?",
    "COUNT": r"[1-9]\d{0,2}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"{WEEKDAY}(,{WEEKDAY}){{0,6}}",
    "BYMONTHDAY": r"-?\d{1,2}(,-?\d{1,2}){0,30}",
    "BYMONTH": r"\d{1,2}(,\d{1,2}){0,11}",
    "BYSETPOS": r"-?[1-5]",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
"""The parts of a rule that a house's plan needs, and what each may be (RFC 5545 §3.3.10)."""

LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days, from January on."""

LEFT_OUT = ("school-holidays", "public-holidays", "closures")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a booking repeats. `besides`: of LEFT_OUT. `skips`: conflicts are skipped, else they refuse it."""

    rule: str
    besides: tuple[str, ...] = ()
    skips: bool = False


def occurrences(rule: str, first: datetime, horizon: datetime) -> list[datetime]:
    """The naive wall-clock starts, `first` included, none after `horizon`.

    Malformed when the rule is none, has no end, yields nothing or more than 400.

    >>> [each.day for each in occurrences("FREQ=WEEKLY;COUNT=3", datetime(2027, 9, 7, 10), datetime(2030, 1, 1))]
    [7, 14, 21]
    """
    parts = _parts(rule)
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise Malformed({"recurrence.rule": ["one-end"]})
    count = int(parts.pop("COUNT", 0))
    until = _until(parts.pop("UNTIL", None), horizon)
    if until < first:
        raise Malformed({"recurrence.rule": ["until-before-start"]})
    if not _names_a_day(parts):
        raise Malformed({"recurrence.rule": ["never-happens"]})
    bounded = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rule_set = rrulestr(f"{bounded};UNTIL={until:%Y%m%dT%H%M%S}", dtstart=first)
        found = list(islice(rule_set, count or MOST + 1))
    except (ValueError, TypeError) as error:
        raise Malformed({"recurrence.rule": ["not-a-rule"]}) from error
    if not found:
        raise Malformed({"recurrence.rule": ["never-happens"]})
    if len(found) > MOST:
        raise Malformed({"recurrence.rule": ["too-many"]})
    return found


def without_end(rule: str) -> str:
    """The rule without its COUNT or UNTIL: whoever repeats only a piece of a series says where it ends.

    >>> without_end("FREQ=WEEKLY;COUNT=10;BYDAY=TU")
    'FREQ=WEEKLY;BYDAY=TU'
    """
    parts = _parts(rule)
    return ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))


def days_between_ends(rule: str, first: date, last: date) -> list[date]:
    """The days that the rule names, from one of them to another, both included.

    >>> [each.day for each in days_between_ends("FREQ=WEEKLY;COUNT=9", date(2027, 9, 7), date(2027, 9, 21))]
    [7, 14, 21]
    """
    begin, end = (datetime.combine(day, datetime.min.time()) for day in (first, last))
    found = rrulestr(f"{without_end(rule)};UNTIL={end:%Y%m%dT%H%M%S}", dtstart=begin)
    return [each.date() for each in found]


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in rule.upper().removeprefix("RRULE:").split(";"):
        name, _, value = piece.partition("=")
        if name in parts or name not in SHAPES or not re.fullmatch(SHAPES[name], value, re.ASCII):
            raise Malformed({"recurrence.rule": ["not-a-rule"]})
        parts[name] = value
    if "FREQ" not in parts:
        raise Malformed({"recurrence.rule": ["not-a-rule"]})
    return parts


def _names_a_day(parts: Mapping[str, str]) -> bool:
    """Whether any of its months has any of its days: a 30 February is looked for in no year.

    >>> _names_a_day({"BYMONTH": "2", "BYMONTHDAY": "30"}), _names_a_day({"BYMONTH": "2", "BYMONTHDAY": "-29"})
    (False, True)
    """
    months = [int(each) for each in parts["BYMONTH"].split(",")] if "BYMONTH" in parts else range(1, 13)
    days = [int(each) for each in parts["BYMONTHDAY"].split(",")] if "BYMONTHDAY" in parts else [1]
    longest = max((LONGEST_MONTHS[month - 1] for month in months if 1 <= month <= 12), default=0)
    return any(1 <= abs(day) <= longest for day in days)


def _until(text: str | None, horizon: datetime) -> datetime:
    """The last moment; a date means all of that day."""
    if text is None:
        return horizon
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        clock = timedelta(hours=int(text[9:11]), minutes=int(text[11:13])) if "T" in text else DAY
    except ValueError as error:
        raise Malformed({"recurrence.rule": ["not-a-rule"]}) from error
    return min(
        datetime.combine(day, datetime.min.time()) + clock - timedelta(seconds=1) * ("T" not in text), horizon
    )


def moved(claims: tuple[ClaimTerms, ...], days: int, zone: str) -> tuple[ClaimTerms, ...]:
    """The claims so many days later, at the same time on the clock of the house."""
    return tuple(
        replace(claim, start=later(claim.start, days, zone), end=later(claim.end, days, zone)) for claim in claims
    )


@overload
def later(moment: datetime, days: int, zone: str) -> datetime: ...
@overload
def later(moment: date, days: int, zone: str) -> date: ...
def later(moment: date, days: int, zone: str) -> date:
    """So many days later, at the same time on the clock of the house."""
    if not isinstance(moment, datetime):
        return moment + DAY * days
    return instant(at_venue(moment, zone).replace(tzinfo=None, fold=0) + timedelta(days=days), zone)


def local_start(claims: tuple[ClaimTerms, ...], zone: str) -> datetime:
    """The naive wall-clock start of the first claim; of whole days their midnight."""
    start = claims[0].start
    if isinstance(start, datetime):
        return at_venue(start, zone).replace(tzinfo=None, fold=0)
    return datetime.combine(start, datetime.min.time())


def days_between(first: datetime, starts: list[datetime]) -> Iterator[int]:
    """How many days each lies after the first."""
    for start in starts:
        yield (start.date() - first.date()).days
