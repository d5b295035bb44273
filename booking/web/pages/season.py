"""A season of a house, a column per day: what is short has its name beside it, and many short ones are one cell.

Drawn for speed: sixty rooms with three thousand things are some thousand pieces, each with everything that the
template shows already in words.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from flask_babel import gettext, ngettext

from booking.domain.school_holidays import is_school_holiday
from booking.domain.wall_clock import DAY, day_start
from booking.services.timeline import TimelineItem
from booking.web.pages import words
from booking.web.pages.days import WEEK, Day, Place, Stretch, lengths
from booking.web.pages.formats import days as in_words
from booking.web.pages.formats import week

SHORT = 3
"""Days up to which something is too thin for a name."""
GATHERED = 3
"""From so many short things in one week on they are one cell."""
LONGEST_NAME = 14
"""Columns that a name beside its mark takes at most."""
SHORTEST_NAME = 6
"""Columns below which nothing of a name could be read beside its mark: pointing at it says the name."""
ROOM_FOR_A_NAME = 9
"""Columns from which on a name fits inside."""
SETTLED = frozenset({"confirmed", "completed", "pending"})
OPEN = frozenset({"option", "suspended"})


@dataclass(slots=True)
class Piece:
    """One thing, or several short ones of one week (`count`). `column` from 1; `width` and `beside` in days.

    `runs`: `(days, shape)`, one for each run of days of one rank; `said`: all of it in words. `lane` and `beside`
    are known once everything of its row is.
    """

    column: int
    width: int
    runs: Sequence[tuple[int, str]]
    mark: str
    name: str
    said: str
    href: str | None
    moves: bool = False
    count: int = 0
    lane: int = 0
    beside: int = 0

    @property
    def within(self) -> bool:
        """Whether its name stands inside it."""
        return not self.beside and (self.count > 0 or self.width >= ROOM_FOR_A_NAME)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the season: `settled` and `open` days of `of` room-days, of a stock pieces."""

    first: date
    settled: int
    open: int
    of: int


@dataclass(frozen=True, slots=True)
class Run:
    """Days of the axis that belong together: a month, a holiday, days without school."""

    column: int
    width: int
    name: str


class Words:
    """The words of a season, each looked up once however often it is said."""

    def __init__(self, venue: str) -> None:
        self._states = {state: str(word) for state, word in words.STATES.items()}
        self._others = {state: str(word) for state, word in words.SEEN_BY_OTHERS.items()}
        self._within = {state: word.lower() for state, word in self._states.items()}
        self._house = str(gettext("The house"))
        self._weeks: dict[int, str] = {}
        self.week_of = f"/desk/{venue}/plan?weeks=1&from="

    def name(self, stretch: Stretch) -> str:
        """What stands on it."""
        item = stretch.item
        if item is None or item.booking is None:
            name = (item.title if item else None) or self._others.get(stretch.state, stretch.state)
            return f"{name} × {stretch.count}" if stretch.count > 1 else name
        return item.organisation or item.title or self._house

    def said(self, stretch: Stretch) -> str:
        """The days, whose it is, and how it stands."""
        item, told = stretch.item, in_words(stretch.first, stretch.last, year=False)
        if item is None or item.booking is None:
            return f"{told}: {self.name(stretch)}"
        return f"{told}: {item.organisation or self._house}, {item.title}, {self._within[shown(stretch)]}"

    def gathered(self, stretches: Sequence[Stretch]) -> str:
        """How many, in which week, and of each state how many."""
        count = Counter([shown(each) for each in stretches])
        told = ", ".join(f"{number} {self._within[state]}" for state, number in sorted(count.items()))
        return self._sentence(len(stretches)) % {"week": week(stretches[0].first), "told": told}

    def _sentence(self, count: int) -> str:
        """With the number in it, and room for the week and what is told of it."""
        if count not in self._weeks:
            self._weeks[count] = str(
                ngettext(
                    "Week %(week)s: %(num)s item: %(told)s",
                    "Week %(week)s: %(num)s items: %(told)s",
                    count,
                    week="%(week)s",
                    told="%(told)s",
                )
            )
        return self._weeks[count]


def shown(stretch: Stretch) -> str:
    """The state that it shows: of a booking its own."""
    return (stretch.item.state if stretch.item else None) or stretch.state


def pieces(
    stretches: Iterable[Stretch],
    ranks: Mapping[UUID, Mapping[date, int]],
    axis: Sequence[Day],
    told: Words,
) -> list[Piece]:
    """What one room has over the season, in lanes: nothing hides another, and each name has room."""
    first, last = axis[0].date, axis[-1].date
    inside = [each for each in stretches if each.first <= last and first <= each.last]
    single, many = _by_week(inside, first)
    drawn = [_one(each, ranks, first, last, told) for each in single]
    drawn += [_several(each, first, told) for each in many]
    return _in_lanes(drawn, len(axis))


def _by_week(stretches: Sequence[Stretch], first: date) -> tuple[list[Stretch], list[list[Stretch]]]:
    """Those that stand alone, and those that are too many and too short for that."""
    single: list[Stretch] = []
    weeks: dict[int, list[Stretch]] = {}
    for each in stretches:
        monday = (each.first - first).days // WEEK
        if monday >= 0 and (each.last - each.first).days < SHORT and (each.last - first).days // WEEK == monday:
            weeks.setdefault(monday, []).append(each)
        else:
            single.append(each)
    many = []
    for together in weeks.values():
        if len(together) >= GATHERED:
            many.append(together)
        else:
            single += together
    return single, many


def _one(each: Stretch, ranks: Mapping[UUID, Mapping[date, int]], first: date, last: date, told: Words) -> Piece:
    start, end = max(each.first, first), min(each.last, last)
    item, width = each.item, (end - start).days + 1
    is_whole = start == each.first and end == each.last
    return Piece(
        (start - first).days + 1,
        width,
        _runs(each, ranks.get(item.claim, {}) if item and item.claim else {}, start, width),
        words.mark(shown(each)) if width >= SHORT else "",
        told.name(each),
        told.said(each),
        f"/bookings/{item.booking}" if item and item.booking else None,
        moves=bool(item and item.booking) and is_whole,
    )


def _runs(each: Stretch, ranks: Mapping[date, int], start: date, width: int) -> list[tuple[int, str]]:
    state = shown(each)
    if state != "option" or not ranks:
        return [(width, words.shape(state))]
    return lengths(words.shape(state, ranks.get(start + DAY * n, 1)) for n in range(width))


def _several(together: Sequence[Stretch], first: date, told: Words) -> Piece:
    weeks = (together[0].first - first).days // WEEK
    monday = first + DAY * (weeks * WEEK)
    states = {shown(each) for each in together}
    shape = words.shape(states.pop()) if len(states) == 1 else "is-mixed"
    said, href = told.gathered(together), f"{told.week_of}{monday.isoformat()}"
    return Piece(weeks * WEEK + 1, WEEK, [(WEEK, shape)], "", str(len(together)), said, href, count=len(together))


def _in_lanes(drawn: Iterable[Piece], columns: int) -> list[Piece]:
    lanes: list[list[Piece]] = []
    for each in sorted(drawn, key=lambda piece: (piece.column, -piece.width)):
        lane = next((lane for lane in lanes if lane[-1].column + lane[-1].width <= each.column), None)
        if lane is None:
            lanes.append([each])
        else:
            lane.append(each)
    found = []
    for number, lane in enumerate(lanes, 1):
        nexts = [each.column for each in lane[1:]] + [columns + 1]
        for each, following in zip(lane, nexts, strict=True):
            free = following - each.column - each.width
            beside = min(LONGEST_NAME, free) if each.width < ROOM_FOR_A_NAME and not each.count else 0
            each.lane, each.beside = number, beside if beside >= SHORTEST_NAME else 0
            found.append(each)
    return found


def stock(items: Sequence[TimelineItem], capacity: int, axis: Sequence[Day], place: Place) -> list[Week]:
    """Of counted stock: the most that is taken in each week, settled and open."""
    mondays = [axis[0].date + DAY * n for n in range(0, len(axis) + 1, WEEK)]
    starts = [day_start(each, place.zone, place.day_line) for each in mondays]
    hard = _peaks([each for each in items if each.force != "option"], starts)
    every = _peaks(items, starts)
    return [
        Week(monday, hard.get(n, 0), every.get(n, 0) - hard.get(n, 0), capacity)
        for n, monday in enumerate(mondays[:-1])
    ]


def _peaks(items: Iterable[TimelineItem], starts: Sequence[datetime]) -> dict[int, int]:
    """Week → the most that is taken at one moment of it: one sweep over all starts and ends.

    `starts`: when each week begins, and when the last is over.
    """
    changes: dict[datetime, int] = {}
    for each in items:
        changes[each.start] = changes.get(each.start, 0) + each.quantity
        changes[each.end] = changes.get(each.end, 0) - each.quantity
    found: dict[int, int] = {}
    level = 0
    for moment, following in pairwise(sorted(changes)):
        level += changes[moment]
        start = max(0, bisect_right(starts, moment) - 1)
        end = min(bisect_left(starts, following), len(starts) - 1)
        for n in range(start, end):
            found[n] = max(level, found.get(n, 0))
    return found


def occupancy(rows: Iterable[Sequence[Stretch]], axis: Sequence[Day]) -> list[Week]:
    """Of all rooms together: how many room-days of each week are settled, and how many more are open."""
    settled, open_, count, first = Counter[int](), Counter[int](), 0, axis[0].date
    for row in rows:
        count += 1
        hard: set[int] = set()
        soft: set[int] = set()
        for each in row:
            state = shown(each)
            into = hard if state in SETTLED else soft if state in OPEN else None
            if into is not None:
                start, end = max(0, (each.first - first).days), min(len(axis) - 1, (each.last - first).days)
                into.update(range(start, end + 1))
        settled.update(n // WEEK for n in hard)
        open_.update(n // WEEK for n in soft - hard)
    return [
        Week(axis[n * WEEK].date, settled[n], open_[n], count * WEEK) for n in range(len(axis) // WEEK) if count
    ]


def months(axis: Sequence[Day]) -> list[Run]:
    """The months of the axis; the first may have begun before it."""
    return _together(axis, [(each.date.year, each.date.month) for each in axis])


def off_days(axis: Sequence[Day], calendar: Mapping[str, str]) -> tuple[list[Run], list[Run]]:
    """Days without school, and public holidays by their names."""
    school = (calendar.get("country", ""), calendar.get("subdivision", ""))
    is_off = [is_school_holiday(school, each.date) or None for each in axis]
    schools = _together(axis, is_off)
    return schools, [Run(n, 1, each.holiday) for n, each in enumerate(axis, 1) if each.holiday]


def _together(axis: Sequence[Day], keys: Sequence[object]) -> list[Run]:
    runs: list[Run] = []
    start = 0
    for n in range(1, len(axis) + 1):
        if n == len(axis) or keys[n] != keys[start]:
            if keys[start] is not None:
                runs.append(Run(start + 1, n - start, in_words(axis[start].date, axis[n - 1].date, year=False)))
            start = n
    return runs
