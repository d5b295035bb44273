"""The report of unmet need: what companies asked, and how much of it the houses could serve."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.enquiries import EnquiryState, read_period
from booking.domain.people import Person
from booking.domain.refusals import Forbidden
from booking.domain.states import State
from booking.domain.unmet import Ask, Outcome, UnmetRow, counted, size_of
from booking.domain.wall_clock import at_venue, day_start
from booking.storage import demands

OUTCOMES: Mapping[State, Outcome] = {
    State.CONFIRMED: Outcome.SERVED,
    State.COMPLETED: Outcome.SERVED,
    State.DECLINED: Outcome.DECLINED,
    State.LAPSED: Outcome.LAPSED,
    State.RELEASED: Outcome.LAPSED,
    State.BEATEN: Outcome.BEATEN,
}
"""What is not here is still open; what was confirmed and cancelled later was served."""

EVERYWHERE = "Europe/Brussels"


def report(connection: Connection, person: Person, first: date, end: date) -> list[UnmetRow]:
    """Askings whose first day lies from `first` to `end` (excluded), alike together. Forbidden for others."""
    if not person.sees_everything:
        raise Forbidden
    start, until = (day_start(day, EVERYWHERE, 0) for day in (first, end))
    asks = [*map(_request, demands.requests(connection, start, until))]
    asks += [ask for ask in _enquiries(demands.enquiries(connection)) if first <= ask.first < end]
    return counted(asks)


def _request(row: Row[Any]) -> Ask:
    sheet = row.technical_sheet
    state = State(row.state)
    outcome = Outcome.SERVED if state is State.CANCELLED else OUTCOMES.get(state, Outcome.OPEN)
    size = size_of(row.kind, sheet.get("width_m"), sheet.get("depth_m"))
    first = at_venue(row.starts, row.zone).date()
    return Ask(row.kind, first, row.region, size, sheet.get("sprung_floor") is True, outcome)


def _enquiries(rows: Iterable[Row[Any]]) -> Iterable[Ask]:
    """One asking for each need of an enquiry, in the month that it liked best."""
    for _, group in groupby(rows, key=lambda row: row.id):
        same = list(group)
        state = EnquiryState(same[0].state)
        if state is EnquiryState.WITHDRAWN:
            continue
        terms = same[0].terms
        start = read_period(terms["periods"][0]).start
        first = at_venue(start, EVERYWHERE).date() if isinstance(start, datetime) else start
        regions = {row.region for row in same}
        outcome = _outcome(state, {row.offer for row in same})
        for need in terms["needs"]:
            kind = need.get("kind") or "room"
            size = size_of(kind, need.get("min_width_m"), need.get("min_depth_m"))
            region = need.get("region") or (regions.pop() if len(regions) == 1 else None)
            yield Ask(kind, first, region, size, need.get("sprung_floor") is True, outcome)


def _outcome(state: EnquiryState, offers: Iterable[str | None]) -> Outcome:
    states = {State(each) for each in offers if each}
    if states & {State.CONFIRMED, State.COMPLETED, State.CANCELLED}:
        return Outcome.SERVED
    return Outcome.DECLINED if state is EnquiryState.DECLINED else Outcome.OPEN
