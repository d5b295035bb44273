"""Many rows of occupancy at once, past SQLAlchemy: a season of a house has a hundred thousand stretches.

Only what stands outside the guards comes this way. Describing each row to a statement costs ten times what
writing it costs, and the house is locked meanwhile.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.states import Force
from booking.storage.base import new_id

COLUMNS = "id, venue_id, atom_id, external_id, source, starts, ends, quantity, exclusive, force"
COPY = f"COPY occupancy ({COLUMNS}) FROM STDIN"
INSERT = f"INSERT INTO occupancy ({COLUMNS}) VALUES (?, ?, ?, ?, 'external', ?, ?, ?, ?, ?)"  # noqa: S608 -- names
MICROSECONDS = 1_000_000
AT_ONCE = 5_000


class Stretch(NamedTuple):
    """One row: which event takes all of which atom, from when until when (seconds since 1970), and how hard."""

    event: UUID
    atom: int
    capacity: int
    exclusive: bool
    starts: int
    ends: int
    force: Force


def pour(connection: Connection, venue_id: int, rows: Iterable[Stretch]) -> None:
    """Write them all in the transaction that runs."""
    POURS[connection.dialect.name](connection, venue_id, sorted(rows, key=lambda row: row.atom))


def _copy(connection: Connection, venue_id: int, rows: list[Stretch]) -> None:
    """COPY: every value is one that needs no quoting."""
    driver = cast(Any, connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(COPY) as copy:
        for first in range(0, len(rows), AT_ONCE):
            copy.write("".join(_lines(venue_id, rows[first : first + AT_ONCE])).encode())


def _lines(venue_id: int, rows: list[Stretch]) -> Iterator[str]:
    told: dict[int, str] = {}
    for number, row in enumerate(rows, _first_id()):
        for each in (row.starts, row.ends):
            if each not in told:
                told[each] = datetime.fromtimestamp(each, UTC).isoformat()
        yield (
            f"{number:032x}\t{venue_id}\t{row.atom}\t{row.event}\texternal\t{told[row.starts]}\t{told[row.ends]}"
            f"\t{row.capacity}\t{'t' if row.exclusive else 'f'}\t{row.force.value}\n"
        )


def _insert(connection: Connection, venue_id: int, rows: list[Stretch]) -> None:
    driver = cast(Any, connection.connection.driver_connection)
    driver.executemany(
        INSERT,
        (
            (
                f"{number:032x}",
                venue_id,
                row.atom,
                row.event.hex,
                row.starts * MICROSECONDS,
                row.ends * MICROSECONDS,
                row.capacity,
                row.exclusive,
                row.force.value,
            )
            for number, row in enumerate(rows, _first_id())
        ),
    )


def _first_id() -> int:
    """Ids that follow one another: they lie side by side in the index, and nobody has to draw them."""
    return new_id().int


POURS = {"postgresql": _copy, "sqlite": _insert}
