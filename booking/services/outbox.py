"""Handling events: each is handled once, by all handlers, in one transaction with what they write."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from structlog import get_logger

from booking.storage import outbox
from booking.storage.outbox import EventRow

Handler = Callable[[Connection, EventRow], None]
"""Writes rows and nothing else: "handled" and its effects are one transaction."""

BATCH = 100

log = get_logger("emerge.outbox")


def depth(connection: Connection, *, at: datetime) -> tuple[int, datetime | None]:
    """How many events are to be told by now, and since when the oldest is."""
    return outbox.depth(connection, at=at)


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one batch: how many were handled, and which broke a handler."""

    handled: int
    failed: frozenset[UUID]


def handle_some(
    connection: Connection, handlers: Sequence[Handler], *, at: datetime, besides: Collection[UUID] = ()
) -> Round:
    """Handle the next few events, without those in `besides`; nothing handled and nothing failed: none is left.

    An event whose handler breaks keeps its place in the outbox and does not stop the others: it is
    tried again later, and its age shows at `/metrics`.
    """
    handled, failed = [], []
    for event in outbox.claim(connection, at=at, limit=BATCH, besides=besides):
        try:
            with connection.begin_nested():
                for handle in handlers:
                    handle(connection, event)
        except Exception:
            log.exception("event not handled", event_id=str(event.id), kind=event.kind)
            failed.append(event.id)
        else:
            handled.append(event)
    outbox.mark_handled(connection, handled, at=at)
    return Round(len(handled), frozenset(failed))
