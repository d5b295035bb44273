"""Telling people inside the product, and their reading it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.states import Side
from booking.storage import registers
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow
from notifications.domain.audience import TOLD, audience
from notifications.storage import notifications
from notifications.storage.notifications import NotificationRow


def tell(connection: Connection, event: EventRow) -> None:
    """A message for everybody whom this event concerns. Handling it twice tells nobody twice."""
    if event.kind not in TOLD:
        return
    if event.booking_id is None:
        _tell_company(connection, event)
        return
    row = registers.find(connection, event.booking_id)
    if row is None:
        return
    house, company = notifications.readers(connection, event.venue_id, row.organisation)
    told = audience(by=event.by, house=house, company=company)
    facts = _facts(row, event)
    messages = [
        {
            "person_id": person_id,
            "event_id": event.id,
            "booking_id": event.booking_id,
            "venue_id": event.venue_id,
            "kind": event.kind,
            "facts": {**facts, "side": side},
            "at": event.at,
        }
        for person_id, side in told.items()
    ]
    notifications.add(connection, messages)


def _tell_company(connection: Connection, event: EventRow) -> None:
    """What concerns no booking is told to the members of the company that it names."""
    if "organisation" not in event.new:
        return
    _, company = notifications.readers(connection, event.venue_id, UUID(event.new["organisation"]))
    messages = [
        {
            "person_id": person_id,
            "event_id": event.id,
            "booking_id": None,
            "venue_id": event.venue_id,
            "kind": event.kind,
            "facts": {**event.new, "side": Side.COMPANY, "why": event.why},
            "at": event.at,
        }
        for person_id in sorted(company)
    ]
    notifications.add(connection, messages)


def listing(
    connection: Connection, person: Person, *, limit: int, before: UUID | None = None, unread: bool = False
) -> list[NotificationRow]:
    """This person's messages, newest first."""
    return notifications.listing(connection, person.id, limit=limit, before=before, unread=unread)


def unread_count(connection: Connection, person: Person) -> int:
    """How many messages wait: one statement."""
    return notifications.unread_count(connection, person.id)


def mark_read(connection: Connection, person: Person, notification_id: UUID, *, at: datetime) -> NotificationRow:
    """Note that it was read, and return it. NotFound when it is nobody's or somebody else's."""
    notifications.mark_read(connection, person.id, at=at, notification_id=notification_id)
    row = notifications.find(connection, person.id, notification_id)
    if row is None:
        raise NotFound
    return row


def mark_all_read(connection: Connection, person: Person, *, at: datetime) -> None:
    """Note that everything that waited was read."""
    notifications.mark_read(connection, person.id, at=at)


def _facts(row: BookingRow, event: EventRow) -> dict[str, Any]:
    """What both sides of the booking may read: the words that they will see, as they are now."""
    return {
        "title": row.title,
        "venue": row.venue_name,
        "organisation": row.organisation_name or row.venue_name,
        "why": event.why,
    }
