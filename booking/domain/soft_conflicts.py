"""Conflicts that are warnings: rooms that disturb each other, and a crew without its rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from booking.domain.claims import Asked
from booking.domain.refusals import Conflict
from booking.domain.spans import Span
from booking.domain.wall_clock import at_venue, planning_days

DAILY_REST = timedelta(hours=11)
"""Between two working days (Directive 2003/88/EC, article 3)."""


@dataclass(frozen=True, slots=True)
class Shift:
    """When a crew is in for another claim, set-up and strike included."""

    crew: str
    presence: Span


def noise(claim: Asked, neighbours: Iterable[tuple[str, Span]]) -> Iterator[Conflict]:
    """Somebody is in a room that this one disturbs, at the same time; `neighbours`: code and presence."""
    met = [(code, shared) for code, span in neighbours if (shared := span.common(claim.presence))]
    for code in dict.fromkeys(code for code, _ in met):
        spans = [shared for other, shared in met if other == code]
        whole = Span(min(span.start for span in spans), max(span.end for span in spans))
        yield _soft("noise", claim, whole, {"disturbs": code})


def crew_rest(claim: Asked, shifts: Iterable[Shift]) -> Iterator[Conflict]:
    """The crew comes back too soon: `rest_minutes` between, and from when it may (`earliest`)."""
    for shift in shifts:
        if shift.crew != claim.terms.crew:
            continue
        first, then = sorted((shift.presence, claim.presence), key=lambda span: span.start)
        rest = then.start - first.end
        if rest < DAILY_REST:
            earliest = at_venue(first.end + DAILY_REST, claim.place.zone)
            facts = {
                "crew": shift.crew,
                "rest_minutes": max(rest, timedelta()) // timedelta(minutes=1),
                "earliest": earliest.isoformat(),
            }
            yield _soft("crew-rest", claim, claim.presence, facts)


def _soft(kind: str, claim: Asked, span: Span, facts: dict[str, object]) -> Conflict:
    days = planning_days(span, claim.place.zone, claim.place.day_line)
    return Conflict(kind, claim.place.code, span, tuple(days), claim.place.zone, hard=False, facts=facts)
