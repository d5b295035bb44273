"""Letters: written with the event that they tell, claimed by one worker at a time, sent, noted."""

from collections.abc import Collection, Mapping, Sequence
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
    Row,
    Select,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.people import Person
from booking.storage.places import Venue
from booking.storage.teams import Team
from notifications.storage.of_teams import of_team

WAITING, SENT, FAILED, DROPPED, FOLDED = "waiting", "sent", "failed", "dropped", "folded"

WAITS = "state = 'waiting'"
HAS_FAILED = "state = 'failed'"

INVITED = "team.invited"
"""The one kind whose words are a secret: they hold a link that lets its reader in."""


class Letter(Base):
    """One letter to one person.

    `key`: what it tells, so that the same is never written twice to the same person. `digest`: it waits for
    the person's daily or weekly letter, of which it becomes a line (`into_id`). `next_at`: when it is next
    tried; a claim moves it on, so that a letter whose worker died is tried again. The words are written when it
    is first sent and kept: a repeat is the same letter under the same Message-ID. `failure`: why it could not
    be delivered, or why it was not sent.
    """

    __tablename__ = "letter"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    kind: Mapped[str]
    side: Mapped[str | None]
    event_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    facts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=WAITING)
    digest: Mapped[str | None]
    into_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    language: Mapped[str | None]
    address: Mapped[str | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    message_id: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("key", "person_id"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped', 'folded')", name="state"),
        CheckConstraint("digest IN ('daily', 'weekly')", name="digest"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_letter_due", "next_at", postgresql_where=sql(WAITS), sqlite_where=sql(WAITS)),
        Index("ix_letter_failed", "id", postgresql_where=sql(HAS_FAILED), sqlite_where=sql(HAS_FAILED)),
        Index("ix_letter_into", "into_id"),
    )


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter, with the name and the address of its reader as they are now. `venue`: the code of its house,
    `zone` its clock."""

    id: UUID
    person_id: UUID
    name: str
    email: str
    venue: str | None
    zone: str | None
    kind: str
    side: str | None
    event_id: UUID | None
    booking_id: UUID | None
    facts: dict[str, Any]
    state: str
    created_at: datetime
    next_at: datetime
    attempts: int
    failure: str | None
    language: str | None
    address: str | None
    subject: str | None
    text: str | None
    html: str | None
    calendar: str | None
    message_id: str | None

    @property
    def is_written(self) -> bool:
        """Whether its words are there already."""
        return self.message_id is not None


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a letter. `calendar`: an iCalendar part, where there is one."""

    language: str
    subject: str
    text: str
    html: str
    calendar: str | None = None


def add(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Write them; what a person is told already is not told again."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    usual = {"state": WAITING, "attempts": 0, "digest": None}
    connection.execute(insert(Letter).on_conflict_do_nothing(), [{"id": new_id(), **usual, **row} for row in rows])


def waits(connection: Connection, *, at: datetime) -> bool:
    """Whether any letter is due: an idle worker writes nothing."""
    return connection.scalar(select(_due(at).exists())) or False


def has_been_told(connection: Connection, key: str) -> set[UUID]:
    """Who has a letter with that key already."""
    return set(connection.execute(select(Letter.person_id).where(Letter.key == key)).scalars())


def claim(connection: Connection, *, at: datetime, until: datetime, limit: int) -> list[LetterRow]:
    """The next letters that are due, for one worker alone until `until`; those of another are passed over."""
    due = _due(at).order_by(Letter.next_at, Letter.id).limit(limit).with_for_update(skip_locked=True)
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    taken = update(Letter).where(Letter.id.in_(ids)).values(next_at=until, attempts=Letter.attempts + 1)
    connection.execute(taken)
    rows = connection.execute(_letters().where(Letter.id.in_(ids)).order_by(Letter.created_at, Letter.id))
    return [LetterRow(**row._mapping) for row in rows]


def _due(at: datetime) -> Select[UUID]:
    return select(Letter.id).where(Letter.state == WAITING, Letter.digest.is_(None), Letter.next_at <= at)


def write_down(
    connection: Connection, letter_id: UUID, words: Written, *, reader: UUID, address: str, message_id: str
) -> bool:
    """Keep the words: whatever happens, a repeat is the same letter. False when it is somebody else's by now."""
    return _alter_of(
        connection,
        letter_id,
        reader,
        language=words.language,
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=words.calendar,
        address=address,
        message_id=message_id,
    )


def note_sent(connection: Connection, letter_id: UUID, *, at: datetime) -> None:
    """It is with the mail server. Of an invitation the words are forgotten."""
    _alter(connection, letter_id, state=SENT, sent_at=at, failure=None)
    _forget_secret(connection, letter_id)


def note_later(connection: Connection, letter_id: UUID, *, next_at: datetime, failure: str | None) -> None:
    """It is tried again at `next_at`."""
    _alter(connection, letter_id, next_at=next_at, failure=failure)


def put_back(connection: Connection, ids: Collection[UUID], *, next_at: datetime) -> None:
    """They were claimed and not tried: the attempt does not count."""
    values = {"next_at": next_at, "attempts": Letter.attempts - 1}
    connection.execute(update(Letter).where(Letter.id.in_(ids), Letter.state == WAITING).values(values))


def set_aside(connection: Connection, letter_id: UUID, *, failure: str) -> None:
    """It cannot be delivered; a person decides."""
    _alter(connection, letter_id, state=FAILED, failure=failure)


def drop(connection: Connection, letter_id: UUID, *, reader: UUID, why: str) -> None:
    """It says what makes no sense any more, or what its reader does not want; unless it is somebody else's now."""
    _alter_of(connection, letter_id, reader, state=DROPPED, failure=why)
    _forget_secret(connection, letter_id)


def retry(connection: Connection, letter_id: UUID, *, at: datetime) -> bool:
    """Try what was set aside again, now, at the reader's present address; False when it was not set aside."""
    again = {"state": WAITING, "next_at": at, "attempts": 0, "failure": None}
    change = update(Letter).where(Letter.id == letter_id, Letter.state == FAILED).values(again)
    return connection.execute(change).rowcount == 1


def failed(connection: Connection, *, limit: int) -> list[LetterRow]:
    """What was set aside, newest first."""
    rows = connection.execute(_letters().where(Letter.state == FAILED).order_by(Letter.id.desc()).limit(limit))
    return [LetterRow(**row._mapping) for row in rows]


def find(connection: Connection, letter_id: UUID) -> LetterRow | None:
    """One letter, or None."""
    row = connection.execute(_letters().where(Letter.id == letter_id)).one_or_none()
    return LetterRow(**row._mapping) if row else None


def of_events(connection: Connection, events: Collection[UUID]) -> list[tuple[LetterRow, int]]:
    """The letters of these events that go out by themselves, not as a line of a digest: of each event, side and
    language one, with how many people get the same."""
    alike = (Letter.event_id, Letter.side, Person.language)
    numbered = (
        select(
            Letter.id,
            func.row_number().over(partition_by=alike, order_by=Letter.id).label("number"),
            func.count().over(partition_by=alike).label("readers"),
        )
        .join(Person, Person.id == Letter.person_id)
        .where(Letter.event_id.in_(events), Letter.digest.is_(None))
        .subquery()
    )
    query = _letters().add_columns(numbered.c.readers).join(numbered, numbered.c.id == Letter.id)
    rows = connection.execute(query.where(numbered.c.number == 1).order_by(Letter.id))
    return [(LetterRow(*letter), readers) for *letter, readers in rows]


def count(connection: Connection) -> dict[str, int]:
    """How many letters there are in each state."""
    rows = connection.execute(select(Letter.state, func.count()).group_by(Letter.state))
    return {row[0]: row[1] for row in rows}


def lines_wait(connection: Connection, *, at: datetime) -> bool:
    """Whether any daily or weekly round has come."""
    due = select(Letter.id).where(Letter.state == WAITING, Letter.digest.is_not(None), Letter.next_at <= at)
    return connection.scalar(select(due.exists())) or False


def lines_due(connection: Connection, *, at: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, person_id, digest` of the letters whose daily or weekly round has come, locked on the way."""
    query = (
        select(Letter.id, Letter.person_id, Letter.digest)
        .where(Letter.state == WAITING, Letter.digest.is_not(None), Letter.next_at <= at)
        .order_by(Letter.person_id, Letter.id)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(query).all()


def fold(connection: Connection, ids: Collection[UUID], *, into: UUID) -> None:
    """They are lines of that letter now."""
    connection.execute(update(Letter).where(Letter.id.in_(ids)).values(state=FOLDED, into_id=into))


def folded(connection: Connection, into: UUID) -> list[LetterRow]:
    """The lines of a digest, oldest first."""
    rows = connection.execute(_letters().where(Letter.into_id == into).order_by(Letter.created_at, Letter.id))
    return [LetterRow(**row._mapping) for row in rows]


def last_invitation(connection: Connection, person_id: UUID, team: Team, role: str) -> Row[datetime | None] | None:
    """`sent_at` of the last letter that lets this person in as that, and waits (None) or went; None when none."""
    query = (
        select(Letter.sent_at)
        .where(*_invitations(team), Letter.person_id == person_id, Letter.state.in_([WAITING, SENT]))
        .where(Letter.facts["role"].as_string() == role)
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    return connection.execute(query.limit(1)).one_or_none()


def count_invitations(connection: Connection, team: Team, *, since: datetime) -> int:
    """How many letters of this team that let somebody in were put since then, and not dropped."""
    query = select(func.count(Letter.id)).where(*_invitations(team), Letter.state != DROPPED)
    return connection.execute(query.where(Letter.created_at > since)).scalar_one()


def _invitations(team: Team) -> tuple[ColumnElement[bool], ...]:
    if team.venue_id is not None:
        return (Letter.kind == INVITED, Letter.venue_id == team.venue_id)
    return (Letter.kind == INVITED, Letter.facts["organisation_id"].as_string() == str(team.organisation_id))


def _forget_secret(connection: Connection, letter_id: UUID) -> None:
    secret = update(Letter).where(Letter.id == letter_id, Letter.kind == INVITED)
    connection.execute(secret.values(text=None, html=None))


def _alter_of(connection: Connection, letter_id: UUID, reader: UUID, **values: Any) -> bool:
    """Between claiming a letter and writing it, its reader may hand it over."""
    theirs = update(Letter).where(Letter.id == letter_id, Letter.person_id == reader)
    return connection.execute(theirs.values(values)).rowcount == 1


def _alter(connection: Connection, letter_id: UUID, **values: Any) -> None:
    connection.execute(update(Letter).where(Letter.id == letter_id).values(values))


def _letters() -> Select[*tuple[Any, ...]]:
    query = select(
        Letter.id,
        Letter.person_id,
        Person.name,
        Person.email,
        Venue.code.label("venue"),
        Venue.zone,
        Letter.kind,
        Letter.side,
        Letter.event_id,
        Letter.booking_id,
        Letter.facts,
        Letter.state,
        Letter.created_at,
        Letter.next_at,
        Letter.attempts,
        Letter.failure,
        Letter.language,
        Letter.address,
        Letter.subject,
        Letter.text,
        Letter.html,
        Letter.calendar,
        Letter.message_id,
    )
    return query.join(Person, Person.id == Letter.person_id).outerjoin(Venue, Venue.id == Letter.venue_id)


def count_of_team(person_id: UUID, team: Team) -> ColumnElement[int]:
    """How many letters to this person about the team are still to be written, as a part of a statement."""
    return select(func.count()).where(*_of_team(person_id, team)).scalar_subquery()


def hand_over(connection: Connection, person_id: UUID, team: Team, to: UUID) -> None:
    """They go to somebody else; what is told to them already is not told again."""
    told = select(Letter.key).where(Letter.person_id == to)
    which = (*_of_team(person_id, team), Letter.key.not_in(told))
    connection.execute(update(Letter).where(*which).values(person_id=to))


def _of_team(person_id: UUID, team: Team) -> tuple[ColumnElement[bool], ...]:
    waits = (Letter.person_id == person_id, Letter.state == WAITING, Letter.message_id.is_(None))
    company = Letter.facts["company"].as_string()
    return (*waits, of_team(team, Letter.venue_id, Letter.booking_id, Letter.side, company))
