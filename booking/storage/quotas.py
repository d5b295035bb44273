"""What one organisation has of some resources, and asks there: what quotas are counted from."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from booking.domain.quotas import Used
from booking.domain.spans import Span
from booking.domain.states import OPEN, State
from booking.storage.bookings import Booking, Claim

COUNTED = OPEN | {State.CONFIRMED, State.COMPLETED}


def used(
    connection: Connection,
    resources: Collection[int],
    organisation: UUID,
    *,
    besides: UUID | None = None,
    series: UUID | None = None,
) -> list[Used]:
    """Its claims there that have not ended before their time. `series`: one with what is asked, so not counted."""
    one = func.coalesce(Booking.trajectory_id, Booking.enquiry_id, Booking.series_id, Booking.id)
    query = (
        select(one.label("one"), Claim.resource_id, Claim.starts, Claim.ends)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.resource_id.in_(resources), Claim.ended_at.is_(None))
        .where(Booking.organisation_id == organisation, Booking.state.in_(COUNTED))
    )
    if besides is not None:
        query = query.where(Booking.id != besides)
    if series is not None:
        query = query.where(or_(Booking.series_id.is_(None), Booking.series_id != series))
    return [Used(row.one, row.resource_id, Span(row.starts, row.ends)) for row in connection.execute(query)]
