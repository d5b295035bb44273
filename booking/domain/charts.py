"""A wall chart of all resources: one column of bits for every property and for every day, one bit per resource.

Ten free days among ten thousand rooms are then some hundred operations on whole columns, and "sprung, and at
least 10 m wide" is two. A filter, never a judge: see `domain/free_days.py`. Columns are whole numbers, and nothing
here is changed once it is made, so that threads may share it.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from booking.domain.free_days import YEAR_BYTES, cut, days_in, first_of, ones
from booking.domain.needs import FEATURES, MINIMA, Need, meets
from booking.domain.wall_clock import DAY

SHEET = (*MINIMA, *FEATURES)
MOST_COLUMNS = 64
"""Columns that a register keeps once they were worked out."""

PIECE = 4096
"""Resources that are turned from rows into columns at once."""

FEW = 256
"""So many different values can be told apart by one octet."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one resource without looking at any day. `sheet`: in the order of `SHEET`; cents a day.
    `retired`: nobody can book it any more."""

    id: int
    venue_id: int
    code: str
    kind: str
    capacity: int
    price: int
    sheet: tuple[Any, ...]
    retired: bool = False


class Property:
    """One property of all resources, each different value written once."""

    def __init__(self, values: Iterable[Any]) -> None:
        known: dict[tuple[str, Any], int] = {}
        numbers = array("I")
        self.values: list[Any] = []
        for value in values:
            key = (type(value).__name__, value)
            if key not in known:
                known[key] = len(self.values)
                self.values.append(value)
            numbers.append(known[key])
        self._numbers: bytes | array[int] = bytes(numbers.tolist()) if len(self.values) <= FEW else numbers

    def __getitem__(self, n: int) -> Any:
        return self.values[self._numbers[n]]

    def column(self, holds: Callable[[Any], bool]) -> int:
        """The resources whose value is of that kind."""
        said = ["1" if holds(value) else "0" for value in self.values]
        if isinstance(self._numbers, bytes):
            table = "".join(said).ljust(FEW, "0").encode()
            return as_bits(self._numbers.translate(table).decode())
        return as_bits("".join(map(said.__getitem__, self._numbers)))


class Register:
    """What all resources are. The n-th bit of every column is the n-th resource, the cheapest first."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        in_order = sorted(facts, key=lambda fact: (fact.price, fact.code))
        self.ids = array("q", (fact.id for fact in in_order))
        self.codes = [fact.code for fact in in_order]
        self.places = {fact.id: n for n, fact in enumerate(in_order)}
        self.prices = array("q", (fact.price for fact in in_order))
        self.houses = Property(fact.venue_id for fact in in_order)
        self.kinds = Property(fact.kind for fact in in_order)
        self.capacities = Property(fact.capacity for fact in in_order)
        self.retired = Property(fact.retired for fact in in_order)
        self.sheets = [Property(_known(fact.sheet[n]) for fact in in_order) for n in range(len(SHEET))]
        self._columns: dict[Any, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def fact(self, n: int) -> Fact:
        """What was read of it."""
        sheet = tuple(each[n] for each in self.sheets)
        return Fact(
            self.ids[n],
            self.houses[n],
            self.codes[n],
            self.kinds[n],
            self.capacities[n],
            self.prices[n],
            sheet,
            self.retired[n],
        )

    def says(self, fact: Fact) -> bool:
        """Whether this is what it says of that resource already."""
        n = self.places.get(fact.id)
        return n is not None and self.fact(n) == replace(fact, sheet=tuple(map(_known, fact.sheet)))

    def column(self, key: Any, made: Callable[[], int]) -> int:
        """A column that may be asked for again."""
        found = self._columns.get(key)
        if found is None:
            if len(self._columns) >= MOST_COLUMNS:
                self._columns.clear()
            found = self._columns[key] = made()
        return found

    def of_kind(self, kind: str) -> int:
        """The resources of that kind."""
        return self.column(("kind", kind), lambda: self.kinds.column(lambda value: bool(value == kind)))

    def in_use(self) -> int:
        """The resources that can still be booked."""
        return self.column("in use", lambda: self.retired.column(lambda value: not value))

    def fitting(self, need: Need) -> tuple[int, int]:
        """Those that fit, and those whose sheets do not say: see `needs.fit`."""
        everything = (1 << len(self)) - 1
        lacking, silent = self._short(need.quantity), 0
        for name, asked in need.requirements():
            lacks, unknown = self._answers(name, asked)
            lacking |= lacks
            silent |= unknown
        return everything & ~(lacking | silent), silent & ~lacking

    def _short(self, quantity: int) -> int:
        return self.column(
            ("quantity", quantity), lambda: self.capacities.column(lambda value: bool(value < quantity))
        )

    def _answers(self, name: str, asked: Any) -> tuple[int, int]:
        values = self.sheets[SHEET.index(name)]
        key = (name, type(asked).__name__, asked)
        lacking = self.column(key, lambda: values.column(lambda value: meets(asked, value) is False))
        silent = self.column(
            (name, isinstance(asked, bool)), lambda: values.column(lambda value: meets(asked, value) is None)
        )
        return lacking, silent


def _known(value: Any) -> Any:
    """What a sheet says, as far as any need asks for it: a number, yes or no."""
    return value if isinstance(value, bool | int | float) else None


@dataclass(frozen=True, slots=True)
class Year:
    """The free days of all resources in one year: by resource (`rows`, 46 octets each), and by day (`columns`)."""

    year: int
    rows: bytes
    columns: Sequence[int]

    def of(self, n: int) -> int:
        """The free days of the n-th resource."""
        return int.from_bytes(self.rows[n * YEAR_BYTES : (n + 1) * YEAR_BYTES], "little")

    def changed(self, bits: Mapping[int, int]) -> "Year":
        """With other free days of some resources, by their place."""
        rows = bytearray(self.rows)
        new = dict.fromkeys(range(len(self.columns)), 0)
        others = ~sum(1 << n for n in bits)
        for n, days in bits.items():
            rows[n * YEAR_BYTES : (n + 1) * YEAR_BYTES] = days.to_bytes(YEAR_BYTES, "little")
            for day in ones(days):
                new[day] |= 1 << n
        return Year(self.year, bytes(rows), [column & others | new[n] for n, column in enumerate(self.columns)])


def year_of(year: int, rows: bytes) -> Year:
    """Both ways of looking at it, out of the one."""
    length, wide = days_in(year), YEAR_BYTES * 8
    columns = [0] * length
    for begin in range(0, len(rows) // YEAR_BYTES, PIECE):
        some = rows[begin * YEAR_BYTES : (begin + PIECE) * YEAR_BYTES]
        written = bin(int.from_bytes(some + b"\1", "little"))[3:]  # the last day of the last resource first
        for day in range(length):
            columns[day] |= int(written[wide - 1 - day :: wide], 2) << begin
    return Year(year, rows, columns)


@dataclass(frozen=True, slots=True)
class Chart:
    """All resources as they were at one moment. `revisions`: of each, by its place; `houses`: the rows of all
    houses by number; `wholes`: what each whole takes. `version`: another one after every change; `generation`:
    another one when any house changed."""

    register: Register
    revisions: Sequence[int]
    years: Mapping[int, Year]
    houses: Mapping[int, Any]
    wholes: Mapping[int, Sequence[int]]
    version: int = 0
    generation: int = 0
    _chosen: dict[Any, int] = field(default_factory=dict)

    def with_a_run(self, first: date, end: date, days: int) -> int:
        """Those with so many days in a row, from `first` to `end` (excluded), on which something is left."""
        columns = []
        day = first
        while day < end:
            columns.append(self.years[day.year].columns[(day - first_of(day.year)).days])
            day += DAY
        done = 1
        while done < days and columns:
            step = min(done, days - done)
            columns = [one & other for one, other in zip(columns, columns[step:], strict=False)]
            done += step
        found = 0
        for column in columns:
            found |= column
        return found

    def free_days(self, n: int, first: date, end: date) -> int:
        """The free days of one resource from `first` (bit 0) to `end` (excluded)."""
        years = range(first.year, (end - DAY).year + 1)
        return cut({year: self.years[year].of(n) for year in years}, first, end)

    def in_houses(self, key: Any, wanted: Callable[[Any], bool]) -> int:
        """The resources of the houses that are wanted; `key`: what that depends on."""
        found = self._chosen.get(key)
        if found is None:
            if len(self._chosen) >= MOST_COLUMNS:
                self._chosen.clear()
            houses = self.houses
            found = self.register.houses.column(lambda venue: wanted(houses[venue]))
            self._chosen[key] = found
        return found

    def stamp(self, n: int) -> tuple[int, ...]:
        """The revisions of a resource and of all that it takes."""
        places, revisions = self.register.places, self.revisions
        atoms = self.wholes.get(self.register.ids[n], ())
        return (revisions[n], *(revisions[places[atom]] for atom in atoms))


def as_bits(said: str) -> int:
    """A column out of ones and zeros, the first resource first."""
    return int(said[::-1], 2) if said else 0
