"""The conflict desk: what arose later stays open until it is gone, or until somebody resolves it with a reason.

Nothing is freed and nothing deleted meanwhile: the booking and what lies over it both stand.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, resolve
from booking.domain.conflicts import obstacles, outside_hours, shortages
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, WrongState
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.services import events
from booking.services.holding import atom_ids, held_around
from booking.services.ordering import House
from booking.services.terms import typed
from booking.storage import conflicts, occupancies, registers
from booking.storage.conflicts import ConflictRow

__all__ = [
    "ConflictRow",
    "count_open",
    "is_open_over",
    "listing",
    "open_in",
    "open_one",
    "resolve_one",
    "settle_gone",
    "was_settled",
]


def open_one(
    connection: Connection,
    *,
    venue_id: int,
    kind: str,
    booking_id: UUID,
    claim_id: UUID,
    resource_id: int,
    cause: str,
    cause_id: UUID | None,
    span: Span,
    days: Sequence[date],
    facts: Mapping[str, Any],
    at: datetime,
) -> UUID:
    """Put one on the desk and tell it; returns its id.

    Of one cause and one claim at most one is open: opening it again only moves its span and its days.
    """
    shown = {
        "starts": span.start,
        "ends": span.end,
        "days": [day.isoformat() for day in days],
        "facts": dict(facts),
    }
    known = next((row for row in conflicts.of_claim(connection, claim_id, cause, cause_id) if row.is_open), None)
    if known is not None:
        conflicts.alter(connection, known.id, **shown)
        return known.id
    conflict_id = conflicts.add(
        connection,
        venue_id=venue_id,
        kind=kind,
        booking_id=booking_id,
        claim_id=claim_id,
        resource_id=resource_id,
        cause=cause,
        cause_id=cause_id,
        opened_at=at,
        **shown,
    )
    events.put(
        connection,
        "conflict.opened",
        venue_id=venue_id,
        booking_id=booking_id,
        by=None,
        at=at,
        new={"kind": kind, "cause": cause, "days": shown["days"]},
    )
    return conflict_id


def was_settled(connection: Connection, claim_id: UUID, cause: str, cause_id: UUID | None, span: Span) -> bool:
    """Whether somebody has already resolved, with a reason, what the same cause does to the claim in that time."""
    rows = conflicts.of_claim(connection, claim_id, cause, cause_id)
    return any(row.why is not None and row.span.holds(span) for row in rows)


def settle_gone(connection: Connection, house: House, *, at: datetime) -> int:
    """Close what nobody needs to look at any more: the booking ended or moved away, or its cause went."""
    gone = [row for row in conflicts.open_in(connection, house.id) if not _stands(connection, house, row)]
    for row in gone:
        conflicts.alter(connection, row.id, resolved_at=at)
        _tell(connection, row, "conflict.closed", by=None, why=None, at=at)
    return len(gone)


def open_in(connection: Connection, venue_id: int) -> list[ConflictRow]:
    """What is open in one house."""
    return conflicts.open_in(connection, venue_id)


def _stands(connection: Connection, house: House, row: ConflictRow) -> bool:
    if not conflicts.still_meets(connection, row):
        return False
    if row.cause == "rules":
        return BROKEN_RULES[row.kind](connection, house, row)
    return row.kind != "capacity" or row.cause == "late-return" or _is_short(connection, house, row)


def close_cause(connection: Connection, cause: str, cause_id: UUID, *, at: datetime) -> int:
    """What brought these conflicts is over: late kit came back."""
    over = [row for row in conflicts.of_cause(connection, cause, cause_id) if row.is_open]
    for row in over:
        conflicts.alter(connection, row.id, resolved_at=at)
        _tell(connection, row, "conflict.closed", by=None, why=None, at=at)
    return len(over)


def _claimed(connection: Connection, house: House, row: ConflictRow) -> list[tuple[UUID, Asked]]:
    """Every claim of the booking at its place."""
    booking = registers.find(connection, row.booking_id)
    claims = booking.claims if booking else ()
    return [(claim.id, resolve(typed(claim), house.places[claim.resource])) for claim in claims]


def _is_outside_hours(connection: Connection, house: House, row: ConflictRow) -> bool:
    return any(
        list(outside_hours(asked)) for claim, asked in _claimed(connection, house, row) if claim == row.claim_id
    )


def _lacks_turnaround(connection: Connection, house: House, row: ConflictRow) -> bool:
    """Whether a neighbour still stands where its buffer would be; when none does, it takes its buffer."""
    claimed = _claimed(connection, house, row)
    asked = [each for _, each in claimed]
    held = held_around(connection, asked, besides=row.booking_id)
    if any(each.kind in GUARDED for each in obstacles(asked, held)):
        return True
    occupancies.give_up(connection, row.venue_id, [claim for claim, _ in claimed])
    occupancies.take(connection, claimed, Force.HARD)
    occupancies.touch(connection, atom_ids(asked))
    return False


GUARDED = frozenset({"time-taken", "capacity", "buffer"})
"""Where two that are settled would meet: the database itself refuses it."""

BROKEN_RULES: Mapping[str, Callable[[Connection, House, ConflictRow], bool]] = {
    "outside-hours": _is_outside_hours,
    "buffer": _lacks_turnaround,
}
"""What other rules of a resource broke, and whether they still do."""


def _is_short(connection: Connection, house: House, row: ConflictRow) -> bool:
    """Whether there is still too little of the stock for what the claim takes."""
    booking = registers.find(connection, row.booking_id)
    claims = [claim for claim in booking.claims if claim.id == row.claim_id] if booking else []
    asked = [resolve(typed(claim), house.places[claim.resource]) for claim in claims]
    return any(
        shortages(
            [
                each
                for each in occupancies.held(connection, [atom.id], claim.occupied, besides=row.booking_id)
                if each.force == Force.HARD
            ],
            claim.occupied,
            claim.quantity_of(atom),
            atom.capacity,
        )
        for claim in asked
        for atom in claim.place.atoms
    )


def listing(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    is_open: bool | None = None,
    after: UUID | None = None,
    limit: int = 200,
) -> list[ConflictRow]:
    """What stands on the desks that this person sees, oldest first. NotFound for a house that is not theirs."""
    if venue is not None and not _works_at(person, venue):
        raise NotFound
    mine = None if person.sees_everything else person.manages | person.assists
    venues = {venue} if venue is not None else mine
    return conflicts.listing(connection, venues=venues, is_open=is_open, after=after, limit=limit)


def resolve_one(
    connection: Connection, person: Person, conflict_id: UUID, *, reason: str | None, at: datetime
) -> ConflictRow:
    """Somebody of the house settled it and says how. NotFound, Forbidden, WrongState, Malformed (no reason)."""
    row = _known(connection, person, conflict_id)
    if not person.decides_for(row.venue):
        raise Forbidden
    if reason is None or not reason.strip():
        raise Malformed({"reason": ["required"]})
    if not row.is_open:
        raise WrongState("resolved", "resolve")
    conflicts.alter(connection, row.id, resolved_at=at, resolved_by=person.id, why=reason)
    _tell(connection, row, "conflict.resolved", by=person.id, why=reason, at=at)
    return _known(connection, person, conflict_id)


def count_open(connection: Connection, venue: str) -> int:
    """How many wait on the desk of a house."""
    return conflicts.count_open(connection, venue=venue)


def is_open_over(connection: Connection, booking_id: UUID) -> bool:
    """Whether anything is open over a booking: all that its company is told."""
    return conflicts.count_open(connection, booking_id=booking_id) > 0


def _known(connection: Connection, person: Person, conflict_id: UUID) -> ConflictRow:
    row = conflicts.find(connection, conflict_id)
    if row is None or not _works_at(person, row.venue):
        raise NotFound
    return row


def _works_at(person: Person, venue: str) -> bool:
    return person.sees_everything or venue in person.manages or venue in person.assists


def _tell(
    connection: Connection, row: ConflictRow, kind: str, *, by: UUID | None, why: str | None, at: datetime
) -> None:
    events.put(
        connection,
        kind,
        venue_id=row.venue_id,
        booking_id=row.booking_id,
        by=by,
        at=at,
        new={"kind": row.kind, "cause": row.cause, "days": row.days},
        why=why,
    )
