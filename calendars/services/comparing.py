"""The house's own tool beside ours: what is the same, what stands only here, what stands only there.

A booking that somebody copied into the house's tool comes back under a UID of that tool. Same place and same
days propose that they are the same; a person says so once, and it is remembered by the UID.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.domain.spans import Span
from booking.domain.states import State
from booking.domain.wall_clock import planning_days
from booking.services import bookings
from booking.storage.registers import BookingFilter, BookingRow, ClaimRow
from calendars.domain.blocking import Block, Run, runs
from calendars.services import copies, taking_in
from calendars.services import external as calendars
from calendars.services.taking_in import Read
from calendars.storage import external
from calendars.storage.external import CalendarRow, EventRow

SETTLED = frozenset({State.PENDING, State.CONFIRMED})
MOST_BOOKINGS = 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """An event and a booking that are the same, or seem to be."""

    calendar: CalendarRow
    event: EventRow
    booking: BookingRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same`: said to be; `alike`: of the same place and days; `here`: claims that no calendar shows;
    `there`: events of no booking, those that follow one another as one."""

    same: Sequence[Pair]
    alike: Sequence[Pair]
    here: Sequence[tuple[BookingRow, ClaimRow]]
    there: Sequence[Run]


def compare(connection: Connection, person: Person, venue: str, *, at: datetime) -> Comparison:
    """Everything of the house that is still to come. NotFound for whoever does not work there."""
    rows = calendars.listing(connection, person, venue=venue)
    asked = BookingFilter(states=SETTLED, venue=venue, ends_after=at, limit=MOST_BOOKINGS)
    settled = [row for row in bookings.listing(connection, person, asked) if row.venue == venue]
    by_id = {row.id: row for row in settled}
    same: list[Pair] = []
    alike: list[Pair] = []
    there: list[tuple[str, str, Sequence[str], Span]] = []
    covered: set[str] = set()
    shown: set[UUID] = set()
    for row in rows:
        events = [each for each in external.events(connection, row.id) if each.block != Block.IGNORE]
        covered |= {code for each in events for code in each.targets} | ({row.resource} if row.resource else set())
        linked = {uid: booking for uid, booking, _ in external.same(connection, row.id)}
        shown |= external.own_ids(connection, row.id)
        spans = external.event_spans(connection, {each.id for each in events})
        alikes = _by_days(settled, row)
        for event in events:
            if event.uid in linked:
                same += [Pair(row, event, by_id[linked[event.uid]])] if linked[event.uid] in by_id else []
                continue
            mine = [span for span in spans.get(event.id, ()) if span.end > at]
            twin = next((found for key in _keys(event, mine, row) if (found := alikes.get(key))), None)
            if twin is not None:
                alike.append(Pair(row, event, twin[0]))
                shown.add(twin[1].id)
            else:
                there += [(event.title, event.block, event.targets, span) for span in mine]
    known = {pair.booking.id for pair in same}
    here = [
        (booking, claim)
        for booking in settled
        for claim in booking.claims
        if claim.resource in covered and not {booking.id, claim.id} & (known | shown)
    ]
    zone, day_line = (rows[0].zone, rows[0].day_line) if rows else ("UTC", 0)
    return Comparison(same, alike, here, runs(there, zone, day_line))


def say_same(
    connection: Connection,
    person: Person,
    calendar_id: UUID,
    uid: str,
    booking_id: UUID,
    *,
    venue: str,
    read: Read,
    at: datetime,
) -> None:
    """They are the same: the event blocks nothing where the booking does. NotFound, Forbidden, Malformed."""
    row = calendars.find(connection, person, calendar_id, venue=venue, change=True)
    booking = bookings.find(connection, person, booking_id)
    if booking.venue != venue or not any(each.uid == uid for each in external.events(connection, row.id)):
        raise NotFound
    if booking.state not in SETTLED:
        raise Malformed({"booking": ["unknown"]})
    external.say_same(connection, row.id, uid, booking.id, row.venue_id, by=person.id, at=at)
    _again(connection, row, read, at)


def unsay_same(
    connection: Connection, person: Person, calendar_id: UUID, uid: str, *, venue: str, read: Read, at: datetime
) -> None:
    """They are not the same after all: the event blocks again. NotFound, Forbidden."""
    row = calendars.find(connection, person, calendar_id, venue=venue, change=True)
    external.unsay_same(connection, row.id, uid)
    _again(connection, row, read, at)


def _again(connection: Connection, row: CalendarRow, read: Read, at: datetime) -> None:
    row = taking_in.held(connection, row)
    copy = copies.kept(connection, row, read, at=at)
    if copy is not None:
        taking_in.expand(connection, row, copy, at=at)


Key = tuple[str, tuple[date, ...]]


def _by_days(settled: Iterable[BookingRow], row: CalendarRow) -> Mapping[Key, tuple[BookingRow, ClaimRow]]:
    """Every settled claim by its resource and its planning days."""
    return {
        (claim.resource, tuple(planning_days(claim.span, row.zone, row.day_line))): (booking, claim)
        for booking in settled
        for claim in booking.claims
    }


def _keys(event: EventRow, spans: Sequence[Span], row: CalendarRow) -> Collection[Key]:
    days = tuple(sorted({day for span in spans for day in planning_days(span, row.zone, row.day_line)}))
    return [(str(code), days) for code in event.targets]
