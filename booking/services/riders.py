"""The rider check: what a project needs of its rooms, held against their technical sheets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.distances import Point, great_circle
from booking.domain.needs import Fit, Need, fit
from booking.domain.people import Person
from booking.domain.refusals import Forbidden
from booking.domain.resources import SPACES
from booking.services import bookings, events, trajectories
from booking.services.house import check_revision
from booking.storage import catalogues, riders
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.registers import BookingRow

MOST_ELSEWHERE = 10


@dataclass(frozen=True, slots=True)
class Room:
    """One room and how it answers the rider. `km`: of one elsewhere, from the first of the project's own."""

    row: CatalogueRow
    fit: Fit
    km: float | None = None


@dataclass(frozen=True, slots=True)
class RiderCheck:
    """`rooms`: those of the project, in the order of its claims. `elsewhere`: rooms of its kinds that fit, nearest
    first, where one of its own does not. `titles`: of the bookings that were looked at."""

    rider: Need
    rooms: Sequence[Room]
    elsewhere: Sequence[Room]
    titles: Sequence[str]
    may_write: bool

    @property
    def unfit(self) -> Sequence[Room]:
        """What lacks something."""
        return [room for room in self.rooms if room.fit.lacks]

    @property
    def unknown(self) -> Sequence[Room]:
        """Whose sheet does not say, and lacks nothing that it says."""
        return [room for room in self.rooms if room.fit.unknown and not room.fit.lacks]


def of_booking(connection: Connection, person: Person, booking_id: UUID, asked: Need | None = None) -> RiderCheck:
    """The rooms of one booking against `asked`, or against its own rider. NotFound."""
    row = bookings.find(connection, person, booking_id)
    kept = riders.find(connection, [row.id]).get(row.id, {})
    may_write = bool(person.sides(row.venue, row.organisation))
    return _checked(connection, [row], asked or Need(**kept), may_write)


def of_trajectory(
    connection: Connection, person: Person, trajectory_id: UUID, asked: Need | None = None
) -> RiderCheck:
    """The rooms of a whole chain against `asked`, or the first rider that one of its parts has. NotFound."""
    chain = trajectories.find(connection, person, trajectory_id)
    parts = [part for part in chain.parts if person.may_know(part.venue, part.organisation)]
    kept = riders.find(connection, [part.id for part in parts])
    first = next((kept[part.id] for part in parts if part.id in kept), {})
    return _checked(connection, parts, asked or Need(**first), may_write=False)


def keep(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    rider: Need,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> RiderCheck:
    """Write the rider down: either side of the booking may. NotFound, Forbidden, Stale."""
    row = bookings.find(connection, person, booking_id)
    if not person.sides(row.venue, row.organisation):
        raise Forbidden
    check_revision(row, if_match)
    before = riders.find(connection, [row.id]).get(row.id, {})
    document = written(rider)
    riders.keep(connection, row.id, document)
    if dict(before) != document:
        events.put(
            connection,
            "rider.written",
            venue_id=row.venue_id,
            booking_id=row.id,
            by=person.id,
            at=at,
            old={"rider": dict(before)},
            new={"rider": document},
        )
    return of_booking(connection, person, booking_id)


def written(rider: Need) -> dict[str, Any]:
    """What is asked of the sheet, by the names of a need."""
    asked: Mapping[str, Any] = asdict(rider)
    names = {name for name, _ in rider.requirements()}
    return {key: value for key, value in asked.items() if key.removeprefix("min_") in names and value is not None}


def _checked(connection: Connection, rows: Sequence[BookingRow], rider: Need, may_write: bool) -> RiderCheck:
    codes = list(dict.fromkeys(claim.resource for row in rows for claim in row.claims))
    every = {row.code: row for row in catalogues.resources(connection, ResourceFilter(retired=True))}
    own = [every[code] for code in codes if code in every and every[code].kind in SPACES]
    rooms = [Room(row, fit(rider, row.technical_sheet, capacity=row.capacity)) for row in own]
    elsewhere = _elsewhere(rooms, every, rider) if any(room.fit.lacks for room in rooms) else []
    return RiderCheck(rider, rooms, elsewhere, [row.title for row in rows], may_write)


def _elsewhere(rooms: Sequence[Room], every: Mapping[str, CatalogueRow], rider: Need) -> list[Room]:
    kinds, mine = {room.row.kind for room in rooms}, {room.row.code for room in rooms}
    here = Point(rooms[0].row.latitude, rooms[0].row.longitude)
    found = [
        Room(row, how, great_circle(here, Point(row.latitude, row.longitude)))
        for row in every.values()
        if row.kind in kinds
        and row.retired_at is None
        and row.code not in mine
        and (how := fit(rider, row.technical_sheet, capacity=row.capacity)).fits
    ]
    return sorted(found, key=lambda room: (room.km or 0, room.row.code))[:MOST_ELSEWHERE]
