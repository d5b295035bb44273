"""Who comes, with what they need: kept until the stay is over, then gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKeyConstraint, Index, delete, exists, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.states import ENDS, State
from booking.storage.base import Base, new_id
from booking.storage.bookings import Booking, Claim
from booking.storage.places import Venue

STAYS = (State.OPTION, State.SUSPENDED, State.PENDING, State.CONFIRMED)
"""For which a house prepares."""


class Arrival(Base):
    """One person of a booking. `access`, `diet`: what they need, in their own words. Days at the venue;
    `leaves` is the day of departure."""

    __tablename__ = "arrival"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int]
    booking_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    arrives: Mapped[date | None]
    leaves: Mapped[date | None]
    access: Mapped[str | None]
    diet: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_arrival_booking", "booking_id"),
    )


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """One person who comes, with the booking they come for."""

    booking: UUID
    name: str
    arrives: date | None
    leaves: date | None
    access: str | None
    diet: str | None


COLUMNS = (Arrival.booking_id, Arrival.name, Arrival.arrives, Arrival.leaves, Arrival.access, Arrival.diet)


def of_bookings(connection: Connection, bookings: Sequence[UUID]) -> list[ArrivalRow]:
    """The people of these bookings, in the order in which they were written down."""
    query = select(*COLUMNS).where(Arrival.booking_id.in_(bookings)).order_by(Arrival.booking_id, Arrival.position)
    return [ArrivalRow(*row) for row in connection.execute(query)]


def write(connection: Connection, venue_id: int, booking_id: UUID, people: Sequence[Mapping[str, Any]]) -> None:
    """This list instead of the one before."""
    connection.execute(delete(Arrival).where(Arrival.booking_id == booking_id))
    rows = [
        {"id": new_id(), "venue_id": venue_id, "booking_id": booking_id, "position": n, **person}
        for n, person in enumerate(people)
    ]
    if rows:
        connection.execute(insert(Arrival), rows)


def stays(connection: Connection, venue: str, *, start: datetime, end: datetime) -> list[UUID]:
    """The live bookings of a house with a claim between two instants, by their first start."""
    query = (
        select(Booking.id)
        .join(Venue, Venue.id == Booking.venue_id)
        .join(Claim, (Claim.booking_id == Booking.id) & (Claim.venue_id == Booking.venue_id))
        .where(Venue.code == venue, Booking.state.in_(STAYS), Claim.ended_at.is_(None))
        .where(Claim.starts < end, Claim.ends > start)
        .order_by(Claim.starts, Booking.id)
    )
    return list(dict.fromkeys(connection.execute(query).scalars()))


def forget(connection: Connection, *, at: datetime) -> int:
    """Delete the people of bookings that have ended or are over; returns how many."""
    still = exists().where(Claim.booking_id == Arrival.booking_id, Claim.ended_at.is_(None), Claim.ends > at)
    ended = exists().where(Booking.id == Arrival.booking_id, Booking.state.in_(ENDS))
    return connection.execute(delete(Arrival).where(~still | ended)).rowcount
