"""The queue of one resource, as its house sees it: who stands in line, in which order, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.queue import EPOCH, key
from booking.domain.states import State
from booking.domain.wall_clock import planning_days
from booking.services import bookings, standing
from booking.services.bookings import BookingFilter, BookingRow
from booking.services.catalogue import parts
from booking.services.standing import NOTHING, Standing
from booking.storage.catalogues import CatalogueRow

IN_LINE = frozenset({State.OPTION, State.SUSPENDED, State.PENDING})
MOST = 200


@dataclass(frozen=True, slots=True)
class InLine:
    """One of the queue. `days`: those on which it wants the resource, a part or a whole of it; `ranks`: the worst
    rank of each, of an option."""

    row: BookingRow
    stands: Standing
    days: Sequence[date]
    ranks: Mapping[date, int]


def of_resource(
    connection: Connection,
    person: Person,
    place: CatalogueRow,
    places: Sequence[CatalogueRow],
    venue_id: int,
    *,
    at: datetime,
) -> list[InLine]:
    """Everybody in line who is not over yet, best key first; also on parts and wholes. `places`: of its house."""
    codes = _sharing(place, places, parts(connection, venue_id))
    asked = BookingFilter(venue=place.venue_code, states=IN_LINE, ends_after=at, limit=MOST)
    rows = [
        row
        for row in bookings.listing(connection, person, asked)
        if codes & {claim.resource for claim in row.claims}
    ]
    stands = standing.of(connection, rows, at=at)
    rows.sort(key=lambda row: key(row.granted_at or EPOCH, row.id, row.manual_order))
    return [_in_line(row, stands.get(row.id, NOTHING), codes) for row in rows]


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


def _sharing(
    place: CatalogueRow, places: Sequence[CatalogueRow], of_whole: Mapping[int, Sequence[str]]
) -> set[str]:
    """The resources of the house that take a piece of this one, itself included."""

    def atoms(each: CatalogueRow) -> set[str]:
        return set(of_whole.get(each.id, ())) or {each.code}

    return {each.code for each in places if atoms(each) & atoms(place)}
