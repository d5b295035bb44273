"""Events of one booking, or of what a house sets up, read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from booking.storage.events import Event
from booking.storage.people import Person


def of_booking(connection: Connection, booking_id: UUID, *, told: bool = False) -> Sequence[Row[*tuple[Any, ...]]]:
    """`at, by (name), kind, old, new, why`, oldest first. `told`: without what was taken back untold."""
    query = (
        select(Event.at, Person.name, Event.kind, Event.old, Event.new, Event.why)
        .outerjoin(Person, Person.id == Event.by_id)
        .where(Event.booking_id == booking_id)
        .order_by(Event.id)
    )
    return connection.execute(query.where(~_taken_back()) if told else query).all()


def _taken_back() -> ColumnElement[bool]:
    """What was withdrawn before its minute was over, and the way back, whose events end as they are written."""
    waited, ended = Event.not_before, Event.handled_at
    early = and_(waited.is_not(None), ended.is_not(None), ended < waited)
    back = and_(waited.is_not(None), ended.is_not(None), waited == Event.at, ended == Event.at)
    return or_(early, back)


def of_house(
    connection: Connection, venue_id: int, *, resource: str | None, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same of a house itself, or of one resource of it: the newest first, at most so many."""
    query = (
        select(Event.at, Person.name, Event.kind, Event.old, Event.new, Event.why)
        .outerjoin(Person, Person.id == Event.by_id)
        .where(Event.venue_id == venue_id, Event.booking_id.is_(None))
    )
    if resource is None:
        query = query.where(Event.kind == "venue.changed")
    else:
        query = query.where(Event.new["resource"].as_string() == resource)
        query = query.where(or_(*(Event.kind.like(f"{noun}.%") for noun in ("resource", "closure", "windows"))))
    return connection.execute(query.order_by(Event.id.desc()).limit(most)).all()
