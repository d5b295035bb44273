"""Sets of rooms for the plan, kept per person: another planner of the house has others."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.services import catalogue
from booking.services.catalogue import ResourceFilter
from booking.storage import accounts, plan_sets
from booking.storage.plan_sets import PlanSetRow

MOST = 30
LONGEST_NAME = 60


def listing(connection: Connection, person: Person, venue: str) -> Sequence[PlanSetRow]:
    """`id, name, rooms (codes in order), is_first` of what this person saved at the house."""
    return plan_sets.listing(connection, person.id, venue)


def save(
    connection: Connection, person: Person, venue: str, name: str, rooms: Sequence[str], *, first: bool
) -> list[str]:
    """Keep a set under its name; returns the rooms of it that the house has.

    NotFound: works elsewhere. Malformed: nameless, too long, empty, or too many.
    """
    if not (person.decides_for(venue) or venue in person.assists):
        raise NotFound
    house = catalogue.venue(connection, venue)
    known = {place.code for place in catalogue.resources(connection, ResourceFilter(venue=venue))}
    chosen = [code for code in dict.fromkeys(rooms) if code in known]
    if not name or len(name) > LONGEST_NAME:
        raise Malformed({"name": ["required" if not name else "too-long"]})
    if not chosen:
        raise Malformed({"rooms": ["required"]})
    accounts.hold(connection, person.id)  # two at once count one after the other
    if plan_sets.count(connection, person.id, house.id, besides=name) >= MOST:
        raise Malformed({"name": ["too-many"]})
    plan_sets.save(connection, person.id, house.id, name, chosen, first=first)
    return chosen


def remove(connection: Connection, person: Person, set_id: UUID) -> None:
    """Forget a set of one's own. NotFound."""
    if not plan_sets.remove(connection, person.id, set_id):
        raise NotFound
