"""The desk of a house: what waits today, the requests, and entering a booking."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import render_template, request
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, NotFound
from booking.domain.resources import SPACES, Kind
from booking.domain.states import State
from booking.services import bookings, catalogue, outlook
from booking.services.timeline import timelines_of
from booking.storage.registers import BookingFilter, BookingRow
from booking.web import context
from booking.web.context import database, now
from booking.web.pages import days
from booking.web.pages.asking import Answer, ask_with, begun, show
from booking.web.pages.blueprint import pages
from booking.web.pages.house import House, axis_of, clock_of, now_at
from booking.web.pages.inbox import Group, groups, opened_of, what_waits
from booking.web.pages.plan import PlanRow, plan_rows
from booking.web.pages.running_clocks import running
from booking.web.pages.sign_in import signed_in

WAITING = frozenset({State.REQUESTED})
MOST = 200
TWO_WEEKS = 14
LOOK_AHEAD = timedelta(days=60)
"""How far ahead clocks are read, to say which is the next."""
ROOMS = SPACES | {Kind.ACCOMMODATION}


@pages.get("/desk/<venue>")
def desk(venue: str) -> str:
    """Today: what waits for an answer, then two weeks of every room."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        listed = bookings.listing(connection, person, _open_at(house, now() + LOOK_AHEAD))
        waiting, inbox = _inbox(connection, house, [row for row in listed if row.state in WAITING])
        axis = axis_of(house, days.monday(house.today), TWO_WEEKS)
        rows = _two_weeks(connection, person, house, axis, waiting)
    clocks, following = running([row for row in listed if row.state not in WAITING], house.venue, at=now())
    every = [each for group in inbox for each in group.waiting]
    opened = opened_of(every, request.args.get("open"))
    return render_template(
        "desk.html",
        house=house,
        inbox=inbox,
        headline=what_waits(len(waiting), len(inbox)) if waiting else "",
        clocks=clocks,
        following=following,
        opened=opened,
        number=1 + every.index(opened) if opened else 0,
        total=len(every),
        now_at=now_at(house, axis),
        printed_at=now(),
        rows=rows,
        axis=axis,
        decides=person.decides_for(venue),
    )


@pages.get("/desk/<venue>/requests")
def requests(venue: str) -> str:
    """Only what waits for an answer."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        listed = bookings.listing(connection, person, _open_at(house))
        waiting, inbox = _inbox(connection, house, listed)
    return render_template(
        "desk-requests.html",
        house=house,
        inbox=inbox,
        headline=what_waits(len(waiting), len(inbox)),
        decides=person.decides_for(venue),
    )


@pages.get("/desk/<venue>/book")
def book(venue: str) -> Answer:
    """Enter a booking: first for which place, then the form."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        if not person.decides_for(venue):
            raise Forbidden
        code = request.args.get("resource")
        if not code:
            return render_template("desk-book.html", house=house)
        place = next((each for each in house.places if each.code == code), None)
        if place is None:
            raise NotFound
        form, draft = begun(connection, person, code)
        return show(connection, person, form, fresh=True, draft=draft)


@pages.post("/desk/<venue>/book")
def enter_booking(venue: str) -> Answer:
    """Book for the house itself, or for a company that phoned."""
    person = signed_in()
    if not person.decides_for(venue):
        raise NotFound
    return ask_with(person)


def _open_at(house: House, clock_by: datetime | None = None) -> BookingFilter:
    """What waits for an answer; and what has a clock that runs out by then."""
    return BookingFilter(venue=house.venue.code, states=WAITING, limit=MOST, clock_by=clock_by)


def _inbox(
    connection: Connection, house: House, waiting: list[BookingRow]
) -> tuple[list[BookingRow], list[Group]]:
    found = outlook.of_requests(connection, waiting) if waiting else {}
    return waiting, groups(waiting, found, house.places, today=house.today)


def requests_during(house: House, axis: Sequence[days.Day]) -> BookingFilter:
    """What is only asked for these days."""
    shown = days.window(axis[0].date, len(axis), clock_of(house))
    return BookingFilter(
        venue=house.venue.code, states=WAITING, starts_before=shown.end, ends_after=shown.start, limit=MOST
    )


def _two_weeks(
    connection: Connection,
    person: Person,
    house: House,
    axis: Sequence[days.Day],
    waiting: Sequence[BookingRow],
) -> list[PlanRow]:
    places = [place for place in house.places if place.kind in ROOMS]
    shown = days.window(axis[0].date, len(axis), clock_of(house))
    codes = [place.code for place in places]
    items = timelines_of(connection, person, codes, start=shown.start, end=shown.end, names=context.parts().names)
    parts = catalogue.parts(connection, house.venue.id)
    places = [place for place in places if place.retired_at is None or items[place.code]]
    return plan_rows(places, parts, items, {}, waiting, axis, today=house.today)
