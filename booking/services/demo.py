"""The demo world: ten houses, six companies, twenty people. Loading it again changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms, resolve
from booking.domain.people import Role
from booking.services import people
from booking.storage import worlds
from booking.storage.locks import lock_places

WORLD = Path(__file__).resolve().parent.parent / "demo" / "world.json"
PASSWORD = "entracte-2027"  # noqa: S105 -- demo logins are refused in production
"""The one password of every demo login."""


def read_world(path: Path = WORLD) -> dict[str, Any]:
    """The world as its JSON file says it."""
    world: dict[str, Any] = orjson.loads(path.read_bytes())
    return world


def load(connection: Connection, world: Mapping[str, Any], *, at: datetime) -> int:
    """Put what is missing of the world; returns how many rows were new. Existing rows stay as they are."""
    new = 0
    for venue in world["venues"]:
        new += worlds.add_venue(connection, venue)
    for venue in world["venues"]:
        new += worlds.add_parts(connection, venue["resources"])
    for first, second in world["noise_pairs"]:
        new += worlds.add_noise_pair(connection, first, second)
    for closure in world["closures"]:
        new += _close(connection, closure, at)
    for organisation in world["organisations"]:
        new += worlds.add_organisation(connection, organisation)
    return new + _add_people(connection, world["people"], at)


def logins(world: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """`(address, role, where)` of everybody who can sign in with the demo password."""
    return [
        (
            person["email"],
            person["role"],
            person.get("venue") or person.get("organisation") or "",
        )
        for person in world["people"]
    ]


def _close(connection: Connection, closure: Mapping[str, Any], at: datetime) -> int:
    code = closure["resource"]
    place = lock_places(connection, {code})[code]
    terms = ClaimTerms(code, date.fromisoformat(closure["start"]), date.fromisoformat(closure["end"]))
    return worlds.add_closure(connection, resolve(terms, place), closure["reason"], at=at)


def _add_people(connection: Connection, everyone: list[Mapping[str, Any]], at: datetime) -> int:
    known = worlds.addresses(connection)
    missing = [person for person in everyone if person["email"] not in known]
    if not missing:
        return 0
    password_hash = people.HASHER.hash(PASSWORD)
    for person in missing:
        person_id = people.create(
            connection,
            email=person["email"],
            name=person["name"],
            language=person["language"],
            at=at,
        )
        worlds.set_password_hash(connection, person_id, password_hash)
        people.give_hat(
            connection,
            person_id,
            Role(person["role"]),
            venue=person.get("venue"),
            organisation=person.get("organisation"),
        )
    return len(missing)
