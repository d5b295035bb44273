"""The verbs of a booking: grant, confirm, decline, withdraw, release, cancel; and time's own move."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms, Place, resolve
from booking.domain.conflicts import OVERRIDABLE, obstacles
from booking.domain.people import Person
from booking.domain.refusals import (
    CannotBeHad,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    Stale,
    WrongState,
)
from booking.domain.states import FORCE, MOVES, Force, Move, Verb, may_move
from booking.services import events
from booking.services.asking import held_around
from booking.services.bookings import known
from booking.storage import entries, occupancies, registers
from booking.storage.locks import lock_places
from booking.storage.registers import BookingRow, ClaimRow

READS = 5
"""How often a booking may be moved between our reading it and our locking its resources."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says with a verb. `force`: a manager overrides a closure or external busy time."""

    reason: str | None = None
    force: bool = False

    @property
    def is_reasoned(self) -> bool:
        """Whether a reason was really given."""
        return bool(self.reason and self.reason.strip())


def perform(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    verb: Verb,
    answer: Answer,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> BookingRow:
    """Do it, and return the booking as it is then.

    NotFound, Forbidden (not on that side), Stale (`if_match` has not its revision), WrongState,
    Malformed (a reason is missing), CannotBeHad (something hard stands in the way).
    """
    row, places = lock_booking(connection, person, booking_id)
    move = MOVES[verb]
    _check(row, person, move, answer, if_match)
    forced = _free(connection, row, places, move, answer)
    entries.set_state(connection, row, move.target, at=at)
    set_force(connection, row, places, FORCE[move.target])
    events.put(
        connection,
        move.event,
        venue_id=row.venue_id,
        booking_id=row.id,
        by=person.id,
        at=at,
        old={"state": row.state},
        new={"state": move.target, **({"overridden": forced} if forced else {})},
        why=answer.reason,
    )
    return reread(connection, row.id)


def lock_booking(
    connection: Connection, person: Person, booking_id: UUID, *more: str
) -> tuple[BookingRow, dict[str, Place]]:
    """The booking with its resources (and `more` codes) locked, in the one order; NotFound as in `find`."""
    row = known(registers.find(connection, booking_id), person)
    for _ in range(READS):
        places = lock_places(connection, {claim.resource for claim in row.claims} | set(more))
        row = known(registers.find(connection, booking_id, lock=True), person)
        if all(claim.resource in places for claim in row.claims):
            return row, places
    raise Stale(row.revision)


def check_revision(row: BookingRow, if_match: Collection[int] | None) -> None:
    """Stale when the caller read another revision."""
    if if_match is not None and row.revision not in if_match:
        raise Stale(row.revision)


def reread(connection: Connection, booking_id: UUID) -> BookingRow:
    """The booking as this transaction leaves it."""
    row = registers.find(connection, booking_id)
    if row is None:
        raise NotFound
    return row


def set_force(connection: Connection, row: BookingRow, places: dict[str, Place], force: Force) -> None:
    """Let the claims hold as their new state holds; timelines and feeds learn of it."""
    occupancies.set_force(connection, row.venue_id, [claim.id for claim in row.claims], force)
    occupancies.touch(
        connection,
        sorted({atom.id for place in places.values() for atom in place.atoms}),
    )


def typed(claim: ClaimRow) -> ClaimTerms:
    """The terms of a stored claim, as they were typed."""
    return ClaimTerms(
        claim.resource,
        claim.start_date or claim.starts,
        claim.end_date or claim.ends,
        claim.quantity,
        claim.setup_minutes,
        claim.strike_minutes,
        claim.crew,
    )


def _check(row: BookingRow, person: Person, move: Move, answer: Answer, if_match: Collection[int] | None) -> None:
    sides = person.sides(row.venue, row.organisation)
    if not sides & move.sides:
        raise Forbidden
    check_revision(row, if_match)
    if not may_move(row.state, move.verb):
        raise WrongState(row.state, move.verb)
    if (sides & move.sides) <= move.reasoned and not answer.is_reasoned:
        raise Malformed({"reason": ["required"]})
    if answer.force and (not person.decides_for(row.venue) or not answer.is_reasoned):
        raise (Malformed({"reason": ["required"]}) if person.decides_for(row.venue) else Forbidden())


def _free(
    connection: Connection,
    row: BookingRow,
    places: dict[str, Place],
    move: Move,
    answer: Answer,
) -> list[str]:
    """The kinds of conflict that were forced; CannotBeHad when something stands that may not be."""
    if FORCE[move.target] is Force.NONE:
        return []
    asked = [resolve(typed(claim), places[claim.resource]) for claim in row.claims]
    found: list[Conflict] = obstacles(asked, held_around(connection, asked, besides=row.id))
    if found and (not answer.force or any(each.kind not in OVERRIDABLE for each in found)):
        raise CannotBeHad(found)
    return sorted({each.kind for each in found})
