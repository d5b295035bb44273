"""The plan of a house, from one day by the half-hour to a season; the address says which, and which rooms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy import Connection

from booking.domain.claims import Atom
from booking.domain.people import Person
from booking.domain.spans import Span
from booking.domain.wall_clock import DAY
from booking.services import bookings, catalogue, plan_sets
from booking.services.plan import Lying, lying
from booking.storage.catalogues import CatalogueRow
from booking.storage.plan_sets import PlanSetRow
from booking.storage.registers import BookingRow
from booking.web import context
from booking.web.context import database, now
from booking.web.pages import days, hours, season, season_written
from booking.web.pages.blueprint import pages
from booking.web.pages.desk import ROOMS, requests_during
from booking.web.pages.formats import dates, week
from booking.web.pages.formats import day as day_in_words
from booking.web.pages.house import House, axis_of, clock_of, now_at
from booking.web.pages.plan import in_order, plan_rows, requested, stretches
from booking.web.pages.resources import first_shown, read_date
from booking.web.pages.sign_in import signed_in

DAY_ZOOM, SEASON = "day", "season"
WEEKS: Mapping[str, int] = {"week": 1, "fortnight": 2, "month": 4, SEASON: 26}
"""Weeks that each zoom shows."""
ZOOMS: Mapping[str, Any] = {
    DAY_ZOOM: lazy_gettext("Day"),
    "week": lazy_gettext("Week"),
    "fortnight": lazy_gettext("2 weeks"),
    "month": lazy_gettext("4 weeks"),
    SEASON: lazy_gettext("Season"),
}
USUAL = "fortnight"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: how close, from which day, and which rooms (none: all of them)."""

    zoom: str
    first: date
    rooms: Sequence[str]

    @property
    def count(self) -> int:
        """How many days."""
        return WEEKS[self.zoom] * days.WEEK if self.zoom in WEEKS else 1

    @property
    def step(self) -> timedelta:
        """How far a page turns; half a season, so that what stood at its edge is seen whole."""
        return DAY * (self.count // 2 if self.zoom == SEASON else self.count)

    def day_at(self, column: int) -> date:
        """The day of a column, counted from 1."""
        return self.first + DAY * (column - 1)

    def address(
        self,
        *,
        zoom: str | None = None,
        first: date | None = None,
        here: bool = True,
        rooms: Sequence[str] | None = None,
    ) -> str:
        """The query of the same with another zoom, another day or other rooms; `here` False: from today on."""
        said = [f"zoom={zoom or self.zoom}"]
        if here:
            said.append(f"from={(first or self.first).isoformat()}")
        if rooms or self.rooms:
            said.append(f"rooms={','.join(rooms or self.rooms)}")
        return "?" + "&".join(said)


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """One room over a season: pieces, or of counted stock its weeks."""

    place: CatalogueRow
    depth: int
    pieces: Sequence[season.Piece]
    weeks: Sequence[season.Week] = ()

    @property
    def lanes(self) -> int:
        """How many stand below each other."""
        return max((each.lane for each in self.pieces), default=1)

    def written(self, marks: Mapping[str, Markup], *, moves: bool) -> Markup:
        """Its pieces as items of a list; see `season_written.py`."""
        return season_written.pieces(self.pieces, marks, moves=moves)

    def stock(self, first: date) -> Markup:
        """Its weeks as items of a list."""
        return season_written.stock(self.weeks, first)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One room over a day, by the half-hour. `free`: `(column, width)`."""

    place: CatalogueRow
    depth: int
    bars: Sequence[hours.HourBar]
    free: Sequence[tuple[int, int]]


def shown(args: Mapping[str, str], house: House, usual: Sequence[str] = ()) -> Shown:
    """What the address asks for; `weeks` is understood as it always was. `usual`: the rooms when it names none."""
    by_weeks = {str(count): name for name, count in WEEKS.items()}
    asked = args.get("zoom", "") or by_weeks.get(args.get("weeks", ""), "")
    zoom = asked if asked in (*WEEKS, DAY_ZOOM) else USUAL
    first = first_shown(args.get("from"), house.today)
    if zoom == DAY_ZOOM:
        wanted = read_date(args.get("from")) or house.today
        first = wanted if days.monday(wanted) == first else first
    known = {place.code for place in house.places}
    named = args["rooms"].split(",") if "rooms" in args else usual
    rooms = [code for code in dict.fromkeys(named) if code in known]
    return Shown(zoom, first, rooms)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the plan means: whose rooms, which days. `sets`: of rooms, that the reader keeps."""

    house: House
    sets: Sequence[PlanSetRow]
    shown: Shown
    places: Sequence[CatalogueRow]
    axis: Sequence[days.Day]

    @classmethod
    def read(cls, connection: Connection, person: Person, venue: str) -> "Asked":
        """Three statements. NotFound for whoever does not work there."""
        house = House.read(connection, person, venue)
        sets = plan_sets.listing(connection, person, venue)
        usual = next((each.rooms for each in sets if each.is_first), ())
        asked = shown(request.args, house, usual)
        places = chosen(house.places, asked.rooms)
        return cls(house, sets, asked, places, axis_of(house, asked.first, asked.count))

    @property
    def during(self) -> Span:
        """The days, from line to line."""
        return days.window(self.axis[0].date, len(self.axis), clock_of(self.house))


@pages.get("/desk/<venue>/plan")
def plan(venue: str) -> str:
    """The rooms over a day, some weeks or a season."""
    person = signed_in()
    with database().read() as connection:
        asked = Asked.read(connection, person, venue)
        seen = Seen.read(connection, person, asked)
    house, look, sets = asked.house, asked.shown, asked.sets
    return render_template(
        "desk-plan.html",
        house=house,
        shown=look,
        zooms=tuple(ZOOMS),
        axis=asked.axis,
        headline=headline(asked.axis),
        weeks_said=weeks_said(asked.axis),
        zoom_words=ZOOMS,
        printed_at=now(),
        decides=person.decides_for(venue),
        sets=sets,
        set_name=next((each.name for each in sets if list(each.rooms) == list(look.rooms)), None),
        may_save=person.decides_for(venue) or venue in person.assists,
        **DRAWN.get(look.zoom, Seen.weeks)(seen),
    )


def weeks_said(axis: Sequence[days.Day]) -> str:
    """Which weeks of the year."""
    first, last = week(axis[0].date), week(axis[-1].date)
    if first == last:
        return str(gettext("week %(number)s", number=first))
    return str(gettext("weeks %(first)s–%(last)s", first=first, last=last))


def headline(axis: Sequence[days.Day]) -> str:
    """Which days."""
    if len(axis) == 1:
        return day_in_words(axis[0].date, year=True)
    return dates(axis[0].date, axis[-1].date)


def chosen(places: Sequence[CatalogueRow], rooms: Sequence[str]) -> Sequence[CatalogueRow]:
    """Those that are named, in that order; all when none is."""
    by_code = {place.code: place for place in places}
    return [by_code[code] for code in rooms] if rooms else places


def lying_on(connection: Connection, person: Person, asked: Asked) -> Lying:
    """What holds these places over these days, with ranks: one statement."""
    house = asked.house
    atoms = {place.id: Atom(place.id, place.code, place.capacity, place.exclusive) for place in house.places}
    return lying(
        connection,
        person,
        [place.code for place in asked.places],
        atoms,
        asked.during,
        zone=house.venue.zone,
        day_line=house.venue.day_line,
        names=context.parts().names,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """The plan with everything on it. `parts`: of a whole, by its id; `waiting`: what is only asked."""

    house: House
    places: Sequence[CatalogueRow]
    parts: Mapping[int, Sequence[str]]
    found: Lying
    axis: Sequence[days.Day]
    waiting: Sequence[BookingRow]

    @classmethod
    def read(cls, connection: Connection, person: Person, asked: Asked) -> "Seen":
        """Four statements."""
        house = asked.house
        waiting = bookings.listing(connection, person, requests_during(house, asked.axis))
        found = lying_on(connection, person, asked)
        parts = catalogue.parts(connection, house.venue.id)
        places = [each for each in asked.places if each.retired_at is None or found.items.get(each.code)]
        return cls(house, places, parts, found, asked.axis, waiting)

    def rows(self) -> Iterator[tuple[CatalogueRow, int, list[days.Stretch]]]:
        """Each room in its order with its depth and all that lies there, asked or held."""
        asks = requested(self.waiting)
        for place, depth in in_order(self.places, self.parts):
            yield place, depth, [*self.held(place), *asks.get(place.code, ())]

    def held(self, place: CatalogueRow) -> list[days.Stretch]:
        """What holds it; of a whole, what takes all of it."""
        if not place.exclusive:
            return days.taken(self.found.items.get(place.code, ()), days.Place.of(place))
        held = stretches(place, self.found.items, self.parts.get(place.id, ()), self.axis, rails=False)
        return [each for each in held if each.item is not None]

    def rank(self, place: CatalogueRow, stretch: days.Stretch) -> int | None:
        """Of an option there, its worst day."""
        if stretch.item is None or stretch.state != "option" or stretch.item.claim is None:
            return None
        return max(self.found.ranks.get(place.code, {}).get(stretch.item.claim, {}).values(), default=1)

    def weeks(self) -> dict[str, object]:
        """Drawn as bars of days."""
        rows = plan_rows(
            self.places,
            self.parts,
            self.found.items,
            self.found.ranks,
            self.waiting,
            self.axis,
            today=self.house.today,
        )
        return {"rows": rows, "now_at": now_at(self.house, self.axis)}

    def season(self) -> dict[str, object]:
        """Drawn from afar."""
        told = season.Words(self.house.venue.code)
        rows, rooms = [], []
        for place, depth, lying_there in self.rows():
            if not place.exclusive:
                items = self.found.items.get(place.code, ())
                weeks = season.stock(items, place.capacity, self.axis, days.Place.of(place))
                rows.append(SeasonRow(place, depth, (), weeks))
                continue
            if place.kind in ROOMS and not self.parts.get(place.id):
                rooms.append(lying_there)
            ranks = self.found.ranks.get(place.code, {})
            rows.append(SeasonRow(place, depth, season.pieces(lying_there, ranks, self.axis, told)))
        occupancy = season.occupancy(rooms, self.axis)
        schools, holidays = season.off_days(self.axis, self.house.venue.school_holidays)
        return {
            "rows": rows,
            "months": season.months(self.axis),
            "weeks": [(each, week(each)) for each in (day.date for day in self.axis[:: days.WEEK])],
            "schools": schools,
            "holidays": holidays,
            "occupancy": occupancy,
            "occupancy_said": season_written.occupancy(occupancy, self.axis[0].date),
            "now_at": now_at(self.house, self.axis),
        }

    def day(self) -> dict[str, object]:
        """Drawn from near."""
        zone = self.house.venue.zone
        span = days.window(self.axis[0].date, 1, clock_of(self.house))
        count, ticks = hours.axis(span, zone)
        rows = []
        for place, depth, lying_there in self.rows():
            drawn = hours.bars(lying_there, span, zone)
            is_past = self.axis[0].date < self.house.today
            free = [] if is_past or not place.exclusive else hours.free(drawn, count)
            rows.append(DayRow(place, depth, drawn, free))
        return {"rows": rows, "count": count, "ticks": ticks, "now_at": now_at(self.house, self.axis)}


DRAWN: Mapping[str, Callable[[Seen], dict[str, object]]] = {SEASON: Seen.season, DAY_ZOOM: Seen.day}
"""How each zoom is drawn; the others are weeks."""
