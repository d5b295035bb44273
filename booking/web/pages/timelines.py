"""Stays on one axis of weeks: a line for each booking, or for each chain. Geometry in hundredths of the axis.

It is as wide as whatever shows it, phone or desk; what a line says in words stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from booking.domain.states import ENDS
from booking.domain.wall_clock import DAY
from booking.services.trajectories import View
from booking.storage.registers import BookingRow
from booking.web.pages import season
from booking.web.pages.days import WEEK, Day, Stretch, axis, monday

WEEKS_SHOWN = 18
"""A chain of three houses fits, and five days are still wide enough for a mark on a phone."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A month or a week of the axis, from `x` on."""

    x: float
    width: float
    first: date


@dataclass(frozen=True, slots=True)
class Piece:
    """Days of one stay in one state and rank. `town`: what stands on it where there is room."""

    x: float
    width: float
    state: str
    rank: int | None = None
    town: str | None = None


@dataclass(frozen=True, slots=True)
class Rail:
    """The way from one stay to the next. `kind`: leg, gap (nothing takes the kit) or way."""

    kind: str
    x1: float
    x2: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whose it is, its pieces, and the ways between them."""

    row: Any
    pieces: Sequence[Piece]
    rails: Sequence[Rail] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """Weeks side by side, from a Monday on."""

    days: Sequence[Day]

    @classmethod
    def of(cls, day: date, today: date) -> "Axis":
        """From the week of that day on."""
        return cls(axis(monday(day), WEEKS_SHOWN * WEEK, today=today))

    @property
    def first(self) -> date:
        """The first day shown."""
        return self.days[0].date

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.days[-1].date

    @property
    def earlier(self) -> date:
        """Where the page before begins: half of this one stays in sight."""
        return self.first - DAY * (len(self.days) // 2)

    @property
    def later(self) -> date:
        """Where the next page begins."""
        return self.first + DAY * (len(self.days) // 2)

    @property
    def weeks(self) -> list[Tick]:
        """A tick for every week."""
        return [self._tick(n, WEEK) for n in range(0, len(self.days), WEEK)]

    @property
    def months(self) -> list[Tick]:
        """A tick for every month; the first may have begun before."""
        return [self._tick(each.column - 1, each.width) for each in season.months(self.days)]

    @property
    def today(self) -> float | None:
        """Where today begins, if it is shown."""
        return next((self._share(n) for n, day in enumerate(self.days) if day.is_today), None)

    def piece(self, stretch: Stretch, town: str | None = None) -> Piece | None:
        """What of a stretch lies on the axis; None when nothing does."""
        start, end = max(stretch.first, self.first), min(stretch.last, self.last)
        if end < start:
            return None
        tick = self._tick((start - self.first).days, (end - start).days + 1)
        return Piece(tick.x, tick.width, stretch.state, stretch.ranks.get(start), town)

    def line(self, row: BookingRow, stretches: Iterable[Stretch]) -> Line:
        """One line; rooms that are taken alike are one piece."""
        pieces = [piece for each in stretches if (piece := self.piece(each))]
        return Line(row, list(dict.fromkeys(pieces)))

    def chain(self, row: Any, view: View, stays: Sequence[tuple[BookingRow, Stretch]]) -> Line:
        """A chain: its stays with their towns, and how the kit gets from one to the next. `row`: whose it is."""
        pieces = [piece for stay, stretch in stays if (piece := self.piece(stretch, stay.town))]
        live = [(stay, stretch) for stay, stretch in stays if stay.state not in ENDS]
        gaps = {(gap.origin, gap.destination) for gap in view.chain.gaps}
        legs = {(leg.origin, leg.destination) for leg in view.legs}
        rails = []
        for (one, before), (other, after) in pairwise(live):
            way = (one.venue, other.venue)
            kind = "gap" if way in gaps else "leg" if way in legs else "way"
            x1, x2 = (self._share((day - self.first).days) for day in (before.last + DAY, after.first))
            if 0 <= x1 < x2 <= 100:
                rails.append(Rail(kind, x1, x2))
        return Line(row, pieces, rails)

    def _tick(self, start: int, length: int) -> Tick:
        return Tick(self._share(start), self._share(length), self.first + DAY * start)

    def _share(self, days: int) -> float:
        return round(100 * days / len(self.days), 2)
