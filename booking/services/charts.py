"""The chart of all resources that a process remembers, brought up to date before anybody looks at it.

While nothing was committed and no clock ran out, it holds without a question. Else two statements tell which
houses changed, and only what those have is read again: what is looked at is always what was committed.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.charts import SHEET, Chart, Fact, Register, year_of
from booking.domain.free_days import YEAR_BYTES
from booking.services import free_days, settling
from booking.storage import charts
from booking.storage import free_days as stored
from booking.storage.charts import AT_ONCE, MOST_NAMED, Check, Sum
from booking.storage.database import Database
from booking.storage.pulse import Beat

MOST_PROOFS = 64
MOST_YEARS = 4
"""Years that are remembered, those that were read last; each is read when somebody asks for it."""

FOR_EVER = datetime.max.replace(tzinfo=UTC)
PIECE = 4_000
"""Resources whose free days are read at once."""


class TooSlow(Exception):
    """There was no time to read what must be known first. What was read is remembered for the next one."""


def never() -> bool:
    """For whoever has all the time."""
    return False


class Charts:
    """What one process remembers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._reading = Reading()
        self._proved: tuple[Chart | None, dict[Beat, datetime]] = None, {}

    def present(
        self,
        years: Collection[int],
        *,
        at: datetime,
        settled: bool = True,
        is_over: Callable[[], bool] = never,
        seconds: float = -1,
    ) -> Chart:
        """The chart as it is now, with these years. TooSlow when that takes longer than `is_over` allows.

        `settled`: what was due by then is settled already; `seconds`: how long to wait for another thread that is
        reading the chart.
        """
        chart, proofs = self._proved
        beat = self._database.pulse.beat()
        if chart is not None and at < proofs.get(beat, at) and chart.years.keys() >= set(years):
            return chart
        with self._turn(seconds):
            beat, check = self._checked()
            if settled or check.due is None or check.due > at:
                return self._brought_up(beat, check, years, is_over)
        settling.settle_due(self._database, at=at)  # in nobody's turn: whoever writes may want to look as well
        return self.present(years, at=at, is_over=is_over, seconds=seconds)

    @contextmanager
    def _turn(self, seconds: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=seconds):
            raise TooSlow
        try:
            yield
        finally:
            self._lock.release()

    def _brought_up(self, beat: Beat, check: Check, years: Collection[int], is_over: Callable[[], bool]) -> Chart:
        with self._database.read() as connection:
            chart = self._reading.brought_up(connection, check, years, is_over)
        before, proofs = self._proved
        if before is None or before.version != chart.version or len(proofs) >= MOST_PROOFS:
            proofs = {}
        self._proved = chart, {**proofs, beat: check.due or FOR_EVER}
        return chart

    def agreed(self, check: Check, years: Collection[int]) -> Chart | None:
        """The chart, if it is what a transaction sees; None when that has changed something itself."""
        with self._lock, self._database.read() as connection:
            mine = charts.check(connection)
            if (mine.total, mine.houses) != (check.total, check.houses):
                return None
            return self._reading.brought_up(connection, mine, years, never)

    def _checked(self) -> tuple[Beat, Check]:
        """What there is, and the beat before it was looked at."""
        beat = self._database.pulse.beat()
        with self._database.read() as connection:
            return beat, charts.check(connection)


@dataclass
class Begun:
    """A year of which the first `done` resources of that register are read, as octets."""

    register: Register
    rows: bytearray
    done: int = 0


class Reading:
    """A chart, and what it was read at. `piece`: of so many resources the free days are read at once."""

    def __init__(self, piece: int = PIECE) -> None:
        self.chart: Chart | None = None
        self._piece = piece
        self._begun: dict[int, Begun] = {}
        self._count = count(1)
        self._check: Check | None = None
        self._sums: Mapping[int, Sum] = {}
        self._facts: list[Fact] = []
        self._revisions: dict[int, int] = {}
        self._before: Mapping[int, Sum] | None = None

    def brought_up(
        self, connection: Connection, check: Check, years: Collection[int], is_over: Callable[[], bool]
    ) -> Chart:
        """Read what changed until `check`, or since, and the years that nobody asked for yet."""
        known, sums = self._check, self._sums
        if self.chart is None or known is None:
            sums, chart = self._first(connection, check, is_over)
        elif known.total != check.total:
            sums = charts.sums(connection)
            chart = self._changed(connection, self.chart, self._sums, sums, is_over)
        else:
            chart = self.chart
        if known is None or known.houses != check.houses or not chart.houses:
            houses = charts.houses(connection)
            chart = replace(
                chart, houses=houses, version=next(self._count), generation=next(self._count), _chosen={}
            )
        self.chart, self._check, self._sums = chart, check, sums  # once all of it was read
        for year in sorted(set(years) - chart.years.keys()):
            rows = self._year(connection, chart, year, is_over)
            others = [each for each in chart.years if each not in years]
            lost = others[: max(0, len(chart.years) + 1 - MOST_YEARS)]
            kept = {each: known for each, known in chart.years.items() if each not in lost}
            chart = self.chart = replace(chart, years={**kept, year: year_of(year, rows)})
        return chart

    def _first(
        self, connection: Connection, check: Check, is_over: Callable[[], bool]
    ) -> tuple[Mapping[int, Sum], Chart]:
        """Everything, and the sums of it: where one statement reads it all, these are of what it read."""
        if not self._facts and check.total[0] < AT_ONCE:
            rows = next(charts.everything(connection, after=0), [])
            if len(rows) < AT_ONCE:
                self._note(rows)
                sums = charts.sums_of(rows)
                if is_over():
                    self._before = sums
                    raise TooSlow
                return sums, self._noted(connection)
        sums = charts.sums(connection)
        return sums, self._all(connection, sums, is_over)

    def _all(self, connection: Connection, sums: Mapping[int, Sum], is_over: Callable[[], bool]) -> Chart:
        """Everything anew; what was read before the time was over is not read again."""
        last = self._facts[-1].id if self._facts else 0
        self._before = self._before or sums
        for rows in charts.everything(connection, after=last):
            self._note(rows)
            if is_over():
                raise TooSlow
        chart = self._noted(connection)
        began, self._before = self._before, None
        return self._changed(connection, chart, began, sums, is_over)

    def _note(self, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            self._facts.append(_fact(row))
            self._revisions[row.id] = row.revision

    def _noted(self, connection: Connection) -> Chart:
        """A chart of what was read, without a day and a house; what each whole takes is read after it."""
        register = Register(self._facts)
        revisions = array("q", (self._revisions[each] for each in register.ids))
        self._facts, self._revisions = [], {}
        return Chart(register, revisions, {}, {}, stored.atoms_of(connection), next(self._count))

    def _changed(
        self,
        connection: Connection,
        chart: Chart,
        known: Mapping[int, Sum],
        sums: Mapping[int, Sum],
        is_over: Callable[[], bool],
    ) -> Chart:
        """With what the houses have read again whose sums are others than the known ones."""
        houses = [venue for venue, each in sums.items() if known.get(venue) != each]
        if not houses and sums.keys() == known.keys():
            return chart
        same = all(known.get(venue, (0,))[0] == sums[venue][0] for venue in houses) and sums.keys() == known.keys()
        if not same or len(houses) > MOST_NAMED:
            return self._anew(connection, chart, sums, is_over)
        places = chart.register.places
        rows = [
            row
            for row in charts.of_houses(connection, houses)
            if row.id not in places or chart.revisions[places[row.id]] != row.revision
        ]
        if not all(chart.register.says(_fact(row)) for row in rows):
            return self._anew(connection, chart, sums, is_over)
        revisions = array("q", chart.revisions)
        for row in rows:
            revisions[places[row.id]] = row.revision
        ids = {row.id for row in rows}
        chart = _with_wholes(connection, chart, ids)
        ids |= {whole for whole, atoms in chart.wholes.items() if not ids.isdisjoint(atoms)}
        years = {
            year: each.changed(_bits(connection, chart, ids, year)) if ids else each
            for year, each in chart.years.items()
        }
        for year, begun in self._begun.items():
            if ids and begun.register is chart.register:
                _write(begun.rows, _bits(connection, chart, ids, year))
        return replace(chart, revisions=revisions, years=years, version=next(self._count))

    def _year(self, connection: Connection, chart: Chart, year: int, is_over: Callable[[], bool]) -> bytes:
        """The free days of everything in a year; what was read of it before the time was over is not read again,
        but for what changed meanwhile (`_changed`)."""
        ids: Sequence[int] = chart.register.ids
        begun = self._begun.pop(year, None)
        if begun is None or begun.register is not chart.register:
            begun = Begun(chart.register, bytearray(len(ids) * YEAR_BYTES))
        while begun.done < len(ids):
            some = ids[begun.done : begun.done + self._piece]
            _write(begun.rows, _bits(connection, chart, some, year))
            begun.done += len(some)
            if begun.done < len(ids) and is_over():
                self._begun[year] = begun
                raise TooSlow
        return bytes(begun.rows)

    def _anew(
        self, connection: Connection, chart: Chart, sums: Mapping[int, Sum], is_over: Callable[[], bool]
    ) -> Chart:
        self.chart = None
        found = self._all(connection, sums, is_over)
        return replace(found, houses=chart.houses, generation=chart.generation)


def _with_wholes(connection: Connection, chart: Chart, ids: Collection[int]) -> Chart:
    """With what these take by now: what a whole is made of raises its own revision."""
    there = stored.atoms_of(connection, ids) if ids else {}
    if there == {each: chart.wholes[each] for each in ids if each in chart.wholes}:
        return chart
    others = {whole: atoms for whole, atoms in chart.wholes.items() if whole not in ids}
    return replace(chart, wholes={**others, **there})


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        row.id,
        row.venue_id,
        row.code,
        row.kind,
        row.capacity,
        row.day_rate_cents,
        tuple(row.technical_sheet.get(name) for name in SHEET),
        row.retired_at is not None,
    )


def _bits(connection: Connection, chart: Chart, resources: Iterable[int], year: int) -> dict[int, int]:
    """The free days of some resources, by their place in the chart."""
    takes = {each: chart.wholes.get(each, (each,)) for each in resources}
    known = free_days.of_years(connection, {atom for atoms in takes.values() for atom in atoms}, [year])
    of_year = {atom: bits[year] for atom, bits in known.items()}
    full = (1 << YEAR_BYTES * 8) - 1
    return {
        chart.register.places[each]: free_days.free_throughout(of_year, atoms) & full
        for each, atoms in takes.items()
    }


def _write(rows: bytearray, found: Mapping[int, int]) -> None:
    for n, bits in found.items():
        rows[n * YEAR_BYTES : (n + 1) * YEAR_BYTES] = bits.to_bytes(YEAR_BYTES, "little")
