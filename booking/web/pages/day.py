"""A technician's day: what comes in, what stays, what goes out, the moments between, and the kit of that day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template
from flask_babel import gettext, ngettext

from booking.domain.bookings import Moment
from booking.domain.refusals import NotFound
from booking.domain.spans import Span
from booking.domain.states import State
from booking.domain.wall_clock import DAY, planning_day, whole_days
from booking.services import bookings, equipment
from booking.services.bookings import BookingFilter, BookingRow
from booking.storage.equipment import KitRow
from booking.storage.registers import ClaimRow
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.house import House
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in

THERE = frozenset({State.PENDING, State.CONFIRMED, State.COMPLETED})
NOT_ROOMS = frozenset({"equipment"})
MOST = 200
LONGEST_AROUND = timedelta(days=7)
"""Set-up and strike are no longer than this."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One claim on this day. `presence`: with set-up and strike."""

    row: BookingRow
    claim: ClaimRow
    presence: Span


@dataclass(frozen=True, slots=True)
class Happening:
    """A moment of a booking that falls on this day."""

    row: BookingRow
    moment: Moment


@dataclass(frozen=True, slots=True)
class DayPlan:
    """Everything of one planning day."""

    comes: Sequence[Stay]
    stays: Sequence[Stay]
    goes: Sequence[Stay]
    moments: Sequence[Happening]
    kit_out: Sequence[KitRow]
    kit_back: Sequence[KitRow]


@pages.get("/desk/<venue>/day", defaults={"day": None})
@pages.get("/desk/<venue>/day/<day>")
def day_of(venue: str, day: str | None) -> str:
    """The planning day that the address names; without one, the day that it is there."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        chosen = house.today if day is None else read_date(day)
        if chosen is None:
            raise NotFound
        zone, line = house.venue.zone, house.venue.day_line
        span = whole_days(chosen, chosen + DAY, zone, line)
        asked = BookingFilter(
            venue=venue,
            states=THERE,
            starts_before=span.end + LONGEST_AROUND,
            ends_after=span.start - LONGEST_AROUND,
            limit=MOST,
        )
        rows = bookings.listing(connection, person, asked)
        kit = equipment.listing(connection, person, venue=venue, state="all", at=now())
    plan = plan_of(rows, kit, chosen, span)
    return render_template(
        "desk-day.html",
        house=house,
        day=chosen,
        plan=plan,
        headline=headline(plan),
        earlier=chosen - DAY,
        later=chosen + DAY,
        may_move=person.decides_for(venue) or venue in person.assists,
        back=f"/desk/{venue}/day/{chosen.isoformat()}",
    )


def plan_of(rows: Iterable[BookingRow], kit: Sequence[KitRow], day: date, span: Span) -> DayPlan:
    """What of these bookings and this kit falls on the planning day `day`, which is `span`; by time."""
    rows = list(rows)
    here = sorted(
        (
            stay
            for row in rows
            for claim in row.claims
            if claim.kind not in NOT_ROOMS and (stay := _stay(row, claim)).presence.overlaps(span)
        ),
        key=lambda stay: (stay.presence.start, stay.claim.resource),
    )
    comes = [stay for stay in here if stay.presence.start >= span.start]
    goes = sorted((stay for stay in here if stay.presence.end <= span.end), key=lambda stay: stay.presence.end)
    moments = [Happening(row, moment) for row in rows for moment in map(Moment.read, row.moments)]
    return DayPlan(
        comes,
        [stay for stay in here if stay not in comes and stay not in goes],
        goes,
        sorted(
            (each for each in moments if span.start <= each.moment.start < span.end),
            key=lambda each: each.moment.start,
        ),
        [row for row in kit if _day(row.starts, row) == day],
        [row for row in kit if _day(row.ends - timedelta(microseconds=1), row) == day],
    )


def headline(plan: DayPlan) -> str:
    """The sentence at the head of the page."""
    comes = {stay.row.id for stay in plan.comes}
    goes = {stay.row.id for stay in plan.goes}
    said = []
    if not comes and not goes:
        said.append(gettext("Nobody comes in and nobody goes out."))
    if comes:
        said.append(ngettext("One comes in.", "%(num)s come in.", len(comes)))
    if goes:
        said.append(ngettext("One goes out.", "%(num)s go out.", len(goes)))
    if plan.kit_out:
        said.append(gettext("Kit leaves the house."))
    if plan.kit_back:
        said.append(gettext("Kit comes back in."))
    return " ".join(map(str, said))


def _stay(row: BookingRow, claim: ClaimRow) -> Stay:
    before, after = (timedelta(minutes=each) for each in (claim.setup_minutes, claim.strike_minutes))
    return Stay(row, claim, claim.span.widened(before=before, after=after))


def _day(moment: datetime, row: KitRow) -> date:
    return planning_day(moment, row.zone, row.day_line)
