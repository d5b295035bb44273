"""Answers kept for repeated requests: Idempotency-Key of machines, and the key in a form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from booking.storage.base import new_id
from booking.storage.events import KeptAnswer

OF_A_FORM = "form:"
"""How the keys of pages begin: a tab stays open for longer than a machine tries again."""


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


def forget(connection: Connection, *, before: datetime, forms_before: datetime) -> int:
    """Drop what was kept before that instant, and of pages before the other one; returns how many."""
    of_a_form = KeptAnswer.key.startswith(OF_A_FORM)
    old = or_(and_(~of_a_form, KeptAnswer.at < before), KeptAnswer.at < forms_before)
    return connection.execute(delete(KeptAnswer).where(old)).rowcount
