"""The first page: for a company what waits, then the need, then the ten houses with all they have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.states import OPEN, State
from booking.services import bookings, catalogue
from booking.services.bookings import BookingFilter
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.context import database, now, viewer
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import home
from booking.web.pages.needs import read_wanted

MOST_BOOKINGS = 12
COLUMNS: Mapping[str, Sequence[str]] = {
    "stage": ("stage", "room"),
    "studio": ("studio",),
    "accommodation": ("accommodation",),
    "equipment": ("equipment", "expertise"),
}
"""Kinds that stand together in the table of houses."""


@dataclass(frozen=True, slots=True)
class House:
    """One house with what it has, in the columns of the table."""

    row: CatalogueRow
    columns: Mapping[str, Sequence[CatalogueRow]]


@pages.get("/")
def front() -> str | Response:
    """Planners go to their desk; everybody else sees what waits, the need and the houses."""
    person = viewer()
    if person is not None and home(person) != "/":
        return redirect(home(person))
    with database().read() as connection:
        places = catalogue.resources(connection, ResourceFilter())
        waiting = _running(connection, person)
    return render_template(
        "front.html",
        houses=houses(places),
        waiting=waiting,
        waiting_sentence=what_waits(waiting),
        places=places,
        no_need=read_wanted(MultiDict()),
    )


def _running(connection: Connection, person: Person | None) -> list[BookingRow]:
    if person is None or not person.organisations:
        return []
    return soonest(bookings.listing(connection, person, _live(now())))


def what_waits(rows: Sequence[BookingRow]) -> str:
    """Who moves next, counted, in whole sentences."""
    asked = sum(row.state is State.REQUESTED for row in rows)
    options = sum(row.state is State.OPTION for row in rows)
    said = []
    if asked:
        said.append(ngettext("One request waits for a house.", "%(num)s requests wait for a house.", asked))
    if options:
        said.append(ngettext("You hold one option.", "You hold %(num)s options.", options))
    return " ".join(said) or gettext("Nothing waits.")


def _live(at: datetime) -> BookingFilter:
    return BookingFilter(states=OPEN | {State.CONFIRMED}, ends_after=at, limit=MOST_BOOKINGS, newest_first=True)


def soonest(rows: Iterable[BookingRow]) -> list[BookingRow]:
    """By their first start."""
    return sorted(rows, key=lambda row: row.starts)


def houses(places: Sequence[CatalogueRow]) -> list[House]:
    """The houses in the order of the catalogue, each with its resources by column."""
    by_house: dict[str, list[CatalogueRow]] = {}
    for place in places:
        by_house.setdefault(place.venue_code, []).append(place)
    return [
        House(
            each[0],
            {name: [place for place in each if place.kind in kinds] for name, kinds in COLUMNS.items()},
        )
        for each in by_house.values()
    ]
