"""Acting from a letter: what a signed link would do is shown first, and done only when its page is answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.services import bookings, people, standing
from booking.services.answering import Answer, answer_challenge, perform
from booking.services.standing import NOTHING
from booking.storage.registers import BookingRow
from notifications.services.signed import Action


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks, as it is now. `possible`: whether the booking still allows it."""

    person: Person
    booking: BookingRow
    action: Action
    possible: bool


def look(connection: Connection, action: Action, *, at: datetime) -> Asked:
    """What the link would do, without doing it. NotFound when its reader may not know the booking any more."""
    person = _reader(connection, action)
    row = bookings.find(connection, person, action.booking)
    how = standing.of(connection, [row], at=at).get(row.id, NOTHING) if row.claims else NOTHING
    return Asked(person, row, action, bool(row.claims) and action.verb in standing.verbs(row, person, how))


def act(connection: Connection, action: Action, *, at: datetime) -> BookingRow:
    """Do it, as the reader of the letter, by the same rules as on the page of the booking. Every Refusal of it."""
    person = _reader(connection, action)
    if action.challenge is not None:
        return answer_challenge(connection, person, action.challenge, action.verb, Answer(), at=at)
    return perform(connection, person, action.booking, action.verb, Answer(), at=at)


def _reader(connection: Connection, action: Action) -> Person:
    person = people.of_id(connection, action.person)
    if person is None:
        raise NotFound
    return person
