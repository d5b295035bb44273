"""Arrivals: who comes and what they need. Read by the two sides alone, and deleted after the stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, WrongState
from booking.domain.states import ENDS
from booking.services import bookings, events
from booking.storage import arrivals, registers
from booking.storage.arrivals import ArrivalRow
from booking.storage.registers import BookingRow

MOST = 200
"""People of one booking."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One booking of a house with those who come for it."""

    booking: BookingRow
    people: Sequence[ArrivalRow]


def read(connection: Connection, person: Person, booking_id: UUID) -> Sequence[ArrivalRow]:
    """Who comes. NotFound; Forbidden for those who may see the booking and are not concerned by its people."""
    row = bookings.find(connection, person, booking_id)
    if not may_read(person, row):
        raise Forbidden
    return arrivals.of_bookings(connection, [row.id])


def count(connection: Connection, person: Person, row: BookingRow) -> int | None:
    """How many come, of a booking that was read already; None for whom it does not concern."""
    return len(arrivals.of_bookings(connection, [row.id])) if may_read(person, row) else None


def write(
    connection: Connection, person: Person, booking_id: UUID, people: Sequence[Mapping[str, Any]], *, at: datetime
) -> Sequence[ArrivalRow]:
    """This list instead of the one before. NotFound, Forbidden, WrongState (ended), Malformed (leaves before)."""
    row = bookings.find(connection, person, booking_id)
    if not person.sides(row.venue, row.organisation):
        raise Forbidden
    if row.state in ENDS or row.ends <= at:
        raise WrongState(row.state, "arrivals")
    _check(people)
    arrivals.write(connection, row.venue_id, row.id, people)
    events.put(
        connection,
        "arrivals.written",
        venue_id=row.venue_id,
        booking_id=row.id,
        by=person.id,
        at=at,
        new={"people": len(people)},
    )
    return arrivals.of_bookings(connection, [row.id])


def of_house(
    connection: Connection, person: Person, venue: str, *, start: datetime, end: datetime
) -> Sequence[Stay]:
    """The stays of a house between two instants, each with its people. NotFound for who does not work there."""
    if not (person.decides_for(venue) or venue in person.assists):
        raise NotFound
    ids = arrivals.stays(connection, venue, start=start, end=end)
    rows = {row.id: row for row in registers.of_ids(connection, ids)}
    people = arrivals.of_bookings(connection, ids)
    return [Stay(rows[each], [one for one in people if one.booking == each]) for each in ids]


def forget(connection: Connection, *, at: datetime) -> int:
    """After the stay nobody needs to know what somebody eats. Returns how many were deleted."""
    return arrivals.forget(connection, at=at)


def may_read(person: Person, row: BookingRow) -> bool:
    """The company and those who work at the house; nobody oversees what people need."""
    return bool(person.sides(row.venue, row.organisation)) or row.venue in person.assists


def _check(people: Sequence[Mapping[str, Any]]) -> None:
    errors = {
        f"people.{n}.leaves": ["not-after-start"]
        for n, each in enumerate(people)
        if each["arrives"] and each["leaves"] and each["leaves"] < each["arrives"]
    }
    if errors or len(people) > MOST:
        raise Malformed(errors or {"people": ["too-many"]})
