"""Calls of the programme, stored: what companies apply with, what planners score, and who would go where."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Row,
    UniqueConstraint,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.people import Organisation

Rows = Sequence[Row[*tuple[Any, ...]]]


class Call(Base):
    """A call: a period (`end` excluded), houses by code, criteria by name; companies apply until `closes_at`."""

    __tablename__ = "call"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    description: Mapped[str | None]
    starts: Mapped[date]
    ends: Mapped[date]
    closes_at: Mapped[datetime]
    venues: Mapped[list[Any]]
    criteria: Mapped[list[Any]]
    state: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (
        CheckConstraint("starts < ends", name="period"),
        CheckConstraint("state IN ('open', 'granted')", name="state"),
    )


class Application(Base):
    """What a company applies with: a need, for so many days, in ranked periods."""

    __tablename__ = "application"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    people: Mapped[int | None]
    note: Mapped[str | None]
    need: Mapped[dict[str, Any]]
    days: Mapped[int]
    beds: Mapped[int]
    periods: Mapped[list[Any]]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("call_id", "organisation_id"),
        CheckConstraint("days >= 1", name="days"),
    )


class Score(Base):
    """What one planner gives an application for one criterion, from 0 to 10."""

    __tablename__ = "score"
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 10", name="points"),)


class Seating(Base):
    """Who would go where: the proposal, edited or as it was worked out; later the option that came of it."""

    __tablename__ = "seating"
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    wish: Mapped[int | None]
    claims: Mapped[list[Any]]
    why: Mapped[str]
    venue_id: Mapped[int | None]
    booking_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        CheckConstraint("why IN ('placed', 'by-hand', 'nothing-fits', 'others-first')", name="why"),
    )


def add(connection: Connection, **values: Any) -> UUID:
    """A new call."""
    call_id = new_id()
    connection.execute(insert(Call).values(id=call_id, state="open", **values))
    return call_id


def find(connection: Connection, call_id: UUID, *, lock: bool = False) -> Row[*tuple[Any, ...]] | None:
    """One call, or None."""
    query = select(*Call.__table__.columns).where(Call.id == call_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def listing(connection: Connection, *, limit: int, before: UUID | None = None) -> Rows:
    """Calls, the newest first."""
    query = select(*Call.__table__.columns).order_by(Call.id.desc()).limit(limit)
    return connection.execute(query.where(Call.id < before) if before is not None else query).all()


def grant(connection: Connection, call_id: UUID) -> None:
    """It is granted."""
    connection.execute(update(Call).where(Call.id == call_id).values(state="granted", revision=Call.revision + 1))


def apply(connection: Connection, **values: Any) -> UUID:
    """A company's application. IntegrityError when it has one already."""
    application_id = new_id()
    connection.execute(insert(Application).values(id=application_id, **values))
    return application_id


def applications(connection: Connection, call_id: UUID) -> Rows:
    """The applications to a call with their companies, oldest first."""
    query = select(*Application.__table__.columns, Organisation.name.label("organisation_name")).join(
        Organisation, Organisation.id == Application.organisation_id
    )
    return connection.execute(query.where(Application.call_id == call_id).order_by(Application.id)).all()


def applied(connection: Connection, call_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Which companies applied to which of these calls, oldest first."""
    query = select(Application.call_id, Application.organisation_id).where(Application.call_id.in_(call_ids))
    found: dict[UUID, list[UUID]] = {}
    for call_id, organisation_id in connection.execute(query.order_by(Application.id)):
        found.setdefault(call_id, []).append(organisation_id)
    return found


def scores(connection: Connection, applications: Collection[UUID]) -> Rows:
    """What planners gave."""
    return connection.execute(
        select(*Score.__table__.columns).where(Score.application_id.in_(applications)).order_by(Score.criterion)
    ).all()


def score(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """What one planner gives one application, instead of what they gave before."""
    first = rows[0]
    connection.execute(
        delete(Score).where(
            Score.application_id == first["application_id"],
            Score.person_id == first["person_id"],
            Score.criterion.in_([row["criterion"] for row in rows]),
        )
    )
    connection.execute(insert(Score), list(rows))


def seatings(connection: Connection, applications: Collection[UUID]) -> Rows:
    """The proposal as it stands."""
    return connection.execute(
        select(*Seating.__table__.columns).where(Seating.application_id.in_(applications))
    ).all()


def propose(connection: Connection, applications: Collection[UUID], rows: Sequence[dict[str, Any]]) -> None:
    """Another proposal instead of the one before."""
    connection.execute(delete(Seating).where(Seating.application_id.in_(applications)))
    if rows:
        connection.execute(insert(Seating), list(rows))


def seat(connection: Connection, application_id: UUID, *, venue_id: int, booking_id: UUID) -> None:
    """The option that came of it."""
    connection.execute(
        update(Seating)
        .where(Seating.application_id == application_id)
        .values(venue_id=venue_id, booking_id=booking_id)
    )
