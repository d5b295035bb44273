"""When a resource can be had: the windows in which so many days in a row are free, or under options alone.

A day is judged by the very rules of a booking (`conflicts.obstacles`, `broken_rules`, the queue). Whole days
of one resource do not depend on one another, so each is judged once, and a stretch is as good as its worst day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from booking.domain.claims import Asked, ClaimTerms, Held, Place, resolve
from booking.domain.conflicts import Asker, broken_rules, obstacles, refused
from booking.domain.free_days import ones, runs, together
from booking.domain.needs import Period, SchoolHolidays
from booking.domain.queue import headline, ranks_of_the_last
from booking.domain.refusals import Conflict
from booking.domain.rules import Rules
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
    """When it can be had. `ranked`: for every rank that an option would have, best first, the first days from
    which it would (bit n is the n-th day after `first`), each for `length` days; or `hours`, one claim of just
    that time.

    `conflicts`: why not, when it cannot. `holidays`: days that school holidays rule out; `holidays_unknown`: whose
    school year nobody knows yet. `days`: each day of the period by itself, where somebody wants to see them.
    """

    first: date | None = None
    length: int = 0
    ranked: tuple[tuple[int, int], ...] = ()
    hours: Start | None = None
    conflicts: tuple[Conflict, ...] = ()
    holidays: tuple[date, ...] = ()
    holidays_unknown: bool = False
    days: tuple[Day, ...] = ()

    @property
    def starts(self) -> tuple[Start, ...]:
        """Every possible start, in order."""
        if self.hours is not None:
            return (self.hours,)
        by_day = sorted((n, rank) for rank, bits in self.ranked for n in ones(bits))
        return tuple(Start(*self._stretch(n, n), rank) for n, rank in by_day)

    @property
    def possible(self) -> int:
        """The first days of all ranks together, as bits; one bit where it is about hours."""
        return int(self.hours is not None) or reduce(or_, (bits for _, bits in self.ranked), 0)

    @property
    def rank(self) -> int | None:
        """The best rank of all starts; None when there is none."""
        if self.hours is not None:
            return self.hours.rank
        return self.ranked[0][0] if self.ranked else None

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows of the best rank."""
        if self.hours is not None:
            return (Window(self.hours.start, self.hours.end),)
        best = self.ranked[0][1] if self.ranked else 0
        return tuple(Window(*self._stretch(begin, last)) for begin, last in together(best))

    def _stretch(self, begin: int, last: int) -> tuple[date, date]:
        """From the first day of one start to the end of another."""
        if self.first is None:
            raise ValueError("no days were looked for")
        return self.first + DAY * begin, self.first + DAY * (last + self.length)


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
    usable = _bits(not each.conflicts and bool(allowed[each.date]) for each in judged)
    ranks = {n: each.rank for n, each in enumerate(judged) if each.rank > 1}
    rules: list[Conflict] = []
    possible = _lawful(place, dates[0], days, runs(usable, days), quantity, asking, rules)
    if possible:
        ranked = _ranked(usable, ranks, possible, days)
        return Finding(dates[0], days, ranked, days=tuple(judged))
    return Finding(
        conflicts=tuple(_together(rules or [conflict for each in judged for conflict in each.conflicts])),
        holidays=tuple(day for day in dates if allowed[day] is False),
        holidays_unknown=any(allowed[day] is None for day in dates),
        days=tuple(judged),
    )


@dataclass(frozen=True, slots=True)
class Near:
    """What is known beforehand of a resource in a period of so many days. `free`: its free days as bits;
    `held`: by day (an ordinal) what may stand in the way although it is free: options, and what holds some of a
    stock.

    `judged`: what is found out about such a day is kept here; `lawful`: for this period and so many days in a row,
    what rules let through.
    """

    first: date
    length: int
    free: int
    held: Mapping[int, Sequence[Held]]
    judged: dict[tuple[int, int, int], tuple[bool, int]]
    lawful: dict[Any, tuple[Rules, int]]


def find_free(
    place: Place,
    days: int,
    quantity: int,
    near: Near,
    asking: Asking,
    *,
    calendar: Calendar = ANY_DAY,
) -> Finding | None:
    """As `find` for days, of what is known beforehand; None when there is no start, and only `find` can say why.

    A day that is not free is hard throughout or sold out, so that no rule need be asked about it; a free day that
    nothing touches is simply free.
    """
    possible = runs(near.free, days)
    if not possible:
        return None
    first = near.first
    usable = near.free
    if calendar.wish is not None:
        usable &= _bits(bool(calendar.allows(first + DAY * n)) for n in range(near.length))
    ranks: dict[int, int] = {}
    begin = first.toordinal()
    for day in near.held:
        n = day - begin
        if 0 <= n < near.length and usable >> n & 1:
            can, rank = _known(place, day, quantity, near, asking)
            if not can:
                usable ^= 1 << n
            elif rank > 1:
                ranks[n] = rank
    if usable != near.free:
        possible = runs(usable, days)
    possible = _lawful_as_known(place, near, days, possible, asking)
    if not possible:
        return None
    return Finding(first, days, _ranked(usable, ranks, possible, days) if ranks else ((1, possible),))


def _known(place: Place, day: int, quantity: int, near: Near, asking: Asking) -> tuple[bool, int]:
    """Whether that day can be had, and the rank of an option on it."""
    key = (day, quantity, asking.most_rank)
    found = near.judged.get(key)
    if found is None:
        first = date.fromordinal(day)
        conflicts, rank = _judge(_whole_days(place, first, first + DAY, quantity), near.held[day], asking)
        found = near.judged[key] = (not conflicts, rank)
    return found


def _bits(said: Iterable[bool]) -> int:
    return sum(1 << n for n, is_so in enumerate(said) if is_so)


def _ranked(usable: int, ranks: Mapping[int, int], possible: int, days: int) -> tuple[tuple[int, int], ...]:
    """The starts by rank: a stretch is as good as its worst day."""
    found = []
    for rank in sorted({1, *ranks.values()}):
        worse = sum(1 << n for n, each in ranks.items() if each > rank)
        here = runs(usable & ~worse, days) & possible
        if here:
            found.append((rank, here))
            possible &= ~here
    return tuple(found)


def _lawful(
    place: Place, first: date, days: int, starts: int, quantity: int, asking: Asking, said: list[Conflict]
) -> int:
    """Those starts whose stretches break no rule. `said`: gets what the first that breaks one is told.

    Lead and horizon let through what lies between two that they let through, and the others look at no date,
    but for windows and lengths (a day may have 23 hours): then every stretch is asked, else the two at the ends.
    """

    def broken(n: int) -> list[Conflict]:
        claim = _whole_days(place, first + DAY * n, first + DAY * (n + days), quantity)
        return broken_rules([claim], asking.asker, asking.at)

    found = starts
    for begin, last in together(starts):
        if _are_alike(place) and last - begin > 1 and not broken(begin) and not broken(last):
            continue
        for n in range(begin, last + 1):
            conflicts = broken(n)
            if conflicts:
                found &= ~(1 << n)
                said += conflicts if not said else []
    return found


def _are_alike(place: Place) -> bool:
    return not place.windows and place.rules.shortest is None and place.rules.longest is None


def _lawful_as_known(place: Place, near: Near, days: int, starts: int, asking: Asking) -> int:
    """The same, where many resources have the same rules: what these let through of the whole period."""
    if not _are_alike(place):
        return _lawful(place, near.first, days, starts, 1, asking, [])
    key = (id(place.rules), place.zone, place.day_line, asking.asker.is_house)
    if key not in near.lawful:
        every = (1 << (near.length - days + 1)) - 1
        near.lawful[key] = place.rules, _lawful(place, near.first, days, every, 1, asking, [])
    return starts & near.lawful[key][1]


def _judged(place: Place, dates: Iterable[date], quantity: int, held: Sequence[Held], asking: Asking) -> list[Day]:
    """Only days that something holds need a judge, unless more is asked than there ever is."""
    touched: dict[date, list[Held]] = {}
    for each in held:
        for day in planning_days(each.occupied, place.zone, place.day_line):
            touched.setdefault(day, []).append(each)
    too_many = quantity > place.capacity
    return [
        Day(day, *_judge(_whole_days(place, day, day + DAY, quantity), touched.get(day, ()), asking))
        if too_many or day in touched
        else Day(day)
        for day in dates
    ]


def _judge(claim: Asked, held: Sequence[Held], asking: Asking) -> tuple[tuple[Conflict, ...], int]:
    occupied = claim.occupied
    near = [each for each in held if each.occupied.overlaps(occupied)]
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
        return Finding(conflicts=tuple(_together(conflicts)))
    return Finding(hours=Start(period.start, period.end, rank))


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
