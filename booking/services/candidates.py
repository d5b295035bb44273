"""What is looked for, and what is found: a search, its candidates with their answers, and which is the best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from booking.domain.distances import Point
from booking.domain.finding import Answer, Finding, Start
from booking.domain.needs import Fit, Need, Period, SchoolHolidays
from booking.storage.catalogues import CatalogueRow

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

    @property
    def left(self) -> float:
        """Seconds until then; 0 when it is over."""
        return max(self._until - self._ticking(), 0.0)


def answer(how: Fit, finding: Finding | None) -> Answer:
    """What is answered of a resource whose sheet fits so. `finding` None: it cannot fit anyway."""
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


def best_first(each: Candidate) -> tuple[Any, ...]:
    """The answer, whether the house has all that is needed, the rank, the way, the price, then the code."""
    return (
        IN_ORDER.index(each.answer),
        not each.complete,
        each.rank or 0,
        each.km or 0,
        each.row.day_rate_cents,
        each.row.code,
    )


def side_by_side(per_need: Sequence[Found]) -> list[Found]:
    """Each candidate with the best of its house for every other need, in days that it is free itself."""
    houses: dict[tuple[int, str], list[Candidate]] = {}
    for n, found in enumerate(per_need):
        for each in found.candidates:
            houses.setdefault((n, each.row.venue_code), []).append(each)
    joined = []
    for n, found in enumerate(per_need):
        made = [_with_neighbours(each, n, len(per_need), houses) for each in found.candidates]
        joined.append(replace(found, candidates=tuple(sorted(made, key=best_first))))
    return joined


def _with_neighbours(
    one: Candidate, n: int, needs: int, houses: Mapping[tuple[int, str], Sequence[Candidate]]
) -> Candidate:
    beside: dict[int, Candidate] = {}
    for other in range(needs):
        here = houses.get((other, one.row.venue_code), ())
        alike = [each for each in here if other != n and each.row.code != one.row.code]
        if alike:
            beside[other] = min(alike, key=lambda each: (not _share_days(one, each), *best_first(each)))
    complete = all(other == n or (other in beside and _share_days(one, beside[other])) for other in range(needs))
    return replace(one, beside=beside, complete=complete)


def _share_days(one: Candidate, other: Candidate) -> bool:
    """Whether both can be had from the same day on."""
    if one.finding is None or other.finding is None:
        return False
    return bool(one.finding.possible & other.finding.possible)
