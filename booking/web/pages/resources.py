"""What can be booked: the list with its filters, and one resource with its sheet, rules and timeline."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from booking.domain.holidays import public_holidays
from booking.domain.people import Person
from booking.domain.rules import HORIZON_DAYS, read_rules
from booking.domain.states import State
from booking.domain.wall_clock import DAY, planning_day
from booking.services import bookings, catalogue, pictures, windows
from booking.services.catalogue import ResourceFilter
from booking.services.timeline import TimelineItem, timelines_of
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingFilter
from booking.web.context import database, now, parts, viewer
from booking.web.languages import language
from booking.web.pages import days, formats
from booking.web.pages.blueprint import pages
from booking.web.pages.days import Stretch, Strip
from booking.web.pages.filters import COUNTS, METRES, read_filter, refused_in
from booking.web.pages.plan import requested
from booking.web.pages.rules_in_words import POLICIES, rules_in_words
from booking.web.pages.typed import EARLIEST_YEAR, LATEST_YEAR
from booking.web.pages.windows import in_words

WEEKS = 6


@pages.get("/resources")
def resources() -> tuple[str, int]:
    """Everything that fits the need in the address; a figure that makes no sense is a 422."""
    asked, refused = read_filter(request.args), refused_in(request.args, (*METRES, *COUNTS))
    with database().read() as connection:
        places = catalogue.resources(connection, asked)
        everything = places if asked.is_empty else catalogue.resources(connection, ResourceFilter())
        seen = pictures.of_resources(connection, places)
    page = render_template(
        "resources.html",
        asked=asked,
        refused=refused,
        places=[] if refused else places,
        pictures=seen,
        answers={place.code: POLICIES[read_rules(place.rules).policy] for place in places},
        **choices(everything),
    )
    return page, 422 if refused else 200


def choices(places: Sequence[CatalogueRow]) -> Mapping[str, Any]:
    """What the fields of the need offer."""
    return {
        "regions": sorted({place.region for place in places}),
        "venues": sorted({(place.venue_code, place.venue_name) for place in places}, key=lambda pair: pair[1]),
    }


@pages.get("/resources/<code>")
def one_resource(code: str) -> str:
    """The sheet for everybody; the timeline for those who are signed in."""
    person = viewer()
    with database().read() as connection:
        found = catalogue.resource(connection, code)
        strips = _timeline(connection, person, found.row) if person else []
        offered = windows.listing(connection, code)
        shown = pictures.of_resources(connection, [found.row])
    rules = read_rules(found.row.rules)
    return render_template(
        "resource.html",
        place=found.row,
        detail=found,
        sentences=[*in_words(offered, now()), *rules_in_words(rules)],
        may_set=bool(person and person.decides_for(found.row.venue_code)),
        policy=POLICIES[rules.policy],
        strips=strips,
        pictures=shown.get(code, []),
        ask=asking_address(person, found.row.venue_code),
        **_carried(request.args),
        **_around(strips),
    )


def asking_address(person: Person | None, venue: str) -> str | None:
    """Where this person books at that house: as its planner, for a company, or not at all."""
    if person is None:
        return None
    if person.decides_for(venue):
        return f"/desk/{venue}/book"
    return "/bookings/new" if person.organisations else None


def _carried(args: Mapping[str, str]) -> Mapping[str, Any]:
    carried = carried_days(args)
    if not carried:
        return {"carried": {}}
    first, end = (date.fromisoformat(carried[name]) for name in ("from", "to"))
    return {"carried": carried, "carried_words": formats.days(first, end - DAY)}


def carried_days(args: Mapping[str, str]) -> dict[str, str]:
    """The days that travel from page to page: `from` and `to` (excluded), when both are dates in order."""
    first, end = read_date(args.get("from")), read_date(args.get("to"))
    return {"from": first.isoformat(), "to": end.isoformat()} if first and end and first < end else {}


def read_date(text: str | None) -> date | None:
    """A date as browsers send it, or None; also when it lies too far away to add days to."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def first_shown(wanted: str | None, today: date, *, horizon: int = HORIZON_DAYS) -> date:
    """The Monday of the week that is asked for, not further away than anybody could book; else this week."""
    asked = read_date(wanted) or today
    return days.monday(min(max(asked, today - timedelta(days=366)), today + timedelta(days=horizon)))


def _timeline(connection: Connection, person: Person, row: CatalogueRow) -> list[Strip]:
    place = days.Place.of(row)
    today = planning_day(now(), place.zone, place.day_line)
    first = first_shown(request.args.get("from"), today)
    shown = days.window(first, WEEKS * days.WEEK, place)
    items = timelines_of(connection, person, [row.code], start=shown.start, end=shown.end, names=parts().names)[
        row.code
    ]
    last = first + DAY * (WEEKS * days.WEEK - 1)
    named = public_holidays(row.country, first, last, language())
    axis = days.axis(first, WEEKS * days.WEEK, today=today, holidays=named)
    asked = BookingFilter(
        resource=row.code, states={State.REQUESTED}, starts_before=shown.end, ends_after=shown.start
    )
    requests = requested(bookings.listing(connection, person, asked)).get(row.code, [])
    return days.weeks(axis, [*requests, *stretches(axis, items, requests, place, today)])


def stretches(
    axis: Sequence[days.Day],
    items: Sequence[TimelineItem],
    requests: Sequence[Stretch],
    place: days.Place,
    today: date,
) -> list[Stretch]:
    """What lies on a resource's days. Of a stock: how many are left, and what the reader may know by name."""
    if place.exclusive:
        taken = days.taken(items, place)
        return [*taken, *days.gaps(axis, [*taken, *requests], since=today)]
    mine = [item for item in items if item.booking is not None or item.force in ("closed", "external")]
    return [*days.levels(axis, items, place, since=today), *days.taken(mine, place)]


def _around(strips: Sequence[Strip]) -> Mapping[str, Any]:
    if not strips:
        return {}
    span = DAY * (len(strips) * days.WEEK)
    return {"earlier": strips[0].first - span, "later": strips[0].first + span}
