"""What is to be said at a later moment: reminders of bookings, and the rounds of houses and coordinators."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKeyConstraint, Index, UniqueConstraint, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id

UNSAID = "said_at IS NULL"


class Reminder(Base):
    """One thing to say of a booking at `due_at`, about a deadline (`about`). Said once, or never when it no
    longer makes sense; `said_at` in both cases."""

    __tablename__ = "reminder"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int]
    booking_id: Mapped[UUID]
    kind: Mapped[str]
    about: Mapped[datetime]
    due_at: Mapped[datetime]
    said_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        UniqueConstraint("booking_id", "kind", "about"),
        Index("ix_reminder_due", "due_at", postgresql_where=text(UNSAID), sqlite_where=text(UNSAID)),
    )


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder that is due."""

    id: UUID
    venue_id: int
    booking_id: UUID
    kind: str
    about: datetime
    due_at: datetime


def add(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Note them; what is noted already stays as it is."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(Reminder).on_conflict_do_nothing(), [{"id": new_id(), **row} for row in rows])


def latest_about(connection: Connection, booking_id: UUID, kind: str) -> datetime | None:
    """The latest deadline of that kind which was noted for a booking."""
    query = select(Reminder.about).where(Reminder.booking_id == booking_id, Reminder.kind == kind)
    return connection.scalar(query.order_by(Reminder.about.desc()).limit(1))


def waits(connection: Connection, *, at: datetime) -> bool:
    """Whether any is due."""
    due = select(Reminder.id).where(Reminder.said_at.is_(None), Reminder.due_at <= at)
    return connection.scalar(select(due.exists())) or False


def due(connection: Connection, *, at: datetime, limit: int) -> list[ReminderRow]:
    """Those whose moment has come, oldest first, locked; another worker's are passed over."""
    query = (
        select(
            Reminder.id,
            Reminder.venue_id,
            Reminder.booking_id,
            Reminder.kind,
            Reminder.about,
            Reminder.due_at,
        )
        .where(Reminder.said_at.is_(None), Reminder.due_at <= at)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [ReminderRow(**row._mapping) for row in connection.execute(query)]


def mark_said(connection: Connection, ids: Sequence[UUID], *, at: datetime) -> None:
    """They will not be due again."""
    connection.execute(update(Reminder).where(Reminder.id.in_(ids)).values(said_at=at))
