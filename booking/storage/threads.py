"""Conversations, stored: messages, files with their content, and templates for common answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Select,
    cast,
    delete,
    func,
    insert,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from booking.domain.states import Side
from booking.domain.threads import MOST_FILES, Subject
from booking.storage.base import Base, new_id
from booking.storage.people import Person
from booking.storage.places import Venue

ONE_SUBJECT = (
    "(CASE WHEN booking_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN enquiry_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN trajectory_id IS NULL THEN 0 ELSE 1 END) = 1"
)


class Talked:
    """What belongs to exactly one conversation. `venue_id`: the house that added it, or whose booking it is about;
    None: the company, to every house of its enquiry or trajectory."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID | None]
    enquiry_id: Mapped[UUID | None] = mapped_column(ForeignKey("enquiry.id"))
    trajectory_id: Mapped[UUID | None] = mapped_column(ForeignKey("trajectory.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    side: Mapped[str]
    at: Mapped[datetime]


def _of_one_conversation(table: str) -> tuple[SchemaItem, ...]:
    return (
        ForeignKeyConstraint(["booking_id", "venue_id"], ["booking.id", "booking.venue_id"]),
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        CheckConstraint("side IN ('house', 'company')", name="side"),
        *(Index(f"ix_{table}_{subject}", f"{subject}_id") for subject in Subject),
    )


class Message(Talked, Base):
    """What somebody wrote."""

    __tablename__ = "message"
    text: Mapped[str]

    __table_args__ = _of_one_conversation("message")


class File(Talked, Base):
    """A file of a conversation. `kind`: what it is for; `media_type`: what its content says; `size` in bytes."""

    __tablename__ = "file"
    name: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]

    __table_args__ = (*_of_one_conversation("file"), CheckConstraint("size > 0", name="size"))


class FileContent(Base):
    """The bytes of a file, apart, so that no list reads them."""

    __tablename__ = "file_content"
    file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AnswerTemplate(Base):
    """A common answer of a house, in one language, that a planner takes and edits."""

    __tablename__ = "answer_template"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    language: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]

    __table_args__ = (
        CheckConstraint("language IN ('nl', 'fr', 'en')", name="language"),
        Index("ix_answer_template_venue", "venue_id"),
    )


@dataclass(frozen=True, slots=True)
class Concerned:
    """One house that a message is about: by its booking, or by an enquiry, whose `facts` the event tells."""

    venue_id: int
    booking: UUID | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation, as one person may take part in it.

    `venue_id`: the house of a booking, or the house for which this person reads and writes; None on the
    company's side of an enquiry or a trajectory. `house`: the code of the house for which this person decides.
    `shared`: every house reads what every other wrote. `told`: whom this person's words concern.
    """

    subject: Subject
    id: UUID
    venue_id: int | None
    side: Side | None
    house: str | None = None
    shared: bool = True
    told: tuple[Concerned, ...] = ()

    def owns(self, row: "FileRow") -> bool:
        """Whether this person's side added the file, and so may take it back: no house another's."""
        return row.side == self.side and (self.side is Side.COMPANY or row.venue_id == self.venue_id)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message with the name of who wrote it. `venue_id` as in `Talked`; `venue`: its code."""

    id: UUID
    at: datetime
    by: str
    by_id: UUID
    side: str
    venue_id: int | None
    venue: str | None
    venue_name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file without its bytes. `venue_id` as in `Talked`; `venue`: its code; `size` in bytes."""

    id: UUID
    at: datetime
    by: str
    by_id: UUID
    side: str
    venue_id: int | None
    venue: str | None
    venue_name: str | None
    name: str
    kind: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A common answer."""

    id: UUID
    language: str
    title: str
    text: str


def messages(connection: Connection, thread: Thread, *, after: UUID | None = None, limit: int) -> list[MessageRow]:
    """The oldest first, from the one after `after`."""
    query: Select[*tuple[Any, ...]] = (
        select(*_heads(Message), Message.text)
        .join(Person, Person.id == Message.by_id)
        .outerjoin(Venue, Venue.id == Message.venue_id)
        .where(_of(Message, thread))
        .order_by(Message.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Message.id > after)
    return [MessageRow(*row) for row in connection.execute(query)]


def everything(connection: Connection, thread: Thread, *, limit: int) -> tuple[list[MessageRow], list[FileRow]]:
    """Messages (`limit` at the most) and files, the oldest first: one statement, for a page."""
    nothing = null()
    said = (
        select(
            *_heads(Message),
            Message.text,
            nothing.label("kind"),
            nothing.label("media_type"),
            cast(nothing, Integer).label("size"),
        )
        .join(Person, Person.id == Message.by_id)
        .outerjoin(Venue, Venue.id == Message.venue_id)
        .where(_of(Message, thread))
    )
    kept = (
        select(*_heads(File), File.name, File.kind, File.media_type, File.size)
        .join(Person, Person.id == File.by_id)
        .outerjoin(Venue, Venue.id == File.venue_id)
        .where(_of(File, thread))
    )
    both = union_all(said, kept).subquery()
    rows = connection.execute(select(both).order_by(both.c.id).limit(limit + MOST_FILES)).all()
    words = len(MessageRow.__dataclass_fields__)
    found = [MessageRow(*list(row)[:words]) for row in rows if row.kind is None]
    return found[:limit], [FileRow(*row) for row in rows if row.kind]


def add_message(connection: Connection, thread: Thread, *, by: UUID, text: str, at: datetime) -> UUID:
    """Write one down; returns its id."""
    message_id = new_id()
    connection.execute(insert(Message).values(id=message_id, by_id=by, text=text, at=at, **_columns(thread)))
    return message_id


def files(connection: Connection, thread: Thread) -> list[FileRow]:
    """All of a conversation, the oldest first."""
    return [FileRow(*row) for row in connection.execute(_files(thread).order_by(File.id))]


def find_file(connection: Connection, thread: Thread, file_id: UUID) -> FileRow | None:
    """One file of this conversation."""
    row = connection.execute(_files(thread).where(File.id == file_id)).one_or_none()
    return FileRow(*row) if row else None


def content(connection: Connection, file_id: UUID) -> bytes:
    """The bytes of a file that was found."""
    return connection.execute(select(FileContent.content).where(FileContent.file_id == file_id)).scalar_one()


def count_files(connection: Connection, thread: Thread) -> int:
    """How many files the conversation holds."""
    return connection.execute(select(func.count()).select_from(File).where(_of(File, thread))).scalar_one()


def add_file(
    connection: Connection, thread: Thread, *, by: UUID, at: datetime, described: Mapping[str, str], content: bytes
) -> UUID:
    """Keep one. `described`: name, kind and media_type."""
    file_id = new_id()
    connection.execute(
        insert(File).values(id=file_id, by_id=by, at=at, size=len(content), **described, **_columns(thread))
    )
    connection.execute(insert(FileContent).values(file_id=file_id, content=content))
    return file_id


def remove_file(connection: Connection, file_id: UUID) -> None:
    """With its bytes."""
    connection.execute(delete(FileContent).where(FileContent.file_id == file_id))
    connection.execute(delete(File).where(File.id == file_id))


def templates(connection: Connection, venue: str) -> Sequence[TemplateRow]:
    """The common answers of a house, by language and title."""
    query = (
        select(AnswerTemplate.id, AnswerTemplate.language, AnswerTemplate.title, AnswerTemplate.text)
        .join(Venue, Venue.id == AnswerTemplate.venue_id)
        .where(Venue.code == venue)
        .order_by(AnswerTemplate.language, AnswerTemplate.title, AnswerTemplate.id)
    )
    return [TemplateRow(*row) for row in connection.execute(query)]


def keep_template(
    connection: Connection, venue_id: int, template_id: UUID | None, *, language: str, title: str, text: str
) -> UUID | None:
    """A new one, or another text of one of the house; None when the house has none of that id."""
    values = {"language": language, "title": title, "text": text}
    if template_id is None:
        fresh = new_id()
        connection.execute(insert(AnswerTemplate).values(id=fresh, venue_id=venue_id, **values))
        return fresh
    known = (AnswerTemplate.id == template_id, AnswerTemplate.venue_id == venue_id)
    done = connection.execute(update(AnswerTemplate).where(*known).values(**values))
    return template_id if done.rowcount else None


def remove_template(connection: Connection, venue_id: int, template_id: UUID) -> bool:
    """Whether there was one."""
    known = (AnswerTemplate.id == template_id, AnswerTemplate.venue_id == venue_id)
    return connection.execute(delete(AnswerTemplate).where(*known)).rowcount > 0


def _heads(table: type[Message | File]) -> tuple[Any, ...]:
    """Who added it, when, and for whom: the same of everything that is in a conversation."""
    columns = (table.id, table.at, Person.name.label("by"), table.by_id, table.side, table.venue_id)
    return (*columns, Venue.code.label("venue"), Venue.name.label("venue_name"))


def _files(thread: Thread) -> Select[*tuple[Any, ...]]:
    return (
        select(*_heads(File), File.name, File.kind, File.media_type, File.size)
        .join(Person, Person.id == File.by_id)
        .outerjoin(Venue, Venue.id == File.venue_id)
        .where(_of(File, thread))
    )


def _of(table: type[Message | File], thread: Thread) -> ColumnElement[bool]:
    """The rows of a conversation that this reader may read: where houses do not share it, those of a house read
    what the company wrote to all and what the house wrote itself."""
    mine: ColumnElement[bool] = getattr(table, f"{thread.subject}_id") == thread.id
    if thread.shared or thread.side is Side.COMPANY:
        return mine
    return mine & (table.venue_id.is_(None) | (table.venue_id == thread.venue_id))


def _columns(thread: Thread) -> dict[str, object]:
    return {f"{thread.subject}_id": thread.id, "venue_id": thread.venue_id, "side": thread.side}
