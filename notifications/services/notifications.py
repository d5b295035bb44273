"""The list inside the product: telling people there, and their reading it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from notifications.domain.frequency import Frequency
from notifications.domain.kinds import INBOX
from notifications.services.news import News
from notifications.storage import notifications
from notifications.storage.notifications import NotificationRow


def tell(connection: Connection, news: News) -> None:
    """A message for everybody who wants this kind in their list. Telling it twice tells nobody twice."""
    event = news.event
    messages = [
        {
            "person_id": person_id,
            "event_id": event.id,
            "booking_id": event.booking_id,
            "venue_id": event.venue_id,
            "kind": event.kind,
            "facts": {**news.facts, "side": side},
            "at": event.at,
        }
        for person_id, side in news.told.items()
        if news.how_often(person_id, INBOX) is not Frequency.NEVER
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
