"""Shares: what one resource, or one company, brings into feeds; the texts are kept.

A share is written anew when its version has risen, or when time takes something out of it, and
then only the events that changed are. Feeds that show the same to like readers use the same shares.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from calendars.domain.deflating import Part
from calendars.domain.events import Event, vevent
from calendars.domain.showing import (
    Place,
    ShownClaim,
    View,
    claim_events,
    is_moment,
    moment_events,
)
from calendars.domain.showing_closures import ShownClosure, closure_events
from calendars.domain.showing_external import ShownExternal, external_events
from calendars.domain.showing_series import sequence_of, series_events, sort_series

FAR_AWAY = datetime.max.replace(tzinfo=UTC)


class Source(NamedTuple):
    """What a text was written from, as far as that can change under one id."""

    sequence: int
    place: Place
    company: str | None


class Told(NamedTuple):
    """One claim, series or closure: the events, and their text by UID."""

    source: Source
    events: tuple[Event, ...]
    texts: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Share:
    """What was true at `version`, from `since` until `until`; `years`: the first and the last it touches.

    `own`: the texts that no other share has, joined; `moments`: by UID, those that stand in the share of every
    room of their booking. `recall`: what each text was written from, asked only when something has to be written
    anew; `has_events`: with the events themselves, which a share that was kept in the database has lost.
    """

    version: int
    since: datetime
    until: datetime
    own: Part
    moments: Mapping[str, bytes]
    digest: bytes
    zones: frozenset[str]
    years: tuple[int, int] | None
    weight: int
    recall: Callable[[], Mapping[str, Told]]
    has_events: bool = True

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """By the id of a claim, a closure or an imported stretch, or of what a series has at one place."""
        return self.recall()

    def holds(self, version: int, at: datetime) -> bool:
        """Whether it still is what should be shown."""
        return self.version == version and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies on a place, or belongs to a company or a chain."""

    claims: list[ShownClaim] = field(default_factory=list)
    closures: list[ShownClosure] = field(default_factory=list)
    externals: list[ShownExternal] = field(default_factory=list)


def write_share(
    lying: Lying,
    places: Mapping[int, Place],
    view: View,
    *,
    version: int,
    at: datetime,
    before: Share | None,
) -> Share:
    """The share as it is at that time. `before`: what it was, whose texts are used again where they hold."""
    told: dict[str, Told] = {}
    old = before.told if before else {}
    until, years, zones = FAR_AWAY, set(), set()
    shown = [claim for claim in lying.claims if claim.resource in places]
    # A place that was asked since the places were read: the version has risen too, so it comes next time.
    singles, series = sort_series(shown)
    for claim in singles:
        place = places[claim.resource]
        source = Source(claim.sequence, place, claim.organisation_name)
        identity = str(claim.id)
        told[identity] = _kept(old, identity, source) or _told(source, _events(claim, place, view))
        until = min(until, claim.leaves_at)
        years.add(claim.starts.year)
        years.add(claim.ends.year)
        zones.add(place.zone)
    for identity, occurrences in series.items():
        place = places[occurrences[0].resource]
        source = Source(sequence_of(occurrences, at), place, occurrences[0].organisation_name)
        told[identity] = _kept(old, identity, source) or _told(source, series_events(occurrences, place, view, at))
        zones.add(place.zone)
        for claim in occurrences:
            if claim.is_told(at):
                until = min(until, claim.leaves_at)
                years |= {claim.starts.year, claim.ends.year}
    for closure in lying.closures:
        place = places[closure.resource]
        source = Source(closure.sequence, place, None)
        identity = str(closure.id)
        told[identity] = _kept(old, identity, source) or _told(source, closure_events(closure, place, view))
        until = min(until, closure.leaves_at)
        years |= {closure.starts.year, closure.ends.year}
        zones.add(place.zone)
    for external in lying.externals:
        place = places[external.resource]
        source = Source(external.sequence, place, None)
        told[external.identity] = _kept(old, external.identity, source) or _told(
            source, external_events(external, place, view)
        )
        until = min(until, external.leaves_at)
        years |= {external.starts.year, external.ends.year}
        zones.add(place.zone)
    texts = [each for known in told.values() for each in known.texts]
    own = b"".join(text for uid, text in texts if not is_moment(uid))
    moments = {uid: text for uid, text in texts if is_moment(uid)}
    return Share(
        version=version,
        since=at,
        until=until,
        own=Part(own),
        moments=moments,
        digest=hashlib.sha256(b"".join((own, *moments.values()))).digest(),
        zones=frozenset(zones),
        years=(min(years), max(years)) if years else None,
        weight=3 * sum(len(text) for _, text in texts),  # as a text, joined, and as an event
        recall=lambda: told,
        has_events=before is None or before.has_events,
    )


def _kept(old: Mapping[str, Told], identity: str, source: Source) -> Told | None:
    found = old.get(identity)
    return found if found is not None and found.source == source else None


def _events(claim: ShownClaim, place: Place, view: View) -> Iterator[Event]:
    yield from claim_events(claim, place, view)
    yield from moment_events(claim, place, view)


def _told(source: Source, events: Iterable[Event]) -> Told:
    """Exceptions of a series follow their master in one text, as they share its UID."""
    texts: dict[str, bytes] = {}
    told = tuple(events)
    for event in told:
        texts[event.uid] = texts.get(event.uid, b"") + vevent(event).encode()
    return Told(source, told, tuple(texts.items()))
