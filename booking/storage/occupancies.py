"""Occupancy: what holds an atom, when, and how hard. Every writer holds the lock of `locks.py`.

What every booking runs is built once: building a statement costs several times what sending it costs.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, or_, select, update

from booking.domain.claims import Asked, Held
from booking.domain.queue import key
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage.base import new_id
from booking.storage.bookings import HOLDS, Booking, Claim, Occupancy
from booking.storage.places import Resource

HELD: Select[*tuple[Any, ...]] = (
    select(
        Occupancy.atom_id,
        Occupancy.starts,
        Occupancy.ends,
        Occupancy.quantity,
        Occupancy.force,
        Occupancy.source,
        Claim.booking_id,
        Claim.starts.label("core_starts"),
        Claim.ends.label("core_ends"),
        Claim.setup_minutes,
        Claim.strike_minutes,
        Occupancy.closure_id,
        Occupancy.external_id,
        Booking.granted_at,
        Booking.manual_order,
        Booking.due_at,
    )
    .outerjoin(Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id))
    .outerjoin(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
    .where(Occupancy.atom_id.in_(bindparam("atoms", expanding=True)), HOLDS)
    .where(Occupancy.ends > bindparam("start"), Occupancy.starts < bindparam("end"))
)


def held(
    connection: Connection,
    atoms: Collection[int],
    span: Span,
    *,
    besides: UUID | None = None,
) -> list[Held]:
    """What holds these atoms at any moment of `span`, without the booking `besides`."""
    rows = connection.execute(HELD, {"atoms": list(atoms), "start": span.start, "end": span.end})
    return [_held(row) for row in rows if besides is None or row.booking_id != besides]


NEAR = HELD.where(or_(Occupancy.force == Force.SOFT, Occupancy.exclusive.is_(False)))


def near(connection: Connection, atoms: Collection[int], span: Span) -> list[Held]:
    """What holds these atoms without taking them away altogether: options, and whatever holds counted stock."""
    rows = connection.execute(NEAR, {"atoms": list(atoms), "start": span.start, "end": span.end})
    return [_held(row) for row in rows]


def _held(row: Row[Any]) -> Held:
    occupied = Span(row.starts, row.ends)
    presence = occupied
    if row.booking_id is not None:
        core = Span(row.core_starts, row.core_ends).widened(
            before=timedelta(minutes=row.setup_minutes),
            after=timedelta(minutes=row.strike_minutes),
        )
        presence = core.common(occupied) or occupied  # an option may have lost days
    return Held(
        row.atom_id,
        occupied,
        presence,
        row.quantity,
        row.force,
        row.source,
        row.booking_id,
        row.closure_id or row.external_id,
        _order(row),
        row.due_at if row.force == Force.SOFT else None,
    )


def _order(row: Any) -> int | None:
    """The moment of an option's key."""
    if row.force != Force.SOFT or row.granted_at is None:
        return None
    return key(row.granted_at, row.booking_id, row.manual_order).moment


ADD = insert(Occupancy)


def taken(claims: Iterable[tuple[UUID, Asked]], force: Force) -> list[dict[str, Any]]:
    """What the claims take, as rows sorted by atom."""
    rows = [
        {
            "id": new_id(),
            "venue_id": asked.place.venue_id,
            "atom_id": atom.id,
            "claim_id": claim_id,
            "source": "claim",
            "starts": asked.occupied.start,
            "ends": asked.occupied.end,
            "quantity": asked.quantity_of(atom),
            "exclusive": atom.exclusive,
            "force": force,
        }
        for claim_id, asked in claims
        for atom in asked.place.atoms
    ]
    return sorted(rows, key=lambda row: (row["venue_id"], row["atom_id"]))


def take(connection: Connection, claims: Iterable[tuple[UUID, Asked]], force: Force) -> None:
    """Write what the claims take. IntegrityError when the database refuses it."""
    connection.execute(ADD, taken(claims, force))


def set_force(connection: Connection, venue_id: int, claims: Collection[UUID], force: Force) -> None:
    """Make what the claims hold soft, hard or nothing."""
    connection.execute(
        update(Occupancy).where(Occupancy.venue_id == venue_id, Occupancy.claim_id.in_(claims)).values(force=force)
    )


def give_up(connection: Connection, venue_id: int, claims: Collection[UUID]) -> None:
    """Forget what the claims took, before they are written anew."""
    connection.execute(delete(Occupancy).where(Occupancy.venue_id == venue_id, Occupancy.claim_id.in_(claims)))


def close(connection: Connection, asked: Asked, closure_id: UUID) -> None:
    """A closure takes all of every atom, outside the guard: it may come late and may be forced."""
    connection.execute(
        ADD,
        [
            {
                "id": new_id(),
                "venue_id": asked.place.venue_id,
                "atom_id": atom.id,
                "closure_id": closure_id,
                "source": "closure",
                "starts": asked.span.start,
                "ends": asked.span.end,
                "quantity": atom.capacity,
                "exclusive": atom.exclusive,
                "force": Force.HARD,
            }
            for atom in asked.place.atoms
        ],
    )


TOUCH = (
    update(Resource)
    .where(Resource.id.in_(bindparam("resources", expanding=True)))
    .values(revision=Resource.revision + 1)
)


REVISIONS = select(Resource.id, Resource.revision).where(Resource.id.in_(bindparam("resources", expanding=True)))


def revisions(connection: Connection, resources: Collection[int]) -> dict[int, int]:
    """The revision of each resource."""
    rows = connection.execute(REVISIONS, {"resources": list(resources)})
    return {row.id: row.revision for row in rows}


def touch(connection: Connection, resources: Sequence[int]) -> None:
    """Raise the revision of every resource whose timeline, or whose feed, has changed."""
    connection.execute(TOUCH, {"resources": list(resources)})
