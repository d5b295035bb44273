"""The free days of many resources at once, and the worker's part: keeping what was worked out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial, reduce
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.free_days import Holder, bits_of_year, first_of
from booking.domain.spans import Span
from booking.domain.wall_clock import whole_days
from booking.storage import free_days
from booking.storage.database import Database

AT_ONCE = 200
"""Atoms whose free days are worked out in one transaction."""

MARGIN = timedelta(days=2)
"""A year begins at another moment in every zone."""

YEARS_AHEAD = 3


def of_years(connection: Connection, atoms: Collection[int], years: Collection[int]) -> dict[int, dict[int, int]]:
    """For each atom and year the bits of `domain/free_days.py`.

    What is kept and true is read, the rest is worked out: the answer is the same either way.
    """
    rows = free_days.read(connection, atoms, years)
    found: dict[int, dict[int, int]] = {row.id: {} for row in rows}
    for row in rows:
        if row.bits is not None:
            found[row.id][row.year] = free_days.bits_of(row)
    for year in sorted(years):
        lacking = {row.id: row for row in rows if year not in found[row.id]}
        for row, bits in _worked_out(connection, list(lacking.values()), year):
            found[row.id][year] = bits
    return found


def free_throughout(known: Mapping[int, int], atoms: Iterable[int]) -> int:
    """A whole is free when all of its atoms are."""
    return reduce(lambda bits, atom: bits & known.get(atom, 0), atoms, -1)


def _worked_out(connection: Connection, atoms: Sequence[Row[Any]], year: int) -> Iterable[tuple[Row[Any], int]]:
    span = around_year(year)
    for n in range(0, len(atoms), AT_ONCE):
        some = atoms[n : n + AT_ONCE]
        holders: dict[int, list[Holder]] = {}
        for each in free_days.hard(connection, [atom.id for atom in some], span):
            holders.setdefault(each.atom_id, []).append(Holder(Span(each.starts, each.ends), each.quantity))
        for atom in some:
            yield (
                atom,
                bits_of_year(
                    year,
                    holders.get(atom.id, ()),
                    capacity=atom.capacity,
                    exclusive=atom.exclusive,
                    zone=atom.zone,
                    day_line=atom.day_line,
                ),
            )


def around_year(year: int) -> Span:
    """The time of which one must know what holds an atom, in any zone."""
    return whole_days(first_of(year), first_of(year + 1), "UTC", 0).widened(before=MARGIN, after=MARGIN)


def keep_due(database: Database, *, at: datetime) -> int:
    """Work out and keep what is out of date, some atoms per transaction; returns how many atoms and years."""
    total = 0
    for year in range(at.year, at.year + YEARS_AHEAD):
        with database.read() as connection:
            stale = free_days.stale(connection, year)
        for n in range(0, len(stale), AT_ONCE):
            total += database.write(partial(keep_some, atoms=stale[n : n + AT_ONCE], year=year))
    return total


def keep_some(connection: Connection, *, atoms: Sequence[int], year: int) -> int:
    """Keep what is out of date of these; returns how many that were."""
    rows = [row for row in free_days.read(connection, atoms, [year]) if row.bits is None]
    found = [(row, year, bits) for row, bits in _worked_out(connection, rows, year)]
    free_days.keep(connection, found)
    return len(found)
