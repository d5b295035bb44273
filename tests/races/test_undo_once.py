"""Undo against who acts in the same second: what goes back was never told, and nobody acts on what went back.

Each race runs twice: as it is, and without the check that decides it, where the same assertion finds both.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from booking.domain.refusals import Refusal
from booking.domain.states import Verb
from booking.services import answering, outbox, undoing
from booking.services.deeds import Answer
from booking.services.undoing import Press
from booking.storage import outbox as stored
from booking.storage import registers
from booking.storage.database import Database
from booking.storage.outbox import EventRow
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.clocks import StoppedClock

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

PAIRS = 12


def at_the_same_time(*works: Callable[[], object]) -> list[bool]:
    """Run them at once; which of them was not refused."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> bool:
        start.wait()
        try:
            work()
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def pressed(database: Database, booking: UUID, verb: Verb, clock: StoppedClock) -> Any:
    """Bram says it, and may take it back for a minute: the row of his way back."""
    bram, at = person(database, "bram"), clock()

    def work(connection: Any) -> Any:
        do = partial(answering.perform, connection, bram, booking, verb, Answer("Vol."), at=at)
        _, offer = Press.of(bram, at).answer(connection, booking, verb, do)
        return undoing.of_group(connection, bram, offer.group)[0]

    return database.write(work)


def undo_against_telling(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
) -> list[tuple[bool, bool]]:
    """Undo in the last second, and a worker in the next one: was it undone, was it told?"""
    bram, ends, outcomes = person(database, "bram"), [], []
    for n in range(PAIRS):
        booking = a_booking(
            resource="DGP-KZ", start=f"2027-03-{n + 1:02}", end=f"2027-03-{n + 2:02}", state="requested"
        )
        row = pressed(database, booking, Verb.DECLINE, clock)
        told: list[EventRow] = []

        def handle(_connection: Any, event: EventRow, told: list[EventRow] = told) -> None:
            told.append(event)

        works = [
            lambda row=row: database.write(partial(undoing.take_back, person=bram, row=row, at=clock())),
            lambda row=row, handle=handle: database.write(
                partial(outbox.handle_some, handlers=[handle], at=row.until)
            ),
        ]
        undone, _ = at_the_same_time(*works)
        database.write(partial(outbox.handle_some, handlers=[handle], at=row.until))
        ends.append(booking)
        outcomes.append(
            (undone, "booking.declined" in {event.kind for event in told if event.booking_id == booking})
        )
    return outcomes


def test_what_goes_back_is_never_told(database: Database, a_booking: MakeBooking, clock: StoppedClock):
    for undone, told in undo_against_telling(database, a_booking, clock):
        assert undone != told


def test_without_asking_whether_it_was_told_it_is_told_and_goes_back(
    database: Database, a_booking: MakeBooking, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stored, "withdraw", lambda *_, **__: True)
    assert (True, True) in undo_against_telling(database, a_booking, clock)


def undo_against_commitment(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
) -> list[tuple[bool, bool, str]]:
    """Bram takes his option back while Camille commits to it: who succeeded, and how it stands."""
    bram, camille, outcomes = person(database, "bram"), person(database, "camille"), []
    for n in range(PAIRS):
        booking = a_booking(
            resource="DGP-KZ", start=f"2027-03-{n + 1:02}", end=f"2027-03-{n + 2:02}", state="requested"
        )
        row = pressed(database, booking, Verb.GRANT, clock)
        works = [
            lambda row=row: database.write(partial(undoing.take_back, person=bram, row=row, at=clock())),
            lambda booking=booking: database.write(
                lambda connection: answering.perform(
                    connection, camille, booking, Verb.COMMIT, Answer(), at=clock()
                )
            ),
        ]
        if n % 2:
            committed, undone = at_the_same_time(*works[::-1])
        else:
            undone, committed = at_the_same_time(*works)
        with database.read() as connection:
            found = registers.find(connection, booking)
        assert found is not None
        outcomes.append((undone, committed, found.state))
    return outcomes


def test_either_the_option_goes_back_or_it_is_committed_to(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
):
    for undone, committed, state in undo_against_commitment(database, a_booking, clock):
        assert undone != committed
        assert state == ("requested" if undone else "pending")


def test_without_looking_whether_somebody_acted_a_commitment_is_undone(
    database: Database, a_booking: MakeBooking, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        undoing.Taking, "untouched", lambda taking, was: registers.find(taking.connection, UUID(was["id"]))
    )
    outcomes = undo_against_commitment(database, a_booking, clock)
    outcomes += undo_against_commitment_in_turn(database, a_booking, clock)
    assert any(undone and committed for undone, committed, _ in outcomes)


def undo_against_commitment_in_turn(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
) -> list[tuple[bool, bool, str]]:
    """The same when Camille is a little faster: what any busy machine may make of it."""
    booking = a_booking(resource="DGP-KL", start="2027-03-01", end="2027-03-02", state="requested")
    row = pressed(database, booking, Verb.GRANT, clock)
    camille, bram = person(database, "camille"), person(database, "bram")
    commit = partial(
        answering.perform, person=camille, booking_id=booking, verb=Verb.COMMIT, answer=Answer(), at=clock()
    )
    database.write(commit)
    [undone] = at_the_same_time(
        lambda: database.write(partial(undoing.take_back, person=bram, row=row, at=clock()))
    )
    return [(undone, True, "")]
