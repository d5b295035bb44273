"""Devices that are told by web push, and what is on its way to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.people import Person
from booking.storage.places import Venue


class Device(Base):
    """One browser of one person (a push subscription): where its service listens, and for whom it decrypts.

    `p256dh`, `auth`: the public key and the secret of RFC 8291, in base64url.
    """

    __tablename__ = "device"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]


class Push(Base):
    """One message on its way to one device; gone as soon as it is delivered or too old. `key`: what it tells, so
    that a device is told once."""

    __tablename__ = "push"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str]
    side: Mapped[str]
    booking_id: Mapped[UUID | None]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int]

    __table_args__ = (
        UniqueConstraint("device_id", "key"),
        CheckConstraint("side IN ('house', 'company')", name="side"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_push_due", "next_at"),
    )


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device."""

    id: UUID
    person_id: UUID
    name: str
    endpoint: str
    p256dh: str
    auth: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PushRow:
    """One message with its device, its reader's language, and the code and the clock of its house."""

    id: UUID
    kind: str
    side: str
    booking_id: UUID | None
    facts: dict[str, Any]
    created_at: datetime
    attempts: int
    language: str
    venue: str
    zone: str
    device: DeviceRow


DEVICE = (
    Device.id,
    Device.person_id,
    Device.name,
    Device.endpoint,
    Device.p256dh,
    Device.auth,
    Device.created_at,
)


def add(connection: Connection, **values: Any) -> UUID:
    """A new one, or the one with that endpoint under its new keys; returns its id. What was on its way to another
    person in that browser is not told any more."""
    others = select(Device.id).where(
        Device.endpoint == values["endpoint"], Device.person_id != values["person_id"]
    )
    connection.execute(delete(Push).where(Push.device_id.in_(others)))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    change = {name: values[name] for name in ("person_id", "name", "p256dh", "auth", "created_at")}
    new = insert(Device).values(id=new_id(), **values)
    statement = new.on_conflict_do_update(index_elements=["endpoint"], set_=change).returning(Device.id)
    return connection.execute(statement).scalar_one()


def of_person(connection: Connection, person_id: UUID) -> list[DeviceRow]:
    """The devices of a person, newest first."""
    rows = connection.execute(select(*DEVICE).where(Device.person_id == person_id).order_by(Device.id.desc()))
    return [DeviceRow(**row._mapping) for row in rows]


def of_people(connection: Connection, people: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """`(device, person)` of all these people."""
    query = select(Device.id, Device.person_id).where(Device.person_id.in_(people))
    return [(row.id, row.person_id) for row in connection.execute(query)]


def count(connection: Connection, person_id: UUID, *, besides: str) -> int:
    """How many a person has, without the one at that endpoint."""
    mine = select(func.count()).where(Device.person_id == person_id, Device.endpoint != besides)
    return connection.execute(mine).scalar_one()


def remove(connection: Connection, device_id: UUID, person_id: UUID | None = None) -> bool:
    """Forget it, with what was on its way to it; of one person alone, when one is named. Whether there was one."""
    mine = Device.id == device_id
    if person_id is not None:
        mine &= Device.person_id == person_id
    known = connection.execute(select(Device.id).where(mine)).scalar()
    if known is None:
        return False
    connection.execute(delete(Push).where(Push.device_id == known))
    return connection.execute(delete(Device).where(Device.id == known)).rowcount == 1


def put(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Note messages; what a device is told already it is not told again."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    fresh = [{"id": new_id(), "attempts": 0, **row} for row in rows]
    connection.execute(insert(Push).on_conflict_do_nothing(), fresh)


def waits(connection: Connection, *, at: datetime) -> bool:
    """Whether any message is due."""
    return connection.scalar(select(_due(at).exists())) or False


def claim(connection: Connection, *, at: datetime, until: datetime, limit: int) -> list[PushRow]:
    """The next messages that are due, for one worker alone until `until`."""
    due = _due(at).order_by(Push.next_at, Push.id).limit(limit).with_for_update(skip_locked=True)
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    connection.execute(update(Push).where(Push.id.in_(ids)).values(next_at=until, attempts=Push.attempts + 1))
    head = (Push.id, Push.kind, Push.side, Push.booking_id, Push.facts, Push.created_at, Push.attempts)
    query = (
        select(*head, Person.language, Venue.code, Venue.zone, *DEVICE)
        .join(Device, Device.id == Push.device_id)
        .join(Person, Person.id == Device.person_id)
        .join(Venue, Venue.id == Push.venue_id)
        .where(Push.id.in_(ids))
        .order_by(Push.id)
    )
    rows = [list(row) for row in connection.execute(query)]
    return [PushRow(*[*row[:10], DeviceRow(*row[10:])]) for row in rows]


def note_later(connection: Connection, push_id: UUID, *, next_at: datetime, attempt: int = 0) -> None:
    """It is tried again then; `attempt` 1 gives back an attempt that was none."""
    values = {"next_at": next_at, "attempts": Push.attempts - attempt}
    connection.execute(update(Push).where(Push.id == push_id).values(values))


def done(connection: Connection, push_id: UUID) -> None:
    """It arrived, or will not any more."""
    connection.execute(delete(Push).where(Push.id == push_id))


def _due(at: datetime) -> Select[UUID]:
    return select(Push.id).where(Push.next_at <= at)
