"""Why a claim cannot be had: one small function per kind, one explanation for form, desk, API and letter."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from booking.domain.claims import Asked, Atom, Held
from booking.domain.refusals import Conflict, may_be_forced
from booking.domain.rules import Audience
from booking.domain.spans import Span, merged
from booking.domain.wall_clock import at_venue, planning_day, planning_days
from booking.domain.windows import days_outside, next_windows

__all__ = [
    "Asker",
    "broken_rules",
    "may_be_forced",
    "obstacles",
    "options_under",
    "outside_hours",
    "refused",
    "shortages",
]


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a booking is asked, as far as rules care. `name` None: the house itself.

    `by_house`: a planner enters it, for the house or for a company.
    """

    name: str | None
    is_house: bool
    is_programme_company: bool
    by_house: bool = False


def obstacles(asked: Sequence[Asked], held: Iterable[Held]) -> list[Conflict]:
    """What stands in the way of all claims together, worst kinds first within each claim.

    Claims of one booking stand in each other's way too: the earlier ones count as held.
    """
    by_atom: dict[int, list[Held]] = {}
    for each in held:
        by_atom.setdefault(each.atom_id, []).append(each)
    found: list[Conflict] = []
    for claim in asked:
        found.extend(_one_only(claim))
        for atom in claim.place.atoms:
            found.extend(_atom_obstacles(claim, atom, by_atom.get(atom.id, ())))
        for atom in claim.place.atoms:
            by_atom.setdefault(atom.id, []).append(_as_held(claim, atom))
    return found


def broken_rules(asked: Sequence[Asked], asker: Asker, at: datetime) -> list[Conflict]:
    """Every rule of the resources that the claims break at the moment of asking."""
    return [conflict for claim in asked for rule in RULES for conflict in rule(claim, asker, at)]


def _as_held(claim: Asked, atom: Atom) -> Held:
    return Held(
        atom.id,
        claim.occupied,
        claim.presence,
        claim.quantity_of(atom),
        "hard",
        "claim",
        None,
    )


def _atom_obstacles(claim: Asked, atom: Atom, held: Sequence[Held]) -> Iterator[Conflict]:
    hard = [each for each in held if each.force == "hard"]
    bookings = [each for each in hard if each.source == "claim" or _is_broken(each, atom)]
    yield from (_stock(claim, atom, bookings) if not atom.exclusive else _exclusive(claim, atom, bookings))
    for kind, source in (("closed", "closure"), ("external-busy", "external")):
        yield from _conflict(
            kind,
            claim,
            atom,
            [each.occupied for each in hard if each.source == source and not _is_broken(each, atom)],
            claim.presence,
        )


def _is_broken(held: Held, atom: Atom) -> bool:
    """Some pieces of counted stock are out of order: they are taken, and the rest is not closed."""
    return held.source == "closure" and not atom.exclusive and held.quantity < atom.capacity


def _one_only(claim: Asked) -> Iterator[Conflict]:
    """Two of a room are never to be had: not a rule, which a manager might force."""
    place, asked = claim.place, claim.terms.quantity
    if place.exclusive and asked > place.capacity:
        days = planning_days(claim.span, place.zone, place.day_line)
        short = asked - place.capacity
        by_day = {day.isoformat(): short for day in days}
        facts = {"asked": asked, "available": place.capacity, "short_by_day": by_day}
        yield Conflict("capacity", place.code, claim.span, tuple(days), place.zone, short=short, facts=facts)


def _exclusive(claim: Asked, atom: Atom, bookings: Sequence[Held]) -> Iterator[Conflict]:
    taken = [each.presence for each in bookings if each.presence.overlaps(claim.presence)]
    yield from _conflict("time-taken", claim, atom, taken, claim.presence)
    close = [each.occupied for each in bookings if each.presence not in taken]
    yield from _conflict("buffer", claim, atom, close, claim.occupied)


def _stock(claim: Asked, atom: Atom, bookings: Sequence[Held]) -> Iterator[Conflict]:
    asked = claim.quantity_of(atom)
    pieces = shortages(bookings, claim.occupied, asked, atom.capacity)
    if not pieces:
        return
    short_by_day: dict[str, int] = {}
    for span, short in pieces:
        for day in planning_days(span, claim.place.zone, claim.place.day_line):
            short_by_day[day.isoformat()] = max(short, short_by_day.get(day.isoformat(), 0))
    worst = max(short for _, short in pieces)
    facts = {
        "asked": asked,
        "available": max(asked - worst, 0),
        "short_by_day": short_by_day,
    }
    yield from _conflict(
        "capacity",
        claim,
        atom,
        [span for span, _ in pieces],
        claim.occupied,
        short=worst,
        facts=facts,
    )


def shortages(bookings: Iterable[Held], span: Span, asked: int, capacity: int) -> list[tuple[Span, int]]:
    """The pieces of `span` in which `asked` more is too much, with how many are missing."""
    inside = [each for each in bookings if each.occupied.overlaps(span)]
    cuts = sorted(
        {span.start, span.end}
        | {max(each.occupied.start, span.start) for each in inside}
        | {min(each.occupied.end, span.end) for each in inside}
    )
    pieces = []
    for start, end in pairwise(cuts):
        taken = sum(each.quantity for each in inside if each.occupied.start <= start < each.occupied.end)
        if taken + asked > capacity:
            pieces.append((Span(start, end), taken + asked - capacity))
    return pieces


def _conflict(
    kind: str,
    claim: Asked,
    atom: Atom,
    spans: Iterable[Span],
    within: Span,
    *,
    short: int | None = None,
    facts: dict[str, Any] | None = None,
) -> Iterator[Conflict]:
    common = merged(shared for span in spans if (shared := span.common(within)))
    if not common:
        return
    place = claim.place
    days = sorted({day for shared in common for day in planning_days(shared, place.zone, place.day_line)})
    part = {"part": atom.code} if atom.id != place.id else {}
    whole = Span(min(each.start for each in common), max(each.end for each in common))
    yield Conflict(kind, place.code, whole, tuple(days), place.zone, short=short, facts=part | (facts or {}))


def options_under(asked: Sequence[Asked], held: Sequence[Held]) -> list[Conflict]:
    """Live options of others, and of the house's own calendar, that stand in the way: soft, without a name."""
    found = []
    for claim in asked:
        place = claim.place
        common = [shared for atom in place.atoms for shared in _under_options(claim, atom, held)]
        if common:
            days = {day for shared in common for day in planning_days(shared, place.zone, place.day_line)}
            found.append(Conflict("option", place.code, claim.span, tuple(sorted(days)), place.zone, hard=False))
    return found


def _under_options(claim: Asked, atom: Atom, held: Sequence[Held]) -> list[Span]:
    """Of counted stock only the time when options and bookings together leave less than is asked."""
    here = [each for each in held if each.atom_id == atom.id and (each.source == "claim" or each.force == "soft")]
    pieces = [claim.occupied]
    if not atom.exclusive:
        short = shortages(here, claim.occupied, claim.quantity_of(atom), atom.capacity)
        pieces = [span for span, _ in short]
    options = [each.occupied for each in here if each.force == "soft"]
    return [shared for span in options for piece in pieces if (shared := span.common(piece))]


def refused(claim: Asked, name: str, **facts: Any) -> Conflict:
    """The claim breaks the rule of that name."""
    days = planning_days(claim.span, claim.place.zone, claim.place.day_line)
    kind = "outside-hours" if name == "opening" else "rule"
    return Conflict(
        kind, claim.place.code, claim.span, tuple(days), claim.place.zone, facts={"rule": name, **facts}
    )


Rule = Callable[[Asked, Asker, datetime], Iterator[Conflict]]


def outside_hours(claim: Asked) -> Iterator[Conflict]:
    """It is not open at that hour; whole days keep the resource through the nights, whatever the hours."""
    opening = claim.place.rules.opening
    if opening is None or claim.terms.in_whole_days:
        return
    if not any(span.holds(claim.presence) for span in opening.spans(claim.presence, claim.place.zone)):
        yield refused(claim, "opening")


def _opening(claim: Asked, _asker: Asker, _at: datetime) -> Iterator[Conflict]:
    return outside_hours(claim)


def _granularity(claim: Asked, _asker: Asker, _at: datetime) -> Iterator[Conflict]:
    if claim.terms.in_whole_days:
        return
    rules = claim.place.rules
    if rules.whole_days_only:
        yield refused(claim, "whole-days")
        return
    for moment in (claim.span.start, claim.span.end):
        local = at_venue(moment, claim.place.zone)
        if (local.hour * 60 + local.minute) % rules.granularity or local.second or local.microsecond:
            yield refused(claim, "granularity", minutes=rules.granularity)
            return


def _length(claim: Asked, _asker: Asker, _at: datetime) -> Iterator[Conflict]:
    rules, length = claim.place.rules, claim.span.length
    if rules.shortest is not None and length < timedelta(minutes=rules.shortest):
        yield refused(claim, "shortest", minutes=rules.shortest)
    if rules.longest is not None and length > timedelta(minutes=rules.longest):
        yield refused(claim, "longest", minutes=rules.longest)


def _lead(claim: Asked, _asker: Asker, at: datetime) -> Iterator[Conflict]:
    place = claim.place
    earliest = at + timedelta(minutes=place.rules.lead)
    if claim.terms.in_whole_days:
        late = planning_day(claim.span.start, place.zone, place.day_line) < planning_day(
            earliest, place.zone, place.day_line
        )
    else:
        late = claim.span.start < earliest
    if late:
        name = "past" if claim.span.start < at else "lead"
        yield refused(claim, name, minutes=place.rules.lead)


def _horizon(claim: Asked, _asker: Asker, at: datetime) -> Iterator[Conflict]:
    horizon = claim.place.rules.horizon_days
    if claim.span.end > at + timedelta(days=horizon):
        yield refused(claim, "horizon", days=horizon)


def _audience(claim: Asked, asker: Asker, _at: datetime) -> Iterator[Conflict]:
    audience = claim.place.rules.audience
    welcome = (
        asker.is_house
        or {
            Audience.ANYONE: True,
            Audience.PROGRAMME: asker.is_programme_company,
            Audience.HOUSE: False,
        }[audience]
    )
    if not welcome:
        yield refused(claim, "audience", audience=audience.value)


def _window(claim: Asked, asker: Asker, at: datetime) -> Iterator[Conflict]:
    """Outside what the house offers a company sees the room and cannot ask; the house itself can."""
    if asker.is_house or asker.by_house or not claim.place.windows:
        return
    days = days_outside(claim)
    if days:
        yield replace(refused(claim, "window", open=next_windows(claim, at)), days=days)


def _retired(claim: Asked, _asker: Asker, _at: datetime) -> Iterator[Conflict]:
    """The house does not open it any more, to nobody."""
    if claim.place.retired:
        yield refused(claim, "retired")


RULES: Sequence[Rule] = (
    _retired,
    _opening,
    _granularity,
    _length,
    _lead,
    _horizon,
    _window,
    _audience,
)
