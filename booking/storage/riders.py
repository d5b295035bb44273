"""The rider of a booking: what its rooms have to be, as the company wrote it down."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from booking.storage.bookings import Booking


def find(connection: Connection, bookings: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The riders of these bookings; who has none is left out."""
    query = select(Booking.id, Booking.rider).where(Booking.id.in_(bookings), Booking.rider.is_not(None))
    return {row.id: row.rider for row in connection.execute(query) if row.rider}


def keep(connection: Connection, booking_id: UUID, rider: Mapping[str, Any]) -> None:
    """Write it down, or with nothing in it forget it. No calendar shows it: the sequence stays."""
    connection.execute(
        update(Booking).where(Booking.id == booking_id).values(rider=dict(rider), revision=Booking.revision + 1)
    )
