"""Seasons of opening hours: set for one resource or for several at once, and what would fall outside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.claims import Place, resolve
from booking.domain.conflicts import outside_hours
from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, Stale
from booking.domain.rule_documents import amended, rule_errors
from booking.domain.rules import read_rules
from booking.services import catalogue
from booking.services import resources as settings
from booking.services.house import locked
from booking.services.resources import Wanted
from booking.services.terms import typed
from booking.storage import catalogues, registers, resources
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.locks import places
from booking.storage.registers import BookingRow, ClaimRow

__all__ = ["outside", "replace_all"]

Seasons = Sequence[Mapping[str, Any]]


def outside(
    connection: Connection, person: Person, codes: Sequence[str], seasons: Seasons, *, at: datetime
) -> list[BookingRow]:
    """Bookings still to come, asked ones and options too, whose hours would lie outside and do not yet; by start.

    Only reads. NotFound, Forbidden, Malformed.
    """
    rows = _own(connection, person, codes)
    before = places(connection, list(codes))
    after = {row.code: replace(before[row.code], rules=read_rules(_amended(row, seasons))) for row in rows}
    claims = resources.claims_by_hours(connection, [row.id for row in rows], since=at)
    bookings = registers.of_claims(connection, set(claims))
    found = [each for each in bookings if _falls_out(each, before, after)]
    return sorted(found, key=lambda each: (each.starts, each.id))


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
    house = locked(connection, catalogue.to_set_up(connection, person, codes[0]).venue_id, at=at)
    if not is_current(_own(connection, person, codes)[0]):
        raise Stale(0)
    wanted = Wanted(rules={"seasons": [*seasons] or None})
    for errors in settings.change_many(connection, person, house, dict.fromkeys(codes, wanted), at=at).values():
        raise Malformed(errors)


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


def _falls_out(booking: BookingRow, before: Mapping[str, Place], after: Mapping[str, Place]) -> bool:
    mine = [claim for claim in booking.claims if claim.resource in after]
    return any(_lies_outside(each, after) and not _lies_outside(each, before) for each in mine)


def _lies_outside(claim: ClaimRow, known: Mapping[str, Place]) -> bool:
    return any(True for _ in outside_hours(resolve(typed(claim), known[claim.resource])))
