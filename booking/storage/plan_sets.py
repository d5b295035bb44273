"""Sets of rooms that a planner saved for the plan of a house, each in an order of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Row,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.storage.base import Base, new_id
from booking.storage.places import Venue

PlanSetRow = Row[*tuple[Any, ...]]


class PlanSet(Base):
    """One set of one person. `rooms`: codes in order; `is_first`: the plan opens with it."""

    __tablename__ = "plan_set"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    name: Mapped[str]
    rooms: Mapped[list[Any]]
    is_first: Mapped[bool]

    __table_args__ = (UniqueConstraint("person_id", "venue_id", "name"),)


def listing(connection: Connection, person: UUID, venue: str) -> Sequence[PlanSetRow]:
    """`id, name, rooms, is_first` of this person at this house, by name."""
    query = select(PlanSet.id, PlanSet.name, PlanSet.rooms, PlanSet.is_first)
    query = query.join(Venue, Venue.id == PlanSet.venue_id)
    return connection.execute(
        query.where(PlanSet.person_id == person, Venue.code == venue).order_by(PlanSet.name)
    ).all()


def count(connection: Connection, person: UUID, venue_id: int, *, besides: str) -> int:
    """How many there are, without the one of that name."""
    query = select(func.count()).select_from(PlanSet).where(PlanSet.name != besides)
    return connection.scalar(query.where(PlanSet.person_id == person, PlanSet.venue_id == venue_id)) or 0


def how_many(person: UUID, venue_id: int | None) -> ColumnElement[int]:
    """How many there are, as a part of a statement."""
    query = select(func.count()).select_from(PlanSet)
    return query.where(PlanSet.person_id == person, PlanSet.venue_id == venue_id).scalar_subquery()


def save(
    connection: Connection, person: UUID, venue_id: int, name: str, rooms: Sequence[str], *, first: bool
) -> None:
    """Under its name, in the place of what had that name; at most one is the first."""
    mine = (PlanSet.person_id == person, PlanSet.venue_id == venue_id)
    if first:
        connection.execute(update(PlanSet).where(*mine).values(is_first=False))
    connection.execute(delete(PlanSet).where(*mine, PlanSet.name == name))
    values = {"person_id": person, "venue_id": venue_id, "name": name, "rooms": list(rooms), "is_first": first}
    connection.execute(insert(PlanSet).values(id=new_id(), **values))


def remove(connection: Connection, person: UUID, set_id: UUID) -> bool:
    """Whether there was one of this person."""
    gone = connection.execute(delete(PlanSet).where(PlanSet.id == set_id, PlanSet.person_id == person))
    return bool(gone.rowcount)


def hand_over(connection: Connection, person: UUID, venue_id: int, to: UUID) -> None:
    """They are somebody else's, each behind those that they have; what has the name of one of those goes."""
    theirs = select(PlanSet.name).where(PlanSet.person_id == to, PlanSet.venue_id == venue_id)
    names = set(connection.execute(theirs).scalars())
    mine = (PlanSet.person_id == person, PlanSet.venue_id == venue_id)
    connection.execute(delete(PlanSet).where(*mine, PlanSet.name.in_(names)))
    connection.execute(update(PlanSet).where(*mine).values(person_id=to, is_first=False))
