"""Search by need: over all houses, which resources fit, and when they can be had.

Three steps, each narrower than the one before: the catalogue (what a resource is), the free days (a filter
that never decides), and the rules of a booking (which decide). Reads only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from booking.domain.claims import Held, Place
from booking.domain.conflicts import Asker
from booking.domain.distances import Point, great_circle
from booking.domain.finding import Answer, Asking, Calendar, Finding, Start, find
from booking.domain.free_days import cut, has_run
from booking.domain.house_rules import read_house_rules
from booking.domain.needs import MINIMA, Fit, Need, Period, SchoolHolidays, fit
from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.domain.school_holidays import is_school_holiday
from booking.domain.spans import Span
from booking.domain.wall_clock import DAY
from booking.services import free_days
from booking.storage import catalogues, occupancies
from booking.storage import free_days as stored
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.locks import places

AT_ONCE = 50
"""Resources whose hours are decided with one reading."""

MANY = 500
"""Of more than so many only those are read whose sheet fits; the others are counted."""

MOST_AT_ONCE = 300
"""Resources of which everything is read at once, before any is decided."""

AROUND = timedelta(days=2)
"""What reaches into a period from its neighbourhood: zones, day lines, buffers."""

MOST_SHOWN = 100
IN_ORDER = (Answer.FREE, Answer.OPTION, Answer.TAKEN, Answer.UNKNOWN, Answer.UNFIT)


@dataclass(frozen=True, slots=True)
class Near:
    """Not further from a point than so many kilometres, as the crow flies; None: as far as there are houses."""

    point: Point
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: `needs` together, in each of `periods` (in order of preference), `days` in a row.

    `days` None: the whole of each period. `countries`, `regions`: empty is anywhere.
    """

    needs: tuple[Need, ...]
    periods: tuple[Period, ...]
    days: int | None = None
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    near: Near | None = None
    school_holidays: SchoolHolidays | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource and its answer. `km`: from the point that was asked. `finding` None: it cannot fit anyway.

    `beside`: of each other need (by its place in the search), the best that the same house has for it in the
    same days. `complete`: that house has something for every need.
    """

    row: CatalogueRow
    answer: Answer
    fit: Fit
    finding: Finding | None = None
    km: float | None = None
    beside: Mapping[int, "Candidate"] = field(default_factory=dict)
    complete: bool = True

    @property
    def rank(self) -> int | None:
        """The rank that an option would have."""
        return self.finding.rank if self.finding is not None and self.answer is Answer.OPTION else None

    @property
    def starts(self) -> tuple[Start, ...]:
        """Every first day from which it can be had, with the rank that an option would have then."""
        return self.finding.starts if self.finding is not None else ()


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of one need in one period, best first. `left_out`: how many more there are.

    `hurried`: there was no time to look at all of them.
    """

    candidates: tuple[Candidate, ...]
    left_out: int = 0
    hurried: bool = False


class Patience:
    """How long a search may take: it asks the clock that is handed to it."""

    def __init__(self, seconds: float, ticking: Callable[[], float]) -> None:
        self._ticking = ticking
        self._until = ticking() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it is time to answer with what there is."""
        return self._ticking() > self._until


def search(
    connection: Connection,
    person: Person,
    asked: Search,
    *,
    at: datetime,
    patience: Patience | None = None,
    most: int = MOST_SHOWN,
) -> list[list[Found]]:
    """Per period, per need: the candidates, best first. Two or three statements per hundred resources that fit."""
    finder = Finder(connection, person, asked.periods, at, patience)
    finder.prepare(asked)
    found = []
    for period in asked.periods:
        per_need = [finder.candidates(need, period, asked, most=most) for need in asked.needs]
        found.append(_side_by_side(per_need) if len(per_need) > 1 else per_need)
    return found


def candidates(
    connection: Connection,
    person: Person,
    need: Need,
    period: Period,
    days: int | None = None,
    *,
    at: datetime,
    wishes: Search | None = None,
    most: int = 10_000,
) -> list[Candidate]:
    """For planners of chains: everything that fits `need` and can be had for `days` in a row within `period`.

    Only *free* and *option* answers come back, best first; `candidate.starts` has every possible first day in
    order, with the rank that an option would have from that day (1: free), so that nothing needs to be asked
    twice. `candidate.row` has `code`, `venue_code`, `country`, `latitude`, `longitude`, `day_rate_cents`.
    `wishes`: countries, regions, a point and school holidays as in a search. Reads only; what it says is what
    asking would say at this moment, by the same rules.
    """
    asked = replace(wishes or Search((), ()), needs=(need,), periods=(period,), days=days)
    found = Finder(connection, person, [period], at, None).candidates(need, period, asked, most=most)
    return [each for each in found.candidates if each.answer in (Answer.FREE, Answer.OPTION)]


def stamp(connection: Connection) -> tuple[int, int]:
    """Another one as soon as a resource, or what holds it, may answer otherwise than a moment ago."""
    return catalogues.stamp(connection)


def check_known(connection: Connection, needs: Sequence[Need]) -> None:
    """Malformed where a need names a resource or a house that there is not."""
    codes = {need.resource for need in needs if need.resource is not None}
    resources = places(connection, codes) if codes else {}
    houses = {row.code for row in catalogues.venues(connection)}
    errors = {}
    for n, need in enumerate(needs):
        if need.resource is not None and need.resource not in resources:
            errors[f"needs.{n}.resource"] = ["unknown"]
        if need.venue is not None and need.venue not in houses:
            errors[f"needs.{n}.venue"] = ["unknown"]
    if errors:
        raise Malformed(errors)


class Finder:
    """One search, with what it has read so far."""

    def __init__(
        self,
        connection: Connection,
        person: Person,
        periods: Sequence[Period],
        at: datetime,
        patience: Patience | None,
    ) -> None:
        self.connection, self.person, self.at, self.patience = connection, person, at, patience
        self.around = around(periods)
        self.years = {day.year for period in periods for day in period.days}
        self.venues = {row.code: row for row in catalogues.choices_of_venues(connection)}
        self.are_many = any(row.resources > MANY for row in self.venues.values())
        self.unread: dict[ResourceFilter, int] = {}
        self.wholes = stored.atoms_of(connection)
        self.catalogue: dict[ResourceFilter, Sequence[CatalogueRow]] = {}
        self.places: dict[str, Place] = {}
        self.days: dict[int, dict[int, int]] = {}
        self.held: dict[int, list[Held]] = {}

    def prepare(self, asked: Search) -> None:
        """Of a few resources everything is read at once, however many needs they answer."""
        if len(asked.needs) > 1:
            for words in {need.q for need in asked.needs} if not self.are_many else ():
                self._read(ResourceFilter(q=words))
        looked = {row.code: row for need in asked.needs for row in self._looked(need, asked)}
        if 0 < len(looked) <= MOST_AT_ONCE:
            rows = list(looked.values())
            if self.years:
                self._free_days({atom for row in rows for atom in self.wholes.get(row.id, [row.id])})
            self._held(self._places(rows))

    def candidates(self, need: Need, period: Period, asked: Search, *, most: int) -> Found:
        """The candidates of one need in one period."""
        rows = [row for row in self._rows(need) if self._is_wanted(row, need, asked)]
        kilometres = {row.code: self._km(row, asked) for row in rows}
        fits = {row.code: _fit(need, row) for row in rows}
        in_order = sorted(rows, key=lambda row: (kilometres[row.code] or 0, row.day_rate_cents, row.code))
        looked = [row for row in in_order if not fits[row.code].lacks]
        findings, hurried = self._findings(looked, need, period, asked, most)
        made = [
            Candidate(
                row,
                _answer(fits[row.code], findings.get(row.code)),
                fits[row.code],
                findings.get(row.code),
                kilometres[row.code],
            )
            for row in in_order
            if fits[row.code].lacks or row.code in findings
        ]
        made.sort(key=_best_first)
        unread = self.unread.get(self._narrowed(_named(need), need), 0)
        return Found(tuple(made[:most]), len(rows) + unread - len(made[:most]), hurried)

    def _looked(self, need: Need, asked: Search) -> Iterable[CatalogueRow]:
        return (row for row in self._rows(need) if self._is_wanted(row, need, asked) and not _fit(need, row).lacks)

    def _rows(self, need: Need) -> Sequence[CatalogueRow]:
        everything = self.catalogue.get(ResourceFilter(q=need.q))
        if everything is not None:
            return everything
        return self._read(self._narrowed(_named(need), need))

    def _narrowed(self, asked: ResourceFilter, need: Need) -> ResourceFilter:
        """Of many resources what does not fit by its sheet is not even read; so many are left out."""
        least = {f"min_{name}": getattr(need, f"min_{name}") for name in MINIMA}
        narrowed = replace(asked, sprung_floor=need.sprung_floor, **least)
        if not self.are_many or narrowed == asked:
            return asked
        if narrowed not in self.unread:
            every, fitting = catalogues.count(self.connection, asked), catalogues.count(self.connection, narrowed)
            self.unread[narrowed] = every - fitting
        return narrowed

    def _read(self, asked: ResourceFilter) -> Sequence[CatalogueRow]:
        if asked not in self.catalogue:
            self.catalogue[asked] = catalogues.resources(self.connection, asked)
        return self.catalogue[asked]

    def _is_wanted(self, row: CatalogueRow, need: Need, asked: Search) -> bool:
        """What is elsewhere, or something else, is no candidate at all."""
        named = (
            (row.code, need.resource),
            (row.kind, need.kind),
            (row.venue_code, need.venue),
            (row.country, need.country),
            (row.region, need.region),
        )
        if any(wanted not in (None, has) for has, wanted in named):
            return False
        if asked.countries and row.country not in asked.countries:
            return False
        if asked.regions and row.region not in asked.regions:
            return False
        km, furthest = self._km(row, asked), asked.near.km if asked.near else None
        return km is None or furthest is None or km <= furthest

    def _km(self, row: CatalogueRow, asked: Search) -> float | None:
        if asked.near is None:
            return None
        return great_circle(asked.near.point, Point(row.latitude, row.longitude))

    def _findings(
        self, rows: Sequence[CatalogueRow], need: Need, period: Period, asked: Search, most: int
    ) -> tuple[dict[str, Finding], bool]:
        """What can be had when: those that may be free are decided first, until there are enough of them."""
        days = asked.days or max(len(period.days), 1)
        likely = self._likely(rows, period, days)
        found: dict[str, Finding] = {}
        free = 0
        first = [row for row in rows if row.code in likely]
        rest = [row for row in rows if row.code not in likely]
        for n, some in enumerate(_chunks([*first, *rest])):
            if self.patience is not None and n and self.patience.is_over:
                return found, True
            if free >= most:
                break
            for row, finding in self._decided(some, need, period, days, asked):
                found[row.code] = finding
                free += finding.rank == 1
        return found, False

    def _likely(self, rows: Sequence[CatalogueRow], period: Period, days: int) -> set[str]:
        """Those with so many days in a row on which something is left."""
        if not period.in_whole_days or not rows:
            return {row.code for row in rows}
        atoms = {row.id: self.wholes.get(row.id, [row.id]) for row in rows}
        first, end = period.days[0], period.days[-1] + DAY
        full = (1 << (end - first).days) - 1
        known = self._free_days({atom for each in atoms.values() for atom in each})
        bits = {atom: cut(of_years, first, end) for atom, of_years in known.items()}
        return {row.code for row in rows if has_run(free_days.free_throughout(bits, atoms[row.id]) & full, days)}

    def _free_days(self, atoms: set[int]) -> dict[int, dict[int, int]]:
        """The free days of all years that any period touches, each atom read once."""
        unknown = atoms - self.days.keys()
        if unknown:
            self.days.update(free_days.of_years(self.connection, unknown, self.years))
        return {atom: self.days[atom] for atom in atoms}

    def _decided(
        self, rows: Sequence[CatalogueRow], need: Need, period: Period, days: int, asked: Search
    ) -> Iterable[tuple[CatalogueRow, Finding]]:
        here = self._places(rows)
        held, outer = self._held(here), around([period])
        for row, place in zip(rows, here, strict=True):
            mine = [each for atom in place.atoms for each in held[atom.id] if each.occupied.overlaps(outer)]
            asking = Asking(self._asker(place), self.at, self._most_rank(place))
            calendar = self._calendar(row, asked.school_holidays)
            yield row, find(place, period, days, need.quantity, mine, asking, calendar=calendar)

    def _places(self, rows: Sequence[CatalogueRow]) -> list[Place]:
        """The resources with their rules, each read once."""
        missing = [row.code for row in rows if row.code not in self.places]
        if missing:
            self.places.update(places(self.connection, missing))
        return [self.places[row.code] for row in rows]

    def _held(self, here: Sequence[Place]) -> dict[int, list[Held]]:
        """What holds these places in any of the periods, each atom read once."""
        unknown = sorted({atom.id for place in here for atom in place.atoms} - self.held.keys())
        if unknown:
            self.held.update({atom: [] for atom in unknown})
            for each in occupancies.held(self.connection, unknown, self.around):
                self.held[each.atom_id].append(each)
        return self.held

    def _asker(self, place: Place) -> Asker:
        """The house itself, when they decide for it; else a company: of the programme, if any of theirs is."""
        is_house = self.person.decides_for(place.venue)
        return Asker(self.person.name, is_house=is_house, is_programme_company=bool(self.person.programme))

    def _most_rank(self, place: Place) -> int:
        return read_house_rules(self.venues[place.venue].settings).most_rank

    def _calendar(self, row: CatalogueRow, wish: SchoolHolidays | None) -> Calendar:
        school: Mapping[str, Any] = self.venues[row.venue_code].school_holidays
        named = (school["country"], school["subdivision"])
        return Calendar(wish, lambda day: is_school_holiday(named, day))


def around(periods: Sequence[Period]) -> Span:
    """The time of which one must know what holds it, in any zone."""
    return Span(
        min(_utc(each.start) for each in periods) - AROUND, max(_utc(each.end) for each in periods) + AROUND
    )


def _utc(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _chunks(rows: Sequence[CatalogueRow]) -> Iterable[Sequence[CatalogueRow]]:
    for n in range(0, len(rows), AT_ONCE):
        yield rows[n : n + AT_ONCE]


def _named(need: Need) -> ResourceFilter:
    return ResourceFilter(venue=need.venue, kind=need.kind, country=need.country, region=need.region, q=need.q)


def _fit(need: Need, row: CatalogueRow) -> Fit:
    return fit(need, row.technical_sheet, capacity=row.capacity)


def _answer(how: Fit, finding: Finding | None) -> Answer:
    if how.lacks or finding is None:
        return Answer.UNFIT
    if how.unknown:
        return Answer.UNKNOWN
    if finding.rank is None:
        return _why_not(finding)
    return Answer.FREE if finding.rank == 1 else Answer.OPTION


def _why_not(finding: Finding) -> Answer:
    if finding.holidays_unknown and not finding.conflicts:
        return Answer.UNKNOWN
    ruled_out = finding.conflicts and all(each.kind in ("rule", "outside-hours") for each in finding.conflicts)
    return Answer.UNFIT if ruled_out or (finding.holidays and not finding.conflicts) else Answer.TAKEN


def _best_first(each: Candidate) -> tuple[Any, ...]:
    """The answer, whether the house has all that is needed, the rank, the way, the price, then the code."""
    return (
        IN_ORDER.index(each.answer),
        not each.complete,
        each.rank or 0,
        each.km or 0,
        each.row.day_rate_cents,
        each.row.code,
    )


def _side_by_side(per_need: Sequence[Found]) -> list[Found]:
    """Each candidate with the best of its house for every other need, in days that it is free itself."""
    houses: dict[tuple[int, str], list[Candidate]] = {}
    for n, found in enumerate(per_need):
        for each in found.candidates:
            houses.setdefault((n, each.row.venue_code), []).append(each)
    joined = []
    for n, found in enumerate(per_need):
        made = [_with_neighbours(each, n, len(per_need), houses) for each in found.candidates]
        joined.append(replace(found, candidates=tuple(sorted(made, key=_best_first))))
    return joined


def _with_neighbours(
    one: Candidate, n: int, needs: int, houses: Mapping[tuple[int, str], Sequence[Candidate]]
) -> Candidate:
    beside: dict[int, Candidate] = {}
    for other in range(needs):
        here = houses.get((other, one.row.venue_code), ())
        alike = [each for each in here if other != n and each.row.code != one.row.code]
        if alike:
            beside[other] = min(alike, key=lambda each: (not _share_days(one, each), *_best_first(each)))
    complete = all(other == n or (other in beside and _share_days(one, beside[other])) for other in range(needs))
    return replace(one, beside=beside, complete=complete)


def _share_days(one: Candidate, other: Candidate) -> bool:
    """Whether both can be had from the same day on."""
    mine = {start.start for start in one.starts}
    return any(start.start in mine for start in other.starts)
