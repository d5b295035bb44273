"""Databases for measuring: made, filled with a synthetic world, and dropped again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from os import getpid
from random import Random
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

import notifications.storage.tables  # noqa: F401 -- their tables join the one metadata
from bench import clients, multiplied
from booking.clock import utc_now
from booking.domain.wall_clock import at_venue, day_start
from booking.services import demo_synthetic, people
from booking.storage import accounts, migrations
from booking.storage.database import Database
from tests.support import postgresql

NUMBERS = count(1)
VENUES, RESOURCES, YEARS, SEED = 100, 2_000, 2, 1
MEMBERS = 16
BUSY, SLOW = 100, 150_000
"""Of more bookings than that, only those of so many rooms are written one by one (see `multiplied.py`)."""

AHEAD = range(20, 340)
"""Days from today on which is booked: within the season that the world fills."""

HOURS = range(9, 20)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a machine."""

    token: str
    organisation: UUID

    def headers(self) -> dict[str, str]:
        """What every request of this machine carries."""
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour at which a resource is free."""

    resource_id: int
    venue_id: int
    resource: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class World:
    """A filled database."""

    url: str
    bookings: int
    members: Sequence[Member]
    loading: float
    """Seconds that filling it took."""

    def slots(self, seed: int) -> Iterator[Slot]:
        """Free hours of exclusive resources that confirm at once, in random order, each once."""
        database = Database(self.url)
        with database.read() as connection:
            found = _free_days(connection)
        database.dispose()
        draw = Random(seed)
        hours = [(*each, hour) for each in found for hour in HOURS]
        draw.shuffle(hours)
        for resource_id, venue_id, code, zone, day, hour in hours:
            start = day_start(day, zone, hour * 60)
            yield Slot(
                resource_id, venue_id, code, at_venue(start, zone), at_venue(start + timedelta(hours=1), zone)
            )


@contextmanager
def world(server: str, bookings: int, *, resources: int = RESOURCES, venues: int = VENUES) -> Iterator[World]:
    """A new PostgreSQL database with so many bookings; dropped at the end."""
    name = f"bench_{getpid()}_{next(NUMBERS)}"
    postgresql.execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield fill(postgresql.beside(server, name), bookings, resources=resources, venues=venues)
    finally:
        postgresql.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def fill(url: str, bookings: int, *, resources: int = RESOURCES, venues: int = VENUES) -> World:
    """Migrate an empty database and put a synthetic world into it."""
    database = Database(url)
    migrations.upgrade(database)
    at, begun = utc_now(), clients.clock()

    busy = min(BUSY, resources) if bookings > SLOW else resources

    def load(connection: Connection) -> list[Member]:
        demo_synthetic.load(
            connection,
            venues=venues,
            resources=resources,
            bookings=bookings * busy // resources,
            years=YEARS,
            seed=SEED,
            at=at,
            busy=busy,
        )
        if busy < resources:
            multiplied.multiply(connection)
        return [_member(connection, n, at) for n in range(1, min(MEMBERS, venues * 2) + 1)]

    members = database.write(load)
    loading = clients.clock() - begun
    if not database.is_sqlite:  # what autovacuum would have done by the time anybody measures
        with database.read() as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    database.dispose()
    return World(url, bookings, members, loading)


def booking_request(member: Member, slot: Slot, **more: object) -> bytes:
    """POST /bookings for that hour."""
    document = {
        "organisation": str(member.organisation),
        "title": "Marées",
        "purpose": "rehearsal",
        "people": 5,
        "claims": [{"resource": slot.resource, "start": slot.start.isoformat(), "end": slot.end.isoformat()}],
        **more,
    }
    return clients.request("POST", "/api/v1/bookings", headers=member.headers(), body=orjson.dumps(document))


def _member(connection: Connection, n: int, at: datetime) -> Member:
    person = accounts.by_email(connection, f"member-{n:04}@s{SEED}.example")
    if person is None:
        raise LookupError(f"no member {n}")
    return Member(people.new_token(connection, person.id, "bench", at=at), next(iter(person.organisations)))


def _free_days(connection: Connection) -> list[tuple[int, int, str, str, date]]:
    """`(resource, venue, code, zone, day)` of every day on which nothing holds a resource."""
    today = utc_now().date()
    days = [today + timedelta(days=n) for n in AHEAD]
    rooms = connection.execute(text(ROOMS)).all()
    taken = {
        (row.atom_id, row.first + timedelta(days=n))
        for row in connection.execute(text(TAKEN), {"first": days[0], "last": days[-1]})
        for n in range((row.last - row.first).days + 1)
    }
    return [
        (room.id, room.venue_id, room.code, room.zone, day)
        for room in rooms
        for day in days
        if (room.id, day) not in taken
    ]


ROOMS = """
SELECT resource.id, venue_id, resource.code, zone FROM resource JOIN venue ON venue.id = venue_id
WHERE exclusive AND rules ->> 'policy' = 'instant' AND kind <> 'expertise' ORDER BY resource.id
"""

TAKEN = """
SELECT atom_id, starts::date AS first, ends::date AS last FROM occupancy
WHERE force <> 'none' AND ends > :first AND starts < :last
"""
