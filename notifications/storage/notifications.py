"""What a person was told, and whether they have read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Notification(Base):
    """One event, told to one person, once. `facts`: what its sentence needs, as it was then.

    `kind` is the event's own, such as `booking.confirmed`; the words are chosen when it is read.
    """

    __tablename__ = "notification"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[UUID]
    booking_id: Mapped[UUID | None]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["event_id", "venue_id"], ["event.id", "event.venue_id"]),
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )
