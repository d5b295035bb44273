"""What a person was told, and whether they have read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.people import Role
from booking.storage.base import Base, new_id
from booking.storage.people import Hat, Organisation
from booking.storage.places import Venue
from booking.storage.teams import Team
from notifications.storage.of_teams import of_team


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


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One message as its reader gets it; `zone` is the venue's."""

    id: UUID
    booking_id: UUID | None
    venue: str
    zone: str
    kind: str
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None


def readers(
    connection: Connection, venue_id: int, organisation: UUID | None
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The managers of a venue and the members of an organisation (none: nobody), in one statement."""
    query = select(Hat.person_id, Hat.role).where(
        ((Hat.role == Role.MANAGER) & (Hat.venue_id == venue_id))
        | ((Hat.role == Role.MEMBER) & (Hat.organisation_id == organisation))
    )
    hats = connection.execute(query).all()
    return (
        frozenset(hat.person_id for hat in hats if hat.role == Role.MANAGER),
        frozenset(hat.person_id for hat in hats if hat.role == Role.MEMBER),
    )


def readers_of_call(
    connection: Connection, venues: Collection[str], organisations: Collection[UUID] | None
) -> tuple[frozenset[UUID], dict[UUID, UUID]]:
    """The managers of these houses, and the members of these companies (None: of every programme company), each
    with one of their companies; in one statement."""
    companies = (
        Organisation.programme_company.is_(True)
        if organisations is None
        else Hat.organisation_id.in_(organisations)
    )
    query = (
        select(Hat.person_id, Hat.role, Hat.organisation_id)
        .outerjoin(Venue, Venue.id == Hat.venue_id)
        .outerjoin(Organisation, Organisation.id == Hat.organisation_id)
        .where(((Hat.role == Role.MANAGER) & Venue.code.in_(venues)) | ((Hat.role == Role.MEMBER) & companies))
    )
    hats = connection.execute(query).all()
    return (
        frozenset(hat.person_id for hat in hats if hat.role == Role.MANAGER),
        {hat.person_id: hat.organisation_id for hat in hats if hat.role == Role.MEMBER},
    )


def add(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Write them; who has been told of an event already is not told again."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(Notification).on_conflict_do_nothing(), [{"id": new_id(), **row} for row in rows])


def listing(
    connection: Connection, person_id: UUID, *, limit: int, before: UUID | None = None, unread: bool = False
) -> list[NotificationRow]:
    """The messages of one person, newest first, older than `before`."""
    query = _rows().where(Notification.person_id == person_id)
    if before is not None:
        query = query.where(Notification.id < before)
    if unread:
        query = query.where(Notification.read_at.is_(None))
    found = connection.execute(query.order_by(Notification.id.desc()).limit(limit))
    return [NotificationRow(**row._mapping) for row in found]


def find(connection: Connection, person_id: UUID, notification_id: UUID) -> NotificationRow | None:
    """One of this person's messages, or None."""
    query = _rows().where(Notification.person_id == person_id, Notification.id == notification_id)
    row = connection.execute(query).one_or_none()
    return NotificationRow(**row._mapping) if row else None


def unread_count(connection: Connection, person_id: UUID) -> int:
    """How many this person has not read."""
    query = select(func.count()).where(Notification.person_id == person_id, Notification.read_at.is_(None))
    return connection.scalar(query) or 0


def mark_read(
    connection: Connection, person_id: UUID, *, at: datetime, notification_id: UUID | None = None
) -> None:
    """One message, or all that wait when `notification_id` is None. What was read stays read as it was."""
    change = update(Notification).where(Notification.person_id == person_id, Notification.read_at.is_(None))
    if notification_id is not None:
        change = change.where(Notification.id == notification_id)
    connection.execute(change.values(read_at=at))


def _rows() -> Any:
    return select(
        Notification.id,
        Notification.booking_id,
        Venue.code.label("venue"),
        Venue.zone,
        Notification.kind,
        Notification.facts,
        Notification.at,
        Notification.read_at,
    ).join(Venue, Venue.id == Notification.venue_id)


def count_of_team(person_id: UUID, team: Team) -> ColumnElement[int]:
    """How many messages about the team this person has not read, as a part of a statement."""
    return select(func.count()).where(*_of_team(person_id, team)).scalar_subquery()


def hand_over(connection: Connection, person_id: UUID, team: Team, to: UUID) -> None:
    """They go to somebody else; what is told to them already is not told again."""
    told = select(Notification.event_id).where(Notification.person_id == to)
    which = (*_of_team(person_id, team), Notification.event_id.not_in(told))
    connection.execute(update(Notification).where(*which).values(person_id=to))


def _of_team(person_id: UUID, team: Team) -> tuple[ColumnElement[bool], ...]:
    unread = (Notification.person_id == person_id, Notification.read_at.is_(None))
    side, company = (Notification.facts[name].as_string() for name in ("side", "company"))
    return (*unread, of_team(team, Notification.venue_id, Notification.booking_id, side, company))
