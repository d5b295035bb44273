"""A look into the database behind the service's back: rows counted, overlaps found, occupancy written by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, text

from booking.storage.base import Base, new_id
from booking.storage.bookings import Claim, Occupancy
from booking.storage.database import Database
from booking.storage.places import Resource

STANDING_STILL = {"alembic_version", "kept_answer"}


def counted(database: Database) -> dict[str, int]:
    """How many rows each table holds: equal before and after, nothing was stored."""
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name not in STANDING_STILL
        }


def everything(database: Database) -> dict[str, list[str]]:
    """All rows of all tables: equal before and after, nothing was touched."""
    with database.read() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in STANDING_STILL
        }


def claim_of(connection: Connection, booking: UUID) -> UUID:
    """The first claim of a booking."""
    query = select(Claim.id).where(Claim.booking_id == booking).order_by(Claim.position).limit(1)
    return connection.execute(query).scalar_one()


def occupy(
    connection: Connection,
    code: str,
    start: datetime,
    end: datetime,
    *,
    claim: UUID | None = None,
    quantity: int = 1,
    force: str = "hard",
    source: str = "claim",
) -> UUID:
    """One row of occupancy, written past every rule of ours: only the database can refuse it."""
    place = connection.execute(select(Resource).where(Resource.code == code)).one()
    row_id = new_id()
    connection.execute(
        insert(Occupancy).values(
            id=row_id,
            venue_id=place.venue_id,
            atom_id=place.id,
            claim_id=claim if source == "claim" else None,
            external_id=new_id() if source == "external" else None,
            source=source,
            starts=start,
            ends=end,
            quantity=quantity,
            exclusive=place.exclusive,
            force=force,
        )
    )
    return row_id


OVERLAPPING = """
SELECT count(*) FROM occupancy one JOIN occupancy other
    ON one.atom_id = other.atom_id AND one.id < other.id
    AND one.starts < other.ends AND other.starts < one.ends
    WHERE one.exclusive AND one.force = 'hard' AND other.force = 'hard'
    AND one.source = 'claim' AND other.source = 'claim'
"""

PEAK = """
SELECT max(total) FROM (
    SELECT (SELECT sum(other.quantity) FROM occupancy other WHERE other.atom_id = one.atom_id
        AND other.force = 'hard' AND other.source = 'claim'
        AND other.starts <= one.starts AND other.ends > one.starts) AS total
    FROM occupancy one JOIN resource ON resource.id = one.atom_id
    WHERE resource.code = :code AND one.force = 'hard' AND one.source = 'claim'
) AS totals
"""


def overlaps(database: Database) -> int:
    """How many pairs of hard claims share an exclusive atom at the same moment: booked twice."""
    with database.read() as connection:
        return int(connection.execute(text(OVERLAPPING)).scalar_one())


def peak(database: Database, code: str) -> int:
    """The most pieces of one resource that are out at any moment."""
    with database.read() as connection:
        return int(connection.execute(text(PEAK), {"code": code}).scalar_one() or 0)


def held_by(database: Database, booking: UUID | str) -> Sequence[Any]:
    """What a booking holds: `claim_id, atom, starts, ends, quantity, force`, in order of claim and atom."""
    query = (
        select(
            Occupancy.claim_id,
            Resource.code.label("atom"),
            Occupancy.starts,
            Occupancy.ends,
            Occupancy.quantity,
            Occupancy.force,
        )
        .join(Claim, Claim.id == Occupancy.claim_id)
        .join(Resource, Resource.id == Occupancy.atom_id)
        .where(Claim.booking_id == UUID(str(booking)))
        .order_by(Claim.position, Resource.code)
    )
    with database.read() as connection:
        return connection.execute(query).all()


def deadlocks(database: Database) -> int:
    """How many the database has seen so far; it may tell a moment late. None on SQLite: it has one writer."""
    if database.is_sqlite:
        return 0
    seen = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with database.read() as connection:
        return int(connection.execute(seen).scalar_one())
