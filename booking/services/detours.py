"""Where else a stay of a chain could be: like rooms of other houses, with what that does to the way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.bookings import Terms
from booking.domain.claims import Asked, resolve
from booking.domain.detours import Stop, There, kilometres, met, there
from booking.domain.distances import Point
from booking.domain.people import Person
from booking.domain.refusals import Refusal
from booking.domain.resources import SPACES
from booking.domain.spans import Span
from booking.domain.ways_out import WayOut
from booking.services.catalogue import like_of
from booking.services.verdicts import Verdict, check
from booking.storage import catalogues
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.locks import places

MOST = 3
"""Of them the last is kept for one across the border."""


@dataclass(frozen=True, slots=True)
class House:
    """Another house, what the stay would claim there, and how long the whole chain is then."""

    row: CatalogueRow
    there: There
    km: float


def other_houses(
    connection: Connection, person: Person, terms: Terms, others: Sequence[Stop], *, at: datetime
) -> list[WayOut]:
    """The same days in like rooms of other houses: what lacks nothing first, then the shortest way; one across the
    border is among them where there is any.

    `others`: the other stays of the chain. Facts: `km`, `before` (great circles of the whole chain, with and
    without the change), `across`, `meets`, `without`, `smaller`. Each was asked of the same rules as a booking.
    """
    known = places(connection, {claim.resource for claim in terms.claims})
    asked = [resolve(claim, known[claim.resource]) for claim in terms.claims]
    rows = {row.code: row for row in catalogues.resources(connection, ResourceFilter())}
    if any(each.place.code not in rows for each in asked):
        return []
    home, span = rows[asked[0].place.code], _presence(asked)
    before = kilometres([*others, Stop(home.venue_name, span, _point(home))])
    near, far = list[WayOut](), list[WayOut]()
    for house in _houses(rows, asked, span, others):
        across = house.row.country != home.country
        if len(near) + len(far) >= MOST and (far or not across):
            continue
        verdict = _verdict(connection, person, terms, house.there, at)
        if verdict is None or verdict.conflicts:
            continue
        facts = {"before": before, "across": across, "meets": met(span, others), **_facts(house, rows, verdict)}
        costs = any(facts[name] for name in ("meets", "without", "smaller", "warns"))
        bookings = ((house.row.venue_code, house.there.claims),)
        (far if across else near).append(WayOut("like-house", bookings, facts, "chain" if costs else None))
    found = [*near, *far]
    return found if len(found) <= MOST else [*near[: MOST - 1], *far[:1]]


def _facts(house: House, rows: Mapping[str, CatalogueRow], verdict: Verdict) -> dict[str, Any]:
    return {
        "resource": house.there.room,
        "house": house.row.venue_name,
        "km": house.km,
        "without": [rows[code].name for code in house.there.without],
        "smaller": _size(rows[house.there.room]) if house.there.smaller else None,
        "warns": next((warning.kind for warning in verdict.warnings), None),
    }


def _presence(asked: Sequence[Asked]) -> Span:
    """When people are there: beds and kit may be longer."""
    spans = [each.span for each in asked if each.place.kind in SPACES] or [each.span for each in asked]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _point(row: CatalogueRow) -> Point:
    return Point(row.latitude, row.longitude)


def _size(row: CatalogueRow) -> tuple[float, float] | None:
    sheet = row.technical_sheet
    return (sheet["width_m"], sheet["depth_m"]) if sheet.get("width_m") and sheet.get("depth_m") else None


def _houses(
    rows: Mapping[str, CatalogueRow], asked: Sequence[Asked], span: Span, others: Sequence[Stop]
) -> list[House]:
    """Every other house that has something like it: what lacks nothing first, then the shortest way."""
    mine = {each.place.code: like_of(rows[each.place.code]) for each in asked}
    stock: dict[str, list[CatalogueRow]] = defaultdict(list)
    for row in rows.values():
        stock[row.venue_code].append(row)
    del stock[asked[0].place.venue]
    found = []
    for in_house in stock.values():
        each = there(asked, mine, [(like_of(row), row.capacity) for row in in_house])
        if each is not None:
            stop = Stop(in_house[0].venue_name, span, _point(in_house[0]))
            found.append(House(in_house[0], each, kilometres([*others, stop])))
    return sorted(found, key=lambda house: (len(house.there.without) + house.there.smaller, house.km))


def _verdict(connection: Connection, person: Person, terms: Terms, where: There, at: datetime) -> Verdict | None:
    """What these claims would be told; None when this person may not ask them there."""
    try:
        return check(connection, person, replace(terms, claims=where.claims, force=False, moments=()), at=at)
    except Refusal:
        return None
