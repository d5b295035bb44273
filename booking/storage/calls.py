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
    case,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, Document, new_id
from booking.storage.people import Organisation

Rows = Sequence[Row[*tuple[Any, ...]]]


class Call(Base):
    """A call: a period (`end` excluded), houses by code, criteria by name; companies apply until `closes_at`.

    `texts`: by language its `title` and its `description` where they are not those of the row. `reminded_of`: the
    deadline of which companies were last reminded.
    """

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
    texts: Mapped[dict[str, Any] | None] = mapped_column(Document)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]
    reminded_of: Mapped[datetime | None]
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
    changed_at: Mapped[datetime | None]

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


class SeatingWork(Base):
    """A proposal that is being worked out: how far it is, and how it ended. One for each call, the latest."""

    __tablename__ = "seating_work"
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("outcome IN ('proved', 'hurried', 'outdated')", name="outcome"),
        CheckConstraint("done BETWEEN 0 AND total", name="done"),
    )


STATE = case((Call.withdrawn_at.is_not(None), "withdrawn"), else_=Call.state).label("state")
COLUMNS = (*(column for column in Call.__table__.columns if column.name != "state"), STATE)
"""A call as everybody reads it: what was withdrawn is open or granted no more."""


def add(connection: Connection, **values: Any) -> UUID:
    """A new call."""
    call_id = new_id()
    connection.execute(insert(Call).values(id=call_id, state="open", **values))
    return call_id


def find(connection: Connection, call_id: UUID, *, lock: bool = False) -> Row[*tuple[Any, ...]] | None:
    """One call, or None."""
    query = select(*COLUMNS).where(Call.id == call_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def listing(connection: Connection, *, limit: int, before: UUID | None = None) -> Rows:
    """Calls, the newest first."""
    query = select(*COLUMNS).order_by(Call.id.desc()).limit(limit)
    return connection.execute(query.where(Call.id < before) if before is not None else query).all()


def alter(connection: Connection, call_id: UUID, **values: Any) -> None:
    """Change columns of a call whose row is locked; its revision rises."""
    connection.execute(update(Call).where(Call.id == call_id).values(**values, revision=Call.revision + 1))


def closing(connection: Connection, *, after: datetime, until: datetime, limit: int) -> Rows:
    """Open calls whose deadline lies between, of which nobody was reminded; another worker's are passed over."""
    query = (
        select(*COLUMNS)
        .where(
            Call.state == "open",
            Call.withdrawn_at.is_(None),
            Call.closes_at > after,
            Call.closes_at <= until,
            or_(Call.reminded_of.is_(None), Call.reminded_of != Call.closes_at),
        )
        .order_by(Call.closes_at, Call.id)
        .limit(limit)
    )
    return connection.execute(query.with_for_update(skip_locked=True)).all()


def note_reminded(connection: Connection, call_id: UUID) -> None:
    """Companies were reminded of its present deadline; nothing else of it changed."""
    connection.execute(update(Call).where(Call.id == call_id).values(reminded_of=Call.closes_at))


def apply(connection: Connection, **values: Any) -> UUID:
    """A company's application. IntegrityError when it has one already."""
    application_id = new_id()
    connection.execute(insert(Application).values(id=application_id, **values))
    return application_id


def change_application(connection: Connection, application_id: UUID, **values: Any) -> None:
    """What it says instead."""
    connection.execute(update(Application).where(Application.id == application_id).values(**values))


def remove_application(connection: Connection, application_id: UUID) -> None:
    """Taken back before the deadline: its scores and its place in a proposal go with it."""
    for table in (Score, Seating):
        connection.execute(delete(table).where(table.application_id == application_id))
    connection.execute(delete(Application).where(Application.id == application_id))


def remove_scores(connection: Connection, application_id: UUID) -> None:
    """What planners gave to something that says something else now."""
    connection.execute(delete(Score).where(Score.application_id == application_id))


def applications(connection: Connection, *call_ids: UUID) -> Rows:
    """The applications to a call, or to several, with their companies, oldest first."""
    query = select(*Application.__table__.columns, Organisation.name.label("organisation_name")).join(
        Organisation, Organisation.id == Application.organisation_id
    )
    return connection.execute(query.where(Application.call_id.in_(call_ids)).order_by(Application.id)).all()


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
    """Another proposal instead of the one before; whoever writes one raises the revision of its call."""
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


def ask_for_work(connection: Connection, call_id: UUID, *, by: UUID, at: datetime, total: int) -> None:
    """A proposal is wanted: from the beginning, whatever was being worked out."""
    connection.execute(delete(SeatingWork).where(SeatingWork.call_id == call_id))
    connection.execute(insert(SeatingWork).values(call_id=call_id, asked_by=by, asked_at=at, total=total))


def works(connection: Connection, call_ids: Collection[UUID]) -> Rows:
    """How far the latest proposal of each of these calls is; none where none was asked for."""
    return connection.execute(
        select(*SeatingWork.__table__.columns).where(SeatingWork.call_id.in_(call_ids))
    ).all()


def work_waits(connection: Connection, *, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """The proposal that waits longest for a worker; also one whose worker did not finish in its time."""
    query = (
        select(*SeatingWork.__table__.columns)
        .where(
            SeatingWork.finished_at.is_(None),
            or_(SeatingWork.claimed_until.is_(None), SeatingWork.claimed_until <= at),
        )
        .order_by(SeatingWork.asked_at, SeatingWork.call_id)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def claim_work(connection: Connection, row: Row[Any], *, until: datetime) -> bool:
    """Take it for one worker; False when another was first or it was asked for anew."""
    same = (
        SeatingWork.claimed_until.is_(None)
        if row.claimed_until is None
        else SeatingWork.claimed_until == row.claimed_until
    )
    done = connection.execute(
        update(SeatingWork)
        .where(SeatingWork.call_id == row.call_id, SeatingWork.asked_at == row.asked_at, same)
        .where(SeatingWork.finished_at.is_(None))
        .values(claimed_until=until, done=0)
    )
    return done.rowcount > 0


def note_work(connection: Connection, call_id: UUID, asked_at: datetime, **values: Any) -> bool:
    """How far it is, or how it ended; False when it was asked for anew meanwhile."""
    done = connection.execute(
        update(SeatingWork)
        .where(SeatingWork.call_id == call_id, SeatingWork.asked_at == asked_at)
        .values(**values)
    )
    return done.rowcount > 0
