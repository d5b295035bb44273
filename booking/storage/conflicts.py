"""The conflict desk, stored: what arose later over something that was settled. No row is ever deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.house_affairs import DeskConflict
from booking.storage.people import Organisation, Person
from booking.storage.places import Resource, Venue


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One conflict with its booking, its resource and its house. Instants in UTC; `days` RFC 3339 dates."""

    id: UUID
    venue_id: int
    venue: str
    venue_name: str
    zone: str
    kind: str
    booking_id: UUID
    state: str
    title: str
    organisation: UUID | None
    organisation_name: str | None
    claim_id: UUID
    resource: str
    resource_name: dict[str, str]
    cause: str
    cause_id: UUID | None
    starts: datetime
    ends: datetime
    days: list[str]
    facts: dict[str, Any]
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    why: str | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.resolved_at is None

    @property
    def span(self) -> Span:
        """When both want the same."""
        return Span(self.starts, self.ends)

    @property
    def dates(self) -> list[date]:
        """The planning days."""
        return [date.fromisoformat(day) for day in self.days]


def add(connection: Connection, **values: Any) -> UUID:
    """Write one; returns its id."""
    conflict_id = new_id()
    connection.execute(insert(DeskConflict).values(id=conflict_id, **values))
    return conflict_id


def of_cause(connection: Connection, cause: str, cause_id: UUID) -> list[ConflictRow]:
    """Everything that one cause has brought."""
    query = _rows().where(DeskConflict.cause == cause, DeskConflict.cause_id == cause_id)
    return _read(connection, query)


def of_claim(connection: Connection, claim_id: UUID, cause: str, cause_id: UUID | None) -> list[ConflictRow]:
    """What the same cause has brought upon a claim, oldest first, open or not."""
    query = _rows().where(
        DeskConflict.claim_id == claim_id,
        DeskConflict.cause == cause,
        DeskConflict.cause_id == cause_id if cause_id is not None else DeskConflict.cause_id.is_(None),
    )
    return _read(connection, query.order_by(DeskConflict.id))


def alter(connection: Connection, conflict_id: UUID, **values: Any) -> None:
    """Change columns of one."""
    connection.execute(update(DeskConflict).where(DeskConflict.id == conflict_id).values(**values))


def find(connection: Connection, conflict_id: UUID) -> ConflictRow | None:
    """One, or None."""
    return next(iter(_read(connection, _rows().where(DeskConflict.id == conflict_id))), None)


def listing(
    connection: Connection,
    *,
    venues: Collection[str] | None,
    is_open: bool | None = None,
    after: UUID | None = None,
    limit: int = 200,
) -> list[ConflictRow]:
    """Those of these houses (None: of all), oldest first. `is_open` None: resolved ones too."""
    query = _rows()
    if venues is not None:
        query = query.where(Venue.code.in_(venues))
    if is_open is not None:
        resolved = DeskConflict.resolved_at
        query = query.where(resolved.is_(None) if is_open else resolved.is_not(None))
    if after is not None:
        query = query.where(DeskConflict.id > after)
    return _read(connection, query.order_by(DeskConflict.id).limit(limit))


def open_in(connection: Connection, venue_id: int) -> list[ConflictRow]:
    """What is open in one house."""
    query = _rows().where(DeskConflict.venue_id == venue_id, DeskConflict.resolved_at.is_(None))
    return _read(connection, query.order_by(DeskConflict.id))


def count_open(connection: Connection, *, venue: str | None = None, booking_id: UUID | None = None) -> int:
    """How many are open, in one house or over one booking."""
    query = select(func.count()).select_from(DeskConflict).where(DeskConflict.resolved_at.is_(None))
    if venue is not None:
        query = query.join(Venue, Venue.id == DeskConflict.venue_id).where(Venue.code == venue)
    if booking_id is not None:
        query = query.where(DeskConflict.booking_id == booking_id)
    return connection.scalar(query) or 0


def still_meets(connection: Connection, conflict: ConflictRow) -> bool:
    """Whether the claim still holds something hard where its cause lies.

    Of a closure or an external event that is where it holds now; of any other cause, the span of the conflict.
    """
    cause = aliased(Occupancy)
    mine = (
        select(Occupancy.id)
        .join(Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id))
        .where(Occupancy.claim_id == conflict.claim_id, Occupancy.force == Force.HARD, Claim.ended_at.is_(None))
    )
    column = {"closure": cause.closure_id, "external": cause.external_id}.get(conflict.cause)
    if column is None:
        mine = mine.where(Occupancy.starts < conflict.ends, Occupancy.ends > conflict.starts)
    else:
        mine = mine.join(
            cause,
            (cause.atom_id == Occupancy.atom_id)
            & (cause.starts < Occupancy.ends)
            & (cause.ends > Occupancy.starts)
            & (cause.force == Force.HARD)
            & (column == conflict.cause_id),
        )
    return bool(connection.scalar(select(exists(mine))))


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[ConflictRow]:
    rows: Sequence[Any] = connection.execute(query).all()
    return [ConflictRow(**row._mapping) for row in rows]


def _rows() -> Select[*tuple[Any, ...]]:
    same = DeskConflict.venue_id
    return (
        select(
            DeskConflict.id,
            DeskConflict.venue_id,
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Venue.zone,
            DeskConflict.kind,
            DeskConflict.booking_id,
            Booking.state,
            Booking.title,
            Booking.organisation_id.label("organisation"),
            Organisation.name.label("organisation_name"),
            DeskConflict.claim_id,
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            DeskConflict.cause,
            DeskConflict.cause_id,
            DeskConflict.starts,
            DeskConflict.ends,
            DeskConflict.days,
            DeskConflict.facts,
            DeskConflict.opened_at,
            DeskConflict.resolved_at,
            Person.name.label("resolved_by"),
            DeskConflict.why,
        )
        .join(Venue, Venue.id == same)
        .join(Booking, (Booking.id == DeskConflict.booking_id) & (Booking.venue_id == same))
        .join(Resource, (Resource.id == DeskConflict.resource_id) & (Resource.venue_id == same))
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(Person, Person.id == DeskConflict.resolved_by)
    )
