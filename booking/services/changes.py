"""What was set up at a house, when and by whom: read from its events, member by member."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.services import catalogue
from booking.storage import histories

__all__ = ["Change", "of_resource", "of_venue"]

MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done. `by` None: time itself. `members`: name, old, new; None where there is nothing."""

    at: datetime
    by: str | None
    kind: str
    why: str | None
    members: Sequence[tuple[str, Any, Any]]


def of_resource(connection: Connection, person: Person, code: str) -> list[Change]:
    """What was done to one resource, for those who work there; the newest first. NotFound."""
    row = catalogue.resource(connection, code).row
    _check(person, row.venue_code)
    return _read(histories.of_house(connection, row.venue_id, resource=code, most=MOST))


def of_venue(connection: Connection, person: Person, code: str) -> list[Change]:
    """What was done to the house itself. NotFound."""
    _check(person, code)
    row = catalogue.venue(connection, code)
    return _read(histories.of_house(connection, row.id, resource=None, most=MOST))


def _check(person: Person, venue: str) -> None:
    if not (person.decides_for(venue) or venue in person.assists or person.sees_everything):
        raise NotFound


def _read(rows: Sequence[Any]) -> list[Change]:
    return [Change(row.at, row.name, row.kind, row.why, list(_members(row.old, row.new))) for row in rows]


def _members(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    before, after = dict(_flat(old)), dict(_flat(new))
    for name in dict.fromkeys([*before, *after]):
        if name not in ("resource", "closure") and before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def _flat(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        elif value is not None:
            yield f"{above}{name}", value
