"""Inventories that people read in, stored: the file, what it would change, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.people import Person
from booking.storage.places import Venue

WAITS = "state IN ('waiting', 'approved')"


class InventoryImport(Base):
    """One file. `state`: `waiting` to be read, `shown`, `approved`, `done`; or `refused` (it cannot be read),
    `outdated` (something changed since it was shown). `plan`: what was shown; `digest`: of file and plan."""

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


def due(connection: Connection) -> list[UUID]:
    """Those for which the worker has something to do, the oldest first."""
    query = select(InventoryImport.id).where(InventoryImport.state.in_(["waiting", "approved"]))
    return list(connection.execute(query.order_by(InventoryImport.id)).scalars())


def move(connection: Connection, import_id: UUID, before: Collection[str], **values: Any) -> bool:
    """Other values, if its state is still one of these; whether it was."""
    moved = connection.execute(
        update(InventoryImport)
        .where(InventoryImport.id == import_id, InventoryImport.state.in_(before))
        .values(**values)
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
