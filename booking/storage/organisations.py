"""Companies, read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from booking.storage.people import Organisation


def find(connection: Connection, organisation_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """`name` and `programme_company` of that organisation, or None."""
    query = select(Organisation.name, Organisation.programme_company)
    return connection.execute(query.where(Organisation.id == organisation_id)).one_or_none()


def all_by_name(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id` and `name` of every organisation, for a planner who enters a booking."""
    return connection.execute(
        select(Organisation.id, Organisation.name, Organisation.town).order_by(Organisation.name)
    ).all()
