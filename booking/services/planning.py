"""Planning a chain: ordered needs over a period become the best few chains that could be asked now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from time import monotonic

from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms
from booking.domain.distances import USUAL, Point, Roads
from booking.domain.free_days import ones
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.planning import Blocked, Outcome, Plan, Step, Wishes, plan
from booking.domain.wall_clock import DAY
from booking.services import finding
from booking.services.candidates import Candidate, Patience
from booking.services.charts import TooSlow
from booking.storage.catalogues import CatalogueRow

MOST_NEEDS = 8
MOST_GAP = 366
IN_TIME = 0.9
"""Of the time that is given: the rest is for what comes before and after."""

ACCOMMODATION = "accommodation"


@dataclass(frozen=True, slots=True)
class Stage:
    """One need of a chain: what, for how many days, and how long after the one before.

    `weekday`: one of its days is that weekday (1 is Monday, ISO 8601), for a showing. `beds`: in the same house.
    """

    need: Need
    days: int
    least_gap: int = 0
    most_gap: int = MOST_GAP
    beds: int = 0
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole chain that is looked for. `countries`: each has a stay; `most_km`: by road, from stay to stay;
    `moves`: no stay is in the house of the one before."""

    stages: tuple[Stage, ...]
    period: Period
    countries: tuple[str, ...] = ()
    most_km: float | None = None
    most: int = 5
    moves: bool = False


@dataclass(frozen=True, slots=True)
class PlannedStay:
    """One stay of a plan: what would be asked of its house, and the rank that an option would have."""

    room: CatalogueRow
    first: date
    end: date
    rank: int
    claims: tuple[ClaimTerms, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """One chain, with what it costs: days from the first to the last, kilometres, ranks beyond the first."""

    stays: tuple[PlannedStay, ...]
    days: int
    km: float
    ranks: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The best chains, best first; `proved`: none is better; or what blocks."""

    plans: tuple[Planned, ...]
    proved: bool
    blocked: Blocked | None = None


@dataclass
class Choices:
    """What answers one need: per house and first day the best room, its rank, and the beds.

    `better`: per house, for each rank, the first days (bits from the first of the period) that have that room.
    """

    stage: Stage
    rooms: dict[str, dict[int, tuple[int, CatalogueRow]]] = field(default_factory=dict)
    beds: dict[str, CatalogueRow] = field(default_factory=dict)
    better: dict[str, dict[int, int]] = field(default_factory=dict)

    def take(self, candidate: Candidate, allowed: int) -> None:
        """Every first day on which this room is better than what the house had so far."""
        row, found = candidate.row, candidate.finding
        if found is None or found.first is None:
            return
        mine, better = self.rooms.setdefault(row.venue_code, {}), self.better.setdefault(row.venue_code, {})
        first = found.first.toordinal()
        for rank, starts in found.ranked:
            covered = reduce(or_, (bits for known, bits in better.items() if known <= rank), 0)
            new = starts & allowed & ~covered
            better[rank] = better.get(rank, 0) | new
            mine.update((first + n, (rank, row)) for n in ones(new))

    @property
    def step(self) -> Step:
        """The same for the planner."""
        starts = {
            house: {day: rank for day, (rank, _) in days.items()} for house, days in self.rooms.items() if days
        }
        return Step(self.stage.days, starts, self.stage.least_gap, self.stage.most_gap)


def _has_weekday(first: date, days: int, weekday: int) -> bool:
    return any((first + DAY * n).isoweekday() == weekday for n in range(min(days, 7)))


def make(
    connection: Connection, person: Person, asked: Asked, *, at: datetime, seconds: float, roads: Roads = USUAL
) -> Answer:
    """The best chains within `seconds`. Reads only; each stay would be answered so if it were asked at once."""
    patience = Patience(seconds * IN_TIME, monotonic)
    try:
        choices = [_choices(connection, person, stage, asked.period, at, patience) for stage in asked.stages]
    except TooSlow:
        return Answer((), proved=False)
    rows = [next(iter(days.values()))[1] for each in choices for days in each.rooms.values() if days]
    wishes = Wishes(
        {row.venue_code: Point(row.latitude, row.longitude) for row in rows},
        {row.venue_code: row.country for row in rows},
        asked.countries,
        asked.most_km,
        roads,
        asked.moves,
    )
    outcome: Outcome = plan(
        [each.step for each in choices], wishes, most=asked.most, is_over=lambda: patience.is_over
    )
    return Answer(tuple(_planned(each, choices) for each in outcome.plans), outcome.proved, outcome.blocked)


def _choices(
    connection: Connection, person: Person, stage: Stage, period: Period, at: datetime, patience: Patience
) -> Choices:
    choices = Choices(stage)
    dates = period.days
    fitting = sum(
        1 << n for n, day in enumerate(dates) if not stage.weekday or _has_weekday(day, stage.days, stage.weekday)
    )
    nights: dict[str, int] = {}
    if stage.beds:
        beds = Need(kind=ACCOMMODATION, venue=stage.need.venue, quantity=stage.beds)
        for each in finding.candidates(connection, person, beds, period, stage.days, at=at, patience=patience):
            if each.row.venue_code not in nights and each.finding is not None:
                nights[each.row.venue_code] = each.finding.possible
                choices.beds[each.row.venue_code] = each.row
    for each in finding.candidates(connection, person, stage.need, period, stage.days, at=at, patience=patience):
        choices.take(each, fitting & nights.get(each.row.venue_code, 0) if stage.beds else fitting)
    return choices


def _planned(each: Plan, choices: Sequence[Choices]) -> Planned:
    stays = tuple(_stay(choice, house, day) for choice, (house, day) in zip(choices, each.stays, strict=True))
    return Planned(stays, (stays[-1].end - stays[0].first).days, each.km, each.ranks)


def _stay(choice: Choices, house: str, day: int) -> PlannedStay:
    rank, row = choice.rooms[house][day]
    first, stage = date.fromordinal(day), choice.stage
    end = first + DAY * stage.days
    claims = [ClaimTerms(row.code, first, end, stage.need.quantity)]
    if stage.beds:
        claims.append(ClaimTerms(choice.beds[house].code, first, end, stage.beds))
    return PlannedStay(row, first, end, rank, tuple(claims))
