"""What a process remembers of all resources, read in large pieces, and what tells it that something changed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, text

from booking.storage import queues
from booking.storage.places import Resource, Venue

AT_ONCE = 5_000
"""Resources that are read with one statement."""

MOST_NAMED = 500
"""More houses than that are not worth naming one by one."""

Sum = tuple[int, int, int]
"""Of one house: how many resources, the sum of their revisions, the highest number."""

SUMS = select(Resource.venue_id, func.count(), func.sum(Resource.revision), func.max(Resource.id)).group_by(
    Resource.venue_id
)

HOUSES = select(
    Venue.id,
    Venue.code,
    Venue.country,
    Venue.region,
    Venue.zone,
    Venue.day_line,
    Venue.latitude,
    Venue.longitude,
    Venue.school_holidays,
    Venue.settings,
)

PRINTS = {
    "postgresql": "SELECT CAST(coalesce(sum(hashtextextended(CAST(v AS text), 0)), 0) AS text) FROM venue v",
    "sqlite": "SELECT group_concat("  # noqa: S608 -- our own names
    + " || ',' || ".join(f"quote({column.name})" for column in Venue.__table__.columns)
    + ") FROM (SELECT * FROM venue ORDER BY id)",
}
"""All that is written about houses, in one value: another one as soon as anything of it changes."""

Total = tuple[int, int, int]
"""Of all resources: how many, the sum of their revisions, the highest number."""


@dataclass(frozen=True, slots=True)
class Check:
    """What tells in one statement whether anything changed. `houses`: all that is written about them, in one
    value; `due`: when the next clock runs out."""

    total: Total
    houses: str
    due: datetime | None


FACTS: Select[*tuple[Any, ...]] = select(
    Resource.id,
    Resource.venue_id,
    Resource.code,
    Resource.kind,
    Resource.capacity,
    Resource.day_rate_cents,
    Resource.revision,
    Resource.technical_sheet,
    Resource.retired_at,
)


def sums(connection: Connection) -> dict[int, Sum]:
    """For every house what tells whether any of its resources, or what holds them, changed: each change raises a
    revision, and none is ever lowered."""
    return {row[0]: (row[1], int(row[2]), row[3]) for row in connection.execute(SUMS)}


def sums_of(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, Sum]:
    """The same, out of `FACTS` of all resources."""
    found: dict[int, Sum] = {}
    for row in rows:
        count, revisions, highest = found.get(row.venue_id, (0, 0, 0))
        found[row.venue_id] = count + 1, revisions + row.revision, max(highest, row.id)
    return found


def check(connection: Connection) -> Check:
    """Whether anything changed that a search looks at, and until when nothing is due."""
    row = connection.execute(_check(connection.dialect.name)).one()
    return Check((row[0], int(row[1] or 0), row[2] or 0), row[3] or "", queues.first_of(row[4:]))


@cache
def _check(dialect: str) -> Select[*tuple[Any, ...]]:
    printed = text(f"({PRINTS[dialect]})")
    return select(func.count(), func.sum(Resource.revision), func.max(Resource.id), printed, *queues.CLOCKS)


def houses(connection: Connection) -> dict[int, Row[*tuple[Any, ...]]]:
    """The houses by number, with what a search looks at."""
    return {row.id: row for row in connection.execute(HOUSES)}


def everything(connection: Connection, *, after: int) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """`FACTS` of all resources with a higher number, in large pieces in the order of their numbers."""
    while True:
        query = FACTS.where(Resource.id > after).order_by(Resource.id).limit(AT_ONCE)
        rows = connection.execute(query).all()
        if rows:
            yield rows
            after = rows[-1].id
        if len(rows) < AT_ONCE:
            return


def of_houses(connection: Connection, venues: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """`FACTS` of everything that these houses have."""
    return connection.execute(FACTS.where(Resource.venue_id.in_(venues))).all()
