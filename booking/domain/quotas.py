"""How much one organisation may have of a resource: bookings still to come, and days in a year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from booking.domain.claims import Asked
from booking.domain.conflicts import refused
from booking.domain.refusals import Conflict
from booking.domain.spans import Span
from booking.domain.wall_clock import planning_days


@dataclass(frozen=True, slots=True)
class Used:
    """A claim that the organisation has or asks there. `one`: what counts as one: a series, a chain, a booking."""

    one: UUID
    resource_id: int
    span: Span


def beyond(asked: Sequence[Asked], used: Sequence[Used], at: datetime) -> list[Conflict]:
    """Every quota that these claims would break, one conflict each."""
    found: list[Conflict] = []
    for resource in dict.fromkeys(claim.place.id for claim in asked):
        mine = [claim for claim in asked if claim.place.id == resource]
        there = [each for each in used if each.resource_id == resource]
        found.extend(_bookings(mine[0], there, at))
        found.extend(_days(mine, there))
    return found


def _bookings(claim: Asked, used: Sequence[Used], at: datetime) -> Iterator[Conflict]:
    quota = claim.place.rules.quota
    if quota is None or quota.bookings_ahead is None:
        return
    ahead = {each.one for each in used if each.span.end > at}
    if len(ahead) >= quota.bookings_ahead:
        yield refused(claim, "quota-bookings", bookings=quota.bookings_ahead)


def _days(claims: Sequence[Asked], used: Sequence[Used]) -> Iterator[Conflict]:
    """The planning day says which year it is; a day that is asked twice counts once."""
    place = claims[0].place
    if place.rules.quota is None or place.rules.quota.days_per_year is None:
        return
    most = place.rules.quota.days_per_year
    new = {day for claim in claims for day in planning_days(claim.span, place.zone, place.day_line)}
    taken = {day for each in used for day in planning_days(each.span, place.zone, place.day_line)}
    for year in sorted({day.year for day in new}):
        if _count(new | taken, year) > most and new - taken:
            facts = {"days": most, "year": year, "used": _count(taken, year)}
            yield refused(claims[0], "quota-days", **facts)


def _count(days: set[date], year: int) -> int:
    return sum(day.year == year for day in days)
