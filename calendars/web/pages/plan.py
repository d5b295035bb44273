"""The plan of a house, as it is shown, as a calendar to take along: once, not a feed."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.wall_clock import DAY
from booking.web.context import database, now
from booking.web.languages import language
from booking.web.pages.plans import Asked, headline
from booking.web.pages.sign_in import signed_in
from calendars.services.exporting import export
from calendars.services.feeds import VENUE, Followed
from calendars.web.desk import desk
from calendars.web.documents import CALENDAR

pages = Blueprint("plan-calendar", __name__)


@pages.get("/desk/<venue>/plan.ics")
def plan_calendar(venue: str) -> Response:
    """The days and rooms of the address, as on the page. NotFound for whoever may not see the plan."""
    person = signed_in()
    with database().read() as connection:
        asked = Asked.read(connection, person, venue)
        body = _written(connection, person, asked)
    name = f"{venue}-plan-{asked.axis[0].date}-{asked.axis[-1].date}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=CALENDAR, headers=headers)


def _written(connection: Connection, person: Person, asked: Asked) -> bytes:
    at, house = now(), asked.house.venue
    return export(
        connection,
        Followed(person.id, person.id, VENUE, language(), at, imported=True, venue_id=house.id),
        desk().writing,
        f"{house.name}, {headline(asked.axis)}",
        places={each.code for each in asked.places},
        first=asked.axis[0].date,
        end=asked.axis[-1].date + DAY,
        during=asked.during,
        at=at,
    )
