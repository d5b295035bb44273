"""Events: what happened, put in the same transaction as the change. Handlers and letters come later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection

from booking.storage.base import new_id
from booking.storage.events import ADD_EVENT


class Facts(TypedDict):
    """What an event tells. `by` None: time itself. `old`, `new`: what changed; `why`: what a person typed."""

    venue_id: int
    booking_id: UUID | None
    by: UUID | None
    at: datetime
    old: NotRequired[Mapping[str, Any]]
    new: NotRequired[Mapping[str, Any]]
    why: NotRequired[str | None]


def row(kind: str, **facts: Unpack[Facts]) -> dict[str, Any]:
    """One event as its row, for whoever writes it together with what it tells."""
    return {
        "id": new_id(),
        "venue_id": facts["venue_id"],
        "booking_id": facts["booking_id"],
        "at": facts["at"],
        "by_id": facts["by"],
        "kind": kind,
        "old": dict(facts.get("old", {})),
        "new": dict(facts.get("new", {})),
        "why": facts.get("why"),
    }


def put(connection: Connection, kind: str, **facts: Unpack[Facts]) -> None:
    """Write one event."""
    connection.execute(ADD_EVENT, row(kind, **facts))
