"""Events of one booking, read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from booking.storage.events import Event
from booking.storage.people import Person


def of_booking(connection: Connection, booking_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """`at, by (name), kind, old, new, why`, oldest first."""
    query = (
        select(Event.at, Person.name, Event.kind, Event.old, Event.new, Event.why)
        .outerjoin(Person, Person.id == Event.by_id)
        .where(Event.booking_id == booking_id)
        .order_by(Event.id)
    )
    return connection.execute(query).all()
