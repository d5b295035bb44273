"""The house under its lock: what every command that changes the queue begins and ends with."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Stale
from booking.domain.trajectories import ChainRule, ChainState
from booking.services.aftermath import put_in_order
from booking.services.bookings import known
from booking.services.ordering import House
from booking.services.settling import locked, locked_together, settle_together, widened
from booking.storage import enquiries, registers, trajectories
from booking.storage.locks import lock_places
from booking.storage.registers import BookingRow

__all__ = [
    "House",
    "check_revision",
    "locked",
    "locked_together",
    "opened",
    "opened_with_chain",
    "put_in_order",
    "refreshed",
    "settle_together",
    "widened",
]

UNDECIDED = frozenset({ChainState.OPEN, ChainState.BROKEN})


def opened(connection: Connection, person: Person, booking_id: UUID, *, at: datetime) -> tuple[BookingRow, House]:
    """A booking for somebody who would change it: its house locked and settled, then the booking. NotFound."""
    row = known(registers.find(connection, booking_id), person)
    house = locked(connection, row.venue_id, at=at)
    return known(registers.find(connection, booking_id, lock=True), person), house


def refreshed(connection: Connection, house: House, *, besides: Collection[str] = ()) -> House:
    """The same house, still locked, with its resources as they are by now; ranks as they were last told.

    `besides`: codes of those that were added meanwhile.
    """
    return replace(house, places=lock_places(connection, [*house.places, *besides]))


def opened_with_chain(
    connection: Connection, person: Person, booking_id: UUID, *, at: datetime
) -> tuple[BookingRow, dict[int, House]]:
    """The same; of a part of an all-or-nothing chain that is undecided, or of an offer to an enquiry, with every
    house of it. NotFound."""
    row = known(registers.find(connection, booking_id), person)
    houses = locked_together(connection, {row.venue_id} | _together(connection, row), at=at)
    more = _together(connection, row) - set(houses)
    if more:  # a part that joined meanwhile; taken out of order, and a race that is lost so is run again
        houses |= locked_together(connection, more, at=at)
    return known(registers.find(connection, booking_id, lock=True), person), houses


def _together(connection: Connection, row: BookingRow) -> set[int]:
    """The houses that a yes to this booking concerns beside its own."""
    offers = enquiries.offering(connection, row.enquiry_id) if row.enquiry_id is not None else set()
    return _in_chain(connection, row) | offers


def _in_chain(connection: Connection, row: BookingRow) -> set[int]:
    """The houses that decide together with this booking's."""
    chain = trajectories.find(connection, row.trajectory_id) if row.trajectory_id is not None else None
    if chain is None or chain.rule is not ChainRule.ALL_OR_NOTHING or chain.state not in UNDECIDED:
        return set()
    return {venue for _, venue in trajectories.part_ids(connection, chain.id)}


def check_revision(row: BookingRow, if_match: Collection[int] | None) -> None:
    """Stale when the caller read another revision."""
    if if_match is not None and row.revision not in if_match:
        raise Stale(row.revision)
