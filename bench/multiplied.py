"""Millions of bookings in a bearable time: some rooms are filled as people would fill them, the others are twins.

A twin has the same stays as its room, in rows of its own, in the same three tables (its history is left out). The
indexes and guards of those tables are taken off meanwhile and put on again over everything, so that each of them
has looked at every row in the end; keys to other tables are right by construction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Table, text

from booking.storage.bookings import Booking, Claim, Occupancy

TABLES = tuple(cast(Table, each.__table__) for each in (Booking, Claim, Occupancy))
NAMES = ", ".join(f"'{table.name}'" for table in TABLES)

SOURCE = (
    """
    CREATE TEMP TABLE source AS
    SELECT row_number() OVER (ORDER BY id) AS n, id AS claim_id, booking_id, resource_id FROM claim
    """,
    "CREATE INDEX source_claim ON source (claim_id)",
    "CREATE INDEX source_booking ON source (booking_id)",
    "CREATE INDEX source_resource ON source (resource_id)",
)

TWINS = """
CREATE TEMP TABLE twin AS
WITH filled AS (
    SELECT id, exclusive, row_number() OVER (PARTITION BY exclusive ORDER BY id) - 1 AS place,
        count(*) OVER (PARTITION BY exclusive) AS many
    FROM resource WHERE id IN (SELECT resource_id FROM source)
), empty AS (
    SELECT id, exclusive, venue_id, capacity, row_number() OVER (PARTITION BY exclusive ORDER BY id) - 1 AS place
    FROM resource WHERE id NOT IN (SELECT resource_id FROM source)
)
SELECT row_number() OVER (ORDER BY empty.id) AS k, empty.id AS resource_id, empty.venue_id, empty.capacity,
    filled.id AS filled_id
FROM empty JOIN filled ON filled.exclusive = empty.exclusive AND filled.place = empty.place % filled.many
"""

NUMBERS = {
    "postgresql": "CAST('{letter}0000000-0000-7000-8000-'"
    " || lpad(to_hex(twin.k * {many} + source.n), 12, '0') AS uuid)",
    "sqlite": "printf('{letter}0000000000070008000%012x', twin.k * {many} + source.n)",
}
"""Numbers that follow one another, in the form of an id of RFC 9562."""

LEAST = {"postgresql": "least", "sqlite": "min"}


def multiply(connection: Connection) -> None:
    """Give every room that has no bookings those of one that has."""
    for statement in (*SOURCE, TWINS):
        connection.execute(text(statement))
    many = int(connection.execute(text("SELECT count(*) + 1 FROM source")).scalar_one())
    name = connection.dialect.name

    def number(letter: str) -> str:
        return NUMBERS[name].format(letter=letter, many=many)

    quantity = f"{LEAST[name]}({{table}}.quantity, twin.capacity)"
    twins = "FROM twin JOIN source ON source.resource_id = twin.filled_id"
    new = {
        "booking": ("booking.id = source.booking_id", {"id": number("b")}),
        "claim": (
            "claim.id = source.claim_id",
            {"id": number("c"), "booking_id": number("b"), "resource_id": "twin.resource_id"},
        ),
        "occupancy": (
            "occupancy.claim_id = source.claim_id",
            {"id": number("d"), "claim_id": number("c"), "atom_id": "twin.resource_id"},
        ),
    }
    with _bare(connection):
        for table in TABLES:
            condition, values = new[table.name]
            values = {"venue_id": "twin.venue_id", "quantity": quantity.format(table=table.name), **values}
            columns = [column.name for column in table.columns]
            told = [values.get(column, f"{table.name}.{column}") for column in columns]
            connection.execute(
                text(
                    f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(told)}"
                    f" {twins} JOIN {table.name} ON {condition}"
                )
            )
    for temporary in ("source", "twin"):
        connection.execute(text(f"DROP TABLE {temporary}"))


@contextmanager
def _bare(connection: Connection) -> Iterator[None]:
    """The tables without indexes and guards, which come back at the end."""
    again = BARE[connection.dialect.name](connection)
    yield
    for statement in again:
        connection.exec_driver_sql(statement)


def _postgresql(connection: Connection) -> Sequence[str]:
    constraints = connection.execute(
        text(
            f"SELECT conrelid::regclass::text AS at, conname AS name, pg_get_constraintdef(oid) AS said"  # noqa: S608 -- our own names
            f" FROM pg_constraint WHERE contype = 'x' AND conrelid::regclass::text IN ({NAMES})"
        )
    ).all()
    indexes = connection.execute(
        text(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS said FROM pg_index"  # noqa: S608 -- our own names
            f" WHERE indrelid::regclass::text IN ({NAMES}) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
        )
    ).all()
    for row in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {row.at} DROP CONSTRAINT {row.name}")
    for row in indexes:
        connection.exec_driver_sql(f"DROP INDEX {row.name}")
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    return [
        *(row.said for row in indexes),
        *(f"ALTER TABLE {row.at} ADD CONSTRAINT {row.name} {row.said}" for row in constraints),
    ]


def _sqlite(connection: Connection) -> Sequence[str]:
    rows: Sequence[Any] = connection.execute(
        text(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"  # noqa: S608 -- our own names
            f" AND tbl_name IN ({NAMES}) ORDER BY type"
        )
    ).all()
    for row in rows:
        connection.exec_driver_sql(f"DROP {row.type} {row.name}")
    return [row.sql for row in rows]


BARE: dict[str, Callable[[Connection], Sequence[str]]] = {"postgresql": _postgresql, "sqlite": _sqlite}
