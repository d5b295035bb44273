"""Equipment out and back: handed over, returned in part, overdue; and stock that breaks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.claims import Held, Place
from booking.domain.conflicts import shortages
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, Stale, WrongState
from booking.domain.rules import HORIZON_DAYS
from booking.domain.spans import Span
from booking.domain.wall_clock import planning_days
from booking.services import catalogue, conflicts, events
from booking.services.bookings import find
from booking.services.house import House, locked, put_in_order, refreshed
from booking.storage import equipment, histories, occupancies
from booking.storage.catalogues import CatalogueRow
from booking.storage.database import Database
from booking.storage.equipment import KitRow

SOON = timedelta(days=7)
"""How far ahead a late return is told to those who have the kit next."""

STATES = ("due", "out", "overdue", "all")


def check_out(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    claim: UUID,
    quantity: int,
    *,
    at: datetime,
    seen: int | None = None,
) -> KitRow:
    """Hand pieces over. `seen`: how much had moved when this person looked (`KitRow.moved`).

    NotFound, Forbidden, WrongState (not confirmed, no kit), Stale (something moved since), Malformed (more than
    claimed).
    """
    row = _kit(connection, person, booking_id, claim, at, "check-out")
    _refuse_what_moved(row, seen)
    if row.out + quantity > row.quantity:
        raise Malformed({"quantity": ["too-many"]})
    return _move(connection, person, row, "out", quantity, [], at)


def check_in(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    claim: UUID,
    quantity: int,
    damage: Sequence[dict[str, Any]],
    *,
    at: datetime,
    seen: int | None = None,
) -> KitRow:
    """Take pieces back, all or some, with notes of damage; `seen` as above. Malformed: more than are out."""
    row = _kit(connection, person, booking_id, claim, at, "check-in")
    _refuse_what_moved(row, seen)
    if quantity > row.missing:
        raise Malformed({"quantity": ["too-many"]})
    back = _move(connection, person, row, "in", quantity, list(damage), at)
    if back.missing == 0:
        conflicts.close_cause(connection, "late-return", claim, at=at)
    return back


def _refuse_what_moved(row: KitRow, seen: int | None) -> None:
    """Two hands that scan one label at once mean one piece: the second looks again before it counts."""
    if seen is not None and seen != row.moved:
        raise Stale(row.moved)


def _kit(connection: Connection, person: Person, booking_id: UUID, claim: UUID, at: datetime, verb: str) -> KitRow:
    """The claim, with its house locked; only its house moves kit."""
    booking = find(connection, person, booking_id)
    if not (person.decides_for(booking.venue) or booking.venue in person.assists):
        raise Forbidden
    if claim not in {each.id for each in booking.claims}:
        raise Malformed({"claim": ["unknown"]})
    locked(connection, booking.venue_id, at=at)
    rows = equipment.kit(connection, claim=claim)
    if not rows:
        raise WrongState(booking.state, verb)
    return rows[0]


def _move(
    connection: Connection, person: Person, row: KitRow, kind: str, quantity: int, damage: list[Any], at: datetime
) -> KitRow:
    equipment.add_movement(connection, row, kind, quantity, damage, by_id=person.id, at=at)
    events.put(
        connection,
        f"equipment.checked-{kind}",
        venue_id=row.venue_id,
        booking_id=row.booking,
        by=person.id,
        at=at,
        new={"claim": str(row.claim), "resource": row.resource, "quantity": quantity, "damage": damage},
    )
    return equipment.kit(connection, claim=row.claim)[0]


def listing(
    connection: Connection, person: Person, *, venue: str | None, state: str, at: datetime
) -> list[KitRow]:
    """Kit of the houses this person works for: due (to go out or to come back today), out, overdue, or all."""
    mine = person.manages | person.assists
    if venue is not None and not (person.sees_everything or venue in mine):
        raise NotFound
    rows = [row for row in equipment.kit(connection, venue=venue) if person.sees_everything or row.venue in mine]
    return [row for row in rows if WANTED[state](row, at)]


def damages(connection: Connection, person: Person, place: CatalogueRow) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was broken when a piece came back, the latest first. NotFound for whoever does not work there."""
    if not (person.sees_everything or place.venue_code in person.manages | person.assists):
        raise NotFound
    return equipment.damages(connection, place.id)


def is_overdue(row: KitRow, at: datetime) -> bool:
    """Out, and past the end of its claim."""
    return row.missing > 0 and row.ends < at


WANTED: Mapping[str, Callable[[KitRow, datetime], bool]] = {
    "all": lambda _row, _at: True,
    "out": lambda row, _at: row.missing > 0,
    "overdue": is_overdue,
    "due": lambda row, at: is_overdue(row, at) or row.starts.date() <= at.date() <= row.ends.date(),
}


def tell_overdue(database: Database, *, at: datetime) -> int:
    """Everything that became overdue: told once, and whoever has it next is warned on the desk."""
    with database.read() as connection:
        late = [row for row in equipment.kit(connection, ended_by=at) if is_overdue(row, at)]
        new = [row for row in late if not _was_told(connection, row)]
    for row in new:
        database.write(partial(_tell, row=row, at=at))
    return len(new)


def _was_told(connection: Connection, row: KitRow) -> bool:
    return any(
        event.kind == "equipment.overdue" and event.new.get("claim") == str(row.claim)
        for event in histories.of_booking(connection, row.booking)
    )


def _tell(connection: Connection, *, row: KitRow, at: datetime) -> None:
    house = locked(connection, row.venue_id, at=at)
    if _was_told(connection, row):
        return
    facts = {"claim": str(row.claim), "resource": row.resource, "missing": row.missing}
    events.put(
        connection,
        "equipment.overdue",
        venue_id=row.venue_id,
        booking_id=row.booking,
        by=None,
        at=row.ends,
        new=facts,
    )
    for following in equipment.next_out(connection, row, until=row.ends + SOON):
        span = Span(following.starts, following.ends)
        late = Held(row.resource_id, span, span, row.missing, "hard", "claim", None)
        held = [
            each
            for each in occupancies.held(connection, [row.resource_id], span, besides=following.booking)
            if each.force == "hard"
        ]
        if shortages([*held, late], span, following.quantity, row.capacity):
            _open(connection, house, following, "late-return", row.claim, span, facts, at)


def _open(
    connection: Connection,
    house: House,
    row: KitRow,
    cause: str,
    cause_id: UUID | None,
    span: Span,
    facts: dict[str, Any],
    at: datetime,
) -> None:
    conflicts.open_one(
        connection,
        venue_id=row.venue_id,
        kind="time-taken" if row.exclusive else "capacity",
        booking_id=row.booking,
        claim_id=row.claim,
        resource_id=row.resource_id,
        cause=cause,
        cause_id=cause_id,
        span=span,
        days=planning_days(span, house.zone, house.day_line),
        facts=facts,
        at=at,
    )


def change_stock(
    connection: Connection,
    person: Person,
    code: str,
    *,
    capacity: int | None,
    out_of_order: int | None,
    at: datetime,
) -> None:
    """Other pieces of counted stock, or some that broke: what is confirmed and short goes to the desk.

    NotFound, Forbidden, Malformed (not counted, or more broken than there are).
    """
    house = locked(connection, catalogue.to_set_up(connection, person, code).venue_id, at=at)
    place = house.places[code]
    _check_stock(place, capacity, out_of_order)
    if capacity is not None:
        equipment.set_capacity(connection, place.id, capacity)
    if out_of_order is not None:
        during = Span(at, at + timedelta(days=HORIZON_DAYS))
        equipment.set_out_of_order(connection, place.venue_id, place.id, out_of_order, during, at=at)
    occupancies.touch(connection, [place.id])
    events.put_of_resource(
        connection,
        "resource.stock-changed",
        place.venue_id,
        code,
        by=person.id,
        at=at,
        old={"capacity": place.capacity},
        new={"capacity": capacity, "out_of_order": out_of_order},
    )
    _find_short(connection, house, place, capacity or place.capacity, at)
    put_in_order(connection, refreshed(connection, house), at=at)


def _check_stock(place: Place, capacity: int | None, out_of_order: int | None) -> None:
    if place.exclusive or place.atoms[0].id != place.id:
        raise Malformed({"capacity": ["not-here"]})
    if out_of_order is not None and out_of_order > (capacity or place.capacity):
        raise Malformed({"out_of_order": ["too-many"]})


def _find_short(connection: Connection, house: House, place: Place, capacity: int, at: datetime) -> None:
    """Every confirmed booking that meets a moment at which there is too little."""
    during = Span(at, at + timedelta(days=HORIZON_DAYS))
    held = [each for each in occupancies.held(connection, [place.id], during) if each.force == "hard"]
    short = shortages(held, during, 0, capacity)
    for each in held:
        met = [span for piece, _ in short if (span := piece.common(each.occupied))]
        rows = equipment.of_booking(connection, each.booking_id, place.id) if met and each.booking_id else []
        for row in rows:
            span = Span(met[0].start, met[-1].end)
            missing = max(number for piece, number in short if piece.overlaps(each.occupied))
            _open(connection, house, row, "breakage", None, span, {"short": missing}, at)
