"""Bookings, read: what a person may know of them, and what they may do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.states import MOVES, Side, State, Verb, may_move
from booking.storage import histories, registers
from booking.storage.registers import BookingFilter, BookingRow

ON_OCCASION = frozenset({Verb.ACCEPT, Verb.REFUSE, Verb.CHALLENGE, Verb.ORDER})
"""Verbs that are there only when something waits, or somebody else is in the queue."""

__all__ = [
    "ON_OCCASION",
    "BookingFilter",
    "BookingRow",
    "HistoryItem",
    "actions",
    "actions_in",
    "find",
    "history",
    "history_of",
    "known",
    "listing",
]


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One thing that happened to a booking. `by` None: time itself."""

    at: datetime
    by: str | None
    kind: str
    old: dict[str, Any]
    new: dict[str, Any]
    why: str | None


def find(connection: Connection, person: Person, booking_id: UUID) -> BookingRow:
    """The booking; NotFound when there is none, or when it is not this person's to know."""
    return known(registers.find(connection, booking_id), person)


def known(row: BookingRow | None, person: Person) -> BookingRow:
    """The row, or NotFound: unknown and forbidden answer alike."""
    if row is None or not person.may_know(row.venue, row.organisation):
        raise NotFound
    return row


def listing(connection: Connection, person: Person, asked: BookingFilter) -> list[BookingRow]:
    """The bookings this person may know, filtered; at most `asked.limit`."""
    return registers.listing(connection, person, asked)


def history(connection: Connection, person: Person, booking_id: UUID) -> Sequence[HistoryItem]:
    """What happened to the booking, oldest first. NotFound as in `find`."""
    return history_of(connection, person, find(connection, person, booking_id))


def history_of(connection: Connection, person: Person, row: BookingRow) -> Sequence[HistoryItem]:
    """The same for a booking that was read for this person already.

    The company reads nothing of what the house took back within the minute: nobody was told of it, and a no that
    never held would stay there with its reason."""
    theirs = person.sides(row.venue, row.organisation) == {Side.COMPANY}
    return [HistoryItem(*each) for each in histories.of_booking(connection, row.id, told=theirs)]


def actions(row: BookingRow, person: Person) -> list[Verb]:
    """The verbs that this person may use on the booking as it is now."""
    return actions_in(row.state, person.sides(row.venue, row.organisation))


def actions_in(state: State, sides: Collection[Side]) -> list[Verb]:
    """The verbs of those sides in that state, but for those that wait for an occasion (see `standing`)."""
    usual = [verb for verb in MOVES if verb not in ON_OCCASION]
    return [verb for verb in usual if MOVES[verb].sides & set(sides) and may_move(state, verb)]
