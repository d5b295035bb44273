"""Events that others wrote, read as busy time: each on its own, so that a bad one spoils no other.

What is not understood is counted and told, and still takes the time that stands in it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self

from calendars.domain.foreign_lines import Component, Property, ZoneComponent, components, listed
from calendars.domain.foreign_rules import CENTURY, DAY, MOST, Starts, Unclear, expand, is_date, moment
from calendars.domain.foreign_zones import EPOCH, EPOCH_UTC, Fixed, Zone, Zones, known_zone

MOST_SPANS = 600_000
"""Stretches of time that one calendar may bring; what comes after only takes its literal span."""
MOST_NOTES = 50
DAY_SECONDS = 86_400
DURATION = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)
Guard = Callable[[], AbstractContextManager[Any]]
"""Stands around what may take long, and raises `Unclear` when it does."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a calendar is read under: the zone of the house, and the period (seconds since 1970) that matters."""

    zone: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """One event, or one changed part of a series (`part`: its RECURRENCE-ID).

    `spans`: pairs of seconds since 1970, or with `days` of dates (days since 1970), ends excluded; in order,
    and none meets the next. `status`: CONFIRMED, TENTATIVE, CANCELLED or FREE.
    """

    uid: str
    part: str
    title: str
    location: str
    categories: list[str]
    status: str
    days: bool
    spans: list[list[int]]

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From what another process wrote down."""
        return cls(**told)


@dataclass(slots=True)
class Reading:
    """What a calendar says. `counts`: events, series, cancelled, free, unclear; `notes`: code, and what of.

    `rows`: of a season out of a spreadsheet, UID → the first row that says so; its notes name their row too.
    """

    events: list[ForeignEvent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[list[Any]] = field(default_factory=list)
    name: str = ""
    rows: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def note(self, code: str, what: str) -> None:
        """Count what was not understood, and remember the first of it."""
        self.count("unclear")
        self.count(f"unclear:{code}")
        if len(self.notes) < MOST_NOTES:
            self.notes.append([code, what[:100]])


@dataclass(slots=True)
class _Event:
    """One VEVENT, read. `start` is naive wall clock in `zone`; `length` is nominal days and exact seconds."""

    uid: str
    title: str
    location: str
    categories: list[str]
    status: str
    component: Component
    start: datetime
    zone: Zone
    days: bool
    length: tuple[int, int]
    recurs: bool
    recurrence_id: Property | None


def read(body: bytes, terms: Terms, guard: Guard = nullcontext) -> Reading:
    """Everything that takes time in the period. foreign_lines.NotACalendar."""
    return _Reader(components(body), terms, guard).read()


class _Reader:
    """Reads one calendar; nothing of it outlives the reading."""

    def __init__(self, found: list[Component], terms: Terms, guard: Guard) -> None:
        self.found = found
        self.terms = terms
        self.guard = guard
        self.reading = Reading()
        self.room = MOST_SPANS
        years = [(EPOCH + timedelta(seconds=each)).year for each in (terms.since, terms.until)]
        home = known_zone(self._first("X-WR-TIMEZONE")) or known_zone(terms.zone) or Fixed(0)
        zones = [each for each in found if isinstance(each, ZoneComponent)]
        self.zones = Zones(zones, home, first=years[0] - 1, last=years[1] + 1)
        self.reading.name = self._first("X-WR-CALNAME") or self._first("NAME")

    def read(self) -> Reading:
        masters: dict[str, list[_Event]] = {}
        parts: dict[str, list[_Event]] = {}
        for component in self.found:
            if component.name == "VEVENT":
                self.reading.count("events")
                if (event := self._event(component)) is not None:  # else it is counted
                    kind = parts if event.recurrence_id is not None else masters
                    kind.setdefault(event.uid, []).append(event)
            elif component.name == "VFREEBUSY":
                self._free_busy(component)
        for uid, events in masters.items():
            self._put_all(events, parts.pop(uid, []))
        for lonely in parts.values():
            self._put_all([], lonely)
        return self.reading

    def _event(self, component: Component) -> _Event | None:
        what = component.text("SUMMARY") or component.text("UID")
        start = component.first("DTSTART")
        if start is None:
            self.reading.note("no-start", what)
            return None
        if not component.whole:
            self.reading.note("not-closed", what)
        try:
            zone = self._zone(start, what)
            begins, zone = self._wall(start, zone)
        except (ValueError, OverflowError):
            self.reading.note("no-start", what)
            return None
        days = is_date(start.value)
        length, days = self._length(component, begins, zone, days, what)
        return _Event(
            uid=component.text("UID") or _made_up(component),
            title=component.text("SUMMARY"),
            location=component.text("LOCATION"),
            categories=[word for line in component.lines.get("CATEGORIES", []) for word in listed(line.value)],
            status=_status(component),
            component=component,
            start=begins,
            zone=zone,
            days=days,
            length=length,
            recurs="RRULE" in component.lines or "RDATE" in component.lines,
            recurrence_id=component.first("RECURRENCE-ID"),
        )

    def _zone(self, line: Property, what: str) -> Zone:
        name = line.parameters.get("TZID")
        if name is None or line.value.strip().upper().endswith("Z") or is_date(line.value):
            return self.zones.home
        zone = self.zones.named(name)
        if zone is None:
            self.reading.note("unknown-zone", what)
            return self.zones.home
        return zone

    def _wall(self, line: Property, zone: Zone) -> tuple[datetime, Zone]:
        """The wall clock of a time, and whose: what says UTC repeats in UTC."""
        found = moment(line.value)
        return (found.replace(tzinfo=None), Fixed(0)) if found.tzinfo is not None else (found, zone)

    def _length(
        self, component: Component, begins: datetime, zone: Zone, days: bool, what: str
    ) -> tuple[tuple[int, int], bool]:
        """Nominal days and exact seconds, and whether it is still whole days."""
        end, duration = component.first("DTEND"), component.first("DURATION")
        try:
            if end is not None:
                length, days = self._until(component, end, begins, zone, days, what)
            elif duration is not None:
                length = _duration(duration.value)
                days = days and not length[1]
            else:
                length = (1, 0) if days else (0, 0)
        except (ValueError, OverflowError):
            self.reading.note("bad-end", what)
            midnight = datetime.combine(begins.date(), datetime.min.time())
            return ((1, 0) if days else (0, DAY_SECONDS - int((begins - midnight).total_seconds()))), days
        if days and length[0] == 0:
            length = (1, 0)  # many programs write the same day twice and mean that day
        if length[0] * DAY_SECONDS + length[1] < 0:
            self.reading.note("reversed", what)
        return length, days

    def _until(
        self, component: Component, end: Property, begins: datetime, zone: Zone, days: bool, what: str
    ) -> tuple[tuple[int, int], bool]:
        start = component.first("DTSTART")
        same = start is not None and end.parameters.get("TZID") == start.parameters.get("TZID")
        there, end_zone = self._wall(end, zone if same else self._zone(end, what))
        if days and is_date(end.value):
            return ((there - begins).days, 0), True
        return (0, end_zone.instant(there) - zone.instant(begins)), False

    def _put_all(self, masters: list[_Event], parts: list[_Event]) -> None:
        """A series without the occurrences that were changed, and each of these as it is now."""
        changed: dict[Any, tuple[_Event, bool]] = {}
        for part in parts:
            line = part.recurrence_id
            if line is None:
                continue
            try:
                key, zone = self._wall(line, self._zone(line, part.title))
            except (ValueError, OverflowError):
                self.reading.note("bad-exception", part.title)
                self._put(part, [part.start], str(line.value))
                continue
            following = line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"
            at = key.date() if is_date(line.value) and not following else zone.instant(key)
            changed[at] = (part, following)
        carried = {turn for master in masters for turn in self._put_master(master, changed)}
        for at, (part, _) in changed.items():
            if at not in carried:
                self._put(part, [part.start], _part_name(at))

    def _put_master(self, event: _Event, changed: dict[Any, tuple[_Event, bool]]) -> Iterable[int]:
        """Its occurrences; returns the changes from which others follow, and which are told with those."""
        if not event.recurs:
            self.reading.count("single")
            self._put(event, [] if self._moved(event, event.start, changed) else [event.start])
            return ()
        self.reading.count("series")
        turns = sorted(at for at, (_, following) in changed.items() if following)
        mine: list[datetime] = []
        later: dict[int, list[datetime]] = {}
        for start in self._starts(event):
            before = [turn for turn in turns if turn <= event.zone.instant(start)] if turns else []
            if before:
                later.setdefault(before[-1], []).append(start)
            elif not self._moved(event, start, changed):
                mine.append(start)
        self._put(event, mine)
        for turn, theirs in later.items():
            self._put_following(event, turn, theirs, changed)
        return later

    def _put_following(
        self, event: _Event, turn: int, starts: list[datetime], changed: dict[Any, tuple[_Event, bool]]
    ) -> None:
        """From one occurrence on (THISANDFUTURE) all move as that one did, and last as long."""
        part, _ = changed[turn]
        shift = part.start - part.zone.local(turn)
        others = {at: each for at, each in changed.items() if at != turn}
        kept = [start for start in starts if not self._moved(event, start, others)]
        moved = [part.zone.local(event.zone.instant(start)) + shift for start in kept]
        self._put(part, moved, _part_name(turn))

    def _moved(self, event: _Event, start: datetime, changed: dict[Any, tuple[_Event, bool]]) -> bool:
        if not changed:
            return False
        return event.zone.instant(start) in changed or start.date() in changed

    def _starts(self, event: _Event) -> list[datetime]:
        """All starts in the period, the first one always: a rule that leaves it out is not believed."""
        longest = min(abs(event.length[0]) * DAY_SECONDS + abs(event.length[1]), CENTURY.days * DAY_SECONDS)
        after = EPOCH + timedelta(seconds=self.terms.since - longest) - 2 * DAY
        before = EPOCH + timedelta(seconds=self.terms.until) + 2 * DAY
        found = {event.start}
        for line in event.component.lines.get("RRULE", []):
            found |= set(self._ruled(event, line, after, before).starts)
        for line in event.component.lines.get("RDATE", []):
            found |= set(self._dates(event, line))
        gone = {
            at for line in event.component.lines.get("EXDATE", []) for at in self._dates(event, line, out=True)
        }
        if gone:
            days = {at for at in gone if not isinstance(at, datetime)}
            found = {start for start in found if start not in gone and start.date() not in days}
        return sorted(found)

    def _ruled(self, event: _Event, line: Property, after: datetime, before: datetime) -> Starts:
        def to_local(at: datetime) -> datetime:
            return event.zone.local(int((at - EPOCH_UTC).total_seconds()))

        try:
            with self.guard():
                starts = expand(line.value, event.start, after=after, before=before, to_local=to_local)
        except (ValueError, OverflowError, ArithmeticError):
            self.reading.note("bad-rule", event.title or event.uid)
            return Starts([])
        if not starts.whole:
            self.reading.note("too-many", event.title or event.uid)
        return starts

    def _dates(self, event: _Event, line: Property, *, out: bool = False) -> Iterable[Any]:
        """Times of a list, on the wall clock of the event; of exceptions (`out`) dates stay dates."""
        for value in line.value.split(",")[:MOST]:
            begin, _, end = value.partition("/")
            try:
                one = Property(begin, line.parameters)
                local, zone = self._wall(one, self._zone(one, event.title))
                if out and is_date(begin) and not event.days:
                    yield local.date()
                    continue
                there = local if is_date(begin) else event.zone.local(zone.instant(local))
                if end and not out:
                    self._put_period(event, local, zone, end)
                else:
                    yield datetime.combine(there, datetime.min.time()) if event.days else there
            except (ValueError, OverflowError):
                self.reading.note("bad-exception", event.title or event.uid)

    def _put_period(self, event: _Event, local: datetime, zone: Zone, end: str) -> None:
        """A PERIOD among the dates has a length of its own."""
        start = zone.instant(local)
        self._add(event, _part_name(start), False, [[start, self._period_end(start, zone, end)]])

    def _period_end(self, start: int, zone: Zone, value: str) -> int:
        if "P" in value.upper():
            days, seconds = _duration(value)
            return start + days * DAY_SECONDS + seconds
        local, told = self._wall(Property(value), zone)
        return told.instant(local)

    def _put(self, event: _Event, starts: list[datetime], part: str = "") -> None:
        if event.status == "CANCELLED":
            self.reading.count("cancelled")
        elif event.status == "FREE":
            self.reading.count("free")
        spans: list[list[int]] = []
        lost = len(starts) > self.room
        for start in starts[: self.room]:
            try:
                spans.append(self._span(event, start))
            except (ValueError, OverflowError):
                lost = True
        if lost:
            self.reading.note("too-many", event.title or event.uid)
        self._add(event, part, event.days, spans)

    def _span(self, event: _Event, start: datetime) -> list[int]:
        days, seconds = event.length
        if event.days:
            first = (start - EPOCH).days
            return [first, first + days] if days > 0 else [first + days, first]
        begins = event.zone.instant(start)
        ends = (event.zone.instant(start + DAY * days) if days else begins) + seconds
        return [begins, ends] if begins <= ends else [ends, begins]

    def _add(self, event: _Event, part: str, days: bool, spans: list[list[int]]) -> None:
        unit = DAY_SECONDS if days else 1
        kept = clipped(spans, self.terms.since // unit - days, self.terms.until // unit + days)
        self.room -= len(kept)
        self.reading.events.append(
            ForeignEvent(event.uid, part, event.title, event.location, event.categories, event.status, days, kept)
        )

    def _free_busy(self, component: Component) -> None:
        """Busy time without events (§3.6.4)."""
        uid = component.text("UID") or _made_up(component)
        spans = []
        for line in component.lines.get("FREEBUSY", []):
            if line.parameters.get("FBTYPE", "BUSY").upper() == "FREE":
                continue
            for value in line.value.split(",")[:MOST]:
                begin, _, end = value.partition("/")
                try:
                    local, zone = self._wall(Property(begin), self.zones.home)
                    start = zone.instant(local)
                    spans.append([start, self._period_end(start, zone, end)])
                except (ValueError, OverflowError):
                    self.reading.note("bad-end", uid)
        self.reading.count("events")
        kept = clipped(spans, self.terms.since, self.terms.until)
        self.reading.events.append(ForeignEvent(uid, "", "", "", [], "CONFIRMED", False, kept))

    def _first(self, name: str) -> str:
        return next(
            (each.text(name) for each in self.found if each.name == "VCALENDAR" and name in each.lines), ""
        )


def clipped(spans: list[list[int]], since: int, until: int) -> list[list[int]]:
    """The same within the period, in order, those that meet or overlap as one; what takes no time goes."""
    kept: list[list[int]] = []
    latest = since  # nothing ends before the period begins
    for span in sorted(spans):
        start, end = span
        if start < since or end > until:
            start, end = max(start, since), min(end, until)
            span = [start, end]  # noqa: PLW2901  the same, cut
        if end <= start:
            continue
        if start <= latest and kept:
            latest = kept[-1][1] = max(latest, end)
        else:
            kept.append(span)
            latest = end
    return kept


def _status(component: Component) -> str:
    status = component.text("STATUS").upper()
    shown = component.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    if status == "CANCELLED":
        return status
    if component.text("TRANSP").upper() == "TRANSPARENT" or shown == "FREE":
        return "FREE"
    return "TENTATIVE" if "TENTATIVE" in (status, shown) else "CONFIRMED"


def _duration(value: str) -> tuple[int, int]:
    """Nominal days and exact seconds (§3.3.6)."""
    found = DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()[1:]):
        raise Unclear("bad-end")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    return sign * (weeks * 7 + days), sign * (hours * 3600 + minutes * 60 + seconds)


def _part_name(at: Any) -> str:
    return at.isoformat() if isinstance(at, date) else str(at)


def _made_up(component: Component) -> str:
    """An identity for what has none: the same event has the same next time."""
    words = [(name, [line.value for line in lines]) for name, lines in sorted(component.lines.items())]
    return "without-uid-" + hashlib.sha256(repr(words).encode("utf-8", "replace")).hexdigest()[:24]
