"""What lives at an address under `/dav/`: the root, a person, their home, its collections, their items."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from calendars.services import collections, synchronising
from calendars.services.collections import Collection, Contents, Item
from calendars.services.rendering import Desk
from calendars.services.synchronising import Changes, Write

ROOT = "/dav/"
PRINCIPALS, HOMES = "principals", "calendars"


class Kind(StrEnum):
    """What an address can be."""

    ROOT = "root"
    PRINCIPAL = "principal"
    HOME = "home"
    COLLECTION = "collection"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who asks, when, and with what it is answered; `write` notes what was told."""

    person: Person
    connection: Connection
    desk: Desk
    base_url: str
    at: datetime
    write: Write

    @property
    def principal(self) -> str:
        """The address of whoever asks."""
        return f"{ROOT}{PRINCIPALS}/{self.person.id}/"

    @property
    def home(self) -> str:
        """Where their collections are."""
        return f"{ROOT}{HOMES}/{self.person.id}/"


@dataclass(frozen=True)
class Place:
    """Something with an address and properties."""

    kind: Kind
    href: str
    visit: Visit
    collection: Collection | None = None
    item: Item | None = None

    @cached_property
    def contents(self) -> Contents:
        """Of a collection: read once, when somebody asks for it."""
        if self.collection is None:
            raise NotFound
        return collections.contents(self.visit.connection, self.collection, self.visit.desk, at=self.visit.at)

    def changes(self, known: str) -> Changes:
        """Of a collection: what changed since the state of that token. synchronising.UnknownState."""
        if self.collection is None:
            raise NotFound
        visit = self.visit
        return synchronising.changes(
            visit.connection, visit.write, visit.person.id, self.collection.key, self.contents, known
        )

    def children(self) -> Iterator["Place"]:
        """What is right below it."""
        visit = self.visit
        if self.kind is Kind.ROOT:
            yield Place(Kind.PRINCIPAL, visit.principal, visit)
            yield Place(Kind.HOME, visit.home, visit)
        if self.kind is Kind.HOME:
            for each in collections.listing(visit.connection, visit.person, visit.desk, at=visit.at):
                yield Place(Kind.COLLECTION, f"{self.href}{each.key}/", visit, each)
        if self.kind is Kind.COLLECTION:
            for item in self.contents.items.values():
                yield self.holding(item)

    def holding(self, item: Item) -> "Place":
        """An item of this collection."""
        return Place(Kind.ITEM, f"{self.href}{item.name}", self.visit, self.collection, item)


def place_at(path: str, visit: Visit) -> Place:
    """What lives there. NotFound: nothing, or nothing of this person's."""
    parts = [part for part in path.removeprefix(ROOT).split("/") if part]
    if not parts:
        return Place(Kind.ROOT, path, visit)
    if len(parts) == 1 and parts[0] in (PRINCIPALS, HOMES):
        return Place(Kind.ROOT, f"{ROOT}{parts[0]}/", visit)
    if parts[1] != str(visit.person.id):
        raise NotFound
    if parts[0] == PRINCIPALS and len(parts) == 2:
        return Place(Kind.PRINCIPAL, visit.principal, visit)
    if parts[0] != HOMES or len(parts) > 4:
        raise NotFound
    return _at_home(parts[2:], visit)


def _at_home(parts: list[str], visit: Visit) -> Place:
    if not parts:
        return Place(Kind.HOME, visit.home, visit)
    found = collections.find(visit.connection, visit.person, parts[0], visit.desk, at=visit.at)
    collection = Place(Kind.COLLECTION, f"{visit.home}{found.key}/", visit, found)
    if len(parts) == 1:
        return collection
    item = collection.contents.items.get(parts[1])
    if item is None:
        raise NotFound
    return collection.holding(item)
