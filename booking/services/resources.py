"""A resource, changed by its house: sheet, rules, stock. What breaks by it is shown first, and stands on the desk.

Buffers belong to what claims hold, so other buffers are written under the lock into everything that is still to
come. What cannot have its new turnaround time, because its neighbour is as settled as itself, keeps the old one
and is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, Place, resolve
from booking.domain.conflicts import obstacles, outside_hours
from booking.domain.people import Person
from booking.domain.refusals import Conflict, Malformed, Stale
from booking.domain.resources import RATES, rate_errors
from booking.domain.rule_documents import amended, name_errors, note_errors, rule_errors, sheet_errors
from booking.domain.states import FORCE, Force, State
from booking.services import catalogue, conflicts, equipment, events, structures
from booking.services.catalogue import ResourceDetail
from booking.services.conflicts import GUARDED, ConflictRow
from booking.services.holding import held_around
from booking.services.house import House, locked, put_in_order, refreshed
from booking.services.terms import typed
from booking.storage import catalogues, occupancies, queues, registers, renaming, resources
from booking.storage import equipment as stock
from booking.storage.catalogues import CatalogueRow, ResourceFilter
from booking.storage.registers import BookingRow

__all__ = ["Broken", "Wanted", "change", "change_many", "out_of_order", "preview", "rates_of", "signature"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be different. `sheet`, `rules`: members to change, null to take away (RFC 7396).

    `name`, `notes`: by language, null to take one away, and one name has to stay. `rates`: cents, null where there
    is none. `parts`, `noise`: codes, all of them.
    """

    sheet: Mapping[str, Any] | None = None
    rules: Mapping[str, Any] | None = None
    capacity: int | None = None
    out_of_order: int | None = None
    name: Mapping[str, str | None] | None = None
    notes: Mapping[str, str | None] | None = None
    rates: Mapping[str, int | None] | None = None
    parts: Sequence[str] | None = None
    noise: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """What a change breaks: conflicts that come to the desk, and options that stand still by it."""

    conflicts: Sequence[ConflictRow]
    suspended: Sequence[BookingRow]


def preview(connection: Connection, person: Person, code: str, wanted: Wanted, *, at: datetime) -> Broken:
    """What it would break; nothing stays. NotFound, Forbidden, Malformed."""
    house = locked(connection, catalogue.to_set_up(connection, person, code).venue_id, at=at)
    trial = connection.begin_nested()
    try:
        return _change(connection, person, house, code, wanted, at)
    finally:
        trial.rollback()


def change(
    connection: Connection,
    person: Person,
    code: str,
    wanted: Wanted,
    *,
    at: datetime,
    is_current: Callable[[ResourceDetail], bool] | None = None,
) -> Broken:
    """Do it, and tell what it broke. `is_current`: whether the caller has read it as it is.

    NotFound, Forbidden, Malformed, Stale.
    """
    house = locked(connection, catalogue.to_set_up(connection, person, code).venue_id, at=at)
    if is_current is not None and not is_current(catalogue.resource(connection, code)):
        raise Stale(0)
    return _change(connection, person, house, code, wanted, at)


def out_of_order(connection: Connection, row: CatalogueRow, *, at: datetime) -> int:
    """How many pieces of counted stock are out of order."""
    return stock.out_of_order(connection, row.id, at=at)


def signature(found: ResourceDetail) -> str:
    """Another one for other settings, other than names and notes."""
    row = found.row
    told = (row.capacity, sorted(row.technical_sheet.items()), sorted(row.rules.items(), key=str))
    around = (sorted(each.code for each in found.parts), sorted(each.code for each in found.noise))
    return repr((*told, sorted(rates_of(row).items()), row.retired_at, around))


def rates_of(row: CatalogueRow) -> dict[str, int | None]:
    """What it costs, in cents, by `domain/resources.RATES`; None where there is no such rate."""
    return {name: getattr(row, f"{name}_rate_cents") for name in RATES}


def _change(
    connection: Connection, person: Person, house: House, code: str, wanted: Wanted, at: datetime
) -> Broken:
    known = {row.id for row in conflicts.open_in(connection, house.id)}
    still = set(queues.in_state(connection, house.id, State.SUSPENDED))
    if wanted.capacity is not None or wanted.out_of_order is not None:
        equipment.change_stock(
            connection, person, code, capacity=wanted.capacity, out_of_order=wanted.out_of_order, at=at
        )
    before = catalogue.to_set_up(connection, person, code)
    values = _values(before, wanted)
    if values:
        _write(connection, person, house, [(before, values)], at)
    if wanted.parts is not None and structures.put_together(connection, person, house, code, wanted.parts, at=at):
        house = refreshed(connection, house)
    if wanted.noise is not None:
        structures.pair(connection, person, house, code, wanted.noise, at=at)
    broken = [row for row in conflicts.open_in(connection, house.id) if row.id not in known]
    stopped = [each for each in queues.in_state(connection, house.id, State.SUSPENDED) if each not in still]
    rows = [row for each in stopped if (row := registers.find(connection, each)) is not None]
    return Broken(broken, rows)


def _values(row: CatalogueRow, wanted: Wanted) -> dict[str, Any]:
    """The documents as they become. Malformed: every member that makes no sense."""
    sheet = amended(row.technical_sheet, wanted.sheet or {})
    rules = amended(row.rules, wanted.rules or {})
    name, notes = amended(row.name, wanted.name or {}), amended(row.notes, wanted.notes or {})
    rates = {**rates_of(row), **(wanted.rates or {})}
    errors = {
        **(sheet_errors(sheet) if wanted.sheet else {}),
        **(rule_errors(rules) if wanted.rules else {}),
        **(name_errors(name) if wanted.name else {}),
        **note_errors(notes if wanted.notes else {}),
        **rate_errors(rates if wanted.rates else {}),
    }
    if errors:
        raise Malformed(errors)
    prices = {f"{name}_rate_cents": cents for name, cents in rates.items()}
    prices["day_rate_cents"] = prices["day_rate_cents"] or 0
    values = {"name": name, "notes": notes, "technical_sheet": sheet, "rules": rules, **prices}
    return {member: value for member, value in values.items() if value != getattr(row, member)}


def change_many(
    connection: Connection, person: Person, house: House, wanted: Mapping[str, Wanted], *, at: datetime
) -> dict[str, Mapping[str, Sequence[str]]]:
    """Sheets, rules, texts, rates and stock of many at once, by code, under the lock of their house.

    What is malformed, by code and field; when something is, the rest is not written either.
    """
    filter_ = ResourceFilter(venue=house.code, retired=True)
    known = {row.code: row for row in catalogues.resources(connection, filter_)}
    errors: dict[str, Mapping[str, Sequence[str]]] = {}
    writing = []
    for code, each in wanted.items():
        try:
            if each.capacity is not None:
                equipment.change_stock(connection, person, code, capacity=each.capacity, out_of_order=None, at=at)
            values = _values(known[code], each)
        except Malformed as refusal:
            errors[code] = refusal.errors
            continue
        if values:
            writing.append((known[code], values))
    if writing and not errors:
        _write(connection, person, house, writing, at)
    return errors


def _write(
    connection: Connection,
    person: Person,
    house: House,
    changes: Sequence[tuple[CatalogueRow, Mapping[str, Any]]],
    at: datetime,
) -> None:
    """Each resource with its new columns: read again once, the queue put in order once, where rules changed."""
    for row, values in changes:
        resources.alter(connection, row.id, values)
        old = {name: getattr(row, name) for name in values}
        events.put_of_resource(
            connection, "resource.changed", house.id, row.code, by=person.id, at=at, old=old, new=values
        )
    if renamed := [row.id for row, values in changes if "name" in values]:
        renaming.of_places(connection, renamed, at=at)
    touched = {atom.id for row, _ in changes for atom in house.places[row.code].atoms}
    occupancies.touch(connection, sorted(touched | {row.id for row, _ in changes}))
    other_rules = [row.code for row, values in changes if "rules" in values]
    if not other_rules:
        return
    after = refreshed(connection, house)
    for code in other_rules:
        if house.places[code].rules != after.places[code].rules:
            _apply_rules(connection, after, house.places[code], at)
    put_in_order(connection, after, at=at)


def _apply_rules(connection: Connection, house: House, before: Place, at: datetime) -> None:
    """Write other buffers into what is to come: what becomes less first, so that it makes room for the rest."""
    ids = resources.claims_by_hours(connection, [before.id], since=at)
    rows = registers.of_claims(connection, set(ids))
    rows.sort(key=lambda row: (row.starts, row.id))
    moved = [
        row for row in rows if _spans(row, {**house.places, before.code: before}) != _spans(row, house.places)
    ]
    for row in sorted(moved, key=lambda row: _grows(row, house, before)):
        _respan(connection, house, row, at)
    for row in rows:
        if FORCE[row.state] is Force.HARD:
            _tell_closed_hours(connection, house, row, before, at)


def _asked(row: BookingRow, places: Mapping[str, Place]) -> list[Asked]:
    return [resolve(typed(claim), places[claim.resource]) for claim in row.claims]


def _spans(row: BookingRow, places: Mapping[str, Place]) -> list[Any]:
    return [asked.occupied for asked in _asked(row, places)]


def _grows(row: BookingRow, house: House, before: Place) -> bool:
    old = _spans(row, {**house.places, before.code: before})
    return not all(one.holds(other) for one, other in zip(old, _spans(row, house.places), strict=True))


def _respan(connection: Connection, house: House, row: BookingRow, at: datetime) -> None:
    asked = _asked(row, house.places)
    if FORCE[row.state] is Force.HARD:
        held = held_around(connection, asked, besides=row.id)
        hit = [each for each in obstacles(asked, held) if each.kind in GUARDED]
        if hit:
            _keep_as_it_is(connection, house, row, hit, at)
            return
    occupancies.give_up(connection, row.venue_id, [claim.id for claim in row.claims])
    taking = [(claim.id, each) for claim, each in zip(row.claims, asked, strict=True)]
    occupancies.take(connection, taking, FORCE[row.state])


def _keep_as_it_is(
    connection: Connection, house: House, row: BookingRow, hit: Sequence[Conflict], at: datetime
) -> None:
    """It stays as it was settled, without its new turnaround time, until somebody moves one of the two."""
    for claim, asked in zip(row.claims, _asked(row, house.places), strict=True):
        mine = [each for each in hit if each.resource == claim.resource]
        if mine:
            around = replace(mine[0], span=asked.occupied)
            _open(connection, house, row, claim.id, claim.resource_id, around, "buffer", at)


def _tell_closed_hours(connection: Connection, house: House, row: BookingRow, before: Place, at: datetime) -> None:
    for claim, asked in zip(row.claims, _asked(row, house.places), strict=True):
        was = list(outside_hours(resolve(typed(claim), before))) if claim.resource == before.code else [None]
        now = list(outside_hours(asked))
        if now and not was:
            _open(connection, house, row, claim.id, claim.resource_id, now[0], "outside-hours", at)


def _open(
    connection: Connection,
    house: House,
    row: BookingRow,
    claim: UUID,
    resource: int,
    conflict: Conflict,
    kind: str,
    at: datetime,
) -> None:
    conflicts.open_one(
        connection,
        venue_id=house.id,
        kind=kind,
        booking_id=row.id,
        claim_id=claim,
        resource_id=resource,
        cause="rules",
        cause_id=None,
        span=conflict.span,
        days=conflict.days,
        facts={},
        at=at,
    )
