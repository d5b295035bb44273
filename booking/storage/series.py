"""Series, stored: the rule, and the dates that were skipped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select

from booking.domain.states import Force
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Closure, Occupancy, Series, Skipped
from booking.storage.places import Venue


def add(connection: Connection, **values: Any) -> UUID:
    """A new series."""
    series_id = new_id()
    connection.execute(insert(Series).values(id=series_id, **values))
    return series_id


def find(connection: Connection, series_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One series with its house, or None."""
    query = select(*Series.__table__.columns, Venue.code.label("venue")).join(Venue, Venue.id == Series.venue_id)
    return connection.execute(query.where(Series.id == series_id)).one_or_none()


def bookings(connection: Connection, series_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, occurrence_start` of its bookings, in order of time."""
    query = select(Booking.id, Booking.occurrence_start).where(Booking.series_id == series_id)
    return connection.execute(query.order_by(Booking.occurrence_start)).all()


def skip(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Dates that the series does not have, with what kept them out."""
    if rows:
        connection.execute(insert(Skipped), [{"id": new_id(), **row} for row in rows])


def skipped(connection: Connection, series_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was skipped, in order of time."""
    query = select(*Skipped.__table__.columns).where(Skipped.series_id == series_id)
    return connection.execute(query.order_by(Skipped.starts)).all()


def unskip(connection: Connection, skipped_id: UUID) -> None:
    """It was made after all."""
    connection.execute(delete(Skipped).where(Skipped.id == skipped_id))


def closed(connection: Connection, atoms: Sequence[int], start: datetime, end: datetime) -> list[tuple[Any, Any]]:
    """When closures hold these atoms."""
    query = (
        select(Occupancy.starts, Occupancy.ends)
        .join(Closure, (Closure.id == Occupancy.closure_id) & (Closure.venue_id == Occupancy.venue_id))
        .where(Occupancy.atom_id.in_(atoms), Occupancy.force == Force.HARD, Closure.quantity.is_(None))
        .where(Occupancy.starts < end, Occupancy.ends > start)
    )
    return [(row.starts, row.ends) for row in connection.execute(query)]


def calendars(connection: Connection, venue_id: int) -> Row[*tuple[Any, ...]]:
    """`public_holidays, school_holidays` of a house."""
    query = select(Venue.public_holidays, Venue.school_holidays).where(Venue.id == venue_id)
    return connection.execute(query).one()
