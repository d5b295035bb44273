"""Houses, resources, companies and closures, written from a world file. What exists already stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from booking.domain.claims import Asked
from booking.storage import occupancies
from booking.storage.accounts import set_password as set_password_hash
from booking.storage.base import new_id
from booking.storage.bookings import Closure
from booking.storage.people import Organisation, Person
from booking.storage.places import NoisePair, Resource, ResourceAtom, Venue
from booking.storage.resources import draw_numbers

__all__ = [
    "add_closure",
    "add_noise_pair",
    "add_organisation",
    "add_parts",
    "add_venue",
    "addresses",
    "set_password_hash",
]


def add_venue(connection: Connection, venue: Mapping[str, Any]) -> int:
    """One house with its resources; returns how many rows were new."""
    venue_id = connection.execute(select(Venue.id).where(Venue.code == venue["code"])).scalar()
    new = 0
    if venue_id is None:
        venue_id = _next(connection, Venue.id)
        connection.execute(insert(Venue).values(id=venue_id, **_venue_columns(venue)))
        new = 1
    known = set(connection.execute(select(Resource.code).where(Resource.venue_id == venue_id)).scalars())
    rows = [
        {"venue_id": venue_id, "position": position, **_resource_columns(resource)}
        for position, resource in enumerate(venue["resources"])
        if resource["code"] not in known
    ]
    if rows:
        first = draw_numbers(connection, len(rows))
        connection.execute(insert(Resource), [{"id": first + n, **row} for n, row in enumerate(rows)])
    return new + len(rows)


def add_parts(connection: Connection, resources: Sequence[Mapping[str, Any]]) -> int:
    """What each resource takes: itself, or for a whole its parts; returns how many rows were new."""
    codes = {resource["code"] for resource in resources}
    found = connection.execute(
        select(Resource.code, Resource.id, Resource.venue_id).where(Resource.code.in_(codes))
    ).all()
    ids = {row.code: (row.id, row.venue_id) for row in found}
    taken = select(ResourceAtom.resource_id, ResourceAtom.atom_id).where(
        ResourceAtom.resource_id.in_([row.id for row in found])
    )
    known = {(row.resource_id, row.atom_id) for row in connection.execute(taken)}
    rows = [
        {"venue_id": venue_id, "resource_id": resource_id, "atom_id": ids[part][0]}
        for resource in resources
        for resource_id, venue_id in [ids[resource["code"]]]
        for part in resource.get("parts", [resource["code"]])
        if (resource_id, ids[part][0]) not in known
    ]
    if rows:
        connection.execute(insert(ResourceAtom), rows)
    return len(rows)


def add_noise_pair(connection: Connection, first: str, second: str) -> int:
    """Two resources that disturb each other."""
    found = connection.execute(
        select(Resource.id, Resource.venue_id).where(Resource.code.in_([first, second])).order_by(Resource.id)
    ).all()
    pair = {
        "venue_id": found[0].venue_id,
        "first_id": found[0].id,
        "second_id": found[1].id,
    }
    if connection.execute(select(exists(select(NoisePair.first_id).filter_by(**pair)))).scalar():
        return 0
    connection.execute(insert(NoisePair).values(**pair))
    return 1


def add_closure(connection: Connection, asked: Asked, reason: str, *, at: datetime) -> int:
    """A closure in whole days, unless the same one is there."""
    place, terms = asked.place, asked.terms
    same = select(Closure.id).where(
        Closure.resource_id == place.id,
        Closure.start_date == terms.start,
        Closure.end_date == terms.end,
    )
    if connection.execute(same).first() is not None:
        return 0
    closure_id = new_id()
    connection.execute(
        insert(Closure).values(
            id=closure_id,
            venue_id=place.venue_id,
            resource_id=place.id,
            starts=asked.span.start,
            ends=asked.span.end,
            start_date=terms.start,
            end_date=terms.end,
            reason=reason,
            created_at=at,
            modified_at=at,
        )
    )
    occupancies.close(connection, asked, closure_id)
    occupancies.touch(connection, [atom.id for atom in place.atoms])
    return 1


def add_organisation(connection: Connection, organisation: Mapping[str, Any]) -> int:
    """One company, by its name."""
    known = select(Organisation.id).where(Organisation.name == organisation["name"])
    if connection.execute(known).first() is not None:
        return 0
    connection.execute(insert(Organisation).values(id=new_id(), **organisation))
    return 1


def addresses(connection: Connection) -> set[str]:
    """Every address that belongs to somebody."""
    return set(connection.execute(select(Person.email)).scalars())


def _next(connection: Connection, column: Any) -> int:
    last: int = connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
    return last + 1


def _venue_columns(venue: Mapping[str, Any]) -> dict[str, Any]:
    hours, minutes = map(int, venue["planning_day_starts"].split(":"))
    same = (
        "code name fictional town country region language languages public_holidays school_holidays"
        " latitude longitude"
    )
    return {
        **{name: venue[name] for name in same.split()},
        "zone": venue["timezone"],
        "day_line": hours * 60 + minutes,
        "email": venue.get("email"),
        "phone": venue.get("phone"),
    }


def _resource_columns(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": resource["code"],
        "name": resource["name"],
        "kind": resource["kind"],
        "capacity": resource["capacity"],
        "exclusive": resource["capacity"] == 1,
        "unit": resource.get("unit"),
        "day_rate_cents": int(Decimal(str(resource["day_rate_eur"])) * 100),
        "technical_sheet": resource["technical_sheet"],
        "notes": {"en": resource["notes"]} if resource.get("notes") else {},
        "rules": resource["rules"],
        "in_programme_area": resource.get("in_programme_area", True),
        "revision": 1,
    }
