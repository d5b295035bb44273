"""What loading demo and synthetic worlds needs of the tables, beyond what people's bookings need.

Rows are written in bulk (COPY on PostgreSQL), but past no guard: every constraint, every trigger
and every foreign key has its say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, func, select

from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.events import Event
from booking.storage.people import Hat, Organisation, Person
from booking.storage.places import Resource, ResourceAtom, Venue

BOOKING, CLAIM, OCCUPANCY, EVENT, VENUE, RESOURCE, RESOURCE_ATOM, ORGANISATION, PERSON, HAT = (
    cast(Table, model.__table__)
    for model in (Booking, Claim, Occupancy, Event, Venue, Resource, ResourceAtom, Organisation, Person, Hat)
)

Row = Mapping[str, Any]
Values = Iterable[Sequence[Any]]


def titles(connection: Connection) -> set[str]:
    """The title of every booking that there is."""
    return set(connection.execute(select(Booking.title)).scalars())


def has_venue(connection: Connection, code: str) -> bool:
    """Whether there is a house with that code."""
    return connection.execute(select(Venue.id).where(Venue.code == code)).first() is not None


def last_ids(connection: Connection) -> tuple[int, int]:
    """The highest number of a venue and of a resource, 0 when there is none."""
    venue = connection.execute(select(func.coalesce(func.max(Venue.id), 0))).scalar_one()
    resource = connection.execute(select(func.coalesce(func.max(Resource.id), 0))).scalar_one()
    return venue, resource


def write(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows, column by name; all with the same columns in the same order as the first."""
    if not rows:
        return
    dialect = connection.dialect
    to_database = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]]
    values = (
        [
            value if convert is None else convert(value)
            for convert, value in zip(to_database, row.values(), strict=True)
        ]
        for row in rows
    )
    names = ", ".join(dialect.identifier_preparer.quote(name) for name in rows[0])
    WRITERS[dialect.name](connection, f"{table.name} ({names})", len(to_database), values)


def analyse(connection: Connection) -> None:
    """Let the database count what is in its tables, so that it plans for what is there."""
    connection.exec_driver_sql("ANALYZE")


def _copy(connection: Connection, target: str, _width: int, values: Values) -> None:
    with cast(Any, connection.connection).cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _insert(connection: Connection, target: str, width: int, values: Values) -> None:
    statement = f"INSERT INTO {target} VALUES ({', '.join('?' * width)})"  # noqa: S608 -- our own names
    cast(Any, connection.connection).cursor().executemany(statement, values)


WRITERS: dict[str, Callable[[Connection, str, int, Values], None]] = {"postgresql": _copy, "sqlite": _insert}
