"""The first page: for a company what waits, then the need, then the ten houses with all they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.states import OPEN, State
from booking.services import bookings, catalogue, standing
from booking.services.bookings import BookingFilter
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.context import database, now, viewer
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import home
from booking.web.pages.hats import under_hat
from booking.web.pages.needs import read_wanted
from booking.web.pages.overview import Waiting, needs_answer, ranked, ranks_of, soonest

MOST_BOOKINGS = 200
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


@dataclass(frozen=True, slots=True)
class Mine:
    """What runs for somebody, the soonest first, and what of it waits for their answer."""

    running: Sequence[BookingRow] = ()
    waiting: Sequence[Waiting] = ()
    ranks: Mapping[UUID, int | None] = field(default_factory=dict)

    @property
    def next(self) -> BookingRow | None:
        """The next that is confirmed."""
        return next((row for row in self.running if row.state is State.CONFIRMED), None)


@pages.get("/")
def front() -> str | Response:
    """Planners go to their desk; everybody else sees what waits, the need and the houses."""
    person = viewer()
    if person is not None:
        person = under_hat(person)
    if person is not None and home(person) != "/":
        return redirect(home(person))
    with database().read() as connection:
        places = catalogue.resources(connection, ResourceFilter())
        mine = _mine(connection, person, now())
    return render_template(
        "front.html",
        houses=houses(places),
        mine=mine,
        waiting_sentence=what_waits(mine.running),
        places=places,
        no_need=read_wanted(MultiDict()),
    )


def _mine(connection: Connection, person: Person | None, at: datetime) -> Mine:
    if person is None or not person.organisations:
        return Mine()
    live = BookingFilter(states=OPEN | {State.CONFIRMED}, ends_after=at, limit=MOST_BOOKINGS, newest_first=True)
    running = soonest(bookings.listing(connection, person, live))
    stands = standing.of(connection, ranked(running), at=at)
    return Mine(running, needs_answer(running, stands, person, at), ranks_of(stands))


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
