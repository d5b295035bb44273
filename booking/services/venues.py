"""A house, set up by its people: how it is reached, what it says of itself, and how it keeps its options."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.house_rules import HouseRules, read_house_rules
from booking.domain.people import Person
from booking.domain.refusals import Malformed, Stale
from booking.domain.revisions import of_contents
from booking.domain.rule_documents import amended
from booking.domain.venues import COLUMNS, TEXTS, venue_errors
from booking.services import catalogue, events
from booking.services.house import locked
from booking.services.teams import checked
from booking.storage import renaming, venues
from booking.storage.catalogues import CatalogueRow

__all__ = ["change", "revision", "rules_of"]

SHOWN = frozenset({"name", "town"})
"""What calendars say of a house."""


def change(
    connection: Connection,
    person: Person,
    code: str,
    wanted: Mapping[str, Any],
    *,
    at: datetime,
    is_current: Callable[[CatalogueRow], bool] | None = None,
) -> CatalogueRow:
    """Other columns, texts (by language) or `settings`, null for what goes (RFC 7396).

    NotFound, Forbidden, Malformed by field (another day line while whole days are held by the old one), Stale.
    """
    row = catalogue.house_to_set_up(connection, person, code)
    locked(connection, row.id, at=at)
    row = catalogue.house_to_set_up(connection, person, code)
    if is_current is not None and not is_current(row):
        raise Stale(0)
    values = _values(row, wanted)
    if "day_line" in values and venues.lie_in_whole_days(connection, row.id, since=at):
        raise Malformed({"planning_day_starts": ["days-held"]})
    if not values:
        return row
    venues.alter(connection, row.id, values)
    if values.keys() & SHOWN:
        renaming.of_house(connection, row.id, at=at)
    old = {name: getattr(row, name) for name in values}
    events.put(
        connection, "venue.changed", venue_id=row.id, booking_id=None, by=person.id, at=at, old=old, new=values
    )
    return catalogue.house_to_set_up(connection, person, code)


def rules_of(row: CatalogueRow) -> dict[str, Any]:
    """Every setting as it holds, whether the house chose it or not; closing days as dates, in order."""
    rules = read_house_rules(row.settings)
    numbers = {each.name: getattr(rules, each.name) for each in fields(HouseRules) if each.name != "closing_days"}
    return {**numbers, "closing_days": sorted(day.isoformat() for day in rules.closing_days)}


def revision(row: CatalogueRow) -> int:
    """Another one for other contents."""
    return of_contents(row._mapping)


def _values(row: CatalogueRow, wanted: Mapping[str, Any]) -> dict[str, Any]:
    becoming = {name: wanted[name] for name in COLUMNS if name in wanted}
    becoming |= {name: amended(getattr(row, name), wanted[name]) for name in TEXTS if name in wanted}
    errors = venue_errors({**becoming, "settings": wanted.get("settings") or {}})
    if becoming.get("email") and "email" not in errors:
        try:
            becoming["email"] = checked(becoming["email"])
        except Malformed as refusal:
            errors |= {name: list(codes) for name, codes in refusal.errors.items()}
    if errors:
        raise Malformed(errors)
    if "settings" in wanted:
        becoming["settings"] = amended(row.settings, wanted["settings"])
    return {name: value for name, value in becoming.items() if value != getattr(row, name)}
