"""What options lost to a confirmed booking, and the offers to return when that goes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, exists, insert, or_, select, update

from booking.domain.claims import ClaimTerms
from booking.domain.spans import Span
from booking.domain.states import State
from booking.storage.base import new_id
from booking.storage.bookings import Booking
from booking.storage.options import Loss, Reinstatement
from booking.storage.places import Resource

Rows = Sequence[Row[*tuple[Any, ...]]]


def add(
    connection: Connection,
    row: Any,
    claim_id: UUID,
    resource_id: int,
    lost: Iterable[tuple[ClaimTerms, Span]],
    *,
    why: State,
    cause: UUID | None,
    at: datetime,
) -> None:
    """Keep the terms of what an option lost."""
    rows = [
        {
            "id": new_id(),
            "venue_id": row.venue_id,
            "booking_id": row.id,
            "claim_id": claim_id,
            "resource_id": resource_id,
            "starts": span.start,
            "ends": span.end,
            "start_date": terms.start if terms.in_whole_days else None,
            "end_date": terms.end if terms.in_whole_days else None,
            "setup_minutes": terms.setup_minutes,
            "strike_minutes": terms.strike_minutes,
            "quantity": terms.quantity,
            "crew": terms.crew,
            "why": why,
            "cause_id": cause,
            "at": at,
        }
        for terms, span in lost
    ]
    if rows:
        connection.execute(insert(Loss), rows)


def missing(
    connection: Connection,
    *,
    bookings: Collection[UUID] | None = None,
    cause: UUID | None = None,
) -> Rows:
    """What was lost and has not come back, with the code of its resource, oldest first."""
    query = (
        select(*Loss.__table__.columns, Resource.code.label("resource"), Resource.kind)
        .join(Resource, (Resource.id == Loss.resource_id) & (Resource.venue_id == Loss.venue_id))
        .where(Loss.returned_at.is_(None))
        .order_by(Loss.starts, Loss.id)
    )
    if bookings is not None:
        query = query.where(Loss.booking_id.in_(bookings))
    if cause is not None:
        query = query.where(Loss.cause_id == cause)
    return connection.execute(query).all()


def note_returned(connection: Connection, losses: Collection[UUID], *, at: datetime) -> None:
    """They came back."""
    connection.execute(update(Loss).where(Loss.id.in_(losses)).values(returned_at=at))


def add_offers(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Offers to come back, in the order of the old keys."""
    connection.execute(insert(Reinstatement), [{"id": new_id(), **row} for row in rows])


def open_offers(
    connection: Connection, *, cause: UUID | None = None, bookings: Collection[UUID] | None = None
) -> Rows:
    """Offers that nobody answered yet, in their order."""
    query = select(*Reinstatement.__table__.columns).where(Reinstatement.answered_at.is_(None))
    if cause is not None:
        query = query.where(Reinstatement.cause_id == cause)
    if bookings is not None:
        query = query.where(Reinstatement.booking_id.in_(bookings))
    return connection.execute(query.order_by(Reinstatement.position, Reinstatement.id)).all()


def moot_offers(connection: Connection, venue_id: int, states: Collection[State]) -> Rows:
    """`id, cause_id` of open offers whose booking is in none of these states any more, or misses nothing."""
    missing = exists().where(
        Loss.booking_id == Reinstatement.booking_id,
        Loss.cause_id == Reinstatement.cause_id,
        Loss.returned_at.is_(None),
    )
    query = (
        select(Reinstatement.id, Reinstatement.cause_id)
        .join(Booking, (Booking.id == Reinstatement.booking_id) & (Booking.venue_id == Reinstatement.venue_id))
        .where(Reinstatement.venue_id == venue_id, Reinstatement.answered_at.is_(None))
        .where(or_(Booking.state.not_in(states), ~missing))
        .order_by(Reinstatement.position, Reinstatement.id)
    )
    return connection.execute(query).all()


def begin_offer(connection: Connection, offer: UUID, *, at: datetime, due_at: datetime) -> None:
    """Its turn has come."""
    connection.execute(update(Reinstatement).where(Reinstatement.id == offer).values(offered_at=at, due_at=due_at))


def answer_offer(connection: Connection, offer: UUID, answer: str, *, at: datetime) -> None:
    """Accepted, refused, or nobody said anything."""
    connection.execute(
        update(Reinstatement).where(Reinstatement.id == offer).values(answer=answer, answered_at=at)
    )
