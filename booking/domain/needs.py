"""A need: what somebody looks for. A technical sheet fits it, does not fit it by so much, or does not say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

MOST_NEEDS = 20
MOST_PERIODS = 10
LONGEST_PERIOD_DAYS = 366

MINIMA = ("width_m", "depth_m", "clear_height_m", "seats", "power_amps")
"""Figures of a sheet that may be asked for at least: metres, places, amperes."""
FEATURES = ("sprung_floor", "three_phase", "dance_vinyl")


class SchoolHolidays(StrEnum):
    """What the school holidays of each house mean for a search."""

    AVOID = "avoid"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed. None is not asked. Metres, amperes; `resource` and `venue` are codes.

    `q` is looked for in names and notes. `quantity`: pieces, beds, or 1 of a room.
    """

    kind: str | None = None
    venue: str | None = None
    country: str | None = None
    region: str | None = None
    min_width_m: float | None = None
    min_depth_m: float | None = None
    min_clear_height_m: float | None = None
    min_seats: int | None = None
    min_power_amps: int | None = None
    sprung_floor: bool | None = None
    three_phase: bool | None = None
    dance_vinyl: bool | None = None
    resource: str | None = None
    q: str | None = None
    quantity: int = 1

    @property
    def asks_the_sheet(self) -> bool:
        """Whether anything is asked that a technical sheet has to answer."""
        return any(True for _ in self.requirements())

    def requirements(self) -> Iterator[tuple[str, Any]]:
        """What the sheet has to answer: name on the sheet, and what is asked of it."""
        for name in MINIMA:
            if (least := getattr(self, f"min_{name}")) is not None:
                yield name, least
        for name in FEATURES:
            if (wanted := getattr(self, name)) is not None:
                yield name, wanted


@dataclass(frozen=True, slots=True)
class Period:
    """When: dates (whole days at the venue, `end` excluded), or instants for one claim of just that time."""

    start: date | datetime
    end: date | datetime

    @property
    def in_whole_days(self) -> bool:
        """Whether it has dates, within which so many days are looked for."""
        return not isinstance(self.start, datetime)

    @property
    def days(self) -> list[date]:
        """Every date from its start to its end (excluded); none when it has instants."""
        if isinstance(self.start, datetime) or isinstance(self.end, datetime):
            return []
        return [date.fromordinal(day) for day in range(self.start.toordinal(), self.end.toordinal())]


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement that is not met: `short` by how much, for figures."""

    name: str
    asked: Any
    has: Any
    short: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a resource answers a need: what it lacks, and what its sheet does not say."""

    lacks: tuple[Lack, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Everything is known, and nothing lacks."""
        return not self.lacks and not self.unknown


def fit(need: Need, sheet: Mapping[str, Any], *, capacity: int) -> Fit:
    """Whether a sheet fits. What it does not say never counts as fitting; what lacks is said with by how much.

    >>> fit(Need(min_width_m=12, min_depth_m=10), {"width_m": 11}, capacity=1)
    Fit(lacks=(Lack(name='width_m', asked=12, has=11, short=1),), unknown=('depth_m',))
    """
    lacks, unknown = [], []
    for name, asked in need.requirements():
        has = sheet.get(name)
        answer = meets(asked, has)
        if answer is None:
            unknown.append(name)
        elif not answer:
            lacks.append(Lack(name, asked, has, None if isinstance(asked, bool) else round(asked - has, 3)))
    if need.quantity > capacity:
        lacks.append(Lack("quantity", need.quantity, capacity, need.quantity - capacity))
    return Fit(tuple(lacks), tuple(unknown))


def meets(asked: Any, has: Any) -> bool | None:
    """Whether what a sheet says is what is asked, or as much; None when it does not say."""
    if not _is_known(has, asked):
        return None
    return bool(has == asked if isinstance(asked, bool) else has >= asked)


def _is_known(has: Any, asked: Any) -> bool:
    """Whether the sheet answers in kind: a number for a figure, yes or no for a feature."""
    if isinstance(asked, bool):
        return isinstance(has, bool)
    return isinstance(has, int | float) and not isinstance(has, bool)
