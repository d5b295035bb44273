"""What a process remembers of single resources that a search came upon: the most recently used ones.

Each carries the revisions that it was read at; the chart says which they are now.
"""

from collections import ChainMap, OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection

from booking.domain.charts import Chart
from booking.domain.claims import Held, Place
from booking.domain.spans import Span
from booking.domain.wall_clock import planning_days
from booking.services.free_days import around_year
from booking.storage import catalogues, occupancies
from booking.storage.catalogues import CatalogueRow

MOST = 1_500
"""Some 10 kB each."""

MOST_HELD = 20_000
"""What holds all of them together: some 600 octets each."""

OnDays = Mapping[int, Sequence[Held]]
"""By day, as an ordinal number."""


@dataclass(slots=True)
class Detail:
    """One resource. `stamp`: its revision and those of its atoms; `generation`: of the houses (see `Chart`).

    `near`: for each year, by day, what may stand in the way on a free day; `judged`: see `finding.Near`.
    """

    row: CatalogueRow
    place: Place
    stamp: tuple[int, ...]
    generation: int
    near: dict[int, OnDays] = field(default_factory=dict)
    judged: dict[tuple[int, int, int], tuple[bool, int]] = field(default_factory=dict)
    weight: int = 0

    def on_days(self, years: Sequence[int]) -> OnDays:
        """By day, in all of these years."""
        if len(years) == 1:
            return self.near[years[0]]
        return ChainMap(*(dict(self.near[year]) for year in years))

    def is_of(self, chart: Chart, n: int) -> bool:
        """Whether it is at least as new as the chart."""
        stamp = chart.stamp(n)
        if self.generation != chart.generation or len(self.stamp) != len(stamp):
            return False
        return all(mine >= theirs for mine, theirs in zip(self.stamp, stamp, strict=True))


class Details:
    """A bounded memory of them, for threads to share. Losing what is in it costs time, never truth."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Detail] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def known(self, chart: Chart, numbers: Iterable[int]) -> dict[int, Detail]:
        """Those that are remembered and as new as the chart, by their place in it."""
        found = {}
        ids = chart.register.ids
        with self._lock:
            for n in numbers:
                one = self._kept.get(ids[n])
                if one is not None and one.is_of(chart, n):
                    self._kept.move_to_end(ids[n])
                    found[n] = one
        return found

    def read(self, connection: Connection, chart: Chart, numbers: Collection[int]) -> dict[int, Detail]:
        """Read the others, and remember them."""
        ids, codes = chart.register.ids, chart.register.codes
        rows, places_of = catalogues.with_places(connection, [codes[n] for n in numbers])
        found = {}
        for n in numbers:
            place, row = places_of.get(codes[n]), rows.get(codes[n])
            if place is not None and row is not None:
                found[n] = Detail(row, place, _stamp(chart, n, place), chart.generation)
        self._keep({ids[n]: one for n, one in found.items()})
        return found

    def read_near(self, connection: Connection, details: Iterable[Detail], years: Sequence[int]) -> None:
        """Read what may stand in the way on their free days in these years, and remember it."""
        lacking = [one for one in details if not one.near.keys() >= set(years)]
        if not lacking:
            return
        atoms = {atom.id for one in lacking for atom in one.place.atoms}
        span = Span(around_year(min(years)).start, around_year(max(years)).end)
        by_atom: dict[int, list[Held]] = {}
        for each in occupancies.near(connection, sorted(atoms), span):
            by_atom.setdefault(each.atom_id, []).append(each)
        for one in lacking:
            held = [each for atom in one.place.atoms for each in by_atom.get(atom.id, ())]
            by_year = _by_day(one.place, held, years)
            with self._lock:
                one.near.update(by_year)
                one.weight += len(held)
                if self._kept.get(one.row.id) is one:
                    self._weight += len(held)
        with self._lock:
            self._shrink()

    def _keep(self, details: Mapping[int, Detail]) -> None:
        with self._lock:
            for number, one in details.items():
                before = self._kept.pop(number, None)
                self._weight -= before.weight if before else 0
                self._kept[number] = one
            self._shrink()

    def _shrink(self) -> None:
        while len(self._kept) > MOST or (self._weight > MOST_HELD and len(self._kept) > 1):
            _, lost = self._kept.popitem(last=False)
            self._weight -= lost.weight


def _stamp(chart: Chart, n: int, place: Place) -> tuple[int, ...]:
    atoms = {atom.id: atom.revision for atom in place.atoms}
    return (place.revision, *(atoms.get(each, 0) for each in chart.wholes.get(chart.register.ids[n], ())))


def _by_day(place: Place, held: Iterable[Held], years: Sequence[int]) -> dict[int, OnDays]:
    found: dict[int, dict[int, list[Held]]] = {year: {} for year in years}
    for each in held:
        for day in planning_days(each.occupied, place.zone, place.day_line):
            if day.year in found:
                found[day.year].setdefault(day.toordinal(), []).append(each)
    return dict(found)
