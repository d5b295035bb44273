"""A need as a page reads it: out of the address, which is the view. Days as people type them, both included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from booking.domain.distances import Point
from booking.domain.needs import (
    FEATURES,
    LONGEST_PERIOD_DAYS,
    MINIMA,
    Need,
    Period,
    SchoolHolidays,
)
from booking.domain.wall_clock import DAY
from booking.services.candidates import Near, Search
from booking.web.pages.filters import Refused, read_filter, refused_in, whole
from booking.web.pages.words import KINDS

MOST_PERIODS = 3
VIEWS = ("list", "map")


@dataclass(frozen=True, slots=True)
class Typed:
    """One period as it was typed: first and last day, both included. `error`: a code of `wording.py`."""

    first: str = ""
    last: str = ""
    period: Period | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that the form of a search holds. `periods` in order of preference, as they were typed;
    `refused`: the figures that make no sense."""

    need: Need
    people: int | None = None
    beds: int | None = None
    days: int | None = None
    periods: tuple[Typed, ...] = ()
    near: str | None = None
    within: int | None = None
    school: str | None = None
    view: str = "list"
    tab: int = 0
    args: Sequence[tuple[str, str]] = field(default=())
    refused: Mapping[str, Refused] = field(default_factory=dict)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What is looked for, and the beds beside it."""
        main = self.need if self.need.kind or self.need.asks_the_sheet or self.need.q else Need(kind="studio")
        if not self.beds or main.kind == "accommodation":
            return (main,)
        return (main, Need(kind="accommodation", country=main.country, region=main.region, quantity=self.beds))

    @property
    def asked(self) -> tuple[Period, ...]:
        """The periods that make sense."""
        return tuple(each.period for each in self.periods if each.period is not None)

    def search(self, points: Mapping[str, Point]) -> Search:
        """As the service takes it; days that fit into no period are left out. `points`: where each house is."""
        shortest = min(len(each.days) for each in self.asked)
        point = points.get(self.near or "")
        return Search(
            self.needs,
            self.asked,
            min(self.days, shortest) if self.days else None,
            near=Near(point, self.within) if point else None,
            school_holidays=SchoolHolidays(self.school) if self.school else None,
        )

    def address(self, path: str = "/search", **other: Any) -> str:
        """The same view with something else; None takes it away."""
        kept = [(name, value) for name, value in self.args if name not in other and value]
        changed = [(name, str(value)) for name, value in other.items() if value is not None]
        return f"{path}?{urlencode([*kept, *changed])}"


def read_wanted(args: MultiDict[str, str]) -> Wanted:
    """From the query string; what makes no sense is left out, as an empty field is."""
    asked = read_filter(args)
    kind = args.get("kind") if args.get("kind") in KINDS else None
    sheet: dict[str, Any] = {name: True if args.get(name) == "1" else None for name in FEATURES}
    sheet |= {f"min_{name}": getattr(asked, f"min_{name}") for name in MINIMA}
    need = Need(
        kind=kind,
        country=asked.country,
        region=asked.region,
        q=asked.q,
        quantity=whole(args.get("quantity")) or 1,
        **sheet,
    )
    return Wanted(
        need,
        people=whole(args.get("people")),
        beds=whole(args.get("beds")),
        days=whole(args.get("days")),
        periods=read_periods(args.getlist("first"), args.getlist("last")),
        near=args.get("near") or None,
        within=whole(args.get("within")),
        school=args.get("school") if args.get("school") in set(SchoolHolidays) else None,
        view=args["view"] if args.get("view") in VIEWS else "list",
        tab=whole(args.get("tab")) or 0,
        args=[(name, value) for name, values in args.lists() for value in values],
        refused=refused_in(args),
    )


def read_periods(firsts: Sequence[str], lasts: Sequence[str]) -> tuple[Typed, ...]:
    """The periods in their order; where nothing was typed there is none."""
    pairs = zip(firsts, [*lasts, *[""] * len(firsts)], strict=False)
    return tuple(_period(first.strip(), last.strip()) for first, last in pairs if first or last)[:MOST_PERIODS]


def _period(first: str, last: str) -> Typed:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first) + DAY
    except (ValueError, OverflowError):
        return Typed(first, last, error="not-a-day")
    if end <= start:
        return Typed(first, last, error="not-after-start")
    if (end - start).days > LONGEST_PERIOD_DAYS:
        return Typed(first, last, error="out-of-range")
    return Typed(first, last or first, Period(start, end))
