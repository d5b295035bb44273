"""A house opens something new: a resource is added, with what it is made of and what it disturbs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.domain.resources import RATES, NewResource, new_errors
from booking.services import catalogue, events, structures
from booking.services.house import House, locked, refreshed
from booking.storage import resources

__all__ = ["add", "enter", "opened"]


def add(connection: Connection, person: Person, venue: str, new: NewResource, *, at: datetime) -> None:
    """Add it. NotFound, Forbidden; Malformed by field, also when the code is taken."""
    house = opened(connection, person, venue, at=at)
    enter(connection, person, house, [new], at=at)
    house = refreshed(connection, house, besides=[new.code])
    if new.parts:
        structures.put_together(connection, person, house, new.code, new.parts, at=at)
    if new.noise:
        structures.pair(connection, person, house, new.code, new.noise, at=at)


def opened(connection: Connection, person: Person, venue: str, *, at: datetime) -> House:
    """The house under its lock, for whoever decides there. NotFound, Forbidden."""
    return locked(connection, catalogue.house_to_set_up(connection, person, venue).id, at=at)


def enter(
    connection: Connection, person: Person, house: House, new: Sequence[NewResource], *, at: datetime
) -> list[int]:
    """Write them down, all or none; their numbers. Malformed by field of the first that makes no sense."""
    for each in new:
        errors = new_errors(each, house.code)
        if errors:
            raise Malformed(errors)
    codes = [each.code for each in new]
    if len(set(codes)) != len(codes) or resources.taken_codes(connection, codes):
        raise Malformed({"code": ["taken"]})
    try:
        ids = resources.add(connection, [_row(house, each) for each in new])
    except IntegrityError as error:  # somebody else's, at the same moment
        raise Malformed({"code": ["taken"]}) from error
    for each in new:
        events.put_of_resource(
            connection, "resource.added", house.id, each.code, by=person.id, at=at, new=_told(each)
        )
    return ids


def _row(house: House, new: NewResource) -> dict[str, Any]:
    return {
        "venue_id": house.id,
        "code": new.code,
        "name": dict(new.name),
        "kind": new.kind,
        "capacity": new.capacity,
        "exclusive": new.exclusive,
        "unit": new.unit,
        "technical_sheet": dict(new.sheet),
        "notes": dict(new.notes),
        "rules": dict(new.rules),
        "in_programme_area": True,
        **{f"{rate}_rate_cents": new.rates.get(rate) for rate in RATES},
        "day_rate_cents": new.rates.get("day") or 0,
    }


def _told(new: NewResource) -> dict[str, Any]:
    """What the log says of it."""
    told = {
        "kind": new.kind,
        "capacity": new.capacity,
        "unit": new.unit,
        "name": dict(new.name),
        "notes": dict(new.notes),
        "technical_sheet": dict(new.sheet),
        "rules": dict(new.rules),
        "rates": {name: cents for name, cents in new.rates.items() if cents is not None},
    }
    return {name: value for name, value in told.items() if value}
