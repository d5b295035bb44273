"""Bookings as somebody follows them: what needs an answer, in which order, and on which days each one lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext

from booking.domain.people import Person
from booking.domain.resources import SPACES, Kind
from booking.domain.states import ENDS, OPEN, Side, State
from booking.domain.wall_clock import DAY, planning_day, planning_days
from booking.services.standing import NOTHING, Standing
from booking.services.timeline import TimelineItem
from booking.storage.registers import BookingRow, ClaimRow
from booking.web.pages.days import Stretch

ZONE = "Europe/Brussels"
"""All houses have its hours; days of a list over several are those of its calendar."""
VIEWS: Mapping[str, Any] = {
    "list": lazy_gettext("List"),
    "timeline": lazy_gettext("Timeline"),
    "month": lazy_gettext("Month"),
    "weeks": lazy_gettext("Weeks"),
}
ROOMS = SPACES | {Kind.EXPERTISE}
RUNS_OUT_SOON = DAY * 7
"""An option that expires within this time needs its holder."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One booking that waits for this person. `due_at`: until when, in UTC; `kind`: what happens then."""

    row: BookingRow
    due_at: datetime | None
    kind: str | None


def needs_answer(
    rows: Sequence[BookingRow], stands: Mapping[UUID, Standing], person: Person, at: datetime
) -> list[Waiting]:
    """What waits for this person's side, the most urgent first."""
    found = []
    for row in rows:
        here, sides = stands.get(row.id, NOTHING), person.sides(row.venue, row.organisation)
        challenged = here.challenge is not None and not here.challenge.mine and here.challenge.due_at is not None
        if Side.COMPANY in sides and here.challenge is not None and challenged:
            found.append(Waiting(row, here.challenge.due_at, "challenge"))
        elif here.waits_for in sides or (_runs_out(row, at) and Side.COMPANY in sides):
            found.append(Waiting(row, row.due_at, row.due_kind))
    return sorted(found, key=lambda each: (each.due_at is None, each.due_at or at))


def _runs_out(row: BookingRow, at: datetime) -> bool:
    return row.state is State.OPTION and row.due_at is not None and row.due_at - at <= RUNS_OUT_SOON


def ranked(rows: Sequence[BookingRow]) -> list[BookingRow]:
    """Those whose place in a queue is worth asking for."""
    return [row for row in rows if row.state in OPEN]


def ranks_of(stands: Mapping[UUID, Standing]) -> dict[UUID, int | None]:
    """The headline rank of each."""
    return {each: stand.rank for each, stand in stands.items()}


def soonest(rows: Iterable[BookingRow]) -> list[BookingRow]:
    """By their first start."""
    return sorted(rows, key=lambda row: row.starts)


def stretches(rows: Sequence[BookingRow], stands: Mapping[UUID, Standing]) -> list[Stretch]:
    """Every stay on its days; what ended without a stay is left out."""
    return [each for row in rows if row.state not in ENDS for each in stretches_of(row, stands)]


def stretches_of(row: BookingRow, stands: Mapping[UUID, Standing] = {}) -> list[Stretch]:
    """The stays of one booking on their days."""
    return [each for claim in shown_claims(row) for each in _stretches(row, claim, stands)]


def shown_claims(row: BookingRow) -> Sequence[ClaimRow]:
    """The rooms of a booking; all that it has, where it has none."""
    return [claim for claim in row.claims if claim.kind in ROOMS] or row.claims


def _stretches(row: BookingRow, claim: ClaimRow, stands: Mapping[UUID, Standing]) -> list[Stretch]:
    """One claim on the weeks, cut where its rank changes: each piece says its own."""
    taken = planning_days(claim.span, row.zone, row.day_line)
    whole = (claim.start_date, claim.end_date) if claim.start_date and claim.end_date else None
    here = stands.get(row.id, NOTHING)
    ranks = {each.date: each.rank for each in here.days if each.resource == claim.resource}
    item = TimelineItem(
        claim.starts,
        claim.ends,
        row.state.value,
        claim.quantity,
        days=whole,
        booking=row.id,
        title=row.title,
        organisation=row.town,
        state=row.state,
        claim=claim.id,
    )
    hours = None if whole else (claim.starts, claim.ends)
    pieces = [list(same) for _, same in groupby(taken, key=ranks.get)]
    return [Stretch(piece[0], piece[-1], row.state.value, item, hours=hours, ranks=ranks) for piece in pieces]


def first_day(rows: Sequence[BookingRow], today: date) -> date:
    """The day to begin with where none is asked: today, or that of the first stay to come."""
    coming = [planning_day(row.starts, row.zone, row.day_line) for row in rows if row.state not in ENDS]
    return max(today, min(coming, default=today))
