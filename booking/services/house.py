"""The house under its lock: what every command that changes the queue begins and ends with."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Stale
from booking.services.aftermath import put_in_order
from booking.services.bookings import known
from booking.services.ordering import House
from booking.services.settling import locked
from booking.storage import registers
from booking.storage.locks import lock_places
from booking.storage.registers import BookingRow

__all__ = ["House", "check_revision", "locked", "opened", "put_in_order", "refreshed"]


def opened(connection: Connection, person: Person, booking_id: UUID, *, at: datetime) -> tuple[BookingRow, House]:
    """A booking for somebody who would change it: its house locked and settled, then the booking. NotFound."""
    row = known(registers.find(connection, booking_id), person)
    house = locked(connection, row.venue_id, at=at)
    return known(registers.find(connection, booking_id, lock=True), person), house


def refreshed(connection: Connection, house: House) -> House:
    """The same house, still locked, with its resources as they are by now; ranks as they were last told."""
    return replace(house, places=lock_places(connection, list(house.places)))


def check_revision(row: BookingRow, if_match: Collection[int] | None) -> None:
    """Stale when the caller read another revision."""
    if if_match is not None and row.revision not in if_match:
        raise Stale(row.revision)
