"""One answer to many requests: each in a transaction of its own, so that one that cannot be stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Refusal
from booking.domain.states import Verb
from booking.services.deeds import Answer
from booking.services.series import perform_on
from booking.storage.database import Database
from booking.storage.registers import BookingRow

VERBS = (Verb.DECLINE, Verb.GRANT, Verb.CONFIRM)
"""What a house says to many at once."""

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them: the booking as it is then, or the no."""

    booking: UUID
    row: BookingRow | None
    refusal: Refusal | None = None


def answer_many(
    database: Database, person: Person, bookings: Sequence[UUID], verb: Verb, answer: Answer, *, at: datetime
) -> list[Outcome]:
    """Say the same to each, in the order in which they are named. Of a series all of it is meant."""
    return [_answer(database, person, booking, verb, answer, at) for booking in bookings]


def _answer(
    database: Database, person: Person, booking: UUID, verb: Verb, answer: Answer, at: datetime
) -> Outcome:
    try:
        row = database.write(partial(_perform, person=person, booking=booking, verb=verb, answer=answer, at=at))
    except Refusal as refusal:
        return Outcome(booking, None, refusal)
    return Outcome(booking, row)


def _perform(
    connection: Connection, *, person: Person, booking: UUID, verb: Verb, answer: Answer, at: datetime
) -> BookingRow:
    return perform_on(connection, person, booking, verb, answer, None, at=at)
