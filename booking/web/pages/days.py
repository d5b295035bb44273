"""Days drawn as bars: the axis, the cell and the mark are the same object on every screen.

A strip is a row of planning days; each thing on it is a bar with its first column and its width.
Templates place bars by class (`from-3 span-5`); bars that would hide each other fall into lanes
of their own in the browser's grid. On a phone the same bars are a list, one line each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar

from booking.domain.runs import Run, runs
from booking.domain.spans import Span
from booking.domain.wall_clock import DAY, day_start, planning_day, whole_days
from booking.services.timeline import TimelineItem

Value = TypeVar("Value")

INSTANT = timedelta(microseconds=1)
WEEK = 7
SATURDAY = 5
LONGEST_RAIL = 2
"""Days up to which the hours of a bar are drawn inside it."""


@dataclass(frozen=True, slots=True)
class Day:
    """One planning day of the axis. `holiday`: its name, in the reader's language."""

    date: date
    is_today: bool
    holiday: str | None = None

    @property
    def is_weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.date.weekday() >= SATURDAY

    @property
    def is_off(self) -> bool:
        """Drawn on the wash: weekend or holiday."""
        return self.is_weekend or self.holiday is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of days with one thing on it, before it is cut to a strip. `last` is included.

    `state`: a key of `words.STATES`. `hours`: start and end when it is not whole days.
    `free`, `capacity`: how many are left, of counted stock. `rank`: of an option on these days; `ranks`: of each
    day, where they differ. `rail`: when set-up begins, when it begins itself, when it ends and when all is
    cleared, as hundredths of its days.
    `count`: how many things it stands for.
    """

    first: date
    last: date
    state: str
    item: TimelineItem | None = None
    hours: tuple[datetime, datetime] | None = None
    free: int | None = None
    capacity: int | None = None
    rank: int | None = None
    ranks: Mapping[date, int] = field(default_factory=dict)
    rail: tuple[float, float, float, float] | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch as far as it lies on a strip: column from 1, width in days. `runs`: days and rank of an option."""

    stretch: Stretch
    column: int
    width: int
    goes_back: bool
    goes_on: bool
    first: date
    last: date
    runs: Sequence[tuple[int, int]] = ()

    @property
    def end(self) -> date:
        """The day after the last, as forms and the API take it."""
        return self.last + DAY


@dataclass(frozen=True, slots=True)
class Strip:
    """Days side by side, with what lies on them."""

    days: Sequence[Day]
    bars: Sequence[Bar] = field(default=())

    @property
    def first(self) -> date:
        """The first day shown."""
        return self.days[0].date

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.days[-1].date


@dataclass(frozen=True, slots=True)
class Place:
    """What drawing needs of a resource and its venue."""

    zone: str
    day_line: int
    capacity: int
    exclusive: bool

    @classmethod
    def of(cls, row: Any) -> "Place":
        """From a row of the catalogue."""
        return cls(row.zone, row.day_line, row.capacity, row.exclusive)


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - DAY * day.weekday()


def axis(first: date, count: int, *, today: date, holidays: Mapping[date, str] | None = None) -> list[Day]:
    """`count` days from `first` on."""
    named = holidays or {}
    dates = [first + DAY * n for n in range(count)]
    return [Day(each, each == today, named.get(each)) for each in dates]


def window(first: date, count: int, place: Place) -> Span:
    """The time that these planning days take."""
    return whole_days(first, first + DAY * count, place.zone, place.day_line)


def strip(days: Sequence[Day], stretches: Iterable[Stretch]) -> Strip:
    """The stretches that lie on these days, cut to them, in order."""
    first, last = days[0].date, days[-1].date
    bars = [_bar(stretch, first, last) for stretch in stretches if stretch.first <= last and first <= stretch.last]
    return Strip(days, sorted(bars, key=lambda bar: (bar.column, -bar.width)))


def weeks(days: Sequence[Day], stretches: Sequence[Stretch]) -> list[Strip]:
    """The same, one strip per week; `days` begins on a Monday."""
    return [strip(days[n : n + WEEK], stretches) for n in range(0, len(days), WEEK)]


def together(strips: Sequence[Strip]) -> list[tuple[bool, list[Strip]]]:
    """The strips that follow one another and are all empty, or all not."""
    return [(is_empty, list(same)) for is_empty, same in groupby(strips, key=lambda strip: not strip.bars)]


def _bar(stretch: Stretch, first: date, last: date) -> Bar:
    start, end = max(stretch.first, first), min(stretch.last, last)
    return Bar(
        stretch,
        column=(start - first).days + 1,
        width=(end - start).days + 1,
        goes_back=stretch.first < first,
        goes_on=stretch.last > last,
        first=start,
        last=end,
        runs=_runs_of_rank(stretch, start, end) if stretch.state == "option" and stretch.ranks else (),
    )


def _runs_of_rank(stretch: Stretch, first: date, last: date) -> list[tuple[int, int]]:
    return lengths(stretch.ranks.get(first + DAY * n, 1) for n in range((last - first).days + 1))


def lengths(values: Iterable[Value]) -> list[tuple[int, Value]]:
    """How often each comes in a row.

    >>> lengths([2, 2, 1])
    [(2, 2), (1, 1)]
    """
    return [(len(list(same)), value) for value, same in groupby(values)]


def taken(items: Iterable[TimelineItem], place: Place, *, rails: bool = True) -> list[Stretch]:
    """One stretch per thing that holds the resource. `rails`: with the hours of what takes a day or two.

    Daily events of one production in the house's own calendar are one, for those who may know them.
    """
    listed = [_of_item(item, place, rails=rails) for item in items]
    drawn = [each for each in listed if each.item is None or each.item.foreign is None]
    daily = (
        ((each.item.foreign, each.state), each.first, each.last, each)
        for each in listed
        if each.item is not None and each.item.foreign is not None
    )
    return drawn + [each for run in runs(daily) for each in _of_run(run)]


def _of_run(run: Run[Any, Stretch]) -> Sequence[Stretch]:
    """One stretch for all of them, without hours; those of one day alone stay as they are."""
    if len(run.parts) == 1 or run.first == run.last:
        return run.parts
    return [replace(run.parts[0], first=run.first, last=run.last, hours=None, count=len(run.parts))]


def _of_item(item: TimelineItem, place: Place, *, rails: bool) -> Stretch:
    if item.days is not None:
        return Stretch(item.days[0], item.days[1] - DAY, item.force, item)
    first = planning_day(item.start, place.zone, place.day_line)
    last = planning_day(item.end - INSTANT, place.zone, place.day_line)
    begins, ends = (day_start(each, place.zone, place.day_line) for each in (first, last + DAY))
    hours = item.span if item.span and item.booking else (item.start, item.end)
    return Stretch(
        first,
        last,
        item.force,
        item,
        hours=None if (begins, ends) == (item.start, item.end) else hours,
        rail=_rail(item, begins, ends) if rails and last - first < DAY * LONGEST_RAIL else None,
    )


def _rail(item: TimelineItem, begins: datetime, ends: datetime) -> tuple[float, float, float, float] | None:
    """Only for those who know the booking. `begins`, `ends`: of the days that it is drawn on."""
    if item.span is None or item.booking is None:
        return None
    length = ends - begins
    shares = [round(100 * ((moment - begins) / length), 1) for moment in (item.start, *item.span, item.end)]
    return shares[0], shares[1], shares[2], shares[3]


def gaps(days: Sequence[Day], stretches: Sequence[Stretch], *, since: date) -> list[Stretch]:
    """The days from `since` on with nothing on them, as runs that stop at each Sunday."""
    shown_first, shown_last = days[0].date, days[-1].date
    busy: set[date] = set()
    for each in stretches:
        start, end = max(each.first, shown_first), min(each.last, shown_last)
        busy.update(start + DAY * n for n in range((end - start).days + 1))
    open_days = [each.date for each in days if each.date not in busy and each.date >= since]
    return [Stretch(first, last, "free") for first, last in _runs(open_days)]


def levels(days: Sequence[Day], items: Sequence[TimelineItem], place: Place, *, since: date) -> list[Stretch]:
    """How many of a stock are left, as runs of days with the same figure (its worst moment)."""
    left = {each.date: place.capacity - _peak(items, each.date, place) for each in days if each.date >= since}
    found = []
    for figure in sorted(set(left.values())):
        state = "free" if figure > 0 else "confirmed"
        for first, last in _runs(day for day, free in left.items() if free == figure):
            found.append(Stretch(first, last, state, free=figure, capacity=place.capacity))
    return found


def _peak(items: Sequence[TimelineItem], day: date, place: Place) -> int:
    """The most that is taken at one moment of the planning day; the peak is at some start."""
    span = window(day, 1, place)
    inside = [each for each in items if each.start < span.end and span.start < each.end]
    moments = {max(each.start, span.start) for each in inside}
    return max((_taken_at(inside, moment) for moment in moments), default=0)


def _taken_at(items: Sequence[TimelineItem], moment: datetime) -> int:
    return sum(each.quantity for each in items if each.start <= moment < each.end and each.force != "option")


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Consecutive days as first and last, never over a week's end."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and runs[-1][1] + DAY == day and day.weekday() != 0:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
