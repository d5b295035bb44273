"""A house as the pages of its desk need it: what it is and has, which day it is there, its days side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import g
from sqlalchemy import Connection

from booking.domain.holidays import public_holidays
from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.wall_clock import DAY, planning_day
from booking.services import catalogue
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.web.context import now
from booking.web.languages import language
from booking.web.pages import days


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
        venue = catalogue.house(connection, code)
        g.open_conflicts = (code, venue.open_conflicts)
        places = catalogue.resources(connection, ResourceFilter(venue=code, retired=True))
        return cls(venue, places, planning_day(now(), venue.zone, venue.day_line))


def axis_of(house: House, first: date, count: int) -> list[days.Day]:
    """So many days from the first on, with the holidays of the house."""
    last = first + DAY * (count - 1)
    named = public_holidays(house.venue.public_holidays, first, last, language())
    return days.axis(first, count, today=house.today, holidays=named)


def now_at(house: House, axis: Sequence[days.Day]) -> float | None:
    """Where now is, in hundredths of the axis; None when it is not on it."""
    n = (house.today - axis[0].date).days
    if not 0 <= n < len(axis):
        return None
    today = days.window(house.today, 1, clock_of(house))
    return round(100 * (n + (now() - today.start) / (today.end - today.start)) / len(axis), 2)


def clock_of(house: House) -> days.Place:
    """The house's zone and day line, for whole days that concern no single room."""
    return days.Place(house.venue.zone, house.venue.day_line, 1, exclusive=True)
