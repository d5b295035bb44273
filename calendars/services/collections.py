"""Collections for CalDAV: what a person follows without asking, and what they follow by an address.

A collection shows what a feed of the same scope shows, as items of one UID each.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.spans import Span
from calendars.domain.documents import CLOSING, Frame, item_opening
from calendars.domain.events import Event, vevent
from calendars.domain.expanding import in_utc
from calendars.domain.queries import happening
from calendars.domain.showing import uid
from calendars.services import busy_times, feeds
from calendars.services.feeds import CREW, EXPIRING, ME, ORGANISATION, TRAJECTORY, VENUE, Followed, Following
from calendars.services.rendering import Desk, shares_of
from calendars.services.scopes import scope_of
from calendars.storage import feeds as register

MINE, CLOCKS = "mine", "expiring"
SUFFIX = uid("")


@dataclass(frozen=True)
class Item:
    """One calendar object: the events of one UID, with their text."""

    name: str
    events: Sequence[Event]
    text: bytes

    @cached_property
    def body(self) -> bytes:
        """The document, as it is read."""
        days = [day for event in self.events for day in (event.start, event.end)]
        frame = Frame("", self.events[0].zone, min(_year(day) for day in days), max(_year(day) for day in days))
        return item_opening(frame) + self.text + CLOSING

    @property
    def tag(self) -> str:
        """Another one whenever the text is."""
        return hashlib.sha256(self.text).hexdigest()[:32]

    def expanded(self, during: Span) -> bytes:
        """The occurrences of that time, each by itself, in UTC (RFC 4791 §9.6.5)."""
        recurs = any(event.repeats is not None for event in self.events)
        found = (in_utc(event, recurs=recurs) for event in happening(self.events, during))
        return item_opening(None) + b"".join(vevent(event).encode() for event in found) + CLOSING


@dataclass(frozen=True)
class Collection:
    """What is followed, under the name that stands in its address."""

    key: str
    name: str
    followed: Following


@dataclass(frozen=True)
class Contents:
    """Its items by name, at one time."""

    items: Mapping[str, Item]

    @cached_property
    def tags(self) -> dict[str, str]:
        """The tag of each item."""
        return {name: item.tag for name, item in self.items.items()}

    @cached_property
    def digest(self) -> str:
        """Another one whenever any item is; the same in every process."""
        return hashlib.sha256(repr(sorted(self.tags.items())).encode()).hexdigest()[:32]


def listing(connection: Connection, person: Person, desk: Desk, *, at: datetime) -> list[Collection]:
    """Everything that this person follows, in an order that stays."""
    words = desk.words(person.language)
    return [
        Collection(key, scope_of(connection, followed, person, words).name, followed)
        for key, followed in _followed(connection, person, at)
    ]


def find(connection: Connection, person: Person, key: str, desk: Desk, *, at: datetime) -> Collection:
    """One of them. NotFound."""
    followed = next((each for name, each in _followed(connection, person, at) if name == key), None)
    if followed is None:
        raise NotFound
    return Collection(key, scope_of(connection, followed, person, desk.words(person.language)).name, followed)


def contents(connection: Connection, collection: Collection, desk: Desk, *, at: datetime) -> Contents:
    """What it shows now."""
    _, shares = shares_of(connection, collection.followed, desk, at=at)
    items = {
        _name(key): Item(_name(key), [event for event in told.events if event.uid == key], text)
        for share in shares
        for told in share.told.values()
        for key, text in told.texts
    }
    return Contents(items)


def busy(connection: Connection, collection: Collection, desk: Desk, period: Span, *, at: datetime) -> bytes:
    """When something of it is taken (RFC 4791 §7.10)."""
    return busy_times.busy_times_in(connection, collection.followed, desk, period, stamp=at)


def _name(event_uid: str) -> str:
    return f"{event_uid.removesuffix(SUFFIX)}.ics"


def _year(moment: date) -> int:
    return moment.year


def _followed(connection: Connection, person: Person, at: datetime) -> Iterator[tuple[str, Following]]:
    own = Followed(person.id, person.id, ME, person.language, at)
    yield MINE, own
    yield CLOCKS, replace(own, scope=EXPIRING)
    for code in sorted(person.manages | person.assists):
        venue = register.venue_id(connection, code)
        yield f"house-{code}", replace(own, scope=VENUE, venue_id=venue, imported=True)
        yield f"crew-{code}", replace(own, scope=CREW, venue_id=venue)
    if len(person.organisations) + len(person.manages | person.assists) > 1:  # else it is all that is mine
        for organisation in sorted(person.organisations):
            yield f"company-{organisation}", replace(own, scope=ORGANISATION, organisation_id=organisation)
    for chain in feeds.chains_of(connection, person):
        yield f"chain-{chain.id}", replace(own, scope=TRAJECTORY, trajectory_id=chain.id)
    for row in feeds.listing(connection, person):
        if row.scope in (feeds.RESOURCE, VENUE) and row.venue not in person.manages | person.assists:
            yield f"feed-{row.id}", row
