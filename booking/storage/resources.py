"""Resources, changed by their house; and the claims on one that are still to come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from booking.domain.states import OPEN, State
from booking.storage.bookings import Booking, Claim
from booking.storage.places import Resource

LONGEST_STRIKE = timedelta(days=8)
"""Set-up and strike are a week at most: a claim that ended longer ago holds nothing any more."""


def alter(connection: Connection, resource_id: int, values: Mapping[str, Any]) -> None:
    """Change its columns."""
    connection.execute(update(Resource).where(Resource.id == resource_id).values(**values))


def claims_by_hours(connection: Connection, resource_id: int, *, since: datetime) -> list[UUID]:
    """The claims with clock times on it that are not over, of bookings that have not ended: buffers are theirs."""
    query = (
        select(Claim.id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.resource_id == resource_id, Claim.start_date.is_(None), Claim.ended_at.is_(None))
        .where(Claim.ends > since - LONGEST_STRIKE, Booking.state.in_(OPEN | {State.CONFIRMED}))
    )
    return list(connection.execute(query.order_by(Claim.starts, Claim.id)).scalars())
