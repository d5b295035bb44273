"""What a feed is about: rooms of a house, or the bookings of companies; and who may still follow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from calendars.domain.showing import Look, Place, Words
from calendars.services.feeds import (
    CREW,
    EXPIRING,
    ME,
    ORGANISATION,
    RESOURCE,
    TRAJECTORY,
    VENUE,
    Following,
    may_follow,
    may_follow_chain,
    works_at,
)
from calendars.storage import showings
from calendars.storage.showings import PlaceRow


@dataclass(frozen=True, slots=True)
class Room:
    """A resource whose share is in the feed, with its version. `imports`: its house has connected a calendar."""

    place: Place
    version: int
    imports: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The shares of one feed. `companies`, `chains`: id → version; `places`: wherever they have asked.

    `zone`: of the house, when the feed is about one. `look`: what it makes of a booking.
    """

    name: str
    zone: str | None = None
    rooms: Sequence[Room] = ()
    companies: Mapping[UUID, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    chains: Mapping[UUID, int] = field(default_factory=dict)
    look: Look = Look.CLAIMS


def scope_of(connection: Connection, feed: Following, person: Person, words: Words) -> Scope:
    """What the feed is about now. NotFound when its owner may not follow it any more."""
    return SCOPES[feed.scope](connection, feed, person, words)


def _resource(connection: Connection, feed: Following, _person: Person, _words: Words) -> Scope:
    rooms = _rooms(showings.places_around(connection, feed.resource_id), feed.language)
    own = next(room.place for room in rooms if room.place.id == feed.resource_id)
    return Scope(f"{own.venue_name} · {own.name}", own.zone, rooms)


def _venue(connection: Connection, feed: Following, _person: Person, _words: Words) -> Scope:
    rooms = _rooms(showings.places_of_venue(connection, feed.venue_id), feed.language)
    house = rooms[0].place if rooms else None
    return Scope(house.venue_name, house.zone, rooms) if house else Scope("")


def _organisation(connection: Connection, feed: Following, person: Person, _words: Words) -> Scope:
    if not may_follow(person, feed.organisation_id):
        raise NotFound
    name = showings.organisation_name(connection, feed.organisation_id)
    companies, places = _companies(connection, [feed.organisation_id], feed.language)
    return Scope(name, companies=companies, places=places)


def _me(connection: Connection, feed: Following, person: Person, words: Words) -> Scope:
    """The bookings of my companies, and the houses where I work."""
    houses = person.manages | person.assists
    rooms = _rooms(showings.places_of_venues(connection, houses), feed.language) if houses else []
    companies, places = _companies(connection, list(person.organisations), feed.language)
    return Scope(words.mine % {"name": person.name}, None, rooms, companies, places)


def _trajectory(connection: Connection, feed: Following, person: Person, _words: Words) -> Scope:
    found = showings.trajectory(connection, feed.trajectory_id)
    if found is None or not may_follow_chain(connection, person, feed.trajectory_id):
        raise NotFound
    places = showings.places_of_trajectory(connection, feed.trajectory_id)
    return Scope(
        found.title,
        places=tuple(place_of(row, feed.language) for row in places),
        chains={feed.trajectory_id: found.version},
    )


def _expiring(connection: Connection, feed: Following, person: Person, words: Words) -> Scope:
    scope = _own(connection, feed, person, words)
    return replace(scope, name=words.clocks % {"name": scope.name}, look=Look.CLOCKS)


def _crew(connection: Connection, feed: Following, person: Person, words: Words) -> Scope:
    scope = _own(connection, feed, person, words)
    return replace(scope, name=words.crews % {"name": scope.name}, look=Look.CREW)


def _own(connection: Connection, feed: Following, person: Person, words: Words) -> Scope:
    """One house where I work, one company of mine, or all of them."""
    if feed.organisation_id is not None:
        return _organisation(connection, feed, person, words)
    if feed.venue_id is None:
        return replace(_me(connection, feed, person, words), name=person.name)
    scope = _venue(connection, feed, person, words)
    if not all(works_at(person, room.place.venue) for room in scope.rooms):
        raise NotFound
    return scope


SCOPES = {
    RESOURCE: _resource,
    VENUE: _venue,
    ORGANISATION: _organisation,
    TRAJECTORY: _trajectory,
    ME: _me,
    EXPIRING: _expiring,
    CREW: _crew,
}


def _rooms(rows: Sequence[PlaceRow], language: str) -> list[Room]:
    return [Room(place_of(row, language), row.revision, row.imports) for row in rows]


def _companies(
    connection: Connection, organisations: Sequence[UUID], language: str
) -> tuple[dict[UUID, int], tuple[Place, ...]]:
    if not organisations:
        return {}, ()
    versions = showings.organisation_versions(connection, organisations)
    places = showings.places_of_organisations(connection, organisations)
    return (
        {organisation: versions.get(organisation, 0) for organisation in organisations},
        tuple(place_of(row, language) for row in places),
    )


def place_of(row: PlaceRow, language: str) -> Place:
    """The resource, named in that language."""
    names = (language, "en", *row.name)
    return Place(
        id=row.id,
        code=row.code,
        name=next((row.name[each] for each in names if row.name.get(each)), row.code),
        capacity=row.capacity,
        venue=row.venue,
        venue_name=row.venue_name,
        town=row.town,
        zone=row.zone,
    )
