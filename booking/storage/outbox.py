"""The outbox: events that nobody has handled yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from booking.storage.events import Event


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event, as handlers get it. `by` None: time itself."""

    id: UUID
    venue_id: int
    booking_id: UUID | None
    at: datetime
    by: UUID | None
    kind: str
    old: dict[str, Any]
    new: dict[str, Any]
    why: str | None


def claim(connection: Connection, *, at: datetime, limit: int, besides: Collection[UUID] = ()) -> list[EventRow]:
    """The oldest unhandled events of which people may be told by now, locked; those that another worker holds are
    passed over."""
    query = (
        _events()
        .where(Event.handled_at.is_(None), Event.id.not_in(besides), _may_be_told(at))
        .order_by(Event.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [EventRow(**row._mapping) for row in connection.execute(query)]


def find(connection: Connection, event_id: UUID) -> EventRow | None:
    """One event, handled or not; None when there is none."""
    row = connection.execute(_events().where(Event.id == event_id)).one_or_none()
    return EventRow(**row._mapping) if row else None


def mark_handled(connection: Connection, events: Collection[EventRow], *, at: datetime) -> None:
    """They will not be claimed again."""
    ids = [event.id for event in events]
    if not ids:
        return
    connection.execute(update(Event).where(Event.id.in_(ids)).values(handled_at=at))


def withdraw(connection: Connection, events: Collection[UUID], *, at: datetime) -> bool:
    """Nobody is told of these any more; False when somebody has been told of one already."""
    untold = update(Event).where(Event.id.in_(events), Event.handled_at.is_(None)).values(handled_at=at)
    return connection.execute(untold).rowcount == len(events)


def depth(connection: Connection, *, at: datetime) -> tuple[int, datetime | None]:
    """How many are to be told by now, and since when the oldest is."""
    waiting = select(func.count(), func.min(Event.at)).where(Event.handled_at.is_(None), _may_be_told(at))
    count, oldest = connection.execute(waiting).one()
    return count, oldest


def _may_be_told(at: datetime) -> ColumnElement[bool]:
    return Event.not_before.is_(None) | (Event.not_before <= at)


def _events() -> Select[*tuple[Any, ...]]:
    return select(
        Event.id,
        Event.venue_id,
        Event.booking_id,
        Event.at,
        Event.by_id.label("by"),
        Event.kind,
        Event.old,
        Event.new,
        Event.why,
    )
