"""What a calendar shows of an event of a house's own calendar: one event for each stretch that it takes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from booking.domain.wall_clock import at_venue
from calendars.domain.events import Event, Status
from calendars.domain.showing import (
    Detail,
    Look,
    Place,
    View,
    left_at,
    location,
    uid,
)


class ShownExternal(NamedTuple):
    """One stretch of an imported event on one resource. Instants in UTC; `days`: whole days of the house.

    `repeats`: its event has several, told apart by their start. `called_off_at`: since when it will not be.
    `sequence`, `modified_at`: of the whole event.
    """

    id: UUID
    resource: int
    title: str
    foreign_location: str
    is_option: bool
    starts: datetime
    ends: datetime
    days: bool
    repeats: bool
    created_at: datetime
    modified_at: datetime
    sequence: int
    called_off_at: datetime | None

    @property
    def identity(self) -> str:
        """What makes its UID: ours, since its own is its house's affair, and never another calendar's."""
        which = f"-{self.starts:%Y%m%dT%H%M%SZ}" if self.repeats else ""
        return f"{self.id}-{self.resource}{which}"

    @property
    def status(self) -> Status:
        """A pencil of the house is an option."""
        if self.called_off_at is not None:
            return Status.CANCELLED
        return Status.TENTATIVE if self.is_option else Status.CONFIRMED

    @property
    def leaves_at(self) -> datetime:
        """The instant from which no feed shows it."""
        return left_at(self.ends, self.called_off_at)


def external_events(external: ShownExternal, place: Place, view: View) -> Iterator[Event]:
    """That the place is taken; by what, only to those who may know the house's own affairs."""
    if view.look is Look.CLOCKS:
        return
    knows = view.knows_the_house(place)
    title = (knows and external.title) or view.words.taken
    start, end = _ends(external, place)
    yield Event(
        uid=uid(external.identity),
        sequence=external.sequence,
        created=external.created_at,
        modified=external.modified_at,
        start=start,
        end=end,
        zone=place.zone,
        status=external.status,
        summary=f"{view.words.option} · {title}" if external.status is Status.TENTATIVE else title,
        location=location(place),
        description=external.foreign_location if knows and view.detail is Detail.FULL else "",
    )


def _ends(external: ShownExternal, place: Place) -> tuple[datetime | date, datetime | date]:
    """As dates where it takes whole planning days."""
    if not external.days:
        return external.starts, external.ends
    start, end = at_venue(external.starts, place.zone), at_venue(external.ends, place.zone)
    if start.time() != end.time():  # a booking that is the same took a part of it
        return external.starts, external.ends
    return start.date(), end.date()
