"""The one order of locks for every writer: resources first, by (venue, id), across all venues at once.

Then bookings by id. Whoever writes occupancy takes this lock; a path that does not would bring
deadlocks back. On SQLite the write transaction is the lock.

A team, then a person, are held apart from that (`teams.lock`, `accounts.hold`): who holds them takes no resource.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from booking.domain.claims import Atom, Place
from booking.domain.rules import Rules, read_rules
from booking.domain.spans import Span
from booking.domain.states import State
from booking.storage.bookings import Booking
from booking.storage.house_affairs import OfferedWindow
from booking.storage.places import NoisePair, Resource, ResourceAtom, Venue

ASKED = aliased(Resource)
NEEDED = (
    select(
        ASKED.id.label("asked_id"),
        Resource.id,
        Resource.code,
        Resource.kind,
        Resource.capacity,
        Resource.exclusive,
        Resource.rules,
        Resource.revision,
        Resource.retired_at,
        Venue.id.label("venue_id"),
        Venue.code.label("venue"),
        Venue.zone,
        Venue.day_line,
        ResourceAtom.atom_id,
        exists()
        .where(or_(NoisePair.first_id == Resource.id, NoisePair.second_id == Resource.id))
        .correlate(Resource)
        .label("disturbs"),
        exists()
        .where(Booking.venue_id == Venue.id, Booking.state == State.SUSPENDED)
        .correlate(Venue)
        .label("suspended"),
        exists()
        .where(OfferedWindow.resource_id == Resource.id, OfferedWindow.venue_id == Resource.venue_id)
        .correlate(Resource)
        .label("windowed"),
    )
    .select_from(ASKED)
    .join(ResourceAtom, ResourceAtom.resource_id == ASKED.id)
    .join(Resource, Resource.id.in_([ASKED.id, ResourceAtom.atom_id]))
    .join(Venue, Venue.id == Resource.venue_id)
    .where(ASKED.code.in_(bindparam("codes", expanding=True)))
    .order_by(Resource.venue_id, Resource.id)
)
"""What is asked and what it takes, built once: for each atom a row of the atom, and one of a whole itself."""

HOUSES = "emerge_houses"
"""The execution option of a connection that names the houses it has locked: it ends with the connection's use."""

LOCKED = NEEDED.with_for_update(of=Resource, key_share=True)


def lock_places(connection: Connection, codes: Collection[str]) -> dict[str, Place]:
    """Lock the resources and everything they take, and read them: one statement.

    Unknown codes are left out.
    """
    return _read(connection, LOCKED, codes)


def lock_houses(connection: Connection, venue_ids: Collection[int]) -> dict[str, Place]:
    """The same for everything that these houses have, and remember it for the rest of the transaction."""
    codes = connection.execute(select(Resource.code).where(Resource.venue_id.in_(venue_ids))).scalars()
    known = lock_places(connection, list(codes))
    connection.execution_options(**{HOUSES: frozenset(venue_ids) | _houses(connection)})
    return known


def holds_house(connection: Connection, venue_id: int) -> bool:
    """Whether this transaction has locked the whole house."""
    return venue_id in _houses(connection)


def _houses(connection: Connection) -> frozenset[int]:
    held: frozenset[int] = connection.get_execution_options().get(HOUSES, frozenset())
    return held


def places(connection: Connection, codes: Collection[str]) -> dict[str, Place]:
    """The same without a lock, for questions."""
    return _read(connection, NEEDED, codes)


def _read(connection: Connection, query: Select[*tuple[Any, ...]], codes: Collection[str]) -> dict[str, Place]:
    return places_in(connection, connection.execute(query, {"codes": list(codes)}).all())


def places_in(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[str, Place]:
    """What the rows of `NEEDED` say, which may carry more columns."""
    windows = _windows(connection, {row.id for row in rows if row.windowed})
    offered: dict[int, dict[int, tuple[Span, ...]]] = {}
    atoms: dict[int, list[Atom]] = {}
    for row in rows:
        if row.atom_id == row.id:
            atom = Atom(row.id, row.code, row.capacity, row.exclusive, row.revision)
            atoms.setdefault(row.asked_id, []).append(atom)
        if row.id in windows:
            offered.setdefault(row.asked_id, {})[row.id] = windows[row.id]
    return {
        row.code: _place(row, tuple(atoms[row.id]), tuple(offered.get(row.id, {}).values()))
        for row in rows
        if row.asked_id == row.id
    }


def _windows(connection: Connection, resources: Collection[int]) -> dict[int, tuple[Span, ...]]:
    """The offered windows of each resource; a statement only where a house set some."""
    if not resources:
        return {}
    query = select(OfferedWindow.resource_id, OfferedWindow.starts, OfferedWindow.ends)
    found: dict[int, list[Span]] = {}
    for row in connection.execute(query.where(OfferedWindow.resource_id.in_(resources))):
        found.setdefault(row.resource_id, []).append(Span(row.starts, row.ends))
    return {resource: tuple(spans) for resource, spans in found.items()}


@lru_cache(maxsize=1024)
def _rules(document: bytes) -> Rules:
    """Read once: many resources have the same, and each is read again and again."""
    return read_rules(orjson.loads(document))


def _place(row: Row[Any], atoms: tuple[Atom, ...], windows: tuple[tuple[Span, ...], ...]) -> Place:
    return Place(
        id=row.id,
        code=row.code,
        kind=row.kind,
        capacity=row.capacity,
        exclusive=row.exclusive,
        rules=_rules(orjson.dumps(row.rules)),
        venue_id=row.venue_id,
        venue=row.venue,
        zone=row.zone,
        day_line=row.day_line,
        atoms=atoms,
        disturbs=row.disturbs,
        suspended=row.suspended,
        windows=windows,
        revision=row.revision,
        retired=row.retired_at is not None,
    )
