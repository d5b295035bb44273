"""What holds resources over a period, with the booking behind it: one statement for any number of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, select

from booking.domain.spans import Span
from booking.storage.base import Instant
from booking.storage.bookings import HOLDS, Booking, Claim, Closure, Occupancy
from booking.storage.people import Organisation
from booking.storage.places import Resource, ResourceAtom, Venue


class TimelineRow(NamedTuple):
    """One hold on one atom of an asked resource. A season of a large house has thousands, and each field is read
    several times: a tuple with names reads them at a fifth of what a row of the database takes."""

    asked: str
    atom_id: int
    starts: datetime
    ends: datetime
    quantity: int
    force: str
    source: str
    external_id: UUID | None
    booking: UUID | None
    state: str | None
    title: str | None
    organisation_id: UUID | None
    organisation: str | None
    venue: str
    claim: UUID | None
    start_date: date | None
    end_date: date | None
    claim_starts: datetime | None
    claim_ends: datetime | None
    granted_at: datetime | None
    manual_order: int | None
    around: int | None
    closure: UUID | None
    reason: str | None
    closed_from: date | None
    closed_to: date | None
    from_its_start: bool | None
    to_its_end: bool | None


def rows(connection: Connection, codes: Collection[str], during: Span) -> Sequence[TimelineRow]:
    """Per asked resource (`asked`) and atom: everything that holds, in order of start."""
    asked = Resource.__table__.alias("asked")
    query = (
        select(
            asked.c.code,
            Occupancy.atom_id,
            Occupancy.starts,
            Occupancy.ends,
            Occupancy.quantity,
            Occupancy.force,
            Occupancy.source,
            Occupancy.external_id,
            Booking.id,
            Booking.state,
            Booking.title,
            Booking.organisation_id,
            Organisation.name,
            Venue.code,
            Claim.id,
            Claim.start_date,
            Claim.end_date,
            Claim.starts,
            Claim.ends,
            func.coalesce(Booking.granted_at, Booking.created_at, type_=Instant()),
            Booking.manual_order,
            Claim.setup_minutes + Claim.strike_minutes,
            Closure.id,
            Closure.reason,
            Closure.start_date,
            Closure.end_date,
            Closure.starts == Occupancy.starts,
            Closure.ends == Occupancy.ends,
        )
        .select_from(asked)
        .join(ResourceAtom, ResourceAtom.resource_id == asked.c.id)
        .join(Occupancy, Occupancy.atom_id == ResourceAtom.atom_id)
        .join(Venue, Venue.id == asked.c.venue_id)
        .outerjoin(
            Claim,
            (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id),
        )
        .outerjoin(
            Booking,
            (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id),
        )
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(
            Closure,
            (Closure.id == Occupancy.closure_id) & (Closure.venue_id == Occupancy.venue_id),
        )
        .where(asked.c.code.in_(codes), HOLDS)
        .where(Occupancy.ends > during.start, Occupancy.starts < during.end)
        .order_by(asked.c.code, Occupancy.starts, Occupancy.id)
    )
    return [TimelineRow(*row) for row in connection.execute(query).all()]
