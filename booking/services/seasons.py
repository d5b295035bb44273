"""Seasons of opening hours: set for one resource or for several at once, and what would fall outside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.claims import Place, resolve
from booking.domain.conflicts import outside_hours
from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.domain.rule_documents import amended, rule_errors
from booking.domain.rules import read_rules
from booking.services import catalogue
from booking.services import resources as settings
from booking.services.resources import Wanted
from booking.services.terms import typed
from booking.storage import catalogues, registers, resources
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.locks import places
from booking.storage.registers import BookingRow

__all__ = ["outside", "replace_all"]

Seasons = Sequence[Mapping[str, Any]]


def outside(
    connection: Connection, person: Person, codes: Sequence[str], seasons: Seasons, *, at: datetime
) -> list[BookingRow]:
    """Bookings still to come, asked ones and options too, whose hours would lie outside and do not yet; by start.

    Only reads. NotFound, Forbidden, Malformed.
    """
    rows = _own(connection, person, codes)
    known = places(connection, list(codes))
    found: dict[Any, BookingRow] = {}
    for row in rows:
        before = known[row.code]
        after = replace(before, rules=read_rules(_amended(row, seasons)))
        claims = resources.claims_by_hours(connection, row.id, since=at)
        for booking in registers.of_claims(connection, set(claims)):
            if _falls_out(booking, before, after):
                found[booking.id] = booking
    return sorted(found.values(), key=lambda each: (each.starts, each.id))


def replace_all(
    connection: Connection,
    person: Person,
    codes: Sequence[str],
    seasons: Seasons,
    *,
    at: datetime,
    is_current: Callable[[CatalogueRow], bool],
) -> None:
    """The seasons of all of these, in the place of those that they had. `is_current`: whether the caller has read
    those of the first as they are. NotFound, Forbidden, Malformed, Stale."""
    _own(connection, person, codes)
    wanted = Wanted(rules={"seasons": [*seasons] or None})
    settings.change(connection, person, codes[0], wanted, at=at, is_current=lambda found: is_current(found.row))
    for code in codes[1:]:
        settings.change(connection, person, code, wanted, at=at)


def _own(connection: Connection, person: Person, codes: Sequence[str]) -> list[CatalogueRow]:
    """Of one house for which the person decides, in that order."""
    first = catalogue.to_set_up(connection, person, codes[0])
    rows = catalogues.resources(connection, ResourceFilter(venue=first.venue_code, retired=True))
    by_code = {row.code: row for row in rows}
    if not by_code.keys() >= set(codes):
        raise NotFound
    return [by_code[code] for code in codes]


def _amended(row: CatalogueRow, seasons: Seasons) -> Mapping[str, Any]:
    rules = amended(row.rules, {"seasons": [*seasons] or None})
    errors = rule_errors(rules)
    if errors:
        raise Malformed(errors)
    return rules


def _falls_out(booking: BookingRow, before: Place, after: Place) -> bool:
    mine = [typed(claim) for claim in booking.claims if claim.resource == before.code]
    return any(
        [*outside_hours(resolve(terms, after))] and not [*outside_hours(resolve(terms, before))] for terms in mine
    )
