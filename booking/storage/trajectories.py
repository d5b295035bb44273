"""Trajectories, stored: the chain, its legs, and which of its parts wait for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased

from booking.domain.people import Person
from booking.domain.states import State
from booking.domain.trajectories import ChainRule, ChainState
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Leg, Trajectory
from booking.storage.people import Organisation
from booking.storage.places import Resource, Venue

Rows = Sequence[Row[*tuple[Any, ...]]]
VEHICLE = "vehicle"
"""The unit of what carries kit, and is no kit itself."""


@dataclass(frozen=True, slots=True)
class TrajectoryRow:
    """One chain with its company."""

    id: UUID
    organisation: UUID
    organisation_name: str
    organisation_country: str
    title: str
    rule: ChainRule
    state: ChainState
    deadline: datetime | None
    zone: str | None
    broken_at: datetime | None
    broken_why: str | None
    replaced: frozenset[UUID]
    created_at: datetime | None
    revision: int

    @property
    def is_undecided(self) -> bool:
        """Whether houses still agree or not, all together."""
        return self.rule is ChainRule.ALL_OR_NOTHING and self.state is ChainState.OPEN


def add(connection: Connection, **values: Any) -> UUID:
    """A new chain."""
    trajectory_id = new_id()
    connection.execute(insert(Trajectory).values(id=trajectory_id, state=ChainState.OPEN, **values))
    return trajectory_id


def find(connection: Connection, trajectory_id: UUID, *, lock: bool = False) -> TrajectoryRow | None:
    """One chain, or None. `lock`: hold its row until the end; resources are locked before."""
    query = _trajectories().where(Trajectory.id == trajectory_id)
    if lock:
        query = query.with_for_update(of=Trajectory, key_share=True)
    row = connection.execute(query).one_or_none()
    return _read(row) if row is not None else None


def listing(
    connection: Connection, person: Person, *, limit: int, before: UUID | None = None, venue: str | None = None
) -> list[TrajectoryRow]:
    """The chains that this person may know, newest first: of their company, or with a part in their house."""
    query = _trajectories().where(_known_to(person))
    if before is not None:
        query = query.where(Trajectory.id < before)
    if venue is not None:
        query = query.where(_touches({venue}))
    return [_read(row) for row in connection.execute(query.order_by(Trajectory.id.desc()).limit(limit))]


def _known_to(person: Person) -> Any:
    if person.sees_everything:
        return true()
    venues = person.manages | person.assists
    return or_(
        Trajectory.organisation_id.in_(person.organisations) if person.organisations else false(),
        _touches(venues) if venues else false(),
    )


def _touches(venues: Collection[str]) -> Any:
    return exists(
        select(Booking.id)
        .join(Venue, Venue.id == Booking.venue_id)
        .where(Booking.trajectory_id == Trajectory.id, Venue.code.in_(venues))
    )


def _trajectories() -> Select[*tuple[Any, ...]]:
    return select(
        Trajectory.id,
        Trajectory.organisation_id.label("organisation"),
        Organisation.name.label("organisation_name"),
        Organisation.country.label("organisation_country"),
        Trajectory.title,
        Trajectory.rule,
        Trajectory.state,
        Trajectory.deadline,
        Trajectory.zone,
        Trajectory.broken_at,
        Trajectory.broken_why,
        Trajectory.replaced,
        Trajectory.created_at,
        Trajectory.revision,
    ).join(Organisation, Organisation.id == Trajectory.organisation_id)


def _read(row: Row[*tuple[Any, ...]]) -> TrajectoryRow:
    values = {**row._mapping, "rule": ChainRule(row.rule), "state": ChainState(row.state)}
    values["replaced"] = frozenset(map(UUID, row.replaced or ()))
    return TrajectoryRow(**values)


def alter(connection: Connection, trajectory_id: UUID, *, by: int = 1, **values: Any) -> None:
    """Change columns of a chain whose row is locked; its revision rises."""
    connection.execute(
        update(Trajectory)
        .where(Trajectory.id == trajectory_id)
        .values(**values, revision=Trajectory.revision + by)
    )


def break_off(connection: Connection, trajectory_id: UUID, *, at: datetime, why: str) -> bool:
    """A house said no, or time ran out: the company has to decide. Whether that was news."""
    done = connection.execute(
        update(Trajectory)
        .where(
            Trajectory.id == trajectory_id,
            Trajectory.state == ChainState.OPEN,
            Trajectory.rule == ChainRule.ALL_OR_NOTHING,
        )
        .values(
            state=ChainState.BROKEN, broken_at=at, broken_why=why, deadline=None, revision=Trajectory.revision + 1
        )
    )
    return done.rowcount > 0


LET_GO = and_(
    Booking.state == State.PENDING, Booking.agreed_at.is_not(None), Trajectory.state == ChainState.BROKEN
)
"""Parts that are still held for a chain that will not come together."""


def first_broken(connection: Connection, venue_id: int, *, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """`id, due_at` of the part of a house that is held for a broken chain: it goes back at that instant."""
    query = (
        select(Booking.id, Trajectory.broken_at.label("due_at"))
        .join(Trajectory, Trajectory.id == Booking.trajectory_id)
        .where(Booking.venue_id == venue_id, LET_GO, Trajectory.broken_at <= at)
        .order_by(Trajectory.broken_at, Booking.id)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def venues_with_broken(*, at: datetime) -> Select[*tuple[Any, ...]]:
    """The houses that hold something for a broken chain, as a query to be joined with others."""
    return (
        select(Booking.venue_id)
        .join(Trajectory, Trajectory.id == Booking.trajectory_id)
        .where(LET_GO, Trajectory.broken_at <= at)
    )


def broken_since() -> Select[*tuple[Any, ...]]:
    """Since when the first of those chains is broken, as a query to be joined with others."""
    return (
        select(func.min(Trajectory.broken_at)).join(Booking, Trajectory.id == Booking.trajectory_id).where(LET_GO)
    )


def part_ids(connection: Connection, trajectory_id: UUID) -> list[tuple[UUID, int]]:
    """`(booking, venue)` of every part, ended ones too, by id."""
    query = select(Booking.id, Booking.venue_id).where(Booking.trajectory_id == trajectory_id)
    return [(row.id, row.venue_id) for row in connection.execute(query.order_by(Booking.id))]


def detach(connection: Connection, booking_id: UUID) -> None:
    """This booking is no part of a chain any more."""
    connection.execute(update(Booking).where(Booking.id == booking_id).values(trajectory_id=None, agreed_at=None))


def add_legs(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Transport between houses."""
    if rows:
        connection.execute(insert(Leg), [{"id": new_id(), **row} for row in rows])


def remove_legs(connection: Connection, legs: Collection[UUID]) -> None:
    """Transport that is not planned any more."""
    connection.execute(delete(Leg).where(Leg.id.in_(legs)))


def legs(connection: Connection, trajectories: Collection[UUID]) -> Rows:
    """`id, trajectory_id, origin, destination, starts, ends, booking_id, origin_zone` in order of time."""
    origin, destination = aliased(Venue), aliased(Venue)
    query = (
        select(
            Leg.id,
            Leg.trajectory_id,
            origin.code.label("origin"),
            origin.zone.label("origin_zone"),
            destination.code.label("destination"),
            destination.zone.label("destination_zone"),
            Leg.starts,
            Leg.ends,
            Leg.booking_id,
        )
        .join(origin, origin.id == Leg.origin_id)
        .join(destination, destination.id == Leg.destination_id)
        .where(Leg.trajectory_id.in_(trajectories))
        .order_by(Leg.starts, Leg.id)
    )
    return connection.execute(query).all()


def houses(connection: Connection, codes: Collection[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """`id, code, name, town, zone, country, latitude, longitude, calendar, settings` of houses, by code."""
    query = select(
        Venue.id,
        Venue.code,
        Venue.name,
        Venue.town,
        Venue.zone,
        Venue.country,
        Venue.latitude,
        Venue.longitude,
        Venue.public_holidays.label("calendar"),
        Venue.settings,
    ).where(Venue.code.in_(codes))
    return {row.code: row for row in connection.execute(query)}


def vehicles(connection: Connection, codes: Collection[str]) -> set[str]:
    """Those of these resources that carry kit."""
    query = select(Resource.code).where(Resource.code.in_(codes), Resource.unit == VEHICLE)
    return set(connection.execute(query).scalars())


def all_vehicles(connection: Connection) -> list[tuple[str, dict[str, str]]]:
    """`code, name` of everything that carries kit."""
    query = select(Resource.code, Resource.name).where(Resource.unit == VEHICLE).order_by(Resource.code)
    return [(row.code, row.name) for row in connection.execute(query)]
