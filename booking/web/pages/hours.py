"""One planning day of a house by the half-hour: set-up, the thing itself, strike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.spans import Span
from booking.domain.wall_clock import at_venue
from booking.web.pages.days import Stretch

STEP = timedelta(minutes=30)
LABELLED = 2
"""Hours between two labels of the axis."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One half-hour of the axis. `label`: the hour, where one is written; `at`: as forms take it."""

    column: int
    label: str


@dataclass(frozen=True, slots=True)
class HourBar:
    """A stretch on one day: column from 1; widths of set-up, itself and strike in half-hours, `total` in all.

    `from_time`, `to_time`: the clock at the house where itself begins and ends. `goes_back`, `goes_on`: it began
    earlier, or ends later than this day.
    """

    stretch: Stretch
    column: int
    before: int
    width: int
    after: int
    goes_back: bool
    goes_on: bool
    from_time: str
    to_time: str

    @property
    def total(self) -> int:
        """All of it."""
        return self.before + self.width + self.after


def axis(day: Span, zone: str) -> tuple[int, list[Tick]]:
    """How many half-hours the day has (a change of the clock makes it longer or shorter), and the labels."""
    count = int((day.end - day.start) / STEP)
    ticks = []
    for n in range(count):
        local = at_venue(day.start + STEP * n, zone)
        if local.minute == 0 and local.hour % LABELLED == 0:
            ticks.append(Tick(n + 1, f"{local.hour:02}"))
    return count, ticks


def bars(stretches: Iterable[Stretch], day: Span, zone: str) -> list[HourBar]:
    """What lies on that day, by its start."""
    found = [_bar(each, day, zone) for each in stretches if each.item and _held(each).overlaps(day)]
    return sorted(found, key=lambda bar: (bar.column, -bar.total))


def free(drawn: Sequence[HourBar], count: int) -> list[tuple[int, int]]:
    """`(column, width)` of the half-hours with nothing on them."""
    busy = {column for bar in drawn for column in range(bar.column, bar.column + bar.total)}
    runs: list[tuple[int, int]] = []
    for column in range(1, count + 1):
        if column in busy:
            continue
        if runs and runs[-1][0] + runs[-1][1] == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs


def _held(stretch: Stretch) -> Span:
    item = stretch.item
    if item is None:
        raise ValueError("nothing holds it")
    return Span(item.start, item.end)


def _bar(stretch: Stretch, day: Span, zone: str) -> HourBar:
    held = _held(stretch)
    start, end = stretch.hours or (held.start, held.end)
    edges = [_column(moment, day) for moment in (held.start, start, end, held.end)]
    first, begins, ends, last = edges
    last = max(last, first + 1)
    begins = min(begins, last - 1)
    ends = max(ends, begins + 1)
    return HourBar(
        stretch,
        first + 1,
        begins - first,
        ends - begins,
        max(0, last - ends),
        held.start < day.start,
        held.end > day.end,
        f"{at_venue(max(start, day.start), zone):%H:%M}",
        f"{at_venue(min(end, day.end), zone):%H:%M}",
    )


def _column(moment: datetime, day: Span) -> int:
    inside = min(max(moment, day.start), day.end)
    return round((inside - day.start) / STEP)
