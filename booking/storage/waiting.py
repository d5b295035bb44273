"""Who waits for what, stored."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from booking.domain.claims import Asked
from booking.domain.waiting import Behind
from booking.storage.base import new_id
from booking.storage.house_affairs import Waiting
from booking.storage.people import Organisation
from booking.storage.places import Resource, Venue

WaitingRow = Row[*tuple[Any, ...]]


def add(
    connection: Connection, asked: Asked, organisation: UUID, person: UUID, behind: Behind, *, at: datetime
) -> UUID:
    """Note it; returns its id."""
    terms, waiting_id = asked.terms, new_id()
    connection.execute(
        insert(Waiting).values(
            id=waiting_id,
            venue_id=asked.place.venue_id,
            resource_id=asked.place.id,
            organisation_id=organisation,
            person_id=person,
            starts=asked.span.start,
            ends=asked.span.end,
            start_date=_date(terms.start),
            end_date=_date(terms.end),
            quantity=terms.quantity,
            behind=behind,
            created_at=at,
        )
    )
    return waiting_id


def _date(moment: date) -> date | None:
    return None if isinstance(moment, datetime) else moment


def same(connection: Connection, asked: Asked, organisation: UUID) -> UUID | None:
    """The id of what this organisation waits for already, in just these terms."""
    query = select(Waiting.id).where(
        Waiting.organisation_id == organisation,
        Waiting.resource_id == asked.place.id,
        Waiting.starts == asked.span.start,
        Waiting.ends == asked.span.end,
        Waiting.quantity == asked.terms.quantity,
        Waiting.told_at.is_(None),
    )
    return connection.scalar(query.limit(1))


def count(connection: Connection, organisation: UUID, *, ends_after: datetime) -> int:
    """For how much this organisation waits."""
    query = select(func.count()).where(Waiting.organisation_id == organisation, Waiting.ends > ends_after)
    return connection.scalar(query) or 0


def find(connection: Connection, waiting_id: UUID) -> WaitingRow | None:
    """One of them, or None."""
    return connection.execute(_rows().where(Waiting.id == waiting_id)).one_or_none()


def of_organisations(
    connection: Connection,
    organisations: Collection[UUID],
    *,
    ends_after: datetime,
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[WaitingRow]:
    """What these organisations wait for and what they were told of, in the order in which it was noted."""
    query = _rows().where(Waiting.organisation_id.in_(organisations), Waiting.ends > ends_after)
    if after is not None:
        query = query.where(Waiting.id > after)
    return connection.execute(query.order_by(Waiting.id).limit(limit)).all()


def untold(connection: Connection, venue_id: int, *, ends_after: datetime) -> Sequence[WaitingRow]:
    """Who still waits at a house, first come first."""
    query = _rows().where(Waiting.venue_id == venue_id, Waiting.told_at.is_(None), Waiting.ends > ends_after)
    return connection.execute(query.order_by(Waiting.id)).all()


def note_told(connection: Connection, waiting_id: UUID, *, at: datetime) -> None:
    """They were told; nobody is told twice."""
    connection.execute(update(Waiting).where(Waiting.id == waiting_id).values(told_at=at))


def remove(connection: Connection, waiting_id: UUID) -> None:
    """They wait no more."""
    connection.execute(delete(Waiting).where(Waiting.id == waiting_id))


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Waiting.id,
            Waiting.venue_id,
            Waiting.organisation_id,
            Organisation.name.label("organisation_name"),
            Waiting.starts,
            Waiting.ends,
            Waiting.start_date,
            Waiting.end_date,
            Waiting.quantity,
            Waiting.behind,
            Waiting.created_at,
            Waiting.told_at,
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            Resource.kind,
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Venue.zone,
        )
        .join(Resource, (Resource.id == Waiting.resource_id) & (Resource.venue_id == Waiting.venue_id))
        .join(Venue, Venue.id == Waiting.venue_id)
        .join(Organisation, Organisation.id == Waiting.organisation_id)
    )
