"""Long work that somebody left to the worker: a message when it is done, to whoever asked for it alone."""

from uuid import UUID

from sqlalchemy import Connection

from booking.domain.states import Side
from booking.storage.outbox import EventRow
from notifications.storage import notifications

KIND = "work.ready"


def tell(connection: Connection, event: EventRow) -> None:
    """In their list, always: they asked, and may be elsewhere by now. Handling it twice tells nobody twice."""
    if event.kind != KIND:
        return
    message = {
        "person_id": UUID(event.new["for"]),
        "event_id": event.id,
        "booking_id": None,
        "venue_id": event.venue_id,
        "kind": event.kind,
        "facts": {**event.new, "side": Side.HOUSE},
        "at": event.at,
    }
    notifications.add(connection, [message])
