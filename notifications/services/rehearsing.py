"""An answer to several requests, said for trial: what it would make people read, and nothing of it stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Refusal
from booking.domain.states import Verb
from booking.services import bookings, events
from booking.services.deeds import Answer
from booking.services.series import perform_on
from booking.storage import outbox
from booking.storage.registers import BookingRow
from notifications.services import telling
from notifications.services.letters import Matter, about
from notifications.storage import letters


@dataclass(frozen=True, slots=True)
class Copies:
    """One letter of those that differ in nothing but the name of their reader, and how many there are."""

    matter: Matter
    count: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One request as it stands, and the letters that its answer brings; or the no."""

    booking: BookingRow
    refusal: Refusal | None
    letters: Sequence[Copies]


def rehearse(
    connection: Connection, person: Person, answers: Sequence[tuple[UUID, Answer]], verb: Verb, *, at: datetime
) -> list[Rehearsed]:
    """Say the same to each in this order, read what follows, and take all of it back. NotFound.

    Letters are read when everything has been said, as they go out a minute after: an option that others stand
    before has its rank in them.
    """
    rows = [bookings.find(connection, person, booking) for booking, _ in answers]
    trial = connection.begin_nested()
    try:
        said = [_said(connection, person, booking, verb, answer, at) for booking, answer in answers]
        return [
            Rehearsed(row, refusal, _copies(connection, told, at))
            for row, (refusal, told) in zip(rows, said, strict=True)
        ]
    finally:
        trial.rollback()


def _copies(connection: Connection, told: Sequence[UUID], at: datetime) -> list[Copies]:
    """What these events make people read. One letter of all that are alike is read: a team may be large, and its
    house is locked meanwhile."""
    found = letters.of_events(connection, told)
    return [Copies(about(connection, letter, at=at), count) for letter, count in found]


def _said(
    connection: Connection, person: Person, booking: UUID, verb: Verb, answer: Answer, at: datetime
) -> tuple[Refusal | None, list[UUID]]:
    """The no, or the events that followed; whom they concern is told."""
    with events.held(at) as put:
        try:
            with connection.begin_nested():
                perform_on(connection, person, booking, verb, answer, None, at=at)
        except Refusal as refusal:
            return refusal, []
    told = [each["id"] for each in put.put]
    for event in told:
        found = outbox.find(connection, event)
        if found is not None:
            telling.tell(connection, found)
    return None, told
