"""Ways out of a conflict, best first: other days, another room, another house, fewer days, less, or split.

Here they are thought of; `services/ways_out.py` asks the same rules as a booking does whether each
would succeed, so that none is offered that would be refused.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from booking.domain.claims import Asked, ClaimTerms, Held
from booking.domain.distances import Point, great_circle
from booking.domain.needs import Need
from booking.domain.options import days_of, stretches
from booking.domain.refusals import Conflict
from booking.domain.spans import Span, merged
from booking.domain.wall_clock import DAY, at_venue, instant, planning_day

FURTHEST_DAYS = 28
MOST = 5
MOST_GAPS = 10
SHORT = timedelta(hours=3)
"""What whole days may step around: a class, not a rehearsal day."""
MEASURES = ("width_m", "depth_m", "clear_height_m", "power_amps")
HALF_HOUR = timedelta(minutes=30)
BY_NAME = frozenset({"equipment", "expertise"})
"""What has no measures to compare."""

NEARLY = 0.9
"""A room that is a tenth smaller is still like the one that was asked."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out: the bookings that it takes, each of one house, and why it is offered.

    `kind`: later, shift, same-house, other-house, fewer-days, around, less or split. `caveat`: what it would cost
    nevertheless.
    """

    kind: str
    bookings: tuple[tuple[str, tuple[ClaimTerms, ...]], ...]
    facts: Mapping[str, Any]
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class Like:
    """Something of a house that might do instead; degrees (WGS 84)."""

    code: str
    kind: str
    name: str
    venue: str
    venue_name: str
    sheet: Mapping[str, Any]
    latitude: float
    longitude: float


def is_like(one: Like, other: Like, *, nearly: float = NEARLY) -> bool:
    """Whether `other` would do instead of `one`: of the same kind, hardly smaller, as springy; kit by its name."""
    if one.kind != other.kind or one.code == other.code:
        return False
    if one.kind in BY_NAME:
        return one.name == other.name
    if one.sheet.get("sprung_floor") and not other.sheet.get("sprung_floor"):
        return False
    return all((other.sheet.get(name) or 0) >= nearly * (one.sheet.get(name) or 0) for name in MEASURES)


def like_need(one: Like) -> Need:
    """What `is_like` asks of another room, as a need.

    >>> like_need(Like("A", "studio", "A", "V", "V", {"width_m": 10, "sprung_floor": True}, 50.0, 3.0)).min_width_m
    9.0
    """
    least = {f"min_{name}": NEARLY * one.sheet[name] for name in MEASURES if one.sheet.get(name)}
    return Need(kind=one.kind, sprung_floor=True if one.sheet.get("sprung_floor") else None, **least)


def kilometres(one: Like, other: Like) -> float:
    """The great circle between two houses."""
    return great_circle(Point(one.latitude, one.longitude), Point(other.latitude, other.longitude))


def shifts(asked: Sequence[Asked]) -> Iterator[tuple[int, tuple[ClaimTerms, ...]]]:
    """All claims together some days later or earlier, nearest first; in days."""
    for days in range(1, FURTHEST_DAYS + 1):
        for by in (days, -days):
            yield by, tuple(_shifted(each, by) for each in asked)


def _shifted(asked: Asked, days: int) -> ClaimTerms:
    terms = asked.terms
    return replace(terms, start=_later(terms.start, days, asked), end=_later(terms.end, days, asked))


def _later(moment: date | datetime, days: int, asked: Asked) -> date | datetime:
    """At the same time on the clock of the house."""
    if not isinstance(moment, datetime):
        return moment + DAY * days
    local = at_venue(moment, asked.place.zone).replace(tzinfo=None, fold=0)
    return instant(local + timedelta(days=days), asked.place.zone)


def weeks(asked: Sequence[Asked]) -> Iterator[tuple[int, tuple[ClaimTerms, ...]]]:
    """All claims together whole weeks later or earlier, so that weekdays stay; nearest first, in days."""
    for days in range(7, FURTHEST_DAYS + 1, 7):
        for by in (days, -days):
            yield by, tuple(_shifted(each, by) for each in asked)


def later_that_day(
    asked: Sequence[Asked], held: Iterable[Held]
) -> Iterator[tuple[datetime, tuple[ClaimTerms, ...]]]:
    """All claims together from when something that is in the way has gone, on the same planning day."""
    if any(each.terms.in_whole_days for each in asked):
        return
    atoms = {atom.id for each in asked for atom in each.place.atoms}
    first = asked[0]
    for end in sorted({each.occupied.end for each in held if each.force == "hard" and each.atom_id in atoms}):
        by = _up(end + (first.span.start - first.occupied.start)) - first.span.start
        day = planning_day(first.span.start + by, first.place.zone, first.place.day_line)
        if by > timedelta() and day == days_of(first)[0]:
            yield (
                first.span.start + by,
                tuple(replace(each.terms, start=each.span.start + by, end=each.span.end + by) for each in asked),
            )


def _up(moment: datetime) -> datetime:
    """The next full or half hour."""
    over = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (HALF_HOUR - over if over else timedelta())


def fewer_days(asked: Sequence[Asked], conflicts: Sequence[Conflict]) -> list[tuple[ClaimTerms, ...]]:
    """Without the contested days: the longest stretches that are left, longest first."""
    taken = {day for conflict in conflicts for day in conflict.days}
    hit = hit_codes(conflicts)
    first = next((each for each in asked if each.place.code in hit), None)
    if first is None:
        return []
    runs = stretches(first, set(days_of(first)) - taken)
    in_order = sorted(runs, key=lambda terms: terms.start.isoformat())
    in_order.sort(key=_length, reverse=True)
    found = []
    for run in in_order:
        kept = set(days_of(replace_terms(first, run)))
        rest = [cut[0] for each in asked if each is not first for cut in [stretches(each, kept)] if cut]
        found.append((run, *rest))
    return found


def replace_terms(asked: Asked, terms: ClaimTerms) -> Asked:
    """The claim with other terms; its span is theirs."""
    start = terms.start if isinstance(terms.start, datetime) else None
    end = terms.end if isinstance(terms.end, datetime) else None
    if start is not None and end is not None:
        return replace(asked, terms=terms, span=replace(asked.span, start=start, end=end))
    days = [day for day in days_of(asked) if terms.start <= day < terms.end]
    length = DAY * len(days)
    begins = asked.span.start + (days[0] - days_of(asked)[0])
    return replace(asked, terms=terms, span=replace(asked.span, start=begins, end=begins + length))


def _length(terms: ClaimTerms) -> timedelta:
    return terms.end - terms.start  # type: ignore[operator]  # both dates, or both instants


def hit_codes(conflicts: Iterable[Conflict]) -> set[str]:
    """The resources that cannot be had as asked."""
    return {conflict.resource for conflict in conflicts}


def around(asked: Sequence[Asked], held: Iterable[Held], purpose: str | None) -> tuple[ClaimTerms, ...] | None:
    """Whole days that step around something short, as a class of two hours; None where there is nothing of it.

    What is left are claims with hours, and so with buffers of their own; set-up comes first and strike last.
    """
    hard = [each for each in held if each.force == "hard"]
    found: list[ClaimTerms] = []
    for claim in asked:
        atoms = {atom.id for atom in claim.place.atoms}
        met = [each for each in hard if each.atom_id in atoms and each.occupied.overlaps(claim.occupied)]
        gaps = merged(each.occupied for each in met)
        if not gaps:
            found.append(claim.terms)
        elif _may_step_around(claim, met, gaps):
            found.extend(_pieces_between(claim, gaps, purpose))
        else:
            return None
    return tuple(found) if len(found) > len(asked) else None


def _may_step_around(claim: Asked, met: Sequence[Held], gaps: Sequence[Span]) -> bool:
    short = len(gaps) <= MOST_GAPS and all(gap.length <= SHORT for gap in gaps)
    bookings = all(each.source == "claim" for each in met)
    return claim.terms.in_whole_days and claim.place.exclusive and short and bookings


def _pieces_between(claim: Asked, gaps: Sequence[Span], purpose: str | None) -> Iterator[ClaimTerms]:
    before, after = (timedelta(minutes=each) for each in claim.place.rules.buffers(purpose))
    starts = [claim.span.start, *(gap.end + before for gap in gaps)]
    ends = [*(gap.start - after for gap in gaps), claim.span.end]
    pieces = [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    for n, (start, end) in enumerate(pieces):
        yield replace(
            claim.terms,
            start=start,
            end=end,
            setup_minutes=0 if n else claim.terms.setup_minutes,
            strike_minutes=claim.terms.strike_minutes if n == len(pieces) - 1 else 0,
        )


def less(asked: Sequence[Asked], conflicts: Sequence[Conflict]) -> tuple[ClaimTerms, ...] | None:
    """As many as can be had throughout; None when that is nothing, or when not quantity is what is short."""
    short = _short(conflicts)
    if not short or any(conflict.kind != "capacity" for conflict in conflicts):
        return None
    found = tuple(
        replace(each.terms, quantity=each.terms.quantity - short.get(each.place.code, 0)) for each in asked
    )
    return found if all(terms.quantity > 0 for terms in found) else None


def split(
    asked: Sequence[Asked], conflicts: Sequence[Conflict], other: Like
) -> tuple[tuple[ClaimTerms, ...], tuple[ClaimTerms, ...]] | None:
    """What this house has, and the missing pieces of the short days from `other`; None when nothing is short."""
    short = _short(conflicts)
    claim = next((each for each in asked if each.place.code in short), None)
    if claim is None or claim.terms.quantity <= short[claim.place.code]:
        return None
    missing = short[claim.place.code]
    days = {day for conflict in conflicts if conflict.resource == claim.place.code for day in conflict.days}
    full = stretches(claim, set(days_of(claim)) - days)
    scarce = stretches(claim, days)
    here = [*full, *(replace(terms, quantity=terms.quantity - missing) for terms in scarce)]
    rest = [each.terms for each in asked if each is not claim]
    there = tuple(replace(terms, resource=other.code, quantity=missing) for terms in scarce)
    return (*rest, *sorted(here, key=lambda terms: terms.start.isoformat())), there


def _short(conflicts: Sequence[Conflict]) -> dict[str, int]:
    return {conflict.resource: conflict.short for conflict in conflicts if conflict.short}


def elsewhere(
    asked: Sequence[Asked], code: str, other: Like, venue: str
) -> tuple[tuple[str, tuple[ClaimTerms, ...]], ...]:
    """`other` instead of `code`: in the same booking when the house is the same, else in one of its own."""
    moved = tuple(replace(each.terms, resource=other.code) for each in asked if each.place.code == code)
    rest = tuple(each.terms for each in asked if each.place.code != code)
    if other.venue == venue:
        return ((venue, (*moved, *rest)),)
    return ((other.venue, moved), (venue, rest)) if rest else ((other.venue, moved),)


def best(found: Iterable[WayOut], *, most: int = MOST) -> list[WayOut]:
    """The first of every kind in their order, then what is left of them."""
    ways = list(found)
    kinds: Collection[str] = dict.fromkeys(way.kind for way in ways)
    firsts = [next(way for way in ways if way.kind == kind) for kind in kinds]
    rest = [way for way in ways if way not in firsts]
    chosen = [*firsts, *rest][:most]
    return [way for way in ways if way in chosen]
