"""Tokens of machines: only their hashes are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from booking.storage.base import new_id
from booking.storage.people import Token

TokenRow = Row[*tuple[Any, ...]]


def add(connection: Connection, person_id: UUID, name: str, token_hash: str, *, at: datetime) -> None:
    """One more token."""
    connection.execute(
        insert(Token).values(id=new_id(), person_id=person_id, name=name, hash=token_hash, created_at=at)
    )


def of_person(connection: Connection, person_id: UUID) -> Sequence[TokenRow]:
    """The tokens that still work, newest first."""
    query = select(Token.id, Token.name, Token.created_at).where(
        Token.person_id == person_id, Token.revoked_at.is_(None)
    )
    return connection.execute(query.order_by(Token.id.desc())).all()


def count(connection: Connection, person_id: UUID) -> int:
    """How many still work."""
    return connection.execute(select(how_many(person_id))).scalar_one()


def how_many(person_id: UUID) -> ColumnElement[int]:
    """The same as a part of a statement."""
    mine = select(func.count()).where(Token.person_id == person_id, Token.revoked_at.is_(None))
    return mine.scalar_subquery()


def revoke(connection: Connection, person_id: UUID, token_id: UUID, *, at: datetime) -> bool:
    """Whether there was one to revoke."""
    done = connection.execute(
        update(Token)
        .where(
            Token.id == token_id,
            Token.person_id == person_id,
            Token.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    return done.rowcount == 1


def revoke_all(connection: Connection, person_id: UUID, *, at: datetime) -> None:
    """None of this person's works any more."""
    connection.execute(
        update(Token).where(Token.person_id == person_id, Token.revoked_at.is_(None)).values(revoked_at=at)
    )
