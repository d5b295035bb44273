"""Answers kept for repeated requests (Idempotency-Key)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select

from booking.storage.base import new_id
from booking.storage.events import KeptAnswer


def find(connection: Connection, person_id: UUID, key: str) -> Row[*tuple[Any, ...]] | None:
    """`fingerprint, body, address, revision` of the first answer to that key, or None."""
    query = select(KeptAnswer.fingerprint, KeptAnswer.body, KeptAnswer.address, KeptAnswer.revision)
    return connection.execute(query.where(KeptAnswer.person_id == person_id, KeptAnswer.key == key)).one_or_none()


def keep(
    connection: Connection,
    person_id: UUID,
    key: str,
    fingerprint: str,
    *,
    body: Mapping[str, Any],
    address: str,
    revision: int | None,
    at: datetime,
) -> None:
    """Keep one. IntegrityError when the key is there already."""
    connection.execute(
        insert(KeptAnswer).values(
            id=new_id(),
            person_id=person_id,
            key=key,
            fingerprint=fingerprint,
            body=dict(body),
            address=address,
            revision=revision,
            at=at,
        )
    )


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop what was kept before that instant; returns how many."""
    return connection.execute(delete(KeptAnswer).where(KeptAnswer.at < before)).rowcount
