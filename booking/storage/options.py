"""What becomes of options: days they lost, challenges and their answers, and offers to come back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id


class Loss(Base):
    """A stretch of a claim that an option lost: the terms of what is no longer held, as claims keep them.

    `why`: released, lapsed or beaten. `cause_id`: the booking that was confirmed over it. `returned_at`:
    when it came back, after a reinstatement.
    """

    __tablename__ = "loss"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    resource_id: Mapped[int]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    setup_minutes: Mapped[int]
    strike_minutes: Mapped[int]
    quantity: Mapped[int]
    crew: Mapped[str | None]
    why: Mapped[str]
    cause_id: Mapped[UUID | None]
    at: Mapped[datetime]
    returned_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_loss_booking", "booking_id"),
        Index("ix_loss_cause", "cause_id"),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("why IN ('released', 'lapsed', 'beaten')", name="why"),
    )


class Challenge(Base):
    """A lower-ranked holder is ready to commit, and asks the better ones to commit or to release.

    `outcome`: won (every answer is in, none committed), lost (one committed), void (the challenger is
    no option any more). `settled_at`: when the last answer was settled. `commit_due_at`: until when who won
    has to commit; None once that is done.
    """

    __tablename__ = "challenge"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    commit_due_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_challenge_booking", "booking_id"),
        Index(
            "uq_challenge_open",
            "booking_id",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
            sqlite_where=text("settled_at IS NULL"),
        ),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
        CheckConstraint("outcome IN ('won', 'lost', 'void')", name="outcome"),
    )


class ChallengeDay(Base):
    """One contested planning day of one holder's resource, with the deadline of that holder.

    `answer`: commit, release, lapsed (silence), or gone (the holder held it no more).
    """

    __tablename__ = "challenge_day"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    resource_id: Mapped[int]
    day: Mapped[date]
    due_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["challenge_id", "venue_id"], ["challenge.id", "challenge.venue_id"]),
        ForeignKeyConstraint(["holder_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        ForeignKeyConstraint(["venue_id", "resource_id"], ["resource.venue_id", "resource.id"]),
        Index("ix_challenge_day_challenge", "challenge_id"),
        Index("ix_challenge_day_holder", "holder_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answer IN ('commit', 'release', 'lapsed', 'gone')", name="answer"),
    )


class Reinstatement(Base):
    """The winner was cancelled: who was beaten by it may have the days again, under the old key.

    `offered_at` None: it waits for its turn, behind another offer of the same days. `answer`: accept,
    refuse, or lapsed (silence at `due_at`).
    """

    __tablename__ = "reinstatement"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID]
    cause_id: Mapped[UUID]
    position: Mapped[int]
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        Index("ix_reinstatement_booking", "booking_id"),
        Index(
            "ix_reinstatement_open",
            "venue_id",
            "due_at",
            postgresql_where=text("answered_at IS NULL"),
            sqlite_where=text("answered_at IS NULL"),
        ),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(offered_at IS NULL) = (due_at IS NULL)", name="offered"),
        CheckConstraint("answer IN ('accept', 'refuse', 'lapsed')", name="answer"),
    )
