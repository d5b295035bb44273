"""Events: what happened, put in the same transaction as the change. Handlers and letters come later."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection

from booking.storage.base import new_id
from booking.storage.events import ADD_EVENT


class Done(TypedDict):
    """What was done. `by` None: time itself. `old`, `new`: what changed; `why`: what a person typed."""

    by: UUID | None
    at: datetime
    old: NotRequired[Mapping[str, Any]]
    new: NotRequired[Mapping[str, Any]]
    why: NotRequired[str | None]


class Facts(Done):
    """What an event tells: that, and where."""

    venue_id: int
    booking_id: UUID | None


@dataclass(frozen=True, slots=True)
class Held:
    """Events of which nobody is told before `until`; `put`: their rows, in the order in which they came."""

    until: datetime
    put: list[dict[str, Any]] = field(default_factory=list)


HELD: ContextVar[Held | None] = ContextVar("held", default=None)


@contextmanager
def held(until: datetime) -> Iterator[Held]:
    """What is put inside waits until that instant before anybody is told."""
    gathering = Held(until)
    token = HELD.set(gathering)
    try:
        yield gathering
    finally:
        HELD.reset(token)


def row(kind: str, **facts: Unpack[Facts]) -> dict[str, Any]:
    """One event as its row, for whoever writes it together with what it tells."""
    waiting = HELD.get()
    event = {
        "id": new_id(),
        "venue_id": facts["venue_id"],
        "booking_id": facts["booking_id"],
        "at": facts["at"],
        "by_id": facts["by"],
        "kind": kind,
        "old": dict(facts.get("old", {})),
        "new": dict(facts.get("new", {})),
        "why": facts.get("why"),
        "not_before": waiting.until if waiting else None,
    }
    if waiting:
        waiting.put.append(event)
    return event


def put(connection: Connection, kind: str, **facts: Unpack[Facts]) -> None:
    """Write one event."""
    connection.execute(ADD_EVENT, row(kind, **facts))


def put_ready(
    connection: Connection, venue_id: int, person: UUID, work: str, outcome: str, *, at: datetime, **facts: Any
) -> None:
    """Long work is done that this person left to us: `facts` are its `title` and the `link` of its page."""
    told = {"for": str(person), "work": work, "outcome": outcome, **facts}
    put(connection, "work.ready", venue_id=venue_id, booking_id=None, by=None, at=at, new=told)


def put_of_resource(connection: Connection, kind: str, venue_id: int, code: str, **facts: Unpack[Done]) -> None:
    """Write one of a resource that its house has set up otherwise, which `old` and `new` name beside the rest."""
    old, new = {"resource": code, **facts.get("old", {})}, {"resource": code, **facts.get("new", {})}
    told: Facts = {"venue_id": venue_id, "booking_id": None, **facts, "old": old, "new": new}
    put(connection, kind, **told)
