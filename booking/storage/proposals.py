"""What one side proposes to the other, and requests that a house passes on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Proposal(Base):
    """Other claims for a booking: the house's counter-proposal, or a change that either side asks.

    `claims`: as they should be, one document per claim, with the terms that a person typed. `side`: who
    proposes; the other side accepts or refuses. `answer`: accept, refuse, or void (overtaken).
    """

    __tablename__ = "proposal"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    kind: Mapped[str]
    side: Mapped[str]
    claims: Mapped[list[Any]]
    reason: Mapped[str | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_proposal_booking", "booking_id"),
        Index(
            "uq_proposal_open",
            "booking_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
            sqlite_where=text("answered_at IS NULL"),
        ),
        CheckConstraint("kind IN ('counter', 'change')", name="kind"),
        CheckConstraint("side IN ('house', 'company')", name="side"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answer IN ('accept', 'refuse', 'void')", name="answer"),
    )


class Referral(Base):
    """A request that a house could not serve, passed on to a partner: `to_id` is the request it became there.

    `asked_at`: when the company was asked for its consent, if it had not given it; `answer`: accept or refuse.
    """

    __tablename__ = "referral"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    to_venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    to_id: Mapped[UUID | None]
    claims: Mapped[list[Any]]
    reason: Mapped[str | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_referral_booking", "booking_id"),
        Index("ix_referral_to", "to_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answer IN ('accept', 'refuse')", name="answer"),
    )
