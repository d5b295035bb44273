"""Companies, read and written."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, case, func, insert, select, update

from booking.domain.states import IN_LINE, State
from booking.storage.base import new_id
from booking.storage.bookings import Booking
from booking.storage.people import Hat, Organisation

STANDS: Mapping[str, Collection[State]] = {
    "requested": (State.REQUESTED,),
    "options": IN_LINE,
    "confirmed": (State.CONFIRMED,),
}
"""How bookings that are not over are counted."""


def find(connection: Connection, organisation_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """`name` and `programme_company` of that organisation, or None."""
    query = select(Organisation.name, Organisation.programme_company)
    return connection.execute(query.where(Organisation.id == organisation_id)).one_or_none()


def all_by_name(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id` and `name` of every organisation, for a planner who enters a booking."""
    return connection.execute(
        select(Organisation.id, Organisation.name, Organisation.town).order_by(Organisation.name)
    ).all()


def whole(connection: Connection, organisation_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """Everything that is known of one."""
    columns = Organisation.__table__.columns
    return connection.execute(select(*columns).where(Organisation.id == organisation_id)).one_or_none()


def listing(connection: Connection, *, q: str | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every company with the number of its `members`, by name, and of its bookings that are not over: `requested`,
    held as `options`, and `confirmed`. `q`: a part of name, town or number."""
    members = select(func.count()).where(Hat.organisation_id == Organisation.id).scalar_subquery()
    counted = (
        select(Booking.organisation_id, *(_count(states).label(name) for name, states in STANDS.items()))
        .where(Booking.state.in_([state for states in STANDS.values() for state in states]))
        .group_by(Booking.organisation_id)
        .subquery()
    )
    query = (
        select(
            *Organisation.__table__.columns,
            members.label("members"),
            *(func.coalesce(counted.c[name], 0).label(name) for name in STANDS),
        )
        .outerjoin(counted, counted.c.organisation_id == Organisation.id)
        .order_by(Organisation.name)
    )
    if q:
        texts = (Organisation.name, Organisation.town, func.coalesce(Organisation.enterprise_number, ""))
        found = [func.lower(text).contains(q.lower(), autoescape=True) for text in texts]
        query = query.where(found[0] | found[1] | found[2])
    return connection.execute(query).all()


def _count(states: Collection[State]) -> Any:
    return func.sum(case((Booking.state.in_(states), 1), else_=0))


def named(connection: Connection, name: str) -> UUID | None:
    """The company of that name, whatever its capitals."""
    query = select(Organisation.id).where(func.lower(Organisation.name) == name.lower())
    return connection.execute(query).scalars().first()


def add(connection: Connection, values: Mapping[str, Any]) -> UUID:
    """A new company."""
    organisation_id = new_id()
    connection.execute(insert(Organisation).values(id=organisation_id, **values))
    return organisation_id


def alter(connection: Connection, organisation_id: UUID, values: Mapping[str, Any]) -> None:
    """Other facts of a company."""
    connection.execute(update(Organisation).where(Organisation.id == organisation_id).values(**values))
