"""Bookings: what was asked (claim) and what it takes (occupancy) are two tables.

A claim keeps the terms that a person typed. Occupancy keeps what they take, in UTC, one row per
contiguous piece and per atom, with a force: an option is soft, a confirmed booking is hard, an
end holds nothing. Later capabilities (series, trajectories, enquiries) already have their keys.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, Document, new_id


class Trajectory(Base):
    """A chain of bookings over several venues.

    `deadline`: until when the first yes is held, on the clock of `zone`. `broken_at`, `broken_why` (no,
    deadline): since when the company has to decide, and why. Houses settle what follows from that each for
    itself, at that instant. `replaced`: ids of parts that had ended and were asked anew, here or elsewhere.
    """

    __tablename__ = "trajectory"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    rule: Mapped[str]
    state: Mapped[str]
    deadline: Mapped[datetime | None]
    zone: Mapped[str | None]
    broken_at: Mapped[datetime | None]
    broken_why: Mapped[str | None]
    replaced: Mapped[list[Any] | None] = mapped_column(Document)
    asked_by: Mapped[UUID | None]
    created_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (
        Index("ix_trajectory_organisation", "organisation_id", "id"),
        Index(
            "ix_trajectory_broken",
            "id",
            postgresql_where=text("state = 'broken'"),
            sqlite_where=text("state = 'broken'"),
        ),
    )


class Leg(Base):
    """Transport between two houses of a chain. `booking_id`: of the van; none, by the company's own means."""

    __tablename__ = "leg"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    trajectory_id: Mapped[UUID] = mapped_column(ForeignKey("trajectory.id"))
    origin_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    venue_id: Mapped[int | None]
    booking_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_leg_trajectory", "trajectory_id"),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("origin_id <> destination_id", name="somewhere"),
        CheckConstraint("(booking_id IS NULL) = (venue_id IS NULL)", name="van"),
    )


class Enquiry(Base):
    """A need with ranked periods, sent to chosen houses; it holds nothing (see `domain/enquiries.py`)."""

    __tablename__ = "enquiry"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    terms: Mapped[dict[str, Any]]
    state: Mapped[str]
    asked_by: Mapped[UUID | None]
    created_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (Index("ix_enquiry_organisation", "organisation_id", "id"),)


class EnquiryHouse(Base):
    """A house to which an enquiry was sent."""

    __tablename__ = "enquiry_house"
    enquiry_id: Mapped[UUID] = mapped_column(ForeignKey("enquiry.id"), primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)

    __table_args__ = (Index("ix_enquiry_house_venue", "venue_id", "enquiry_id"),)


class EnquiryAnswer(Base):
    """What a house answered: an offer is a booking, a counter has another period. The last one counts."""

    __tablename__ = "enquiry_answer"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enquiry_id: Mapped[UUID]
    venue_id: Mapped[int]
    kind: Mapped[str]
    booking_id: Mapped[UUID | None]
    periods: Mapped[list[Any]]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(["enquiry_id", "venue_id"], ["enquiry_house.enquiry_id", "enquiry_house.venue_id"]),
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_enquiry_answer_enquiry", "enquiry_id"),
        CheckConstraint("kind IN ('offer', 'counter', 'decline')", name="kind"),
        CheckConstraint("(kind = 'offer') = (booking_id IS NOT NULL)", name="offer"),
    )


class Series(Base):
    """A recurring booking: an RFC 5545 rule, expanded in the venue's own zone.

    `starts`: the first occurrence. `besides`: what it leaves out (school-holidays, public-holidays,
    closures). `on_conflict`: skip or refuse. `terms`: what each occurrence asks, as it was typed.
    """

    __tablename__ = "series"
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule: Mapped[str]
    zone: Mapped[str]
    starts: Mapped[datetime]
    besides: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    on_conflict: Mapped[str] = mapped_column(server_default=text("'refuse'"))
    terms: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class Skipped(Base):
    """An occurrence that a series did not make, and why: a code, its facts, or what a person typed."""

    __tablename__ = "skipped"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[UUID]
    starts: Mapped[datetime]
    code: Mapped[str]
    facts: Mapped[dict[str, Any]]
    why: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "series_id"], ["series.venue_id", "series.id"]),
        UniqueConstraint("venue_id", "series_id", "starts"),
    )


class Booking(Base):
    """What one organisation asks of one venue. `organisation_id` None: the house itself.

    `revision` rises with every change (ETag); `sequence` and `modified_at` with every change of
    what a calendar shows (RFC 5545 §3.8.7.4). `shown`: it has been in feeds at least once, so
    its end has to be told. The key of an option in the queue is `granted_at`, or `manual_order`: another
    moment, in microseconds since 1970, where a planner has put it. `due_at`: the first of its clocks that
    runs out, named by `due_kind` (see `domain/options.py`); `expires_at`: the option's own, also while it
    is stopped. `overrides`: ids of closures and of external busy time over which it was forced. `rider`: what its
    rooms have to be, by the names of a need. `agreed_at`: when the house said yes to its part of a chain.
    """

    __tablename__ = "booking"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    trajectory_id: Mapped[UUID | None] = mapped_column(ForeignKey("trajectory.id"))
    enquiry_id: Mapped[UUID | None] = mapped_column(ForeignKey("enquiry.id"))
    series_id: Mapped[UUID | None]
    occurrence_start: Mapped[datetime | None]
    state: Mapped[str]
    title: Mapped[str]
    purpose: Mapped[str]
    people: Mapped[int | None]
    note: Mapped[str | None]
    moments: Mapped[list[Any]]
    refer_consent: Mapped[bool]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    modified_at: Mapped[datetime]
    granted_at: Mapped[datetime | None]
    manual_order: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None]
    due_kind: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    extensions: Mapped[int] = mapped_column(server_default=text("0"))
    overrides: Mapped[list[Any] | None] = mapped_column(Document)
    rider: Mapped[dict[str, Any] | None] = mapped_column(Document)
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int]
    sequence: Mapped[int]
    shown: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "series_id"], ["series.venue_id", "series.id"]),
        UniqueConstraint("venue_id", "series_id", "occurrence_start"),
        Index("ix_booking_organisation", "organisation_id", "id"),
        Index("ix_booking_venue_state", "venue_id", "state"),
        Index(
            "ix_booking_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL AND due_kind <> 'answer'"),
            sqlite_where=text("due_at IS NOT NULL AND due_kind <> 'answer'"),
        ),
        Index("ix_booking_series", "series_id"),
        Index("ix_booking_enquiry", "enquiry_id"),
        Index(
            "ix_booking_trajectory",
            "trajectory_id",
            postgresql_where=text("trajectory_id IS NOT NULL"),
            sqlite_where=text("trajectory_id IS NOT NULL"),
        ),
        CheckConstraint(
            "state IN ('requested', 'option', 'pending', 'confirmed', 'completed', 'suspended', 'declined',"
            " 'withdrawn', 'released', 'lapsed', 'beaten', 'cancelled')",
            name="state",
        ),
    )


class Claim(Base):
    """A resource, a span, a quantity. `start_date`/`end_date` are set for whole days (end exclusive).

    `starts`, `ends`: the span itself, without set-up, strike (minutes) and buffers. `ended_at`: taken out
    of a booking that goes on; the row stays, since calendars have to be told.
    """

    __tablename__ = "claim"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    resource_id: Mapped[int]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    setup_minutes: Mapped[int]
    strike_minutes: Mapped[int]
    quantity: Mapped[int]
    crew: Mapped[str | None]
    position: Mapped[int]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_claim_booking", "booking_id"),
        Index("ix_claim_resource_ends", "resource_id", "ends"),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("(start_date IS NULL) = (end_date IS NULL)", name="whole_days"),
        CheckConstraint("quantity >= 1", name="quantity"),
    )


class Closure(Base):
    """The house says no. Whole days when `start_date`/`end_date` are set (end exclusive).

    `quantity` None: all of it; else so many pieces of counted stock, out of order.
    """

    __tablename__ = "closure"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    reason: Mapped[str]
    quantity: Mapped[int | None]
    created_at: Mapped[datetime]
    modified_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_closure_resource_ends", "resource_id", "ends"),
        CheckConstraint("starts < ends", name="span"),
    )


HOLDS = text("occupancy.force <> 'none'")
"""Written out, since neither database takes a bound value as proof that a partial index will do."""


class Occupancy(Base):
    """What holds an atom, when, how much, how hard. `starts`, `ends` include set-up, strike and buffers.

    Claims that hold hard are guarded by the database itself (see the first migration); closures
    and external busy time are outside that guard, since they may be forced and may arrive late.
    """

    __tablename__ = "occupancy"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    atom_id: Mapped[int]
    claim_id: Mapped[UUID | None]
    closure_id: Mapped[UUID | None]
    external_id: Mapped[UUID | None]
    source: Mapped[str]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    quantity: Mapped[int]
    exclusive: Mapped[bool]
    force: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "atom_id"], ["resource.venue_id", "resource.id"]),
        ForeignKeyConstraint(["claim_id", "venue_id"], ["claim.id", "claim.venue_id"]),
        ForeignKeyConstraint(["closure_id", "venue_id"], ["closure.id", "closure.venue_id"]),
        Index("ix_occupancy_claim", "claim_id"),
        Index("ix_occupancy_closure", "closure_id"),
        Index(
            "ix_occupancy_external",
            "external_id",
            postgresql_where=text("external_id IS NOT NULL"),
            sqlite_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "ix_occupancy_atom_ends",
            "atom_id",
            "ends",
            postgresql_where=text("force <> 'none'"),
            sqlite_where=text("force <> 'none'"),
        ),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("force IN ('soft', 'hard', 'none')", name="force"),
        CheckConstraint(
            "(source = 'claim' AND claim_id IS NOT NULL AND closure_id IS NULL AND external_id IS NULL)"
            " OR (source = 'closure' AND closure_id IS NOT NULL AND claim_id IS NULL AND external_id IS NULL)"
            " OR (source = 'external' AND external_id IS NOT NULL AND claim_id IS NULL AND closure_id IS NULL)",
            name="source",
        ),
    )
