"""The desk of a house: what waits today, the requests, and entering a booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from sqlalchemy import Connection

from booking.domain.holidays import public_holidays
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, NotFound
from booking.domain.states import State
from booking.domain.wall_clock import DAY, planning_day
from booking.services import bookings, catalogue, outlook
from booking.services.catalogue import ResourceFilter
from booking.services.timeline import timelines_of
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingFilter, BookingRow
from booking.web import context
from booking.web.context import database, now
from booking.web.languages import language
from booking.web.pages import days
from booking.web.pages.asking import Answer, ask_with, begun, show
from booking.web.pages.blueprint import pages
from booking.web.pages.inbox import Group, groups, what_waits
from booking.web.pages.plan import PlanRow, plan_rows
from booking.web.pages.sign_in import signed_in

WAITING = frozenset({State.REQUESTED})
MOST = 200
TWO_WEEKS = 14
ROOMS = ("stage", "studio", "room", "accommodation")


@dataclass(frozen=True, slots=True)
class House:
    """A house as its desk needs it: what it is, what it has, which day it is there."""

    venue: CatalogueRow
    places: Sequence[CatalogueRow]
    today: date

    @classmethod
    def read(cls, connection: Connection, person: Person, code: str) -> "House":
        """Two statements. NotFound for everybody who does not work there."""
        if not (person.decides_for(code) or code in person.assists or person.sees_everything):
            raise NotFound
        venue = catalogue.venue(connection, code)
        places = catalogue.resources(connection, ResourceFilter(venue=code, retired=True))
        return cls(venue, places, planning_day(now(), venue.zone, venue.day_line))


@pages.get("/desk/<venue>")
def desk(venue: str) -> str:
    """Today: what waits for an answer, then two weeks of every room."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        waiting, inbox = _inbox(connection, person, house)
        axis = axis_of(house, days.monday(house.today), TWO_WEEKS)
        rows = _two_weeks(connection, person, house, axis, waiting)
    return render_template(
        "desk.html",
        house=house,
        inbox=inbox,
        headline=what_waits(len(waiting), len(inbox)),
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
        waiting, inbox = _inbox(connection, person, house)
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


def _inbox(connection: Connection, person: Person, house: House) -> tuple[list[BookingRow], list[Group]]:
    asked = BookingFilter(venue=house.venue.code, states=WAITING, limit=MOST)
    waiting = bookings.listing(connection, person, asked)
    found = outlook.of_requests(connection, waiting) if waiting else {}
    return waiting, groups(waiting, found, house.places, today=house.today)


def axis_of(house: House, first: date, count: int) -> list[days.Day]:
    """So many days from the first on, with the holidays of the house."""
    last = first + DAY * (count - 1)
    named = public_holidays(house.venue.public_holidays, first, last, language())
    return days.axis(first, count, today=house.today, holidays=named)


def requests_during(house: House, axis: Sequence[days.Day]) -> BookingFilter:
    """What is only asked for these days."""
    shown = days.window(axis[0].date, len(axis), clock_of(house))
    return BookingFilter(
        venue=house.venue.code, states=WAITING, starts_before=shown.end, ends_after=shown.start, limit=MOST
    )


def clock_of(house: House) -> days.Place:
    """The house's zone and day line, for whole days that concern no single room."""
    return days.Place(house.venue.zone, house.venue.day_line, 1, exclusive=True)


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
