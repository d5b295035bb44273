"""Inventories that people read in, stored: the file, what it would change, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    SmallInteger,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.people import Person
from booking.storage.places import Venue

WORKED_ON = ("waiting", "approved")
"""The states in which the worker has something to do."""
WAITS = "state IN ('waiting', 'approved')"


class InventoryImport(Base):
    """One file. `state`: `waiting` to be read, `shown`, `approved`, `done`; or `refused` (it cannot be read),
    `outdated` (something changed since it was shown). `plan`: what was shown; `digest`: of file and plan.
    `tries`: how often the worker began with it as it stands; `again_at`: before then it does not begin again."""

    __tablename__ = "inventory_import"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    plan: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    digest: Mapped[str | None]
    problem: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    again_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'shown', 'approved', 'done', 'outdated', 'refused')", name="state"),
        Index("ix_inventory_import_venue", "venue_id"),
        Index("ix_inventory_import_waiting", "id", postgresql_where=text(WAITS), sqlite_where=text(WAITS)),
    )


ImportRow = Row[*tuple[Any, ...]]


def add(connection: Connection, venue_id: int, by: UUID, name: str, content: bytes, *, at: datetime) -> UUID:
    """A file that waits to be read."""
    import_id = new_id()
    connection.execute(
        insert(InventoryImport).values(
            id=import_id, venue_id=venue_id, by_id=by, name=name, at=at, state="waiting", content=content
        )
    )
    return import_id


def find(connection: Connection, import_id: UUID) -> ImportRow | None:
    """Everything but its content, `venue` (code), `zone` and `by` (name); or None."""
    return connection.execute(_rows().where(InventoryImport.id == import_id)).one_or_none()


def latest(connection: Connection, venue_id: int, *, most: int) -> Sequence[ImportRow]:
    """Those of a house, the newest first."""
    query = _rows().where(InventoryImport.venue_id == venue_id).order_by(InventoryImport.at.desc())
    return connection.execute(query.limit(most)).all()


def content(connection: Connection, import_id: UUID) -> bytes:
    """The file as it was sent."""
    found: bytes = connection.execute(
        select(InventoryImport.content).where(InventoryImport.id == import_id)
    ).scalar_one()
    return found


def count_waiting(connection: Connection, venue_id: int) -> int:
    """How many of a house the worker still has something to do for."""
    query = select(func.count()).select_from(InventoryImport)
    return connection.execute(
        query.where(InventoryImport.venue_id == venue_id, InventoryImport.state.in_(WORKED_ON))
    ).scalar_one()


def due(connection: Connection, *, at: datetime) -> list[UUID]:
    """Those for which the worker has something to do now, the oldest first."""
    query = select(InventoryImport.id).where(InventoryImport.state.in_(WORKED_ON), _may_begin(at))
    return list(connection.execute(query.order_by(InventoryImport.id)).scalars())


def begin(connection: Connection, import_id: UUID, *, at: datetime, again_at: datetime) -> int | None:
    """Note that the worker begins with it, and not again before `again_at`; which time that is. None when there is
    nothing to do any more."""
    return connection.execute(
        update(InventoryImport)
        .where(InventoryImport.id == import_id, InventoryImport.state.in_(WORKED_ON), _may_begin(at))
        .values(tries=InventoryImport.tries + 1, again_at=again_at)
        .returning(InventoryImport.tries)
    ).scalar_one_or_none()


def _may_begin(at: datetime) -> ColumnElement[bool]:
    return or_(InventoryImport.again_at.is_(None), InventoryImport.again_at <= at)


def count_open(venue_id: int | None, by: UUID) -> ColumnElement[int]:
    """How many this person sent to a house of which nothing came yet, as a part of a statement."""
    query = select(func.count()).select_from(InventoryImport)
    return query.where(*_open_ones(venue_id, by)).scalar_subquery()


def hand_over(connection: Connection, venue_id: int | None, by: UUID, to: UUID | None) -> None:
    """The same are somebody else's from now on."""
    connection.execute(update(InventoryImport).where(*_open_ones(venue_id, by)).values(by_id=to))


def _open_ones(venue_id: int | None, by: UUID) -> Sequence[ColumnElement[bool]]:
    mine = (InventoryImport.venue_id == venue_id, InventoryImport.by_id == by)
    return (*mine, InventoryImport.state.in_((*WORKED_ON, "shown")))


def move(connection: Connection, import_id: UUID, before: Collection[str], **values: Any) -> bool:
    """Another state and other values, if its state is still one of these; whether it was. What is tried next is
    tried for the first time."""
    moved = connection.execute(
        update(InventoryImport)
        .where(InventoryImport.id == import_id, InventoryImport.state.in_(before))
        .values(**values, tries=0, again_at=None)
    )
    return moved.rowcount == 1


def forget(connection: Connection, *, before: datetime) -> int:
    """Files are no archive."""
    return connection.execute(delete(InventoryImport).where(InventoryImport.at < before)).rowcount


def _rows() -> Any:
    return (
        select(
            InventoryImport.id,
            InventoryImport.venue_id,
            Venue.code.label("venue"),
            Venue.zone,
            InventoryImport.by_id,
            Person.name.label("by"),
            InventoryImport.name,
            InventoryImport.at,
            InventoryImport.state,
            InventoryImport.plan,
            InventoryImport.digest,
            InventoryImport.problem,
            InventoryImport.ended_at,
        )
        .join(Venue, Venue.id == InventoryImport.venue_id)
        .join(Person, Person.id == InventoryImport.by_id)
    )
