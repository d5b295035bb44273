"""The best few chains of stays: exact, and proved so.

A chain is as good as its ranks (how many options it would stand behind), then its days (waiting between stays),
then its kilometres by road, in this order. Going backwards over the needs, the least that the rest of a chain can
still cost is worked out for every house and day; going forwards, the most promising beginning is followed first
(A*, with that bound). So the first chain that is complete is the best there is, and when no beginning is left
there is none. A limit of kilometres is kept by a second bound of the same kind, of kilometres alone.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count
from math import inf

from booking.domain.distances import USUAL, Point, Roads, great_circle

RANK, DAY_, KM = 1e9, 1e5, 1.0
"""What one rank, one day and one kilometre weigh: a chain has fewer than 10,000 of the lesser ones."""

HAIR = 1e-6
MANY = 500
"""So many beginnings are looked at before it is worked out how short the rest of each can be."""

MOST_ALIKE = 2000
"""After so many chains of houses that are known already, it is time to stop."""


@dataclass(frozen=True, slots=True)
class Step:
    """One need: how long, how many days may lie before it, and where it can be had from which day.

    `starts`: house → first day (an ordinal) → the rank that an option would have (1: free).
    """

    days: int
    starts: Mapping[str, Mapping[int, int]]
    least_gap: int = 0
    most_gap: int = 366


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the chain as a whole must keep. `countries`: each has a stay at least; `most_km`: by road, in all;
    `moves`: no stay is in the house of the one before."""

    points: Mapping[str, Point]
    country: Mapping[str, str]
    countries: tuple[str, ...] = ()
    most_km: float | None = None
    roads: Roads = USUAL
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One chain: its stays as `(house, first day)`, the ranks beyond the first, the days between, and by road."""

    stays: tuple[tuple[str, int], ...]
    ranks: int
    waits: int
    km: float


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why there is no chain.

    `need`: the place of the one that blocks; `why`: nothing, gap, house, border or distance. `least_km`: how short
    the shortest chain would be.
    """

    need: int
    why: str
    least_km: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best chains, best first. `proved`: there was time to be sure."""

    plans: tuple[Plan, ...]
    proved: bool
    blocked: Blocked | None = None


class OutOfTime(Exception):
    """The time that was given is over."""


def plan(
    steps: Sequence[Step], wishes: Wishes, *, most: int = 5, is_over: Callable[[], bool] = lambda: False
) -> Outcome:
    """The best chains of different houses; of the same houses in the same order only the best days. The best one
    is proved once it is found; further ones are looked for as long as that is cheap."""
    planner = _Planner(steps, wishes, is_over)
    found: list[Plan] = []
    alike = 0
    try:
        for each in planner.best():
            if any(_houses(each) == _houses(other) for other in found):
                alike += 1
            else:
                found.append(each)
            if len(found) == most or alike > MOST_ALIKE:
                break
        blocked = None if found else planner.blocked()
    except OutOfTime:
        return Outcome(tuple(found), proved=bool(found))
    return Outcome(tuple(found), proved=True, blocked=blocked)


def _houses(each: Plan) -> tuple[str, ...]:
    return tuple(house for house, _ in each.stays)


Stays = tuple[tuple[str, int], ...]
"""`(house, first day)` of each, in order."""

Bound = Mapping[tuple[int, str, int], float]
"""What the rest costs at least: `(countries so far, house, first day)`."""


@dataclass
class _Planner:
    steps: Sequence[Step]
    wishes: Wishes
    is_over: Callable[[], bool]
    ways: dict[str, dict[str, float]] = field(default_factory=dict)
    nearest: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    bits: dict[str, int] = field(default_factory=dict)

    def with_others(self, steps: Sequence[Step], wishes: Wishes) -> "_Planner":
        """A planner of other needs or wishes among the same houses, which knows their ways."""
        return _Planner(steps, wishes, self.is_over, self.ways, self.nearest)

    def hurry(self) -> None:
        """OutOfTime when the time is over: asked before everything that takes any."""
        if self.is_over():
            raise OutOfTime

    @property
    def full(self) -> int:
        return (1 << len(self.wishes.countries)) - 1

    def bit(self, house: str) -> int:
        """Which of the wished countries a house is in."""
        if house not in self.bits:
            country = self.wishes.country.get(house)
            self.bits[house] = sum(1 << n for n, wanted in enumerate(self.wishes.countries) if wanted == country)
        return self.bits[house]

    def ways_from(self, house: str) -> Mapping[str, float]:
        """By road to every house, worked out once for each pair; endless to the same one for who moves."""
        if house not in self.ways:
            self.hurry()
            here, ways = self.wishes.points[house], self.ways
            staying = inf if self.wishes.moves else 0.0
            self.ways[house] = {
                other: staying
                if other == house
                else ways[other][house]
                if other in ways
                else self.wishes.roads.kilometres(great_circle(here, there))
                for other, there in self.wishes.points.items()
            }
        return self.ways[house]

    def near(self, house: str) -> Sequence[tuple[float, str]]:
        """What the way to every house costs, the nearest first."""
        if house not in self.nearest:
            self.nearest[house] = sorted((way * KM, other) for other, way in self.ways_from(house).items())
        return self.nearest[house]

    def best(self) -> Iterator[Plan]:
        """Complete chains, best first."""
        if any(not step.starts for step in self.steps):
            return
        agenda = _Agenda(self, self.bounds(RANK, DAY_))
        for house, starts in self.steps[0].starts.items():
            for day, rank in starts.items():
                agenda.add((rank - 1) * RANK, 0.0, self.bit(house), ((house, day),))
        while agenda.heap:
            self.hurry()
            bound, _, _, cost, km, seen, stays, wait = heappop(agenda.heap)
            if len(stays) == len(self.steps):
                yield self.told(stays, km)
            elif agenda.may_do(km, seen, stays):
                agenda.grow(bound, cost, km, seen, stays, wait)

    @property
    def limit(self) -> float:
        return inf if self.wishes.most_km is None else self.wishes.most_km + HAIR

    def after(self, n: int, end: int) -> Iterator[tuple[str, int, int, int]]:
        """`(house, first day, rank, days between)` of everything that may follow a stay that ends then."""
        step = self.steps[n]
        for house, starts in step.starts.items():
            for wait in range(step.least_gap, step.most_gap + 1):
                rank = starts.get(end + wait)
                if rank is not None:
                    yield house, end + wait, rank, wait

    def told(self, stays: Stays, km: float) -> Plan:
        ranks = sum(self.steps[n].starts[house][day] - 1 for n, (house, day) in enumerate(stays))
        ends = [day + self.steps[n].days for n, (_, day) in enumerate(stays)]
        waits = sum(stays[n + 1][1] - ends[n] for n in range(len(stays) - 1))
        return Plan(stays, ranks, waits, km)

    def bounds(self, rank_weight: float, day_weight: float) -> list[Bound]:
        """For every need: the least that what comes after it costs."""
        last = self.steps[-1]
        found: list[dict[tuple[int, str, int], float]] = [{} for _ in self.steps]
        found[-1] = {(self.full, house, day): 0.0 for house, starts in last.starts.items() for day in starts}
        for n in range(len(self.steps) - 2, -1, -1):
            found[n] = self.before(n, found[n + 1], rank_weight, day_weight)
        return list(found)

    def before(
        self, n: int, rest: Bound, rank_weight: float, day_weight: float
    ) -> dict[tuple[int, str, int], float]:
        """The bounds of need `n` out of those of the need after it.

        Houses are looked at from the nearest on: once the way alone costs more than the best so far, none that is
        further can be better.
        """
        step, following = self.steps[n], self.steps[n + 1]
        ends = sorted({day + step.days for starts in step.starts.values() for day in starts})
        ahead = self._ahead(following, rest, ends, rank_weight, day_weight)
        found: dict[tuple[int, str, int], float] = {}
        for house, starts in step.starts.items():
            self.hurry()
            near = self.near(house)
            for seen, by_end in ahead.items():
                if seen & self.bit(house) != self.bit(house):
                    continue
                for day in starts:
                    least, by_house = by_end.get(day + step.days, (inf, {}))
                    best = inf
                    for way, other in near:
                        if way + least >= best:
                            break
                        best = min(best, way + by_house.get(other, inf))
                    if best < inf:
                        found[seen, house, day] = best
        return found

    def _ahead(
        self, step: Step, rest: Bound, ends: Sequence[int], rank_weight: float, day_weight: float
    ) -> dict[int, dict[int, tuple[float, dict[str, float]]]]:
        """Countries so far → end of the stay before → the least of all houses, and of each: without the way."""
        found: dict[int, dict[int, tuple[float, dict[str, float]]]] = {}
        known: dict[tuple[int, str], list[tuple[int, float]]] = {}
        full = self.full
        for seen in range(full + 1):
            by_end: dict[int, dict[str, float]] = {end: {} for end in ends}
            for house, starts in step.starts.items():
                after = seen | self.bit(house)
                if (after, house) not in known:
                    self.hurry()
                    values = {
                        day: (rank - 1) * rank_weight + rest[after, house, day]
                        for day, rank in starts.items()
                        if (after, house, day) in rest
                    }
                    known[after, house] = list(_least_ahead(values, ends, step, day_weight)) if values else []
                for end, best in known[after, house]:
                    by_end[end][house] = best
            found[seen] = {end: (min(each.values()), each) for end, each in by_end.items() if each}
        return found

    def blocked(self) -> Blocked:
        """Which need makes it impossible: the first that nothing answers, that nothing before it reaches, or
        without which the whole would be possible."""
        for n, step in enumerate(self.steps):
            if not step.starts:
                return Blocked(n, "nothing")
        reached = {(house, day) for house, starts in self.steps[0].starts.items() for day in starts}
        for n in range(1, len(self.steps)):
            ends = {day + self.steps[n - 1].days for _, day in reached}
            reached = {(house, day) for end in ends for house, day, _, _ in self.after(n, end)}
            if not reached:
                return Blocked(n, "gap")
        if self.wishes.moves and self._may_stay():
            return Blocked(self._culprit(), "house")
        anywhere = self.with_others(self.steps, replace(self.wishes, most_km=None))
        if next(anywhere.best(), None) is None:
            return Blocked(self._culprit(), "border")
        return Blocked(self._culprit(), "distance", anywhere.least_km())

    def _may_stay(self) -> bool:
        """Whether there is a chain as soon as two stays may follow each other in one house."""
        free = _Planner(self.steps, replace(self.wishes, moves=False), self.is_over)
        return next(free.best(), None) is not None

    def least_km(self) -> float:
        """The kilometres of the shortest chain, however long it takes."""
        first = self.bounds(0.0, 0.0)[0]
        begins = ((house, day) for house, starts in self.steps[0].starts.items() for day in starts)
        return min((first.get((self.bit(house), house, day), inf) for house, day in begins), default=inf)

    def _culprit(self) -> int:
        """The first need without which there would be a chain; the last when there is none such."""
        if len(self.steps) > 1:
            for n in range(len(self.steps)):
                rest = [*self.steps[:n], *self.steps[n + 1 :]]
                shorter = self.with_others(_bridged(rest, self.steps, n), self.wishes)
                if next(shorter.best(), None) is not None:
                    return n
        return len(self.steps) - 1


@dataclass
class _Agenda:
    """Beginnings of chains, the most promising first. Each is followed by what may come next after as many days as
    it has waited, and stands there again for those who wait longer."""

    planner: _Planner
    rest: Sequence[Bound]
    shortest: Sequence[Bound] | None = None
    looked_at: int = 0
    order: Iterator[int] = field(default_factory=count)
    heap: list[tuple[float, int, int, float, float, int, Stays, int]] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = [max(max(days) for days in step.starts.values()) for step in self.planner.steps]

    def add(self, cost: float, km: float, seen: int, stays: Stays) -> None:
        """One more, unless nothing can come of it."""
        n, steps = len(stays) - 1, self.planner.steps
        least = self.rest[n].get((seen, *stays[-1]), inf)
        if least < inf and self._is_near(km, seen, stays):
            wait = steps[n + 1].least_gap if n + 1 < len(steps) else 0
            entry = (cost + least, -n, next(self.order), cost, km, seen, stays, wait)
            heappush(self.heap, entry)  # of equals the longest first

    def may_do(self, km: float, seen: int, stays: Stays) -> bool:
        """Whether it can keep the limit of kilometres. That is worked out once the limit seems to bind."""
        self.looked_at += 1
        if self.looked_at == MANY and self.planner.limit < inf:
            self.shortest = self.planner.bounds(0.0, 0.0)
        return self._is_near(km, seen, stays)

    def _is_near(self, km: float, seen: int, stays: Stays) -> bool:
        more = 0.0 if self.shortest is None else self.shortest[len(stays) - 1].get((seen, *stays[-1]), inf)
        return km + more <= self.planner.limit

    def grow(self, bound: float, cost: float, km: float, seen: int, stays: Stays, wait: int) -> None:
        """Put what may follow after so many days; and itself again, as good as whoever waits a day more can be."""
        planner, (house, day), n = self.planner, stays[-1], len(stays)
        ways = planner.ways_from(house)
        begin = day + planner.steps[n - 1].days + wait
        for other, starts in planner.steps[n].starts.items():
            if begin in starts:
                way = ways[other]
                if way == inf:
                    continue
                more = (starts[begin] - 1) * RANK + wait * DAY_ + way * KM
                self.add(cost + more, km + way, seen | planner.bit(other), (*stays, (other, begin)))
        if wait < planner.steps[n].most_gap and begin < self.last[n]:
            later = max(bound, cost + (wait + 1) * DAY_)
            heappush(self.heap, (later, 1 - n, next(self.order), cost, km, seen, stays, wait + 1))


def _least_ahead(
    values: Mapping[int, float], ends: Sequence[int], step: Step, day_weight: float
) -> Iterator[tuple[int, float]]:
    """For every end of the stay before (in order): the least of the days that may follow, waiting included.

    The window only moves forward, so a queue of what may still be the least looks at every day once.
    """
    coming = deque(sorted(values))
    queue: deque[tuple[int, float]] = deque()
    for end in ends:
        while coming and coming[0] <= end + step.most_gap:
            day = coming.popleft()
            value = values[day] + day * day_weight
            while queue and queue[-1][1] >= value:
                queue.pop()
            queue.append((day, value))
        while queue and queue[0][0] < end + step.least_gap:
            queue.popleft()
        if queue:
            yield end, queue[0][1] - end * day_weight


def _bridged(rest: Sequence[Step], steps: Sequence[Step], left_out: int) -> list[Step]:
    """The needs without one: what follows it may wait as long as that one and both its gaps would have taken."""
    if left_out == 0 or left_out == len(steps) - 1:
        return list(rest)
    gone, after = steps[left_out], steps[left_out + 1]
    bridge = Step(after.days, after.starts, 0, gone.most_gap + gone.days + after.most_gap)
    return [*rest[:left_out], bridge, *rest[left_out + 1 :]]
