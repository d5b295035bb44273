"""What a foreign event blocks: how hard, which resources, and when. The house's own choice, else the usual."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Self
from uuid import UUID

from booking.domain.runs import runs as day_runs
from booking.domain.spans import Span, merged
from booking.domain.wall_clock import planning_days, whole_days
from calendars.domain.foreign_events import ForeignEvent
from calendars.domain.stretches import EPOCH, Stretch, moment, seconds

EPOCH_DAY = date(1970, 1, 1)
STATUSES = ("CONFIRMED", "TENTATIVE", "CANCELLED", "FREE")
FIELDS = ("LOCATION", "CATEGORIES")
OUR_UID = re.compile(r"(?:\d{8}-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}).*@emerge-booking")
EVERYTHING = "*"
"""In the choices of a house: whatever the event says."""
TOO_FEW = 0.5
"""Of the events still to come, the part that a new copy must still have to be believed."""


class Block(StrEnum):
    """What an event does to the resource."""

    HARD = "hard"
    OPTION = "option"
    IGNORE = "ignore"


USUAL = {
    "CONFIRMED": Block.HARD,
    "TENTATIVE": Block.OPTION,
    "CANCELLED": Block.IGNORE,
    "FREE": Block.IGNORE,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """How one calendar is read. `blocks`: status or category → block, a category before a status.

    `split`: LOCATION or CATEGORIES → word → code of a resource; `home`: the code for what no word sends elsewhere.
    `names`: what a house's resources are called, in small letters → code, for a calendar without a home.
    """

    blocks: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    home: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def block(self, event: ForeignEvent) -> Block:
        """How hard. What was cancelled blocks nothing, whatever its category says."""
        if EVERYTHING in self.blocks:
            return Block(self.blocks[EVERYTHING])
        if event.status == "CANCELLED" and "CANCELLED" not in self.blocks:
            return Block.IGNORE
        lowered = {word.lower(): block for word, block in self.blocks.items() if word not in STATUSES}
        for category in event.categories:
            if (chosen := lowered.get(category.lower())) is not None:
                return Block(chosen)
        return Block(self.blocks.get(event.status, USUAL[event.status]))

    def targets(self, event: ForeignEvent) -> list[str]:
        """The codes of the resources that it is about; none when nothing tells."""
        found: list[str] = []
        for name in FIELDS:
            words = [event.location] if name == "LOCATION" else event.categories
            known = {**({} if self.home else self.names), **_lowered(self.split.get(name, {}))}
            found += [known[word.strip().lower()] for word in words if word.strip().lower() in known]
        return sorted(set(found)) or ([self.home] if self.home else [])


@dataclass(frozen=True, slots=True)
class Run:
    """Events of one name on days that follow one another: ten shows of one production are one run.

    `first`, `last`: planning days, both included; `count`: how many events.
    """

    title: str
    block: str
    targets: Sequence[str]
    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Blocking:
    """One event as it is kept: `key` tells it from the others, `digest` changes with what it does.

    `kept`: time that it does not block, since it is the same as a booking.
    """

    key: str
    event: ForeignEvent
    block: Block
    targets: Sequence[str]
    zone: str
    day_line: int
    kept: Sequence[Span]
    digest: str

    @classmethod
    def of(
        cls,
        key: str,
        event: ForeignEvent,
        choices: Choices,
        *,
        zone: str,
        day_line: int,
        kept: Sequence[Span] = (),
    ) -> Self:
        """Set at its house."""
        block, targets = choices.block(event), choices.targets(event)
        said = [event.title, event.location, event.categories, event.status, block, targets, event.days]
        place = [zone, day_line, sorted((span.start.isoformat(), span.end.isoformat()) for span in kept)]
        digest = hashlib.sha256(json.dumps([said, place, event.spans]).encode()).hexdigest()[:32]
        return cls(key, event, block, targets, zone, day_line, kept, digest)

    @cached_property
    def stretches(self) -> Sequence[Stretch]:
        """When it blocks; worked out only where it is other than before."""
        if self.block is Block.IGNORE:
            return []
        if not (self.event.days or self.kept):
            return [(start, end) for start, end in self.event.spans]
        spans = without(spans_of(self.event, self.zone, self.day_line), self.kept)
        return [(seconds(span.start), seconds(span.end)) for span in spans]

    @property
    def spans(self) -> list[Span]:
        """The same as spans."""
        return [Span(moment(start), moment(end)) for start, end in self.stretches]


def keys(events: Iterable[ForeignEvent]) -> list[tuple[str, ForeignEvent]]:
    """Each event with a key of its own: a UID that comes twice is two events."""
    seen: dict[str, int] = {}
    found = []
    for event in events:
        base = hashlib.sha256(f"{event.uid}\n{event.part}".encode()).hexdigest()[:32]
        seen[base] = seen.get(base, 0) + 1
        found.append((base if seen[base] == 1 else f"{base}-{seen[base]}", event))
    return found


def spans_of(event: ForeignEvent, zone: str, day_line: int) -> list[Span]:
    """When it takes time. Whole days run from planning-day line to planning-day line, as those of bookings do."""
    if event.days:
        return [whole_days(_day(start), _day(end), zone, day_line) for start, end in event.spans]
    return [Span(EPOCH + timedelta(seconds=start), EPOCH + timedelta(seconds=end)) for start, end in event.spans]


def without(spans: Iterable[Span], kept: Sequence[Span]) -> list[Span]:
    """What is left of each."""
    if not kept:
        return list(spans)
    left = []
    for span in spans:
        since = span.start
        for each in merged(kept):
            if since < each.start < span.end:
                left.append(Span(since, each.start))
            since = max(since, each.end)
        if since < span.end:
            left.append(Span(since, span.end))
    return left


def runs(events: Iterable[tuple[str, str, Sequence[str], Span]], zone: str, day_line: int) -> list[Run]:
    """Stretches of `(title, block, targets, span)` as runs, in order of their first day."""
    days = ((each, planning_days(each[3], zone, day_line)) for each in events)
    found = day_runs(((*each[:2], tuple(each[2])), touched[0], touched[-1], None) for each, touched in days)
    listed = [Run(*run.key, run.first, run.last, len(run.parts)) for run in found]
    return sorted(listed, key=lambda run: (run.first, run.last, run.title))


def ours(uid: str) -> UUID | None:
    """The claim, booking or closure of our own feeds that comes back under that UID; None for others'.

    >>> ours("0198c0de-0000-7000-8000-000000000001@emerge-booking")
    UUID('0198c0de-0000-7000-8000-000000000001')
    """
    found = OUR_UID.fullmatch(uid)
    return UUID(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer copy brings: new, other than before, gone; `same`: how many stay as they are."""

    fresh: Sequence[Blocking]
    other: Sequence[Blocking]
    gone: Sequence[Blocking]
    same: int


def difference(before: Iterable[Blocking], now: Iterable[Blocking]) -> Difference:
    """Between two readings of one calendar; only of what blocks, before or now."""
    old = {each.key: each for each in before if each.block is not Block.IGNORE}
    new = {each.key: each for each in now if each.block is not Block.IGNORE}
    kept = [each for key, each in new.items() if key in old]
    other = [each for each in kept if each.digest != old[each.key].digest]
    return Difference(
        [each for key, each in new.items() if key not in old],
        other,
        [each for key, each in old.items() if key not in new],
        len(kept) - len(other),
    )


def is_believable(before: Iterable[str], now: Iterable[str]) -> bool:
    """Whether enough is left: a calendar that loses more than half of what is to come has rather lost its way."""
    known = set(before)
    return not known or len(known & set(now)) >= len(known) * TOO_FEW


def _lowered(words: Mapping[str, str]) -> dict[str, str]:
    return {word.strip().lower(): code for word, code in words.items()}


def _day(number: int) -> date:
    return EPOCH_DAY + timedelta(days=number)
