"""Who belongs to a company or works for a house, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    delete,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.people import Role
from booking.storage import venues
from booking.storage.base import Base, new_id
from booking.storage.bookings import Booking, Claim
from booking.storage.people import Hat, Organisation, Person
from booking.storage.places import Venue


class Deputy(Base):
    """Somebody who decides for a house in a colleague's place, from `starts` to `ends`.

    `given_at`: when the hat was handed to them; `ended_at`: when it was taken back, or the arrangement called off.
    """

    __tablename__ = "deputy"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    for_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    given_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("starts < ends", name="span"),
        Index(
            "ix_deputy_running",
            "venue_id",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )


class Leaver(Base):
    """When somebody left a company or a house. `successor_id`: to whom they handed over, if to anybody; `by_id`:
    who wrote it down; `had`: what they had there, by the names of `Belonging`, and how many of each."""

    __tablename__ = "leaver"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    had: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (
        CheckConstraint("(venue_id IS NULL) <> (organisation_id IS NULL)", name="team"),
        Index("ix_leaver_person", "person_id"),
    )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person of a team under one hat. `invited`: they have not chosen a password yet."""

    id: UUID
    name: str
    email: str
    language: str
    role: str
    invited: bool


@dataclass(frozen=True, slots=True)
class DeputyRow:
    """One arrangement that runs or is to come; `zone` of its house."""

    id: UUID
    venue_id: int
    zone: str
    person_id: UUID
    for_id: UUID
    name: str
    for_name: str
    starts: datetime
    ends: datetime
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """Somebody who left. `successor`: who took over, by name; `by`: who wrote it down, None where nobody knows."""

    name: str
    at: datetime
    successor: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Team:
    """A company (`organisation_id`) or a house (`venue_id`): exactly one of the two."""

    organisation_id: UUID | None = None
    venue_id: int | None = None


def members(connection: Connection, team: Team) -> list[MemberRow]:
    """Everybody under every hat of the team, by name."""
    query = (
        select(Person.id, Person.name, Person.email, Person.language, Hat.role, Person.password_hash.is_(None))
        .join(Hat, Hat.person_id == Person.id)
        .where(_of(team))
        .order_by(Person.name, Person.id, Hat.role)
    )
    return [MemberRow(*row) for row in connection.execute(query)]


def asker_and_members(connection: Connection, booking_id: UUID) -> tuple[UUID, list[tuple[UUID, str, str]]]:
    """Who asked a booking, and `id, name, email` of everybody of its company by name: who has come in first."""
    members = (
        select(
            Hat.organisation_id, Person.id, Person.name, Person.email, Person.password_hash.is_(None).label("new")
        )
        .join(Person, Person.id == Hat.person_id)
        .subquery()
    )
    query = (
        select(Booking.asked_by, members.c.id, members.c.name, members.c.email)
        .outerjoin(members, members.c.organisation_id == Booking.organisation_id)
        .where(Booking.id == booking_id)
        .order_by(members.c.new, members.c.name, members.c.id)
    )
    rows = connection.execute(query).all()
    return rows[0][0], [(row[1], row[2], row[3]) for row in rows if row[1] is not None]


def last_left(connection: Connection, organisation_id: UUID) -> list[tuple[UUID, datetime, UUID | None]]:
    """Who left a company, when, to whom they handed over; the last time of somebody who left twice comes last."""
    query = select(Leaver.person_id, Leaver.at, Leaver.successor_id).where(
        Leaver.organisation_id == organisation_id
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(Leaver.at, Leaver.id))]


def count_asked(team: Team, person_id: UUID, *, since: datetime) -> ColumnElement[int]:
    """How many bookings of a company somebody asked that are not over, as a part of a statement."""
    its = select(Claim.booking_id).where(Claim.ends > since)
    return (
        select(func.count())
        .select_from(Booking)
        .where(Booking.organisation_id == team.organisation_id, Booking.asked_by == person_id)
        .where(Booking.ended_at.is_(None), Booking.id.in_(its))
        .scalar_subquery()
    )


def name_of(connection: Connection, team: Team) -> str:
    """What the company or the house is called."""
    if team.organisation_id is not None:
        query = select(Organisation.name).where(Organisation.id == team.organisation_id)
    else:
        query = select(Venue.name).where(Venue.id == team.venue_id)
    return connection.execute(query).scalar_one()


def add(connection: Connection, team: Team, person_id: UUID, role: str) -> bool:
    """Give a hat of the team; False when it is worn already."""
    worn = select(Hat.id).where(Hat.person_id == person_id, Hat.role == role, _of(team))
    if connection.execute(worn).first() is not None:
        return False
    connection.execute(
        insert(Hat).values(
            id=new_id(),
            person_id=person_id,
            role=role,
            venue_id=team.venue_id,
            organisation_id=team.organisation_id,
        )
    )
    return True


def add_for_good(connection: Connection, team: Team, person_id: UUID, role: str, *, at: datetime) -> None:
    """Give a hat that no arrangement takes back: who stays stands in for nobody. Holds the team."""
    lock(connection, team)
    if team.venue_id is not None and role == Role.MANAGER:
        end_deputies(connection, team.venue_id, person_id, at=at)
    add(connection, team, person_id, role)


def remove(connection: Connection, team: Team, person_id: UUID, role: str | None = None) -> int:
    """Take the person's hats of the team, or the one of that role; returns how many there were."""
    worn = delete(Hat).where(Hat.person_id == person_id, _of(team))
    return connection.execute(worn if role is None else worn.where(Hat.role == role)).rowcount


def note_left(
    connection: Connection,
    team: Team,
    person_id: UUID,
    *,
    successor: UUID | None,
    by: UUID,
    had: Mapping[str, int],
    at: datetime,
) -> None:
    """They are out of it since then."""
    connection.execute(
        insert(Leaver).values(
            id=new_id(),
            person_id=person_id,
            venue_id=team.venue_id,
            organisation_id=team.organisation_id,
            at=at,
            successor_id=successor,
            by_id=by,
            had=dict(had),
        )
    )


def left(connection: Connection, team: Team, *, most: int) -> list[LeaverRow]:
    """Who left it, the last one first."""
    successor, writer = (Person.__table__.alias(name) for name in ("successor", "writer"))
    which = (
        Leaver.organisation_id == team.organisation_id
        if team.organisation_id is not None
        else Leaver.venue_id == team.venue_id
    )
    query = (
        select(Person.name, Leaver.at, successor.c.name.label("successor"), writer.c.name.label("by"))
        .join(Person, Person.id == Leaver.person_id)
        .outerjoin(successor, successor.c.id == Leaver.successor_id)
        .outerjoin(writer, writer.c.id == Leaver.by_id)
        .where(which)
        .order_by(Leaver.at.desc(), Leaver.id.desc())
        .limit(most)
    )
    return [LeaverRow(*row) for row in connection.execute(query)]


def has_left_since(connection: Connection, team: Team, person_id: UUID, *, since: datetime) -> bool:
    """Whether they left the team after that instant."""
    left = select(Leaver.id).where(Leaver.person_id == person_id, Leaver.at > since)
    if team.organisation_id is not None:
        left = left.where(Leaver.organisation_id == team.organisation_id)
    else:
        left = left.where(Leaver.venue_id == team.venue_id)
    return connection.execute(left.limit(1)).first() is not None


def is_elsewhere(connection: Connection, team: Team, person_id: UUID) -> bool:
    """Whether the person wears any hat that is not of this team."""
    worn = select(Hat.id).where(Hat.person_id == person_id, _of(team).is_not(true()))
    return connection.execute(worn.limit(1)).first() is not None


def lock(connection: Connection, team: Team) -> None:
    """One change of a team at a time: its company or its house, held until the end."""
    if team.venue_id is not None:
        venues.hold(connection, team.venue_id)
    else:
        company = select(Organisation.id).where(Organisation.id == team.organisation_id)
        connection.execute(company.with_for_update(key_share=True))


def deputies(connection: Connection, venue_id: int) -> list[DeputyRow]:
    """Those of a house that run or are to come."""
    return _deputies(connection, Deputy.venue_id == venue_id)


def count_deputies(
    venue_id: int | None, *, stands_for: UUID | None = None, person_id: UUID | None = None
) -> ColumnElement[int]:
    """How many of them somebody is stood in for by, or stands in by, as a part of a statement."""
    who = Deputy.for_id == stands_for if stands_for is not None else Deputy.person_id == person_id
    return (
        select(func.count()).where(Deputy.venue_id == venue_id, who, Deputy.ended_at.is_(None)).scalar_subquery()
    )


def due(connection: Connection, *, at: datetime) -> list[DeputyRow]:
    """Those that begin or end by `at` and have not been dealt with."""
    begins = (Deputy.starts <= at) & Deputy.given_at.is_(None)
    return _deputies(connection, begins | (Deputy.ends <= at))


def add_deputy(
    connection: Connection, venue_id: int, *, stands_for: UUID, person_id: UUID, starts: datetime, ends: datetime
) -> UUID:
    """Write one arrangement down."""
    deputy_id = new_id()
    connection.execute(
        insert(Deputy).values(
            id=deputy_id, venue_id=venue_id, for_id=stands_for, person_id=person_id, starts=starts, ends=ends
        )
    )
    return deputy_id


def stand_in_for(connection: Connection, deputy_id: UUID, person_id: UUID | None) -> None:
    """An arrangement goes on, in somebody else's place."""
    connection.execute(update(Deputy).where(Deputy.id == deputy_id).values(for_id=person_id))


def note_given(connection: Connection, deputy_id: UUID, *, at: datetime) -> bool:
    """The hat is handed over; False when the arrangement is over by now."""
    given = update(Deputy).where(Deputy.id == deputy_id, Deputy.ended_at.is_(None)).values(given_at=at)
    return connection.execute(given).rowcount == 1


def note_ended(connection: Connection, deputy_id: UUID, *, at: datetime) -> bool:
    """It is over; whether the hat had been handed over. False, too, when it was over already."""
    ended = update(Deputy).where(Deputy.id == deputy_id, Deputy.ended_at.is_(None)).values(ended_at=at)
    return connection.execute(ended.returning(Deputy.given_at)).scalar_one_or_none() is not None


def end_deputies(connection: Connection, venue_id: int, person_id: UUID, *, at: datetime) -> None:
    """End every arrangement of that person at that house."""
    running = (Deputy.venue_id == venue_id, Deputy.person_id == person_id, Deputy.ended_at.is_(None))
    connection.execute(update(Deputy).where(*running).values(ended_at=at))


def stands_in(connection: Connection, venue_id: int, person_id: UUID) -> bool:
    """Whether that person wears the hat of the house only for somebody else, now."""
    query = select(func.count()).where(
        Deputy.venue_id == venue_id,
        Deputy.person_id == person_id,
        Deputy.given_at.is_not(None),
        Deputy.ended_at.is_(None),
    )
    return bool(connection.execute(query).scalar_one())


def _deputies(connection: Connection, which: ColumnElement[bool]) -> list[DeputyRow]:
    other = Person.__table__.alias("other")
    query = (
        select(
            Deputy.id,
            Deputy.venue_id,
            Venue.zone,
            Deputy.person_id,
            Deputy.for_id,
            Person.name,
            other.c.name.label("for_name"),
            Deputy.starts,
            Deputy.ends,
            Deputy.given_at,
        )
        .join(Person, Person.id == Deputy.person_id)
        .join(other, other.c.id == Deputy.for_id)
        .join(Venue, Venue.id == Deputy.venue_id)
        .where(which, Deputy.ended_at.is_(None))
        .order_by(Deputy.starts, Deputy.id)
    )
    return [DeputyRow(*row) for row in connection.execute(query)]


def _of(team: Team) -> ColumnElement[bool]:
    if team.organisation_id is not None:
        return Hat.organisation_id == team.organisation_id
    return Hat.venue_id == team.venue_id
