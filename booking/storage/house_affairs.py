"""What a house keeps beside its bookings: decisions on closures, windows, who waits, conflicts, kit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class ClosureDecision(Base):
    """What was decided for one booking under a closure: move, cancel, or keep (the closure spares its days)."""

    __tablename__ = "closure_decision"
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    closure_id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["closure_id", "venue_id"], ["closure.id", "closure.venue_id"]),
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        CheckConstraint("decision IN ('move', 'cancel', 'keep')", name="decision"),
    )


class OfferedWindow(Base):
    """A period that a house opens to companies. Dates for whole days (end exclusive)."""

    __tablename__ = "offered_window"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_offered_window_resource_ends", "resource_id", "ends"),
        CheckConstraint("starts < ends", name="span"),
    )


class Waiting(Base):
    """Interest in what is taken: told when it frees, holds nothing. Dates for whole days (end exclusive).

    `behind`: what stood there when it was noted: hard, an option, or nothing (free). It is told when that is gone.
    """

    __tablename__ = "waiting"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    quantity: Mapped[int]
    behind: Mapped[str] = mapped_column(server_default=text("'hard'"))
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_waiting_resource_ends", "resource_id", "ends"),
        Index("ix_waiting_person", "person_id"),
        Index("ix_waiting_organisation", "organisation_id"),
        Index(
            "ix_waiting_untold",
            "venue_id",
            "ends",
            postgresql_where=text("told_at IS NULL"),
            sqlite_where=text("told_at IS NULL"),
        ),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("quantity >= 1", name="quantity"),
    )


class DeskConflict(Base):
    """A conflict that arose later, open until somebody resolves it; nothing is freed meanwhile.

    `kind`: as in refusals. `cause`: what brought it (closure, external, breakage, late-return, capacity) and
    `cause_id` its row. `days`: planning days, RFC 3339 dates. `facts`: what the sentence needs.
    """

    __tablename__ = "conflict"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    booking_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    resource_id: Mapped[int]
    cause: Mapped[str]
    cause_id: Mapped[UUID | None]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    days: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        ForeignKeyConstraint(["claim_id", "venue_id"], ["claim.id", "claim.venue_id"]),
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_conflict_booking", "booking_id"),
        Index(
            "ix_conflict_open",
            "venue_id",
            "id",
            postgresql_where=text("resolved_at IS NULL"),
            sqlite_where=text("resolved_at IS NULL"),
        ),
        CheckConstraint("starts < ends", name="span"),
    )


class Movement(Base):
    """Kit that goes out or comes back, in part or whole. `damage`: what was seen, as typed: code and note."""

    __tablename__ = "movement"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID]
    kind: Mapped[str]
    quantity: Mapped[int]
    damage: Mapped[list[Any]]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(["claim_id", "venue_id"], ["claim.id", "claim.venue_id"]),
        Index("ix_movement_claim", "claim_id"),
        CheckConstraint("kind IN ('out', 'in')", name="kind"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )
