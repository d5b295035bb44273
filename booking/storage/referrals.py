"""Requests that a house passes on to partner houses, stored."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.orm import aliased

from booking.storage.base import new_id
from booking.storage.bookings import Booking
from booking.storage.places import Venue
from booking.storage.proposals import Referral

Rows = Sequence[Row[*tuple[Any, ...]]]


def add(connection: Connection, **values: Any) -> UUID:
    """One partner house; `to_id`, `answer` and `answered_at` at once when the consent is there."""
    referral_id = new_id()
    connection.execute(insert(Referral).values(id=referral_id, **values))
    return referral_id


def answer(
    connection: Connection, referral_id: UUID, said: str, *, at: datetime, to_id: UUID | None = None
) -> None:
    """What the company said, and the request that it became."""
    connection.execute(
        update(Referral)
        .where(Referral.id == referral_id, Referral.answered_at.is_(None))
        .values(answer=said, answered_at=at, to_id=to_id)
    )


def around(connection: Connection, bookings: Collection[UUID]) -> Rows:
    """Where these bookings were passed on to, or came from; with codes and names of both houses."""
    if not bookings:
        return []
    origin, partner = aliased(Venue), aliased(Venue)
    query = (
        select(
            *Referral.__table__.columns,
            origin.code.label("from_venue"),
            origin.name.label("from_name"),
            partner.code.label("to_venue"),
            partner.name.label("to_name"),
        )
        .join(origin, origin.id == Referral.venue_id)
        .join(partner, partner.id == Referral.to_venue_id)
        .where(or_(Referral.booking_id.in_(bookings), Referral.to_id.in_(bookings)))
        .order_by(Referral.id)
    )
    return connection.execute(query).all()


def unanswered(connection: Connection, booking_id: UUID) -> Rows:
    """Those for which the company has still to say whether it may be."""
    return [each for each in around(connection, [booking_id]) if each.answered_at is None]


def asker(connection: Connection, booking_id: UUID) -> UUID:
    """Who asked for the booking."""
    found: UUID = connection.execute(select(Booking.asked_by).where(Booking.id == booking_id)).scalar_one()
    return found
