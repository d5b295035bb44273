"""A feed written out: shares, joined."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.states import State
from booking.services import people, standing
from booking.services.shelves import Shelf
from calendars.domain.deflating import Part
from calendars.domain.documents import CLOSING, Frame, opening
from calendars.domain.showing import SHOWN_BEFORE, Detail, Place, ShownClaim, View, Words
from calendars.services import keeping
from calendars.services.feeds import Following
from calendars.services.keeping import key_of
from calendars.services.scopes import Scope, scope_of
from calendars.services.shares import FAR_AWAY, Lying, Share, write_share
from calendars.storage import showings, showings_external

DEFAULT_ZONE = "Europe/Brussels"
"""Of a feed that has no event yet and no house of its own."""

Of = TypeVar("Of", int, UUID)
"""The id of a room, or of a company."""


@dataclass(frozen=True, slots=True)
class Written:
    """A feed as it reads from `since` until `until`, unless something changes. `digest`: of all it says.

    `parts`: the body, as it can be packed bit by bit. `fresh`: shares that were written for it, to be kept.
    """

    body: bytes
    digest: str
    name: str
    since: datetime
    until: datetime
    parts: Sequence[Part]
    fresh: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing needs besides the database: the words of each language, our address, kept shares."""

    words: Callable[[str], Words]
    base_url: str
    shares: Shelf[Share]


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Of]):
    """A share that a feed needs: of a room or a company, at a version, as this view shows it.

    `imports`: there may be something of the house's own calendars in it.
    """

    of: Of
    version: int
    view: View
    places: tuple[Place, ...]
    imports: bool = False

    @property
    def lasting_key(self) -> str:
        """The same for every process."""
        view = self.view
        whose = (view.known if view.known is None else sorted(map(str, view.known)), sorted(view.houses))
        return key_of(
            self.of, self.places, view.words, view.base_url, view.detail, view.look, view.imported, *whose
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from every other share; a renamed room makes another one."""
        view = self.view
        return (
            self.of,
            self.places,
            view.words.language,
            view.detail,
            view.known,
            view.houses,
            view.look,
            view.imported,
        )


@dataclass(frozen=True, slots=True)
class _Writing:
    """One feed being written. `events`: with the events themselves, not their texts alone. `fresh`: what was
    written and not found, by its lasting key."""

    connection: Connection
    desk: Desk
    at: datetime
    events: bool
    fresh: dict[str, Share]


def write_out(connection: Connection, feed: Following, desk: Desk, *, at: datetime) -> Written:
    """The feed as its owner may see it now. NotFound when they may not follow it any more."""
    writing = _Writing(connection, desk, at, events=False, fresh={})
    scope, shares = _shares_of(writing, feed)
    begun = opening(_frame(feed, scope, shares))
    parts = [Part(begun), *_texts(scope, shares), Part(CLOSING)]
    return Written(
        body=b"".join(part.body for part in parts),
        digest=hashlib.sha256(begun + b"".join(share.digest for share in shares)).hexdigest()[:32],
        name=scope.name,
        since=at,
        until=min((share.until for share in shares), default=FAR_AWAY),
        parts=parts,
        fresh=writing.fresh,
    )


def _texts(scope: Scope, shares: Sequence[Share]) -> list[Part]:
    """Every text once. Rooms alone, companies alone or chains alone have none in common but moments."""
    texts: dict[str, bytes] = {}
    if sum(map(bool, (scope.rooms, scope.companies, scope.chains))) > 1:
        for share in shares:
            for told in share.told.values():
                texts.update(told.texts)
        return [Part(b"".join(texts.values()))]
    for share in shares:
        texts |= share.moments
    return [*(share.own for share in shares), Part(b"".join(texts.values()))]


def shares_of(connection: Connection, feed: Following, desk: Desk, *, at: datetime) -> tuple[Scope, list[Share]]:
    """What the feed is about, and what each part brings into it, event by event. NotFound, as above."""
    return _shares_of(_Writing(connection, desk, at, events=True, fresh={}), feed)


def _shares_of(writing: _Writing, feed: Following) -> tuple[Scope, list[Share]]:
    desk = writing.desk
    person, scope = read_scope(writing.connection, feed, desk)
    return scope, [
        *_shares(writing, _rooms(feed, person, scope, desk), _read_rooms),
        *_shares(writing, _companies(feed, scope, desk), _read_companies),
        *_shares(writing, _chains(feed, person, scope, desk), _read_chains),
    ]


def read_scope(connection: Connection, feed: Following, desk: Desk) -> tuple[Person, Scope]:
    """Whose feed it is, with the roles of now, and what it is about. NotFound."""
    person = people.of_id(connection, feed.person_id)
    if person is None:
        raise NotFound
    return person, scope_of(connection, feed, person, desk.words(feed.language))


def _frame(feed: Following, scope: Scope, shares: Sequence[Share]) -> Frame:
    zones = frozenset(zone for share in shares for zone in share.zones)
    years = [year for share in shares if share.years for year in share.years]
    return Frame(
        name=scope.name,
        zone=scope.zone or min(zones, default=DEFAULT_ZONE),
        first_year=min(years, default=feed.created_at.year),
        last_year=max(years, default=feed.created_at.year),
        other_zones=zones,
    )


def _rooms(feed: Following, person: Person, scope: Scope, desk: Desk) -> list[Wanted[int]]:
    views = {
        venue: _view(feed, scope, desk, _known(person, venue))
        for venue in {room.place.venue for room in scope.rooms}
    }
    return [
        Wanted(
            room.place.id,
            room.version,
            views[room.place.venue],
            (room.place,),
            imports=room.imports and feed.imported,
        )
        for room in scope.rooms
    ]


def _companies(feed: Following, scope: Scope, desk: Desk) -> list[Wanted[UUID]]:
    view = _view(feed, scope, desk, None)  # whoever may follow a company may know its bookings
    return [Wanted(company, version, view, scope.places) for company, version in scope.companies.items()]


def _chains(feed: Following, person: Person, scope: Scope, desk: Desk) -> list[Wanted[UUID]]:
    """A house of the chain sees the dates and states of the others, and everything of its own."""
    known = None if person.sees_everything else frozenset(person.organisations)
    view = _view(feed, scope, desk, known, person.manages | person.assists)
    return [Wanted(chain, version, view, scope.places) for chain, version in scope.chains.items()]


def _view(
    feed: Following,
    scope: Scope,
    desk: Desk,
    known: frozenset[UUID] | None,
    houses: frozenset[str] = frozenset(),
) -> View:
    detail = Detail(feed.detail)
    if detail is Detail.BUSY:
        known, houses = None, frozenset()
    return View(detail, desk.words(feed.language), desk.base_url, known, houses, scope.look, feed.imported)


def _known(person: Person, venue: str) -> frozenset[UUID] | None:
    """Whose bookings at that house may reach them; None: everybody's (`Person.may_know`)."""
    return None if person.may_know(venue, None) else frozenset(person.organisations)


def _shares(
    writing: _Writing,
    wanted: Sequence[Wanted[Of]],
    read: Callable[[Connection, list[Wanted[Of]], datetime], Mapping[Of, Lying]],
) -> list[Share]:
    """Each from the shelf, or as it was kept; those that do not hold are read together and written again."""
    connection, at = writing.connection, writing.at
    kept = {each.key: writing.desk.shares.take(each.key) for each in wanted}
    if not writing.events:
        _recall(writing, [each for each in wanted if kept[each.key] is None], kept)
    shares = [(each, kept[each.key]) for each in wanted]
    old = [each for each, share in shares if share is None or not _holds(share, each, writing)]
    lying = read(connection, old, at) if old else {}
    return [
        share if share and _holds(share, each, writing) else _write(each, lying, share, writing)
        for each, share in shares
    ]


def _holds(share: Share, wanted: Wanted[Of], writing: _Writing) -> bool:
    return share.holds(wanted.version, writing.at) and (share.has_events or not writing.events)


def _recall(
    writing: _Writing, missing: Sequence[Wanted[Of]], kept: dict[tuple[object, ...], Share | None]
) -> None:
    """What another process wrote, or this one before it was started anew."""
    keys = {each.lasting_key: each for each in missing}
    places = {key: each.places for key, each in keys.items()}
    for key, share in keeping.take(writing.connection, places).items():
        kept[keys[key].key] = share
        writing.desk.shares.put(keys[key].key, share, share.weight)


def _write(wanted: Wanted[Of], lying: Mapping[Of, Lying], before: Share | None, writing: _Writing) -> Share:
    places = {place.id: place for place in wanted.places}
    if before is not None and writing.events and not before.has_events:
        before = None
    share = write_share(
        lying.get(wanted.of, Lying()),
        places,
        wanted.view,
        version=wanted.version,
        at=writing.at,
        before=before,
    )
    writing.desk.shares.put(wanted.key, share, share.weight)
    if not writing.events:
        writing.fresh[wanted.lasting_key] = share
    return share


def _read_rooms(connection: Connection, wanted: Sequence[Wanted[int]], at: datetime) -> Mapping[int, Lying]:
    codes = {each.of: each.places[0].code for each in wanted}
    lying = {room: Lying() for room in codes}
    for claim in _ranked(connection, showings.claims_on(connection, codes, at=at), at):
        lying[claim.resource].claims.append(claim)
    for closure in showings.closures_on(connection, codes, at=at):
        lying[closure.resource].closures.append(closure)
    if any(each.imports for each in wanted):
        for external in showings_external.externals_on(connection, codes, at=at):
            lying[external.resource].externals.append(external)
    return lying


def _ranked(connection: Connection, claims: Sequence[ShownClaim], at: datetime) -> list[ShownClaim]:
    """The same, each option with its rank."""
    options = [claim.id for claim in claims if claim.state == State.OPTION]
    ranks = standing.headline_ranks(connection, options, since=at - SHOWN_BEFORE)
    return [claim._replace(rank=ranks.get(claim.id)) for claim in claims]


def _read_companies(connection: Connection, wanted: Sequence[Wanted[UUID]], at: datetime) -> Mapping[UUID, Lying]:
    lying = {each.of: Lying() for each in wanted}
    for claim in _ranked(connection, showings.claims_by(connection, lying, at=at), at):
        if claim.organisation is not None:
            lying[claim.organisation].claims.append(claim)
    return lying


def _read_chains(connection: Connection, wanted: Sequence[Wanted[UUID]], at: datetime) -> Mapping[UUID, Lying]:
    """A feed is about one chain."""
    return {
        each.of: Lying(_ranked(connection, showings.claims_of_trajectory(connection, [each.of], at=at), at))
        for each in wanted
    }
