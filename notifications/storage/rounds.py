"""What the letters of every Monday list, read for all their readers at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from booking.domain.options import DueKind
from booking.domain.people import Role
from booking.domain.states import State
from booking.storage.bookings import Booking
from booking.storage.people import Hat, Organisation
from booking.storage.places import Venue
from notifications.domain.reminders import ANSWER_OVERDUE
from notifications.storage.reminders import Reminder

Rows = Sequence[Row[*tuple[Any, ...]]]
"""`person_id, booking_id, title, organisation, venue, zone, at`: one line of one reader's letter."""


def expiring(connection: Connection, *, since: datetime, until: datetime) -> Rows:
    """The options that run out from `since` to `until` (excluded), for every manager of their house."""
    query = (
        _lines(Booking.expires_at)
        .join(Hat, (Hat.venue_id == Booking.venue_id) & (Hat.role == Role.MANAGER))
        .where(Booking.state == State.OPTION, Booking.expires_at >= since, Booking.expires_at < until)
        .order_by(Booking.expires_at, Booking.id)
    )
    return connection.execute(query).all()


def overdue(connection: Connection, *, at: datetime) -> Rows:
    """The answers that houses still owe although their time is over, for every coordinator."""
    query = (
        _lines(Reminder.about)
        .join(Reminder, (Reminder.booking_id == Booking.id) & (Reminder.kind == ANSWER_OVERDUE))
        .join(Hat, Hat.role == Role.COORDINATOR)
        .where(
            Reminder.about <= at,
            or_(
                (Booking.state == State.REQUESTED) & Booking.granted_at.is_(None),
                (Booking.state == State.PENDING)
                & (Booking.due_kind == DueKind.ANSWER)
                & (Booking.due_at == Reminder.about),
            ),
        )
        .order_by(Reminder.about, Booking.id)
    )
    return connection.execute(query).all()


def _lines(at: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Hat.person_id,
            Booking.id.label("booking_id"),
            Booking.title,
            Organisation.name.label("organisation"),
            Venue.name.label("venue"),
            Venue.zone,
            at.label("at"),
        )
        .select_from(Booking)
        .join(Venue, Venue.id == Booking.venue_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
    )
