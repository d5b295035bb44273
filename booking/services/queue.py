"""The queue of one resource, as its house sees it: who stands in line, in which order, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.queue import EPOCH, key
from booking.domain.refusals import NotFound
from booking.domain.states import IN_LINE
from booking.domain.wall_clock import planning_days
from booking.services import bookings, standing
from booking.services.bookings import BookingFilter, BookingRow
from booking.services.standing import Standing
from booking.storage.locks import places

MOST = 200


@dataclass(frozen=True, slots=True)
class InLine:
    """One of the queue. `days`: those on which it wants the resource, a part or a whole of it; `ranks`: the worst
    rank of each, of an option."""

    row: BookingRow
    stands: Standing
    days: Sequence[date]
    ranks: Mapping[date, int]


def of_resource(connection: Connection, person: Person, venue: str, code: str, *, at: datetime) -> list[InLine]:
    """Everybody in line who is not over yet, best key first; also on parts and wholes. NotFound."""
    asked = BookingFilter(venue=venue, states=IN_LINE, ends_after=at, limit=MOST)
    rows = bookings.listing(connection, person, asked)
    known = places(connection, {code, *(claim.resource for row in rows for claim in row.claims)})
    if code not in known:
        raise NotFound
    atoms = {atom.id for atom in known[code].atoms}
    codes = {each for each, place in known.items() if atoms & {atom.id for atom in place.atoms}}
    rows = [row for row in rows if codes & {claim.resource for claim in row.claims}]
    stands = standing.in_line(connection, rows, known, at=at)
    rows.sort(key=lambda row: key(row.granted_at or EPOCH, row.id, row.manual_order))
    return [_in_line(row, stands[row.id], codes) for row in rows]


def _in_line(row: BookingRow, stands: Standing, codes: set[str]) -> InLine:
    ranks: dict[date, int] = {}
    for day in stands.days:
        if day.resource in codes:
            ranks[day.date] = max(day.rank, ranks.get(day.date, 1))
    days = {
        day
        for claim in row.claims
        if claim.resource in codes
        for day in planning_days(claim.span, row.zone, row.day_line)
    }
    return InLine(row, stands, sorted(days), ranks)
