"""Kit that is out: what was handed over, what came back, and stock that is out of order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, case, delete, func, insert, select, type_coerce, update

from booking.domain.spans import Span
from booking.domain.states import Force, State
from booking.storage.base import Instant, new_id
from booking.storage.bookings import Booking, Claim, Closure, Occupancy
from booking.storage.house_affairs import Movement
from booking.storage.people import Organisation, Person
from booking.storage.places import Resource, Venue

OUTAGE = "out of order"
SETTLED = (State.CONFIRMED, State.COMPLETED)
HARD = (State.PENDING, *SETTLED)


@dataclass(frozen=True, slots=True)
class KitRow:
    """One claim on equipment with what moved. Instants in UTC; `out`, `back`: pieces so far."""

    claim: UUID
    booking: UUID
    venue_id: int
    venue: str
    zone: str
    day_line: int
    resource_id: int
    resource: str
    resource_name: dict[str, str]
    exclusive: bool
    capacity: int
    organisation: UUID | None
    organisation_name: str | None
    title: str
    state: str
    starts: datetime
    ends: datetime
    quantity: int
    out: int
    back: int
    last_at: datetime | None

    @property
    def missing(self) -> int:
        """How many are still out."""
        return self.out - self.back

    @property
    def moved(self) -> int:
        """What rises with every movement: who acts on an older page did not see the last one."""
        return self.out + self.back


def kit(
    connection: Connection,
    *,
    venue: str | None = None,
    claim: UUID | None = None,
    booking: UUID | None = None,
    any_kind: bool = False,
    ended_by: datetime | None = None,
) -> list[KitRow]:
    """Claims on equipment that are confirmed, by end. `ended_by`: only those that were due by then and are not
    all back. `any_kind`: of whatever is counted, and pending ones too."""
    moved = (
        select(
            Movement.claim_id,
            func.sum(case((Movement.kind == "out", Movement.quantity), else_=0)).label("out"),
            func.sum(case((Movement.kind == "in", Movement.quantity), else_=0)).label("back"),
            func.max(Movement.at).label("last_at"),
        )
        .group_by(Movement.claim_id)
        .subquery()
    )
    out, back = func.coalesce(moved.c.out, 0), func.coalesce(moved.c.back, 0)
    query = (
        select(
            Claim.id.label("claim"),
            Booking.id.label("booking"),
            Booking.venue_id,
            Venue.code.label("venue"),
            Venue.zone,
            Venue.day_line,
            Resource.id.label("resource_id"),
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            Resource.exclusive,
            Resource.capacity,
            Booking.organisation_id.label("organisation"),
            Organisation.name.label("organisation_name"),
            Booking.title,
            Booking.state,
            Claim.starts,
            Claim.ends,
            Claim.quantity,
            out.label("out"),
            back.label("back"),
            type_coerce(moved.c.last_at, Instant()).label("last_at"),
        )
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .join(Resource, (Resource.id == Claim.resource_id) & (Resource.venue_id == Claim.venue_id))
        .join(Venue, Venue.id == Booking.venue_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(moved, moved.c.claim_id == Claim.id)
        .where(Claim.ended_at.is_(None))
        .where(Booking.state.in_(HARD if any_kind else SETTLED))
        .order_by(Claim.ends, Claim.id)
    )
    if not any_kind:
        query = query.where(Resource.kind == "equipment")
    if booking is not None:
        query = query.where(Booking.id == booking)
    if venue is not None:
        query = query.where(Venue.code == venue)
    if claim is not None:
        query = query.where(Claim.id == claim)
    if ended_by is not None:
        query = query.where(Claim.ends <= ended_by, out > back)
    return [KitRow(**row._mapping) for row in connection.execute(query)]


def of_booking(connection: Connection, booking: UUID, resource_id: int) -> list[KitRow]:
    """What a booking holds hard of one resource, whatever its kind: bedrooms are counted too."""
    return [row for row in kit(connection, booking=booking, any_kind=True) if row.resource_id == resource_id]


def add_movement(
    connection: Connection, row: KitRow, kind: str, quantity: int, damage: list[Any], **by: Any
) -> None:
    """Note that pieces went out or came back. `by`: by_id, at."""
    connection.execute(
        insert(Movement).values(
            id=new_id(),
            venue_id=row.venue_id,
            claim_id=row.claim,
            kind=kind,
            quantity=quantity,
            damage=damage,
            **by,
        )
    )


def damages(connection: Connection, resource_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """`at, damage, booking, title, organisation, by` of every return with a note of damage, the latest first."""
    query = (
        select(
            Movement.at,
            Movement.damage,
            Booking.id.label("booking"),
            Booking.title,
            Organisation.name.label("organisation"),
            Person.name.label("by"),
        )
        .join(Claim, (Claim.id == Movement.claim_id) & (Claim.venue_id == Movement.venue_id))
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .join(Person, Person.id == Movement.by_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .where(Claim.resource_id == resource_id, Movement.kind == "in")
        .order_by(Movement.at.desc(), Movement.id.desc())
    )
    return [row for row in connection.execute(query) if row.damage]


def next_out(connection: Connection, row: KitRow, *, until: datetime) -> list[KitRow]:
    """Who has the same kit after this claim, and begins before `until`."""
    rows = kit(connection, venue=row.venue)
    return [
        each
        for each in rows
        if each.resource_id == row.resource_id and each.claim != row.claim and row.ends <= each.starts < until
    ]


def set_capacity(connection: Connection, resource_id: int, capacity: int) -> None:
    """How many pieces there are."""
    connection.execute(update(Resource).where(Resource.id == resource_id).values(capacity=capacity))


def out_of_order(connection: Connection, resource_id: int, *, at: datetime) -> int:
    """How many pieces cannot be used at that moment, as the house noted it."""
    query = select(func.sum(Closure.quantity)).where(
        Closure.resource_id == resource_id, Closure.quantity.is_not(None), Closure.ended_at.is_(None)
    )
    return int(connection.execute(query.where(Closure.starts <= at, Closure.ends > at)).scalar_one() or 0)


def set_out_of_order(
    connection: Connection, venue_id: int, resource_id: int, quantity: int, during: Span, *, at: datetime
) -> None:
    """So many pieces cannot be used from now on; 0: all are repaired. What was noted before ends."""
    old = select(Closure.id).where(
        Closure.resource_id == resource_id, Closure.quantity.is_not(None), Closure.ended_at.is_(None)
    )
    ids = list(connection.execute(old).scalars())
    connection.execute(delete(Occupancy).where(Occupancy.closure_id.in_(ids)))
    connection.execute(update(Closure).where(Closure.id.in_(ids)).values(ended_at=at, modified_at=at))
    if not quantity:
        return
    closure_id = new_id()
    stretch = {"starts": during.start, "ends": during.end}
    connection.execute(
        insert(Closure).values(
            id=closure_id,
            venue_id=venue_id,
            resource_id=resource_id,
            reason=OUTAGE,
            quantity=quantity,
            created_at=at,
            modified_at=at,
            **stretch,
        )
    )
    connection.execute(
        insert(Occupancy).values(
            id=new_id(),
            venue_id=venue_id,
            atom_id=resource_id,
            closure_id=closure_id,
            source="closure",
            quantity=quantity,
            exclusive=False,
            force=Force.HARD,
            **stretch,
        )
    )
