"""VTIMEZONE out of the time-zone database, as rules (RFC 5545 §3.6.5).

The standard library tells offsets, not rules. So the transitions of a whole calendar cycle are
looked at: in 28 years a rule such as "last Sunday of March" shows every day it can fall on, and
what was seen determines it. Dates are listed only where no yearly rule fits, as in Morocco,
where clocks follow the moon.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from booking.domain.wall_clock import zone
from calendars.domain.lines import clock, line

CYCLE = 28
"""Years after which weekdays fall on the same dates again."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Transition:
    """Clocks change: `local` is what they show at that instant before the change (naive)."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def days_to_month_end(self) -> int:
        """0 on the last day of the month."""
        return monthrange(self.local.year, self.local.month)[1] - self.local.day


@lru_cache(maxsize=256)
def vtimezone(tzid: str, first_year: int, last_year: int) -> str:
    """The VTIMEZONE of an IANA zone, right for every instant of these years.

    zoneinfo.ZoneInfoNotFoundError when there is no such zone.
    """
    kinds: dict[tuple[timedelta, timedelta, str], list[Transition]] = defaultdict(list)
    for each in _transitions(tzid, first_year - 1, last_year + CYCLE):
        kinds[each.before, each.after, each.name].append(each)
    observances = [
        text
        for changes in sorted(kinds.values(), key=lambda found: found[0].local)
        for text in _observances(changes, last_year)
    ]
    if all(changes[0].local.year >= first_year for changes in kinds.values()):
        observances.insert(0, _constant(tzid, first_year - 1))
    return "".join(
        (
            "BEGIN:VTIMEZONE\r\n",
            line("TZID", tzid),
            *observances,
            "END:VTIMEZONE\r\n",
        )
    )


def _transitions(tzid: str, first_year: int, last_year: int) -> Iterator[Transition]:
    """Every change of offset in these years. Two changes within one day are not seen."""
    place = zone(tzid)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    days = (datetime(last_year + 1, 1, 1, tzinfo=UTC) - start).days
    moments = (start + DAY * n for n in range(days + 1))
    for earlier, later in pairwise(moments):
        before, after = _offset(earlier, tzid), _offset(later, tzid)
        if before != after:
            moment = _change_between(earlier, later, tzid)
            local = (moment + before).replace(tzinfo=None)
            yield Transition(local, before, after, moment.astimezone(place).tzname() or tzid)


def _change_between(earlier: datetime, later: datetime, tzid: str) -> datetime:
    """The first second at which the offset of `earlier` no longer holds."""
    before = _offset(earlier, tzid)
    while later - earlier > SECOND:
        middle = (earlier + (later - earlier) // 2).replace(microsecond=0)
        if _offset(middle, tzid) == before:
            earlier = middle
        else:
            later = middle
    return later


def _offset(instant: datetime, tzid: str) -> timedelta:
    return instant.astimezone(zone(tzid)).utcoffset() or timedelta()


def _observances(changes: Sequence[Transition], last_year: int) -> Iterator[str]:
    """Changes of one kind: those before the lasting rule one by one, then the rule."""
    start = _lasting_from(changes, last_year + CYCLE)
    if start < len(changes) and changes[start].local.year > last_year:
        start = len(changes)
    odd = [each for each in changes[:start] if each.local.year <= last_year]
    if odd:
        yield _observance(odd[0], _dates(odd))
    if start < len(changes):
        yield _observance(changes[start], line("RRULE", _rule(changes[start:])))


def _lasting_from(changes: Sequence[Transition], final_year: int) -> int:
    """Where the longest tail begins that one yearly rule tells, up to the end of what was seen."""
    start = len(changes)
    if not changes or changes[-1].local.year != final_year:
        return start
    year = final_year
    while start and changes[start - 1].local.year == year:
        if not _rule(changes[start - 1 :]):
            break
        start, year = start - 1, year - 1
    return start if len(changes) - start > 1 else len(changes)


def _rule(changes: Sequence[Transition]) -> str:
    """The yearly rule that all of these follow, or an empty text."""
    first = changes[0].local
    if any(
        (each.local.month, each.local.weekday(), each.local.time()) != (first.month, first.weekday(), first.time())
        for each in changes
    ):
        return ""
    day = WEEKDAYS[first.weekday()]
    yearly = f"FREQ=YEARLY;BYMONTH={first.month}"
    if max(each.days_to_month_end for each in changes) < 7:
        return f"{yearly};BYDAY=-1{day}"
    earliest = min(each.local.day for each in changes)
    if max(each.local.day for each in changes) - earliest >= 7:
        return ""
    if earliest % 7 == 1:
        return f"{yearly};BYDAY={earliest // 7 + 1}{day}"
    window = ",".join(str(earliest + n) for n in range(7))
    return f"{yearly};BYDAY={day};BYMONTHDAY={window}"


def _dates(changes: Sequence[Transition]) -> str:
    """RDATEs of all but the first, which DTSTART tells already."""
    dates = ",".join(clock(each.local) for each in changes[1:])
    return line("RDATE", dates) if dates else ""


def _observance(first: Transition, recurrence: str) -> str:
    """STANDARD or DAYLIGHT; clocks that go forward begin daylight time."""
    kind = "DAYLIGHT" if first.after > first.before else "STANDARD"
    return "".join(
        (
            f"BEGIN:{kind}\r\n",
            f"DTSTART:{clock(first.local)}\r\n",
            f"TZOFFSETFROM:{_signed(first.before)}\r\n",
            f"TZOFFSETTO:{_signed(first.after)}\r\n",
            line("TZNAME", first.name),
            recurrence,
            f"END:{kind}\r\n",
        )
    )


def _constant(tzid: str, year: int) -> str:
    """What clocks show from the start of the year on, until something changes them."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    offset = _offset(start, tzid)
    name = start.astimezone(zone(tzid)).tzname() or tzid
    return _observance(Transition(start.replace(tzinfo=None), offset, offset, name), "")


def _signed(offset: timedelta) -> str:
    """UTC-OFFSET (§3.3.14).

    >>> _signed(timedelta(hours=-3, minutes=-30))
    '-0330'
    """
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{hours:02}{minutes:02}" + (f"{seconds_left:02}" if seconds_left else "")
