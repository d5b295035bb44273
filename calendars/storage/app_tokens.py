"""Keys of calendar apps: only their hashes are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from calendars.storage.tables import AppToken

AppTokenRow = Row[*tuple[Any, ...]]


def add(
    connection: Connection, token_id: UUID, person_id: UUID, name: str, token_hash: str, *, at: datetime
) -> None:
    """One more key."""
    values = {"id": token_id, "person_id": person_id, "name": name, "hash": token_hash, "created_at": at}
    connection.execute(insert(AppToken).values(**values))


def of_person(
    connection: Connection, person_id: UUID, *, before: UUID | None = None, limit: int | None = None
) -> Sequence[AppTokenRow]:
    """`id, name, created_at` of a person's keys, newest first; `before` an id goes on."""
    query = select(AppToken.id, AppToken.name, AppToken.created_at).where(AppToken.person_id == person_id)
    if before is not None:
        query = query.where(AppToken.id < before)
    return connection.execute(query.order_by(AppToken.id.desc()).limit(limit)).all()


def count(connection: Connection, person_id: UUID) -> int:
    """How many a person has."""
    return connection.execute(select(how_many(person_id))).scalar_one()


def how_many(person_id: UUID) -> ColumnElement[int]:
    """The same as a part of a statement."""
    return select(func.count()).where(AppToken.person_id == person_id).scalar_subquery()


def owner(connection: Connection, token_hash: str) -> UUID | None:
    """Whose key it is, or None."""
    return connection.execute(select(AppToken.person_id).where(AppToken.hash == token_hash)).scalar()


def remove(connection: Connection, person_id: UUID, token_id: UUID) -> bool:
    """Whether there was one to remove."""
    mine = (AppToken.id == token_id, AppToken.person_id == person_id)
    return connection.execute(delete(AppToken).where(*mine)).rowcount == 1


def remove_all(connection: Connection, person_id: UUID) -> None:
    """None of this person's opens anything any more."""
    connection.execute(delete(AppToken).where(AppToken.person_id == person_id))
