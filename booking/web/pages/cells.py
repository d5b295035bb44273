"""The days under the date fields, one cell each: asked or not, free or not, in conflict or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.wall_clock import DAY, planning_day
from booking.services.timeline import TimelineItem, timelines_of
from booking.web.pages import days
from booking.web.pages.booking_form import BookingForm
from booking.web.pages.days import Day, Place
from booking.web.pages.verdicts import Judged

MOST_WEEKS = 6
HARDEST_FIRST = ("closed", "confirmed", "external", "pending", "option")


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: what fills it, whether it is asked, whether it stands in the way."""

    day: Day
    state: str
    is_asked: bool
    is_conflict: bool
    is_past: bool


def cells_of(
    connection: Connection,
    person: Person,
    form: BookingForm,
    found: Judged | None,
    at: datetime,
    *,
    booking: UUID | None = None,
) -> Sequence[Cell]:
    """The weeks around what the first line asks; nothing when it asks too long a time, or counted stock.

    `booking`: the one that the form changes, which stands in nobody's way here.
    """
    place = Place.of(form.main)
    if found is None or not place.exclusive:
        return ()
    claim = form.terms.claims[0]
    first = _day(claim.start, place)
    last = _day(claim.end, place) - (DAY if claim.in_whole_days else DAY * 0)
    monday = days.monday(first)
    count = ((last - monday).days // days.WEEK + 1) * days.WEEK
    if count > MOST_WEEKS * days.WEEK:
        return ()
    shown = days.window(monday, count, place)
    lying = timelines_of(connection, person, [form.main.code], start=shown.start, end=shown.end)[form.main.code]
    items = [each for each in lying if booking is None or each.booking != booking]
    today = planning_day(at, place.zone, place.day_line)
    return [
        Cell(
            each,
            _state(items, each.date, place),
            is_asked=first <= each.date <= last,
            is_conflict=each.date in found.conflict_days,
            is_past=each.date < today,
        )
        for each in days.axis(monday, count, today=today)
    ]


def _day(moment: date, place: Place) -> date:
    if isinstance(moment, datetime):
        return planning_day(moment, place.zone, place.day_line)
    return moment


def _state(items: Sequence[TimelineItem], day: date, place: Place) -> str:
    span = days.window(day, 1, place)
    forces = {each.force for each in items if each.start < span.end and span.start < each.end}
    return next((force for force in HARDEST_FIRST if force in forces), "free")
