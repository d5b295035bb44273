"""What holds resources over a period, with the booking behind it: one statement for any number of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from booking.domain.spans import Span
from booking.storage.base import Instant
from booking.storage.bookings import HOLDS, Booking, Claim, Closure, Occupancy
from booking.storage.people import Organisation
from booking.storage.places import Resource, ResourceAtom, Venue

TimelineRow = Row[*tuple[Any, ...]]


def rows(connection: Connection, codes: Collection[str], during: Span) -> Sequence[TimelineRow]:
    """Per asked resource (`asked`) and atom: everything that holds, in order of start."""
    asked = Resource.__table__.alias("asked")
    query = (
        select(
            asked.c.code.label("asked"),
            Occupancy.atom_id,
            Occupancy.starts,
            Occupancy.ends,
            Occupancy.quantity,
            Occupancy.force,
            Occupancy.source,
            Occupancy.external_id,
            Booking.id.label("booking"),
            Booking.state,
            Booking.title,
            Booking.organisation_id,
            Organisation.name.label("organisation"),
            Venue.code.label("venue"),
            Claim.id.label("claim"),
            Claim.start_date,
            Claim.end_date,
            Claim.starts.label("claim_starts"),
            Claim.ends.label("claim_ends"),
            func.coalesce(Booking.granted_at, Booking.created_at, type_=Instant()).label("granted_at"),
            Booking.manual_order,
            (Claim.setup_minutes + Claim.strike_minutes).label("around"),
            Closure.id.label("closure"),
            Closure.reason,
            Closure.start_date.label("closed_from"),
            Closure.end_date.label("closed_to"),
            (Closure.starts == Occupancy.starts).label("from_its_start"),
            (Closure.ends == Occupancy.ends).label("to_its_end"),
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
    return connection.execute(query).all()
