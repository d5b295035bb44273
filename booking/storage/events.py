"""What happened: history and outbox in one table; and the answers kept for repeated requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Event(Base):
    """One thing that happened. Append-only: a trigger refuses every change but `handled_at`.

    `by_id` None: time itself (a job). `old`, `new`: the facts that changed. `why`: the reason
    that a person typed, readable by both sides of the booking. `not_before`: nobody is told earlier; until then
    its author may take back what it tells.
    """

    __tablename__ = "event"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    booking_id: Mapped[UUID | None]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    old: Mapped[dict[str, Any]]
    new: Mapped[dict[str, Any]]
    why: Mapped[str | None]
    handled_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_event_booking", "booking_id"),
        Index(
            "ix_event_of_house",
            "venue_id",
            "id",
            postgresql_where=text("booking_id IS NULL"),
            sqlite_where=text("booking_id IS NULL"),
        ),
        Index(
            "ix_event_unhandled",
            "id",
            postgresql_where=text("handled_at IS NULL"),
            sqlite_where=text("handled_at IS NULL"),
        ),
    )


ADD_EVENT = insert(Event)
"""Built once: every change runs it."""


class KeptAnswer(Base):
    """The answer to a POST with an Idempotency-Key, so that a repeat gets the same one; its `body` is sealed."""

    __tablename__ = "kept_answer"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    address: Mapped[str]
    revision: Mapped[int | None]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("person_id", "key"),)
