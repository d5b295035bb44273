"""What a calendar shows of a closure: that the house says no, and to those who may know it why."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from booking.domain.wall_clock import at_venue
from calendars.domain.events import Event, Status
from calendars.domain.showing import (
    Look,
    Place,
    View,
    left_at,
    location,
    uid,
)


class ShownClosure(NamedTuple):
    """One closure of one resource. Instants in UTC, dates for whole days (end excluded).

    `pieces`: the stretches in which it really closes; it spares the days of bookings that its house keeps.
    """

    id: UUID
    resource: int
    starts: datetime
    ends: datetime
    start_date: date | None
    end_date: date | None
    reason: str
    created_at: datetime
    modified_at: datetime
    sequence: int
    ended_at: datetime | None
    pieces: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def leaves_at(self) -> datetime:
        """The instant from which no feed shows it."""
        return left_at(self.ends, self.ended_at)


def closure_events(closure: ShownClosure, place: Place, view: View) -> Iterator[Event]:
    """The house says no; why, only to those who may know the house's own affairs."""
    if view.look is Look.CLOCKS:
        return
    knows = view.knows_the_house(place)
    for number, (start, end) in enumerate(_stretches(closure, place)):
        yield Event(
            uid=uid(closure.id, f"-{number}" if number else ""),
            sequence=closure.sequence,
            created=closure.created_at,
            modified=closure.modified_at,
            start=start,
            end=end,
            zone=place.zone,
            status=Status.CONFIRMED if closure.ended_at is None else Status.CANCELLED,
            summary=f"{view.words.closed} · {closure.reason}" if knows else view.words.closed,
            location=location(place),
        )


def _stretches(closure: ShownClosure, place: Place) -> Iterator[tuple[date, date]]:
    """The whole of it once it is over; else what is left of it, as dates where only whole days are spared."""
    if closure.ended_at is not None or closure.pieces == ((closure.starts, closure.ends),):
        yield closure.start_date or closure.starts, closure.end_date or closure.ends
        return
    line = at_venue(closure.starts, place.zone).time()
    for start, end in closure.pieces:
        ends = [at_venue(each, place.zone) for each in (start, end)]
        if closure.start_date is not None and all(each.time() == line for each in ends):
            yield ends[0].date(), ends[1].date()
        else:
            yield start, end
