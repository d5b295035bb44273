"""Resources, added and changed by their house; and the claims on one that are still to come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from booking.domain.states import OPEN, State
from booking.storage.bookings import Booking, Claim, Closure, Occupancy
from booking.storage.places import NoisePair, Resource, ResourceAtom, ResourceNumber

LONGEST_STRIKE = timedelta(days=8)
"""Set-up and strike are a week at most: a claim that ended longer ago holds nothing any more."""


HIGHEST = select(func.coalesce(func.max(Resource.id), 0)).scalar_subquery()
"""However it came there: a world file, a synthetic world."""


def draw_numbers(connection: Connection, count: int = 1) -> int:
    """The first of `count` numbers that nobody else gets: the row is locked until the transaction ends."""
    last = case((ResourceNumber.last > HIGHEST, ResourceNumber.last), else_=HIGHEST) + count
    draw = update(ResourceNumber).values(last=last).returning(ResourceNumber.last)
    drawn: int = connection.execute(draw).scalar_one()
    return drawn - count + 1


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New resources, all with the same columns, each its own atom and last in its house; returns their numbers.

    IntegrityError when a code is taken.
    """
    if not rows:
        return []
    first = draw_numbers(connection, len(rows))
    venue = rows[0]["venue_id"]
    highest = select(func.coalesce(func.max(Resource.position), -1)).where(Resource.venue_id == venue)
    behind = connection.execute(highest).scalar_one() + 1
    numbered = [{"revision": 1, **row, "id": first + n, "position": behind + n} for n, row in enumerate(rows)]
    connection.execute(insert(Resource), numbered)
    atoms = [{"venue_id": row["venue_id"], "resource_id": row["id"], "atom_id": row["id"]} for row in numbered]
    connection.execute(insert(ResourceAtom), atoms)
    return [row["id"] for row in numbered]


def taken_codes(connection: Connection, codes: Collection[str]) -> set[str]:
    """Those that some resource has already, of whatever house."""
    return set(connection.execute(select(Resource.code).where(Resource.code.in_(codes))).scalars())


def set_atoms(connection: Connection, venue_id: int, resource_id: int, atoms: Collection[int]) -> None:
    """What it takes from now on."""
    connection.execute(
        delete(ResourceAtom).where(ResourceAtom.venue_id == venue_id, ResourceAtom.resource_id == resource_id)
    )
    rows = [{"venue_id": venue_id, "resource_id": resource_id, "atom_id": atom} for atom in sorted(atoms)]
    connection.execute(insert(ResourceAtom), rows)


def set_noise(connection: Connection, venue_id: int, resource_id: int, others: Collection[int]) -> None:
    """What it disturbs from now on, and what disturbs it."""
    mine = or_(NoisePair.first_id == resource_id, NoisePair.second_id == resource_id)
    connection.execute(delete(NoisePair).where(NoisePair.venue_id == venue_id, mine))
    rows = [
        {"venue_id": venue_id, "first_id": min(resource_id, other), "second_id": max(resource_id, other)}
        for other in sorted(others)
    ]
    if rows:
        connection.execute(insert(NoisePair), rows)


def live_closures(connection: Connection, resource_id: int, *, since: datetime) -> int:
    """How many closures of it are not over."""
    query = select(func.count()).select_from(Closure).where(Closure.resource_id == resource_id)
    return int(connection.execute(query.where(Closure.ended_at.is_(None), Closure.ends > since)).scalar_one())


def imported(connection: Connection, atoms: Collection[int], *, since: datetime) -> bool:
    """Whether one imported event holds all of these atoms: it was read for what they make together."""
    query = (
        select(Occupancy.external_id)
        .where(Occupancy.atom_id.in_(atoms), Occupancy.source == "external", Occupancy.ends > since)
        .group_by(Occupancy.external_id)
        .having(func.count(Occupancy.atom_id.distinct()) == len(set(atoms)))
    )
    return connection.execute(query.limit(1)).first() is not None


def live_claims(connection: Connection, resource_id: int, *, since: datetime) -> list[UUID]:
    """The claims on it that are not over, of bookings that have not ended."""
    query = (
        select(Claim.id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.resource_id == resource_id, Claim.ended_at.is_(None))
        .where(Claim.ends > since - LONGEST_STRIKE, Booking.state.in_(OPEN | {State.CONFIRMED}))
    )
    return list(connection.execute(query.order_by(Claim.starts, Claim.id)).scalars())


def alter(connection: Connection, resource_id: int, values: Mapping[str, Any]) -> None:
    """Change its columns."""
    connection.execute(update(Resource).where(Resource.id == resource_id).values(**values))


def claims_by_hours(connection: Connection, resources: Collection[int], *, since: datetime) -> list[UUID]:
    """The claims with clock times on these that are not over, of bookings not ended either: buffers are theirs."""
    query = (
        select(Claim.id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.resource_id.in_(resources), Claim.start_date.is_(None), Claim.ended_at.is_(None))
        .where(Claim.ends > since - LONGEST_STRIKE, Booking.state.in_(OPEN | {State.CONFIRMED}))
    )
    return list(connection.execute(query.order_by(Claim.starts, Claim.id)).scalars())
