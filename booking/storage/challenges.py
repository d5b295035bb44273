"""Challenges in a queue: who asks whom to confirm or release, for which days, and how it ended."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, exists, insert, or_, select, update

from booking.storage.base import new_id
from booking.storage.bookings import Booking
from booking.storage.options import Challenge, ChallengeDay
from booking.storage.places import Resource

Rows = Sequence[Row[*tuple[Any, ...]]]


def open_in(connection: Connection, venue_id: int) -> Rows:
    """`id, booking_id, at, state` (of the challenger) of every open challenge of a house, oldest first."""
    query = (
        select(Challenge.id, Challenge.booking_id, Challenge.at, Booking.state)
        .join(Booking, (Booking.id == Challenge.booking_id) & (Booking.venue_id == Challenge.venue_id))
        .where(Challenge.venue_id == venue_id, Challenge.settled_at.is_(None))
        .order_by(Challenge.at, Challenge.id)
    )
    return connection.execute(query).all()


def days_of(connection: Connection, challenges: Collection[UUID]) -> Rows:
    """Every contested day with its holder's state and its resource's code."""
    query = (
        select(*ChallengeDay.__table__.columns, Booking.state, Resource.code.label("resource"))
        .join(Booking, (Booking.id == ChallengeDay.holder_id) & (Booking.venue_id == ChallengeDay.venue_id))
        .join(Resource, (Resource.id == ChallengeDay.resource_id) & (Resource.venue_id == ChallengeDay.venue_id))
        .where(ChallengeDay.challenge_id.in_(challenges))
        .order_by(ChallengeDay.day, ChallengeDay.id)
    )
    return connection.execute(query).all()


def find(connection: Connection, challenge_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One challenge, or None."""
    query = select(*Challenge.__table__.columns).where(Challenge.id == challenge_id)
    return connection.execute(query).one_or_none()


def around(connection: Connection, bookings: Collection[UUID]) -> Rows:
    """Challenges that these bookings opened, or that are open and ask them for an answer; newest last."""
    asked = exists().where(
        ChallengeDay.challenge_id == Challenge.id,
        ChallengeDay.holder_id.in_(bookings),
        Challenge.settled_at.is_(None),
    )
    query = select(*Challenge.__table__.columns).where(or_(Challenge.booking_id.in_(bookings), asked))
    return connection.execute(query.order_by(Challenge.at, Challenge.id)).all()


def add(connection: Connection, venue_id: int, booking_id: UUID, *, at: datetime) -> UUID:
    """Open one."""
    challenge_id = new_id()
    connection.execute(insert(Challenge).values(id=challenge_id, venue_id=venue_id, booking_id=booking_id, at=at))
    return challenge_id


def add_days(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Who holds which contested day, and until when they answer."""
    connection.execute(insert(ChallengeDay), [{"id": new_id(), **row} for row in rows])


def answer_days(connection: Connection, days: Collection[UUID], answer: str, *, at: datetime) -> None:
    """Note the answer for these contested days."""
    if days:
        connection.execute(
            update(ChallengeDay)
            .where(ChallengeDay.id.in_(days), ChallengeDay.answer.is_(None))
            .values(answer=answer, answered_at=at)
        )


def settle(
    connection: Connection,
    challenge_id: UUID,
    outcome: str,
    *,
    at: datetime,
    commit_due_at: datetime | None = None,
) -> None:
    """The challenge is over."""
    connection.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id)
        .values(outcome=outcome, settled_at=at, commit_due_at=commit_due_at)
    )


def forget_commit_clock(connection: Connection, booking_id: UUID) -> None:
    """Who won has committed, or holds nothing any more."""
    connection.execute(
        update(Challenge)
        .where(Challenge.booking_id == booking_id, Challenge.commit_due_at.is_not(None))
        .values(commit_due_at=None)
    )


def postpone_commit_clock(connection: Connection, booking_id: UUID, least: datetime) -> None:
    """Who won and was suspended meanwhile has until `least` at least."""
    connection.execute(
        update(Challenge)
        .where(Challenge.booking_id == booking_id, Challenge.commit_due_at < least)
        .values(commit_due_at=least)
    )
