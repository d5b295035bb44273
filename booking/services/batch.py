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
from booking.services.undoing import Offer, Press
from booking.storage.database import Database
from booking.storage.registers import BookingRow

VERBS = (Verb.DECLINE, Verb.GRANT, Verb.CONFIRM)
"""What a house says to many at once."""

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them: the booking as it is then, or the no. `offer`: the way back, if there is one."""

    booking: UUID
    row: BookingRow | None
    refusal: Refusal | None = None
    offer: Offer | None = None


def answer_many(
    database: Database,
    person: Person,
    answers: Sequence[tuple[UUID, Answer]],
    verb: Verb,
    *,
    at: datetime,
    undoable: bool = False,
) -> list[Outcome]:
    """Say the same verb to each, in the order in which they are named. Of a series all of it is meant.

    `undoable`: nobody is told for a minute, and all of it goes back with one press.
    """
    press = Press.of(person, at) if undoable else None
    return [_answer(database, _Saying(person, booking, verb, answer, at, press)) for booking, answer in answers]


@dataclass(frozen=True, slots=True)
class _Saying:
    person: Person
    booking: UUID
    verb: Verb
    answer: Answer
    at: datetime
    press: Press | None

    def work(self, connection: Connection) -> tuple[BookingRow, Offer | None]:
        if self.press is None:
            return self._perform(connection), None
        return self.press.answer(connection, self.booking, self.verb, partial(self._perform, connection))

    def _perform(self, connection: Connection) -> BookingRow:
        return perform_on(connection, self.person, self.booking, self.verb, self.answer, None, at=self.at)


def _answer(database: Database, saying: _Saying) -> Outcome:
    try:
        row, offer = database.write(saying.work)
    except Refusal as refusal:
        return Outcome(saying.booking, None, refusal)
    return Outcome(saying.booking, row, offer=offer)
