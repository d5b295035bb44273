"""Trajectories: chains of stays in several houses, what agrees them, and the transport between them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from booking.domain.bookings import Terms
from booking.domain.spans import Span
from booking.domain.states import ENDS, State
from booking.domain.wall_clock import DAY, at_venue, instant
from booking.domain.working_days import WorkingDays

DEADLINE_WORKING_DAYS = 10
"""How long the first yes is held for the others."""

RETURNED_DAYS = 5
"""How long what was agreed stays an option when the chain did not come together."""

GET_IN_HOUR = 9
"""When kit is expected on the first day of a stay in whole days that names no get-in."""

HOUR = timedelta(hours=1)
ARRIVALS = ("get-in", "arrival")


class ChainRule(StrEnum):
    """Whether the parts of a chain are confirmed together, or each by its own house."""

    ALL_OR_NOTHING = "all-or-nothing"
    EACH = "each"


class ChainState(StrEnum):
    """Where a chain stands. `broken`: a house said no, or time ran out, and the company has not decided yet."""

    OPEN = "open"
    BROKEN = "broken"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LegTerms:
    """Transport as it was typed. `resource` None: by the company's own means, which books nothing."""

    origin: str
    destination: str
    start: datetime
    end: datetime
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class TrajectoryTerms:
    """A chain as it is asked: each part of one house, named beside its terms."""

    title: str
    rule: ChainRule
    parts: tuple[tuple[str, Terms], ...]
    legs: tuple[LegTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """When people are in one house. `leaves`: from when kit may go on; `expects`: until when it must have come."""

    venue: str
    span: Span
    leaves: datetime
    expects: datetime


@dataclass(frozen=True, slots=True)
class Kit:
    """Equipment that travels: where it lives, and when it is claimed."""

    resource: str
    home: str
    spans: tuple[Span, ...]

    def is_used(self, stay: Stay) -> bool:
        """Whether it is claimed at any moment of a stay."""
        return any(span.overlaps(stay.span) for span in self.spans)


@dataclass(frozen=True, slots=True)
class Gap:
    """A leg of transport that nobody has planned: kit cannot teleport."""

    origin: str
    destination: str
    after: datetime
    before: datetime
    kit: tuple[str, ...]

    @property
    def span(self) -> Span:
        """When it would have to be; stays that leave no time leave an hour to talk about."""
        return Span(min(self.after, self.before - HOUR), self.before)


def stay_of(
    venue: str, span: Span, zone: str, *, first_day: date | None, arrivals: Iterable[tuple[str, datetime]]
) -> Stay:
    """A stay in one house. `first_day`: of a stay in whole days; `arrivals`: its moments, by kind."""
    named = [moment for kind, moment in arrivals if kind in ARRIVALS]
    if first_day is None:
        return Stay(venue, span, span.end, min(named, default=span.start))
    usual = instant(datetime.combine(first_day, datetime.min.time()).replace(hour=GET_IN_HOUR), zone)
    last_day = instant(at_venue(span.end, zone).replace(tzinfo=None, fold=0) - DAY, zone)
    return Stay(venue, span, last_day, min(named, default=usual))


def missing_legs(stays: Collection[Stay], kit: Iterable[Kit], legs: Collection[LegTerms]) -> list[Gap]:
    """The transport that nobody has planned, in order of time; each with all the kit that would need it."""
    in_order = sorted(stays, key=lambda stay: (stay.span.start, stay.venue))
    needed = [gap for each in kit for gap in _journeys(each, in_order) if not _is_covered(gap, legs)]
    needed.sort(key=_leg)
    found = []
    for _, same in groupby(needed, key=_leg):
        gaps = list(same)
        found.append(replace(gaps[0], kit=tuple(sorted({code for gap in gaps for code in gap.kit}))))
    return found


def _leg(gap: Gap) -> tuple[datetime, str, str, datetime]:
    return gap.before, gap.origin, gap.destination, gap.after


def _journeys(kit: Kit, stays: Sequence[Stay]) -> list[Gap]:
    """Every change of house that this kit makes, from where it lives on."""
    found = []
    here, free = kit.home, min(span.start for span in kit.spans)
    for stay in stays:
        if not kit.is_used(stay):
            continue
        if stay.venue != here:
            found.append(Gap(here, stay.venue, free, stay.expects, (kit.resource,)))
        here, free = stay.venue, stay.leaves
    return found


def _is_covered(gap: Gap, legs: Collection[LegTerms]) -> bool:
    """Whether legs, one after another, lead there in time."""
    here, since = gap.origin, gap.after
    for leg in sorted(legs, key=lambda each: each.start):
        if leg.origin == here and leg.start >= since and leg.end <= gap.before:
            here, since = leg.destination, leg.end
            if here == gap.destination:
                return True
    return False


def deadline(at: datetime, days: WorkingDays, zone: str) -> datetime:
    """Until when the first yes, given at `at`, is held: at the same time on the clock of the first house."""
    return days.after(at, DEADLINE_WORKING_DAYS, zone)


def returned_until(at: datetime, zone: str) -> datetime:
    """Until when what was agreed stays an option: plain days, at the same time on the house's clock."""
    local = at_venue(at, zone).replace(tzinfo=None, fold=0)
    return instant(local + timedelta(days=RETURNED_DAYS), zone)


def shown_state(rule: ChainRule, state: ChainState, parts: Collection[State]) -> ChainState:
    """How a chain stands as people say it: where each part is decided alone, the parts say it."""
    live = [part for part in parts if part not in ENDS]
    if rule is ChainRule.EACH and state is ChainState.OPEN and live:
        settled = all(part in (State.CONFIRMED, State.COMPLETED) for part in live)
        return ChainState.CONFIRMED if settled else state
    return state
