"""When a resource can be had: the windows in which so many days in a row are free, or under options alone.

A day is judged by the very rules of a booking (`conflicts.obstacles`, `broken_rules`, the queue). Whole days
of one resource do not depend on one another, so each is judged once, and a stretch is as good as its worst day.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from booking.domain.claims import Asked, ClaimTerms, Held, Place, resolve
from booking.domain.conflicts import Asker, broken_rules, obstacles, refused
from booking.domain.needs import Period, SchoolHolidays
from booking.domain.queue import headline, ranks_of_the_last
from booking.domain.refusals import Conflict
from booking.domain.states import Force
from booking.domain.wall_clock import DAY, planning_days

NOBODY = UUID(int=2**128 - 1)
"""The id of a booking that is not made: behind everybody's."""


class Answer(StrEnum):
    """How a resource answers a need in a period, best first."""

    FREE = "free"
    OPTION = "option"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Start:
    """A first day (or an instant) from which it can be had throughout, and the rank that an option would have."""

    start: date | datetime
    end: date | datetime
    rank: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a period, judged: what stands in the way (nothing: it can be had), and an option's rank."""

    date: date
    conflicts: tuple[Conflict, ...] = ()
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch within which any so many days in a row can be had. Half-open, as the period was."""

    start: date | datetime
    end: date | datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """When it can be had. `starts`: every possible one, in order; `conflicts`: why not, when there is none.

    `holidays`: days that school holidays rule out; `holidays_unknown`: whose school year nobody knows yet.
    `days`: each day of the period by itself.
    """

    starts: tuple[Start, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    holidays: tuple[date, ...] = ()
    holidays_unknown: bool = False
    days: tuple[Day, ...] = ()

    @property
    def rank(self) -> int | None:
        """The best rank of all starts; None when there is none."""
        return min((each.rank for each in self.starts), default=None)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows of the best rank."""
        best = [each for each in self.starts if each.rank == self.rank]
        return tuple(_joined(best))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count, by the school holidays of a house. `is_holiday`: None when that year is not known."""

    wish: SchoolHolidays | None
    is_holiday: Callable[[date], bool | None]

    def allows(self, day: date) -> bool | None:
        """Whether the day may be used; None when nobody knows."""
        if self.wish is None:
            return True
        found = self.is_holiday(day)
        return None if found is None else found is (self.wish is SchoolHolidays.ONLY)


ANY_DAY = Calendar(None, lambda _: None)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks, when, and how far down a queue the house lets anybody stand."""

    asker: Asker
    at: datetime
    most_rank: int


def find(
    place: Place,
    period: Period,
    days: int,
    quantity: int,
    held: Sequence[Held],
    asking: Asking,
    *,
    calendar: Calendar = ANY_DAY,
) -> Finding:
    """When `quantity` of `place` can be had for `days` in a row within `period`. `held`: what holds its atoms.

    A period of instants is one claim of just that time.
    """
    if not period.in_whole_days:
        return _at_these_hours(place, period, quantity, held, asking)
    dates = period.days
    judged = _judged(place, dates, quantity, held, asking)
    allowed = {day: calendar.allows(day) for day in dates}
    starts: list[Start] = []
    rules: list[Conflict] = []
    for run in _runs(dates, days, [not each.conflicts and bool(allowed[each.date]) for each in judged]):
        broken = _broken(place, run, quantity, asking)
        rules = rules or next((each for each in broken if each), [])
        starts += [
            Start(first, end, max(each.rank for each in judged[n : n + days]))
            for (n, first, end), no in zip(run, broken, strict=True)
            if not no
        ]
    if starts:
        return Finding(tuple(starts), days=tuple(judged))
    return Finding(
        (),
        tuple(_together(rules or [conflict for each in judged for conflict in each.conflicts])),
        tuple(day for day in dates if allowed[day] is False),
        any(allowed[day] is None for day in dates),
        tuple(judged),
    )


Stretch = tuple[int, date, date]
"""The place of its first day in the period, that day, and the day after its last."""


def _runs(dates: Sequence[date], days: int, usable: Sequence[bool]) -> Iterable[list[Stretch]]:
    """Every stretch of so many usable days, those that begin on neighbouring days together."""
    run, together = 0, []
    for n, day in enumerate(dates):
        run = run + 1 if usable[n] else 0
        if run >= days:
            together.append((n - days + 1, dates[n - days + 1], day + DAY))
        elif together:
            yield together
            together = []
    if together:
        yield together


def _broken(place: Place, run: Sequence[Stretch], quantity: int, asking: Asking) -> list[list[Conflict]]:
    """The rules that each stretch of a run breaks.

    Lead and horizon let through what lies between two that they let through, and the others look at no date,
    but for windows and lengths (a day may have 23 hours): then every stretch is asked, else the two at the ends.
    """

    def broken(stretch: Stretch) -> list[Conflict]:
        _, first, end = stretch
        return broken_rules([_whole_days(place, first, end, quantity)], asking.asker, asking.at)

    rules = place.rules
    if len(run) > 2 and not place.windows and rules.shortest is None and rules.longest is None:
        first, last = broken(run[0]), broken(run[-1])
        if not first and not last:
            return [[] for _ in run]
    return [broken(each) for each in run]


def _judged(place: Place, dates: Iterable[date], quantity: int, held: Sequence[Held], asking: Asking) -> list[Day]:
    """Only days that something holds need a judge, unless more is asked than there ever is."""
    touched = {day for each in held for day in planning_days(each.occupied, place.zone, place.day_line)}
    too_many = quantity > place.capacity
    return [
        Day(day, *_judge(_whole_days(place, day, day + DAY, quantity), held, asking))
        if too_many or day in touched
        else Day(day)
        for day in dates
    ]


def _judge(claim: Asked, held: Sequence[Held], asking: Asking) -> tuple[tuple[Conflict, ...], int]:
    near = [each for each in held if each.occupied.overlaps(claim.occupied)]
    hard = obstacles([claim], near)
    rank = 1
    if not hard and any(each.force == Force.SOFT for each in near):
        rank = headline(ranks_of_the_last(claim, near, NOBODY))
        if claim.place.exclusive and rank > asking.most_rank:
            hard = [refused(claim, "most-rank", rank=asking.most_rank)]
    return tuple(hard), rank


def _at_these_hours(place: Place, period: Period, quantity: int, held: Sequence[Held], asking: Asking) -> Finding:
    claim = resolve(ClaimTerms(place.code, period.start, period.end, quantity), place)
    hard, rank = _judge(claim, held, asking)
    conflicts = [*hard, *broken_rules([claim], asking.asker, asking.at)]
    if conflicts:
        return Finding((), tuple(_together(conflicts)))
    return Finding((Start(period.start, period.end, rank),))


def _whole_days(place: Place, first: date, end: date, quantity: int) -> Asked:
    return resolve(ClaimTerms(place.code, first, end, quantity), place)


def _together(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Day by day the same thing is said once, with all its days; the worst shortage counts."""
    found: dict[tuple[str, object], Conflict] = {}
    for each in conflicts:
        key = (each.kind, each.facts.get("rule"))
        known = found.get(key)
        found[key] = each if known is None else _merged(known, each)
    return list(found.values())


def _merged(one: Conflict, other: Conflict) -> Conflict:
    facts = dict(one.facts)
    if "short_by_day" in facts and "short_by_day" in other.facts:
        facts["short_by_day"] = {**facts["short_by_day"], **other.facts["short_by_day"]}
        facts["available"] = min(facts["available"], other.facts["available"])
    return replace(
        one,
        days=tuple(sorted({*one.days, *other.days})),
        short=max(one.short or 0, other.short or 0) or None,
        facts=facts,
    )


def _joined(starts: Sequence[Start]) -> Iterable[Window]:
    """Starts on days that follow one another are one window."""
    if not starts or isinstance(starts[0].start, datetime):
        yield from (Window(each.start, each.end) for each in starts)
        return
    for _, group in groupby(enumerate(starts), key=lambda pair: pair[1].start - timedelta(days=pair[0])):
        run = [start for _, start in group]
        yield Window(run[0].start, run[-1].end)
