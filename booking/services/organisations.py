"""Companies, as the house that books for them may see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.people import Person
from booking.domain.refusals import Forbidden
from booking.storage import organisations


def everyone(connection: Connection, person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, name, town` of every company, for a planner whom one of them phoned. Forbidden to companies."""
    if not (person.manages or person.sees_everything):
        raise Forbidden
    return organisations.all_by_name(connection)
