"""A new option: its place in the queue, its clock, and the limits against hoarding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, Held
from booking.domain.conflicts import refused
from booking.domain.house_rules import read_house_rules
from booking.domain.options import Clock, DueKind
from booking.domain.queue import RankedDay, ranks_of_the_last
from booking.domain.refusals import Conflict
from booking.domain.working_days import of_countries
from booking.storage import queues


@dataclass(frozen=True, slots=True)
class DayRank:
    """The rank of an option on one resource and planning day."""

    date: date
    resource: str
    rank: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What a new option would be: until when, its ranks, and which limits it breaks."""

    expires_at: datetime
    days: tuple[DayRank, ...]
    ranks: tuple[int, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def values(self) -> dict[str, Any]:
        """The columns of its booking."""
        return {"expires_at": self.expires_at, "due_at": self.expires_at, "due_kind": DueKind.EXPIRY}


def granted(
    connection: Connection,
    asked: Sequence[Asked],
    held: Sequence[Held],
    organisation: UUID | None,
    booking_id: UUID,
    *,
    at: datetime,
    series: UUID | None = None,
    trajectory: UUID | None = None,
    enquiry: UUID | None = None,
) -> Granted:
    """Everything about an option that is given now, in one statement. `series`, `trajectory`, `enquiry`: its
    others count as one."""
    place = asked[0].place
    found = queues.limits(
        connection, place.venue_id, organisation, series=series, trajectory=trajectory, enquiry=enquiry
    )
    rules = read_house_rules(found.settings)
    days = of_countries(found.calendar, found.country or found.calendar, closing=rules.closing_days)
    clock = Clock(rules, days, place.zone, place.day_line, min(each.span.start for each in asked))
    per_claim = [ranks_of_the_last(claim, held, booking_id) for claim in asked]
    broken = [
        refused(claim, "most-rank", rank=rules.most_rank)
        for claim, ranked in zip(asked, per_claim, strict=True)
        if claim.place.exclusive and any(day.rank > rules.most_rank for day in ranked)
    ]
    if organisation is not None and found.live >= rules.most_options:
        broken.append(refused(asked[0], "most-options", options=rules.most_options))
    return Granted(
        clock.runs_out(at),
        by_resource([(claim.place.code, ranked) for claim, ranked in zip(asked, per_claim, strict=True)]),
        tuple(max((day.rank for day in ranked), default=1) for ranked in per_claim),
        tuple(broken),
    )


def by_resource(ranked: Sequence[tuple[str, Sequence[RankedDay]]]) -> tuple[DayRank, ...]:
    """The worst rank per resource and day, in order."""
    worst: dict[tuple[date, str], int] = {}
    for code, days in ranked:
        for day in days:
            worst[day.day, code] = max(day.rank, worst.get((day.day, code), 1))
    return tuple(DayRank(day, code, rank) for (day, code), rank in sorted(worst.items()))
