"""Time zones as others name and describe them: each calendar's own, never another's.

A name that the time-zone database knows, also in the words of Windows and Outlook, means what the
database says; unless the calendar describes offsets that this zone has never had: then the description counts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from calendars.domain.foreign_lines import Component, ZoneComponent
from calendars.domain.foreign_rules import Unclear, expand, moment

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  wall clocks are naive here, instants are seconds
EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
LONG_AGO = datetime(1970, 1, 2).toordinal()  # noqa: DTZ001
"""Before, offsets have fractions of minutes, and nobody plans a season."""
MOVES = 0.5
OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2}):?(\d{2})?")
FIXED = re.compile(r"(?:UTC|GMT|Z)?\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
DISPLAYED = re.compile(r"\((?:UTC|GMT)\s*(?:([+-])(\d{1,2}):?(\d{2}))?\)\s*(.*)", re.IGNORECASE)
MANY = 2000
"""Changes of the clock that a description may bring."""


class Zone(Protocol):
    """Tells wall clocks and instants (seconds since 1970) apart. Both may raise OverflowError, ValueError."""

    def instant(self, local: datetime) -> int:
        """When that clock shows `local`: a time in a gap moves on by it, one that is there twice is the first."""

    def local(self, instant: int) -> datetime:
        """What that clock shows then."""


@dataclass(frozen=True, slots=True)
class Known:
    """A zone of the database. `offsets`: of whole days, asked by the thousand; MOVES where there are two."""

    info: ZoneInfo
    offsets: dict[int, float] = field(default_factory=dict, compare=False, repr=False)

    def instant(self, local: datetime) -> int:
        day = local.toordinal()
        offset = self.offsets.get(day)
        if offset is None:
            offset = self.offsets[day] = self._offset_of(day)
        if offset == MOVES:
            return int(local.replace(tzinfo=self.info, fold=0).timestamp())
        clock = local.hour * 3600 + local.minute * 60 + local.second
        return (day - EPOCH_ORDINAL) * 86400 + clock - int(offset)

    def _offset_of(self, day: int) -> float:
        """Of all of that day; MOVES when it has two."""
        midnight = datetime.fromordinal(day).replace(tzinfo=self.info)
        first = midnight.utcoffset()
        last = midnight.replace(hour=23, minute=59, second=59, fold=1).utcoffset()
        if first is None or first != last or day < LONG_AGO:
            return MOVES
        return first.total_seconds()

    def local(self, instant: int) -> datetime:
        return (EPOCH_UTC + timedelta(seconds=instant)).astimezone(self.info).replace(tzinfo=None, fold=0)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same offset, in seconds."""

    offset: int

    def instant(self, local: datetime) -> int:
        return _seconds(local) - self.offset

    def local(self, instant: int) -> datetime:
        return EPOCH + timedelta(seconds=instant + self.offset)

    def shown(self, at: datetime) -> datetime:
        """The same of an aware instant."""
        return self.local(int((at - EPOCH_UTC).total_seconds()))


@dataclass(frozen=True, slots=True)
class Described:
    """A zone as a calendar's own VTIMEZONE tells it (§3.6.5): changes in order, each with what it leads to.

    `locals`: wall-clock seconds from which the new offset counts; `instants`: the same in UTC.
    """

    locals: Sequence[int]
    instants: Sequence[int]
    offsets: Sequence[int]
    before: int

    def instant(self, local: datetime) -> int:
        seconds = _seconds(local)
        found = bisect_right(self.locals, seconds)
        return seconds - (self.offsets[found - 1] if found else self.before)

    def local(self, instant: int) -> datetime:
        found = bisect_right(self.instants, instant)
        return EPOCH + timedelta(seconds=instant + (self.offsets[found - 1] if found else self.before))


class Zones:
    """The zones of one calendar. `home`: of times that name none."""

    def __init__(self, described: Iterable[ZoneComponent], home: Zone, *, first: int, last: int) -> None:
        self.home = home
        self._first, self._last = first, last
        self._described: dict[str, ZoneComponent] = {}
        for component in described:
            self._described.setdefault(component.text("TZID"), component)
        self._found: dict[str, Zone | None] = {}

    def named(self, name: str) -> Zone | None:
        """The zone that a TZID means in this calendar; None when nobody can tell."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> Zone | None:
        known = known_zone(name)
        component = self._described.get(name)
        if component is None:
            return known
        told = described(component, first=self._first, last=self._last)
        if told is None:
            return known
        return known if known is not None and _agrees(known, told, self._first) else told


def known_zone(name: str) -> Zone | None:
    """What everybody means by that name: of the database, of Windows, or an offset.

    >>> known_zone("Romance Standard Time") == known_zone("/mozilla.org/20071231_1/Europe/Paris")
    True
    """
    name = name.strip().strip('"')
    info = _by_name().get(name.lower()) or _by_name().get(WINDOWS_TO_OLSON.get(name, "").lower())
    if info is not None:
        return Known(info)
    if name.lower().startswith("tzone://microsoft/"):
        return known_zone(name[len("tzone://microsoft/") :])
    pieces = name.strip("/").split("/")
    for start in range(1, len(pieces)):
        if (info := _by_name().get("/".join(pieces[start:]).lower())) is not None:
            return Known(info)
    if shown := DISPLAYED.fullmatch(name):
        return _displayed(*shown.groups())
    if fixed := FIXED.fullmatch(name):
        return Fixed(_signed(fixed[1], fixed[2], fixed[3]))
    return None


def described(component: ZoneComponent, *, first: int, last: int) -> Described | None:
    """The changes of the clock from the year `first` to the year `last`; None when it tells none."""
    changes: dict[int, tuple[int, int, int]] = {}
    for observance in component.observances:
        try:
            before, after = (_offset(observance, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
            onsets = _onsets(observance, before, first, last)
        except (ValueError, OverflowError):
            continue
        for onset in onsets:
            seconds = _seconds(onset)
            changes[seconds - before] = (seconds + max(0, after - before), after, before)
    if not changes:
        return None
    instants = sorted(changes)
    told = [changes[instant] for instant in instants]
    return Described(sorted(each[0] for each in told), instants, [each[1] for each in told], told[0][2])


@cache
def _by_name() -> dict[str, ZoneInfo]:
    """Every zone of the database, in small letters; read once, so that a reader needs no file any more."""
    names = available_timezones()
    return {name.lower(): ZoneInfo(name) for name in names if not name.startswith(("posix", "right", "localtime"))}


@cache
def _by_city() -> dict[str, ZoneInfo]:
    return {name.rpartition("/")[2].replace("_", " "): info for name, info in _by_name().items() if "/" in name}


def _displayed(sign: str | None, hours: str | None, minutes: str | None, cities: str) -> Zone | None:
    """As Windows shows it to people: `(UTC+01:00) Brussels, Copenhagen, Madrid, Paris`."""
    for city in cities.split(","):
        if (info := _by_city().get(city.strip().lower())) is not None:
            return Known(info)
    return Fixed(_signed(sign or "+", hours or "0", minutes))


def _agrees(known: Zone, told: Described, year: int) -> bool:
    """Whether a description has no offset that the zone of that name does not have around then."""
    days = [datetime(year, 1, 1) + timedelta(days=n) for n in range(0, 730, 15)]  # noqa: DTZ001
    usual = {_seconds(day) - known.instant(day) for day in days}
    return {told.before, *told.offsets[-4:]} <= usual if told.offsets else told.before in usual


def _onsets(observance: Component, before: int, first: int, last: int) -> list[datetime]:
    """The wall-clock times at which it begins, those that are long over left out."""
    start = observance.first("DTSTART")
    if start is None:
        raise Unclear("no-start")
    onset = moment(start.value).replace(tzinfo=None)
    found = [onset]
    for rule in observance.lines.get("RRULE", []):
        years = datetime(first - 1, 1, 1), datetime(last + 1, 12, 31)  # noqa: DTZ001
        found += expand(rule.value, onset, after=years[0], before=years[1], to_local=Fixed(before).shown).starts
    for line in observance.lines.get("RDATE", []):
        found += [moment(value).replace(tzinfo=None) for value in line.value.split(",")[:MANY]]
    return found


def _offset(observance: Component, name: str) -> int:
    line = observance.first(name)
    found = OFFSET.fullmatch(line.value.strip()) if line else None
    if found is None:
        raise Unclear("bad-offset")
    return _signed(found[1], found[2], found[3], found[4])


def _signed(sign: str, hours: str, minutes: str | None, seconds: str | None = None) -> int:
    total = int(hours) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return -total if sign == "-" else total


def _seconds(local: datetime) -> int:
    since = local - EPOCH
    return since.days * 86400 + since.seconds
