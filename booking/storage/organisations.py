"""Companies, read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from booking.storage.people import Organisation


def is_programme_company(connection: Connection, organisation_id: UUID) -> bool | None:
    """Whether that organisation is a programme company; None when there is no such organisation."""
    query = select(Organisation.programme_company).where(Organisation.id == organisation_id)
    return connection.execute(query).scalar()


def all_by_name(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id` and `name` of every organisation, for a planner who enters a booking."""
    return connection.execute(
        select(Organisation.id, Organisation.name, Organisation.town).order_by(Organisation.name)
    ).all()
