"""Challenges: who is ready to commit asks everybody better to commit or to release, within working days."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, NotFound, WrongState
from booking.domain.states import Side, State, Verb
from booking.services import events
from booking.services.bookings import known
from booking.services.deeds import Answer, Deed
from booking.services.house import locked, put_in_order
from booking.services.losing import lose
from booking.services.options import within
from booking.services.ordering import better_days, reread, set_clock
from booking.storage import challenges, queues, registers
from booking.storage.registers import BookingRow


def challenge(deed: Deed) -> None:
    """Ask every better-ranked holder of the contested days at once, each with a deadline of their own.

    The answer may name a stretch or a resource; else all days. WrongState: one is open already, nobody else's
    option stands before this one, or the days are not held.
    """
    row, at = deed.row, deed.at
    if any(each.booking_id == row.id for each in challenges.open_in(deed.connection, row.venue_id)):
        raise WrongState(row.state, Verb.CHALLENGE)
    better = better_days(deed.connection, deed.house, row.id, at=at)
    days = {day for held in within(deed).values() for day in held}
    found = {holder: reread(deed.connection, holder) for holder, _, day in better if day in days}
    holders = {holder: each for holder, each in found.items() if each.organisation != row.organisation}
    contested = {each for each in better if each[2] in days and each[0] in holders}
    if not contested:
        raise WrongState(row.state, Verb.CHALLENGE)
    challenge_id = challenges.add(deed.connection, row.venue_id, row.id, at=at)
    due = {holder: deed.house.clock(each).challenged(at) for holder, each in holders.items()}
    challenges.add_days(
        deed.connection,
        [
            {
                "venue_id": row.venue_id,
                "challenge_id": challenge_id,
                "holder_id": holder,
                "resource_id": next(
                    claim.resource_id for claim in holders[holder].claims if claim.resource == code
                ),
                "day": day,
                "due_at": due[holder],
            }
            for holder, code, day in sorted(contested)
        ],
    )
    deed.tell("booking.challenged", new={"challenge": str(challenge_id)})
    for holder, each in holders.items():
        set_clock(deed.connection, each, each.expires_at, alone=True)
        told = [
            {"date": day.isoformat(), "resource": code} for who, code, day in sorted(contested) if who == holder
        ]
        events.put(
            deed.connection,
            "booking.challenge-received",
            venue_id=row.venue_id,
            booking_id=holder,
            by=None,
            at=at,
            new={"challenge": str(challenge_id), "due_at": due[holder].isoformat(), "days": told},
        )


def find(connection: Connection, person: Person, challenge_id: UUID) -> tuple[int, list[UUID]]:
    """The house, and the challenged bookings for which this person may answer. NotFound, Forbidden."""
    found = challenges.find(connection, challenge_id)
    if found is None:
        raise NotFound
    holders = {day.holder_id for day in challenges.days_of(connection, [challenge_id])}
    rows = [row for holder in holders if (row := registers.find(connection, holder)) is not None]
    mine = [row for row in rows if Side.COMPANY in person.sides(row.venue, row.organisation)]
    if not mine:
        known(registers.find(connection, found.booking_id), person)
        raise Forbidden
    return int(found.venue_id), [row.id for row in mine]


def release_contested(
    connection: Connection, person: Person, challenge_id: UUID, answer: Answer, *, at: datetime
) -> BookingRow:
    """The holder gives the contested days back. NotFound, Forbidden, WrongState (answered, or too late)."""
    venue_id, mine = find(connection, person, challenge_id)
    house = locked(connection, venue_id, at=at)
    open_days = _open_days(connection, challenge_id, mine)
    if not open_days:
        raise WrongState(reread(connection, mine[0]).state, Verb.RELEASE)
    holder = open_days[0].holder_id
    row = reread(connection, holder, lock=True)
    days = [day for day in open_days if day.holder_id == holder]
    challenges.answer_days(connection, [day.id for day in days], "release", at=at)
    contested = {claim.id: {day.day for day in days if day.resource == claim.resource} for claim in row.claims}
    left = lose(connection, house, row, contested, to=State.RELEASED, at=at, by=person.id, why=answer.reason)
    if left.state is State.OPTION:
        set_clock(connection, left, left.expires_at)
    put_in_order(connection, house, at=at)
    return reread(connection, holder)


def holder_of(connection: Connection, person: Person, challenge_id: UUID, *, at: datetime) -> UUID:
    """The booking with which this person would answer by committing. NotFound, Forbidden, WrongState."""
    venue_id, mine = find(connection, person, challenge_id)
    locked(connection, venue_id, at=at)
    open_days = _open_days(connection, challenge_id, mine)
    if not open_days:
        raise WrongState(reread(connection, mine[0]).state, Verb.COMMIT)
    holder: UUID = open_days[0].holder_id
    return holder


def _open_days(connection: Connection, challenge_id: UUID, holders: Collection[UUID]) -> list[queues.DayRow]:
    days = challenges.days_of(connection, [challenge_id])
    return [day for day in days if day.holder_id in holders and day.answer is None]
