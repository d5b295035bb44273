"""Webhooks: addresses that are told what happened, and every delivery to them."""

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
    Select,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.people import Role
from booking.storage.base import Base, new_id
from booking.storage.people import Hat
from booking.storage.places import Venue

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
WAITS = "state = 'waiting'"


class Webhook(Base):
    """One address of one person's machine, and the kinds of event that it wants.

    Its secret follows from its id, `generation` and this deployment's secret, and is kept nowhere. `rotated_at`:
    when it got its present one; the one before still signs for a while. `failing_since`: since when nothing has
    arrived; `disabled_at`: since when nothing is sent.
    """

    __tablename__ = "webhook"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    url: Mapped[str]
    events: Mapped[list[Any]]
    generation: Mapped[int]
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("generation >= 1", name="generation"),)


class Delivery(Base):
    """One event on its way to one webhook. `status`, `answer`: what came back last, and its beginning."""

    __tablename__ = "delivery"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    kind: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answer: Mapped[str | None]
    failure: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_delivery_due", "next_at", postgresql_where=sql(WAITS), sqlite_where=sql(WAITS)),
        Index("ix_delivery_webhook", "webhook_id", "id"),
    )


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook."""

    id: UUID
    person_id: UUID
    url: str
    events: list[str]
    generation: int
    created_at: datetime
    rotated_at: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery, with its webhook."""

    id: UUID
    event_id: UUID
    kind: str
    body: str
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    delivered_at: datetime | None
    status: int | None
    answer: str | None
    failure: str | None
    webhook: WebhookRow


def add(connection: Connection, **values: Any) -> UUID:
    """A new one; returns its id."""
    webhook_id = new_id()
    connection.execute(insert(Webhook).values(id=webhook_id, generation=1, **values))
    return webhook_id


def of_person(connection: Connection, person_id: UUID) -> list[WebhookRow]:
    """The webhooks of a person, newest first."""
    rows = connection.execute(_webhooks().where(Webhook.person_id == person_id).order_by(Webhook.id.desc()))
    return [WebhookRow(**row._mapping) for row in rows]


def find(connection: Connection, person_id: UUID, webhook_id: UUID) -> WebhookRow | None:
    """One of this person's, or None."""
    query = _webhooks().where(Webhook.person_id == person_id, Webhook.id == webhook_id)
    row = connection.execute(query).one_or_none()
    return WebhookRow(**row._mapping) if row else None


def remove(connection: Connection, webhook_id: UUID) -> None:
    """Forget it, with all that was ever delivered to it."""
    connection.execute(delete(Delivery).where(Delivery.webhook_id == webhook_id))
    connection.execute(delete(Webhook).where(Webhook.id == webhook_id))


def alter(connection: Connection, webhook_id: UUID, **values: Any) -> None:
    """Set some columns."""
    connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(values))


def listening(
    connection: Connection, venue_id: int, organisation: UUID | None
) -> Sequence[tuple[UUID, list[str], str]]:
    """`(id, events, venue code)` of the webhooks of whoever may know what happens there to that company.

    One statement, and none of its rows where nobody listens.
    """
    may_know = or_(
        Hat.role.in_([Role.COORDINATOR, Role.ADMIN]),
        Hat.role.in_([Role.MANAGER, Role.TECHNICIAN]) & (Hat.venue_id == venue_id),
        (Hat.role == Role.MEMBER) & (Hat.organisation_id == organisation),
    )
    query = (
        select(Webhook.id, Webhook.events, Venue.code)
        .join(Hat, Hat.person_id == Webhook.person_id)
        .join(Venue, Venue.id == venue_id)
        .where(Webhook.disabled_at.is_(None), may_know)
    )
    return [(row.id, row.events, row.code) for row in connection.execute(query)]


def put(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Note deliveries; an event goes to a webhook once."""
    if not rows:
        return
    insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    usual = {"state": WAITING, "attempts": 0}
    connection.execute(
        insert_into(Delivery).on_conflict_do_nothing(), [{"id": new_id(), **usual, **row} for row in rows]
    )


def waits(connection: Connection, *, at: datetime) -> bool:
    """Whether any delivery is due."""
    return connection.scalar(select(_due(at).exists())) or False


def claim(connection: Connection, *, at: datetime, until: datetime, limit: int) -> list[DeliveryRow]:
    """The next deliveries that are due, for one worker alone until `until`."""
    due = (
        _due(at)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    taken = update(Delivery).where(Delivery.id.in_(ids)).values(next_at=until, attempts=Delivery.attempts + 1)
    connection.execute(taken)
    return _deliveries(connection, select(Delivery.id).where(Delivery.id.in_(ids)))


def _due(at: datetime) -> Select[UUID]:
    return (
        select(Delivery.id)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.state == WAITING, Delivery.next_at <= at, Webhook.disabled_at.is_(None))
    )


def note(connection: Connection, delivery_id: UUID, **values: Any) -> None:
    """What became of an attempt."""
    connection.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))


def again(connection: Connection, delivery_id: UUID, *, at: datetime) -> None:
    """Due now, from the first attempt on."""
    note(connection, delivery_id, state=WAITING, attempts=0, next_at=at, failure=None)


def listing(
    connection: Connection, person_id: UUID, *, webhook: UUID | None, before: UUID | None, limit: int
) -> list[DeliveryRow]:
    """The deliveries to this person's webhooks (to one of them), newest first, older than `before`."""
    query = select(Delivery.id).join(Webhook, Webhook.id == Delivery.webhook_id)
    query = query.where(Webhook.person_id == person_id)
    if webhook is not None:
        query = query.where(Webhook.id == webhook)
    if before is not None:
        query = query.where(Delivery.id < before)
    return _deliveries(connection, query.order_by(Delivery.id.desc()).limit(limit))


def delivery(connection: Connection, person_id: UUID, delivery_id: UUID) -> DeliveryRow | None:
    """One delivery to one of this person's webhooks, or None."""
    query = select(Delivery.id).join(Webhook, Webhook.id == Delivery.webhook_id)
    mine = query.where(Webhook.person_id == person_id, Delivery.id == delivery_id)
    return next(iter(_deliveries(connection, mine)), None)


def count(connection: Connection, person_id: UUID) -> int:
    """How many webhooks a person has."""
    return connection.execute(select(how_many(person_id))).scalar_one()


def how_many(person_id: UUID) -> ColumnElement[int]:
    """The same as a part of a statement."""
    return select(func.count()).where(Webhook.person_id == person_id).scalar_subquery()


def _webhooks() -> Select[*tuple[Any, ...]]:
    return select(*WEBHOOK)


WEBHOOK = (
    Webhook.id,
    Webhook.person_id,
    Webhook.url,
    Webhook.events,
    Webhook.generation,
    Webhook.created_at,
    Webhook.rotated_at,
    Webhook.failing_since,
    Webhook.disabled_at,
)
DELIVERY = (
    Delivery.id,
    Delivery.event_id,
    Delivery.kind,
    Delivery.body,
    Delivery.state,
    Delivery.attempts,
    Delivery.created_at,
    Delivery.next_at,
    Delivery.delivered_at,
    Delivery.status,
    Delivery.answer,
    Delivery.failure,
)


def _deliveries(connection: Connection, ids: Select[UUID]) -> list[DeliveryRow]:
    """Those with these ids, newest first."""
    found = list(connection.execute(ids).scalars())
    query = (
        select(*DELIVERY, *(column.label(f"webhook_{column.key}") for column in WEBHOOK))
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.id.in_(found))
        .order_by(Delivery.id.desc())
    )
    split = len(DELIVERY)
    rows = []
    for row in connection.execute(query):
        values: list[Any] = list(row)
        known: dict[str, Any] = {column.key: values[n] for n, column in enumerate(DELIVERY)}
        rows.append(DeliveryRow(webhook=WebhookRow(*values[split:]), **known))
    return rows
