"""Events: what happened, put in the same transaction as the change. Handlers and letters come later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from booking.storage.base import new_id
from booking.storage.events import Event

ADD = insert(Event)


def put(
    connection: Connection,
    kind: str,
    *,
    venue_id: int,
    booking_id: UUID | None,
    by: UUID | None,
    at: datetime,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> UUID:
    """Write one event. `by` None: time itself. Returns the id of the event."""
    event_id = new_id()
    connection.execute(
        ADD,
        {
            "id": event_id,
            "venue_id": venue_id,
            "booking_id": booking_id,
            "at": at,
            "by_id": by,
            "kind": kind,
            "old": dict(old or {}),
            "new": dict(new or {}),
            "why": why,
        },
    )
    return event_id
