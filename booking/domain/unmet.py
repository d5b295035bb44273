"""Unmet need: what was asked and not served, by kind, month and region, and by what the place had to be.

An enquiry says what was needed. A request says it by the room that it asked: a sprung floor of 14 × 11 m counts
as sprung and at least 10 × 10 m, since nobody needs the centimetres of the room that they happened to know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from booking.domain.needs import Need
from booking.domain.resources import SPACES

SIZES = (10.0, 6.0)
"""Metres, both ways: the largest of these that it reaches is its size."""


class Outcome(StrEnum):
    """What became of one asking."""

    SERVED = "served"
    DECLINED = "declined"
    LAPSED = "lapsed"
    BEATEN = "beaten"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Ask:
    """One company's one asking. `region` None: over several regions."""

    kind: str
    first: date
    region: str | None
    size: float | None
    sprung: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class UnmetRow:
    """Askings that are alike, in one month and region, counted by outcome."""

    kind: str
    month: date
    region: str | None
    size: float | None
    sprung: bool
    counts: Mapping[Outcome, int]

    @property
    def asked(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def served(self) -> int:
        """Those that were confirmed."""
        return self.counts.get(Outcome.SERVED, 0)

    @property
    def unmet(self) -> int:
        """Those that came to nothing: declined, lapsed, or gone to another."""
        return sum(self.counts.get(each, 0) for each in (Outcome.DECLINED, Outcome.LAPSED, Outcome.BEATEN))

    @property
    def need(self) -> Need:
        """What they have in common, as a need."""
        return Need(
            kind=self.kind,
            min_width_m=self.size,
            min_depth_m=self.size,
            sprung_floor=True if self.sprung else None,
        )


def size_of(kind: str, width: Any, depth: Any) -> float | None:
    """The size class of a room or of what was asked; None when it is none, or nobody knows.

    >>> size_of("studio", 14, 11), size_of("studio", 9, 9), size_of("equipment", 9, 9)
    (10.0, 6.0, None)
    """
    known = [side for side in (width, depth) if isinstance(side, int | float) and not isinstance(side, bool)]
    if kind not in SPACES or not known:
        return None
    return next((size for size in SIZES if min(known) >= size), None)


@dataclass(frozen=True, slots=True)
class UnmetGroup:
    """Everything alike that was asked, over all months and regions; `rows`: month by month, region by region."""

    rows: tuple[UnmetRow, ...]

    @property
    def asked(self) -> int:
        """All of them."""
        return sum(row.asked for row in self.rows)

    @property
    def served(self) -> int:
        """Those that were confirmed."""
        return sum(row.served for row in self.rows)

    @property
    def unmet(self) -> int:
        """Those that came to nothing."""
        return sum(row.unmet for row in self.rows)

    def count(self, outcome: Outcome) -> int:
        """Those that ended so."""
        return sum(row.counts.get(outcome, 0) for row in self.rows)

    @property
    def first(self) -> UnmetRow:
        """What they have in common is said by each."""
        return self.rows[0]


def grouped(rows: Iterable[UnmetRow]) -> list[UnmetGroup]:
    """By what was asked: most unmet first; within, by month and region."""
    found: dict[tuple[str, float | None, bool], list[UnmetRow]] = {}
    for row in rows:
        found.setdefault((row.kind, row.size, row.sprung), []).append(row)
    groups = [
        UnmetGroup(tuple(sorted(each, key=lambda row: (row.month, row.region or "")))) for each in found.values()
    ]
    groups.sort(key=lambda group: (group.first.kind, -(group.first.size or 0)))
    return sorted(groups, key=lambda group: (-group.unmet, -group.asked))


Alike = tuple[str, date, str | None, float | None, bool]


def counted(asks: Iterable[Ask]) -> list[UnmetRow]:
    """Alike together: most unmet first, then by month, kind and region."""
    found: dict[Alike, dict[Outcome, int]] = {}
    for ask in asks:
        key = (ask.kind, ask.first.replace(day=1), ask.region, ask.size, ask.sprung)
        counts = found.setdefault(key, {})
        counts[ask.outcome] = counts.get(ask.outcome, 0) + 1
    rows = [UnmetRow(*key, counts) for key, counts in found.items()]
    return sorted(rows, key=lambda row: (-row.unmet, row.month, row.kind, row.region or "", -(row.size or 0)))
