"""Closures, stored: their rows stay for good, what they hold is written anew with every change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, insert, select, update

from booking.domain.claims import Asked, Atom
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage import occupancies
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Claim, Closure, Occupancy
from booking.storage.house_affairs import ClosureDecision
from booking.storage.places import Resource, Venue

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One closure with its resource. Instants in UTC; dates for whole days, `end_date` excluded."""

    id: UUID
    venue_id: int
    venue: str
    zone: str
    resource: str
    resource_name: dict[str, str]
    starts: datetime
    ends: datetime
    start_date: date | None
    end_date: date | None
    reason: str
    quantity: int | None
    created_at: datetime
    modified_at: datetime
    sequence: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """What one claim takes, or would take, of one atom."""

    booking_id: UUID
    claim_id: UUID
    atom_id: int
    span: Span


def find(connection: Connection, closure_id: UUID) -> ClosureRow | None:
    """One closure, also one that has ended; None when there is none."""
    row = connection.execute(_rows().where(Closure.id == closure_id)).one_or_none()
    return ClosureRow(**row._mapping) if row else None


def listing(
    connection: Connection, *, venue: str | None = None, resource: str | None = None, ends_after: datetime
) -> list[ClosureRow]:
    """Those of a house, or of one resource, that are not over; in order of start."""
    query = _rows().where(Closure.ended_at.is_(None), Closure.ends > ends_after)
    if venue is not None:
        query = query.where(Venue.code == venue)
    if resource is not None:
        query = query.where(Resource.code == resource)
    found = connection.execute(query.order_by(Closure.starts, Closure.id))
    return [ClosureRow(**row._mapping) for row in found]


def pieces(connection: Connection, atoms: Collection[int], span: Span, states: Collection[str]) -> list[Piece]:
    """What bookings in these states take, or ask, of these atoms at any moment of `span`."""
    query = (
        select(Claim.booking_id, Claim.id, Occupancy.atom_id, Occupancy.starts, Occupancy.ends)
        .select_from(Occupancy)
        .join(Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id))
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Occupancy.atom_id.in_(atoms), Occupancy.starts < span.end, Occupancy.ends > span.start)
        .where(Booking.state.in_(states), Claim.ended_at.is_(None))
        .order_by(Claim.booking_id, Occupancy.starts, Occupancy.atom_id)
    )
    return [
        Piece(booking, claim, atom, Span(starts, ends))
        for booking, claim, atom, starts, ends in connection.execute(query)
    ]


def add(connection: Connection, asked: Asked, reason: str, *, at: datetime) -> UUID:
    """A new closure, holding nothing yet."""
    closure_id = new_id()
    connection.execute(
        insert(Closure).values(
            id=closure_id,
            venue_id=asked.place.venue_id,
            resource_id=asked.place.id,
            reason=reason,
            created_at=at,
            modified_at=at,
            sequence=0,
            **_columns(asked),
        )
    )
    return closure_id


def alter(connection: Connection, row: ClosureRow, asked: Asked, reason: str, *, at: datetime) -> None:
    """Other days, another reason; calendars learn of it."""
    _update(connection, row, at, reason=reason, **_columns(asked))


def end(connection: Connection, row: ClosureRow, *, at: datetime) -> None:
    """It is taken away, and stays written."""
    _update(connection, row, at, ended_at=at)
    hold(connection, row.id, row.venue_id, [])


def hold(connection: Connection, closure_id: UUID, venue_id: int, held: Iterable[tuple[Atom, Span]]) -> None:
    """What a closure holds from now on: all of each atom, outside the guard, since it may come late."""
    connection.execute(delete(Occupancy).where(Occupancy.venue_id == venue_id, Occupancy.closure_id == closure_id))
    rows = [
        {
            "id": new_id(),
            "venue_id": venue_id,
            "atom_id": atom.id,
            "closure_id": closure_id,
            "source": "closure",
            "starts": span.start,
            "ends": span.end,
            "quantity": atom.capacity,
            "exclusive": atom.exclusive,
            "force": Force.HARD,
        }
        for atom, span in held
    ]
    if rows:
        connection.execute(occupancies.ADD, rows)


def held(connection: Connection, closure_id: UUID) -> Sequence[tuple[datetime, datetime]]:
    """The stretches that a closure holds, each once, in order."""
    query = select(Occupancy.starts, Occupancy.ends).where(Occupancy.closure_id == closure_id).distinct()
    return [(row.starts, row.ends) for row in connection.execute(query.order_by(Occupancy.starts))]


def decisions(connection: Connection, closure_id: UUID) -> dict[UUID, str]:
    """What was decided: booking → decision."""
    query = select(ClosureDecision.booking_id, ClosureDecision.decision)
    found = connection.execute(query.where(ClosureDecision.closure_id == closure_id))
    return {row.booking_id: row.decision for row in found}


def decide(
    connection: Connection,
    closure_id: UUID,
    venue_id: int,
    decided: Mapping[UUID, str],
    *,
    by: UUID,
    at: datetime,
) -> None:
    """Write what was decided for these bookings, in the place of what was decided before."""
    if not decided:
        return
    connection.execute(
        delete(ClosureDecision).where(
            ClosureDecision.closure_id == closure_id, ClosureDecision.booking_id.in_(list(decided))
        )
    )
    connection.execute(
        insert(ClosureDecision),
        [
            {
                "venue_id": venue_id,
                "closure_id": closure_id,
                "booking_id": booking,
                "decision": decision,
                "by_id": by,
                "at": at,
            }
            for booking, decision in decided.items()
        ],
    )


def _update(connection: Connection, row: ClosureRow, at: datetime, **values: Any) -> None:
    connection.execute(
        update(Closure)
        .where(Closure.id == row.id, Closure.venue_id == row.venue_id)
        .values(**values, modified_at=max(at, row.modified_at + SECOND), sequence=Closure.sequence + 1)
    )


def _columns(asked: Asked) -> dict[str, Any]:
    terms = asked.terms
    return {
        "starts": asked.span.start,
        "ends": asked.span.end,
        "start_date": terms.start if terms.in_whole_days else None,
        "end_date": terms.end if terms.in_whole_days else None,
    }


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Closure.id,
            Closure.venue_id,
            Venue.code.label("venue"),
            Venue.zone,
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            Closure.starts,
            Closure.ends,
            Closure.start_date,
            Closure.end_date,
            Closure.reason,
            Closure.quantity,
            Closure.created_at,
            Closure.modified_at,
            Closure.sequence,
            Closure.ended_at,
        )
        .join(Venue, Venue.id == Closure.venue_id)
        .join(Resource, (Resource.id == Closure.resource_id) & (Resource.venue_id == Closure.venue_id))
        .where(Closure.quantity.is_(None))  # so many pieces out of order are no closure of the whole
    )
