"""Houses, changed by their people; and what lies in whole days there, which a day line holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from booking.domain.states import OPEN, State
from booking.storage.bookings import Booking, Claim, Closure
from booking.storage.places import Resource, Venue


def hold(connection: Connection, venue_id: int) -> None:
    """Whoever else holds the house waits until this transaction ends; bookings there do not."""
    connection.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update(key_share=True))


def alter(connection: Connection, venue_id: int, values: Mapping[str, Any]) -> None:
    """Change its columns; everything that is kept of its resources is out of date then."""
    connection.execute(update(Venue).where(Venue.id == venue_id).values(**values))
    raised = update(Resource).where(Resource.venue_id == venue_id).values(revision=Resource.revision + 1)
    connection.execute(raised)


def lie_in_whole_days(connection: Connection, venue_id: int, *, since: datetime) -> int:
    """How many claims and closures in whole days are not over."""
    claims = (
        select(func.count())
        .select_from(Claim)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.venue_id == venue_id, Claim.start_date.is_not(None), Claim.ended_at.is_(None))
        .where(Claim.ends > since, Booking.state.in_(OPEN | {State.CONFIRMED}))
    )
    closures = (
        select(func.count())
        .select_from(Closure)
        .where(Closure.venue_id == venue_id, Closure.start_date.is_not(None), Closure.ended_at.is_(None))
        .where(Closure.ends > since)
    )
    return sum(int(connection.execute(query).scalar_one()) for query in (claims, closures))
