"""The one order of locks for every writer: resources first, by (venue, id), across all venues at once.

Then bookings by id. Whoever writes occupancy takes this lock; a path that does not would bring
deadlocks back. On SQLite the write transaction is the lock.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, select, union

from booking.domain.claims import Atom, Place
from booking.domain.rules import read_rules
from booking.storage.places import Resource, ResourceAtom, Venue


def lock_places(connection: Connection, codes: Collection[str]) -> dict[str, Place]:
    """Lock the resources and everything they take, and read them: one statement.

    Unknown codes are left out.
    """
    return _read(connection, _needed(codes).with_for_update(of=Resource, key_share=True))


def places(connection: Connection, codes: Collection[str]) -> dict[str, Place]:
    """The same without a lock, for questions."""
    return _read(connection, _needed(codes))


def _needed(codes: Collection[str]) -> Select[*tuple[Any, ...]]:
    asked = select(Resource.id).where(Resource.code.in_(codes))
    need = union(
        select(ResourceAtom.resource_id.label("asked_id"), ResourceAtom.atom_id.label("id")).where(
            ResourceAtom.resource_id.in_(asked)
        ),
        select(Resource.id.label("asked_id"), Resource.id).where(Resource.code.in_(codes)),
    ).subquery("need")
    return (
        select(
            need.c.asked_id,
            Resource.id,
            Resource.code,
            Resource.kind,
            Resource.capacity,
            Resource.exclusive,
            Resource.rules,
            Venue.id.label("venue_id"),
            Venue.code.label("venue"),
            Venue.zone,
            Venue.day_line,
            ResourceAtom.atom_id,
        )
        .join(Resource, Resource.id == need.c.id)
        .join(Venue, Venue.id == Resource.venue_id)
        .outerjoin(
            ResourceAtom,
            (ResourceAtom.resource_id == need.c.asked_id) & (ResourceAtom.atom_id == Resource.id),
        )
        .order_by(Resource.venue_id, Resource.id)
    )


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> dict[str, Place]:
    rows = connection.execute(query).all()
    atoms: dict[int, list[Atom]] = {}
    for row in rows:
        if row.atom_id is not None:
            atoms.setdefault(row.asked_id, []).append(Atom(row.id, row.code, row.capacity, row.exclusive))
    return {row.code: _place(row, tuple(atoms[row.id])) for row in rows if row.asked_id == row.id}


def _place(row: Row[Any], atoms: tuple[Atom, ...]) -> Place:
    return Place(
        id=row.id,
        code=row.code,
        kind=row.kind,
        capacity=row.capacity,
        exclusive=row.exclusive,
        rules=read_rules(row.rules),
        venue_id=row.venue_id,
        venue=row.venue,
        zone=row.zone,
        day_line=row.day_line,
        atoms=atoms,
    )
