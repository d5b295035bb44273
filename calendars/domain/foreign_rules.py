"""Rules that others wrote (RFC 5545 §3.3.10), expanded on the wall clock, within a period and within bounds.

Days and weeks, which is what nearly every rule says, are arithmetic; the rest is dateutil's. A rule may be
made to hang whoever expands it, so everything has an end: the period, the number of starts, the steps.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from math import ceil

from dateutil.rrule import rrulestr

MOST = 5_000
"""Starts that one rule may bring."""
MOST_STEPS = 2_000
"""Steps below a day that it may take."""
CENTURY = timedelta(days=36_525)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": DAY,
    "WEEKLY": WEEK,
}
FREQUENCIES = (*STEPS, "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERS = r"[+-]?\d{1,3}(,[+-]?\d{1,3}){0,400}"
SHAPES = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"0*[1-9]\d{0,17}",
    "COUNT": r"0*[1-9]\d{0,17}",
    "UNTIL": r"\d{8}(T\d{4,6}Z?)?",
    "BYDAY": r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)){0,370}",
    "WKST": "|".join(WEEKDAYS),
    **dict.fromkeys(
        ("BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"), NUMBERS
    ),
}
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DIGITS = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?(Z?))?", re.IGNORECASE
)


class Unclear(ValueError):
    """Something that cannot be understood; its first argument is a code."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Naive wall-clock starts in order. `whole`: there are no more of them in the period."""

    starts: list[datetime]
    whole: bool = True


def moment(value: str) -> datetime:
    """A DATE or DATE-TIME (§3.3.4, §3.3.5): aware when it says UTC, else naive; a date is its midnight. Unclear.

    >>> moment("20270310T235960Z")  # a leap second is the second before
    datetime.datetime(2027, 3, 10, 23, 59, 59, tzinfo=datetime.timezone.utc)
    """
    found = DIGITS.fullmatch(value.strip())
    if found is None:
        raise Unclear("bad-time")
    year, month, day, hour, minute, second = (int(each or 0) for each in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC if found[7] else None)
    except ValueError:
        raise Unclear("bad-time") from None


def is_date(value: str) -> bool:
    """Whether it has no clock time."""
    return "T" not in value.upper()


def expand(
    rule: str,
    first: datetime,
    *,
    after: datetime,
    before: datetime,
    to_local: Callable[[datetime], datetime],
) -> Starts:
    """The starts from `after` to `before` (both naive, both included) of a rule that begins at `first`. Unclear.

    `to_local` turns an instant, as UNTIL may be one, into the wall clock of `first`.
    """
    parts = _parts(rule)
    count = int(parts.pop("COUNT", 0))
    if until := parts.pop("UNTIL", None):
        before = min(before, _until(until, to_local))
    if before < first or _never(parts):
        return Starts([])
    interval = int(parts.get("INTERVAL", 1))
    if (step := STEPS.get(parts["FREQ"])) is not None and interval > (before - first) / step:
        interval = int((before - first) / step) + 1  # it never comes to a second time
    names = set(parts) - {"FREQ", "INTERVAL", "WKST"}
    if parts["FREQ"] == "DAILY" and not names:
        return _by_days(first, interval, count, after, before)
    if parts["FREQ"] == "WEEKLY" and names <= {"BYDAY"} and not re.search(r"\d", parts.get("BYDAY", "")):
        return _by_weeks(first, parts, interval, count, after, before)
    return _by_library(first, parts, interval, count, after, before)


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in "".join(rule.split()).upper().split(";"):
        name, _, value = piece.partition("=")
        if name.startswith("X-") or not piece:
            continue
        if name in parts or name not in SHAPES or not re.fullmatch(SHAPES[name], value):
            raise Unclear("bad-rule")
        parts[name] = value
    if "FREQ" not in parts:
        raise Unclear("bad-rule")
    return parts


def _until(text: str, to_local: Callable[[datetime], datetime]) -> datetime:
    """The last start; a date means all of that day."""
    found = moment(text)
    if is_date(text):
        return datetime.combine(found, time.max)
    return to_local(found) if found.tzinfo is not None else found


def _never(parts: dict[str, str]) -> bool:
    """The 30th of February: whoever looks for it looks for ever."""
    if not {"BYMONTH", "BYMONTHDAY"} <= set(parts):
        return False
    months = [int(each) for each in parts["BYMONTH"].split(",")]
    longest = max((LONGEST_MONTH[month - 1] for month in months if 1 <= month <= 12), default=0)
    return all(abs(int(each)) > longest for each in parts["BYMONTHDAY"].split(","))


def _by_days(
    first: datetime, interval: int, count: int, after: datetime, before: datetime, step: timedelta = DAY
) -> Starts:
    pace = step * interval
    begin = max(0, ceil((after - first) / pace))
    end = (before - first) // pace + 1
    end = min(end, count) if count else end
    return Starts([first + pace * n for n in range(begin, min(end, begin + MOST))], end - begin <= MOST)


def _by_weeks(
    first: datetime, parts: dict[str, str], interval: int, count: int, after: datetime, before: datetime
) -> Starts:
    begins = WEEKDAYS.index(parts.get("WKST", "MO"))
    mine = (first.weekday() - begins) % 7
    named = parts.get("BYDAY")
    days = (
        sorted({(WEEKDAYS.index(each.lstrip("+-")) - begins) % 7 for each in named.split(",")})
        if named
        else [mine]
    )
    monday = first - DAY * mine
    pace = WEEK * interval
    skipped = sum(day < mine for day in days)
    week = max(0, (after - WEEK - monday) // pace)
    found: list[datetime] = []
    while (begin := monday + pace * week) <= before:
        for place, day in enumerate(days):
            turn = week * len(days) + place - skipped
            start = begin + DAY * day
            if start > before or (count and turn >= count):
                return Starts(found)
            if turn >= 0 and start >= after:
                found.append(start)
        if len(found) >= MOST:
            return Starts(found, whole=False)
        week += 1
    return Starts(found)


def _by_library(
    first: datetime, parts: dict[str, str], interval: int, count: int, after: datetime, before: datetime
) -> Starts:
    step = STEPS.get(parts["FREQ"])
    if count and before - first > CENTURY:
        raise Unclear("bad-rule")
    start = first if count else _nearer(first, parts["FREQ"], interval, after)
    whole = True
    if step is not None and step < DAY and (before - start) / (step * interval) > MOST_STEPS:
        before, whole = start + step * interval * MOST_STEPS, False
    parts = {**parts, "INTERVAL": str(min(interval, 10_000))}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rule = rrulestr(f"{text};UNTIL={before:%Y%m%dT%H%M%S}", dtstart=start)
    except (ValueError, TypeError, IndexError):
        raise Unclear("bad-rule") from None
    found = list(islice(rule, min(count, MOST) or MOST))
    full = len(found) == MOST and count != MOST
    return Starts([each for each in found if each >= after], whole and not full)


def _nearer(first: datetime, frequency: str, interval: int, after: datetime) -> datetime:
    """A start of the same rule that is close to the period: old calendars begin theirs in 1601."""
    if after <= first:
        return first
    if (step := STEPS.get(frequency)) is not None:
        pace = step * interval
        return first + pace * max(0, (after - first) // pace - 1)
    months = interval * (12 if frequency == "YEARLY" else 1)
    passed = (after.year - first.year) * 12 + after.month - first.month
    month = first.month - 1 + months * max(0, passed // months - 1)
    if first.day > LONGEST_MONTH[1] - 1 and frequency == "MONTHLY":
        return first
    try:
        return first.replace(year=first.year + month // 12, month=month % 12 + 1)
    except ValueError:
        return first
