"""S8, the other half: what was read is stored, and blocks; nobody at the house can book meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from bench import clients, s8
from bench.worlds import World
from booking.clock import utc_now
from booking.storage.database import Database
from booking.storage.people import Person
from booking.storage.places import Resource
from calendars.apart.reader import Reader
from calendars.services import taking_in
from calendars.services.taking_in import Copy
from calendars.storage import external


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each round: the first time, and again with one event more."""

    first: list[float]
    changed: list[float]


def measure(world: World, *, rounds: int) -> Result:
    """A calendar that was never read, then the same with one event more; and away with it."""
    database, reader, at = Database(world.url), Reader(), utc_now()
    terms = taking_in.terms("Europe/Brussels", at)
    copies = [
        Copy(reader(s8.calendar(s8.EVENTS + more, s8.SERIES + more), terms), b"", str(more)) for more in (0, 1)
    ]
    reader.close()
    took: list[list[float]] = []
    for _ in range(rounds):
        calendar = database.write(partial(_added, at=at))
        took.append([_timed(database, partial(_take_in, calendar=calendar, copy=each, at=at)) for each in copies])
        database.write(partial(_forget, calendar=calendar, at=at))
    database.dispose()
    return Result([each[0] for each in took], [each[1] for each in took])


def _timed(database: Database, work: Callable[[Connection], Any]) -> float:
    begun = clients.clock()
    database.write(work)
    return clients.clock() - begun


def _added(connection: Connection, *, at: datetime) -> UUID:
    """Of the last room, which nobody has booked: what arrives over bookings is another figure."""
    room = connection.execute(select(Resource.venue_id, Resource.id).order_by(Resource.id.desc()).limit(1)).one()
    person = connection.execute(select(Person.id).limit(1)).scalar_one()
    return external.add(
        connection,
        venue_id=room.venue_id,
        resource_id=room.id,
        label="Our plan",
        url=None,
        blocks={},
        split={},
        created_by=person,
        created_at=at,
        due_at=None,
    )


def _take_in(connection: Connection, *, calendar: UUID, copy: Copy, at: datetime) -> None:
    taking_in.take_in(connection, taking_in.reread(connection, calendar), copy, at=at)


def _forget(connection: Connection, *, calendar: UUID, at: datetime) -> None:
    taking_in.forget(connection, taking_in.reread(connection, calendar), at=at)
