"""What the queue may never hold twice is refused by the tables themselves; each guard with its control."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from booking.storage import challenges, queues, registers
from booking.storage.base import new_id
from booking.storage.database import Database
from booking.storage.options import Challenge, Loss, Reinstatement
from booking.storage.people import Person
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock

Write = Callable[[Connection, Any, StoppedClock], object]


def a_challenge(connection: Connection, row: Any, clock: StoppedClock) -> UUID:
    return challenges.add(connection, row.venue_id, row.id, at=clock())


def a_proposal(connection: Connection, row: Any, clock: StoppedClock) -> UUID:
    return queues.add_proposal(
        connection,
        venue_id=row.venue_id,
        booking_id=row.id,
        kind="counter",
        side="house",
        claims=[],
        by_id=connection.execute(select(Person.id).limit(1)).scalar_one(),
        at=clock(),
    )


ONCE: dict[str, Write] = {"uq_challenge_open": a_challenge, "uq_proposal_open": a_proposal}


@pytest.fixture
def write(database: Database, a_booking: MakeBooking, clock: StoppedClock) -> Callable[[Write], object]:
    """Write one row about one option, committed."""
    option = a_booking(state="option")
    with database.read() as connection:
        row = registers.find(connection, option)
    return lambda one: database.write(lambda connection: one(connection, row, clock))


@pytest.mark.parametrize("guard", sorted(ONCE))
def test_of_one_booking_one_is_open_at_a_time(write: Callable[[Write], object], guard: str):
    write(ONCE[guard])
    with pytest.raises(IntegrityError):
        write(ONCE[guard])


@pytest.mark.parametrize("guard", sorted(ONCE))
def test_without_the_guard_there_would_be_two(database: Database, write: Callable[[Write], object], guard: str):
    database.write(lambda connection: connection.execute(text(f"DROP INDEX {guard}")))
    write(ONCE[guard])
    write(ONCE[guard])


NONSENSE: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "a challenge with an outcome that is not over": (Challenge, {"outcome": "won"}),
    "a challenge that ends as nothing we know": (Challenge, {"outcome": "draw", "settled_at": timedelta()}),
    "an offer that is due and was never made": (Reinstatement, {"due_at": timedelta(days=2)}),
    "an offer that is answered at no time": (Reinstatement, {"answer": "accept"}),
    "a loss for no reason we know": (Loss, {"why": "mislaid", "ends": timedelta(days=1)}),
    "a loss that ends before it starts": (Loss, {"why": "lapsed", "ends": timedelta(days=-1)}),
}
MORE: dict[type[Any], dict[str, Any]] = {
    Challenge: {"at": timedelta()},
    Reinstatement: {"cause_id": new_id(), "position": 0, "created_at": timedelta()},
    Loss: {"starts": timedelta(), "setup_minutes": 0, "strike_minutes": 0, "quantity": 1, "at": timedelta()},
}


@pytest.mark.parametrize("nonsense", sorted(NONSENSE))
def test_rows_of_the_queue_that_make_no_sense_are_refused(write: Callable[[Write], object], nonsense: str):
    table, values = NONSENSE[nonsense]

    def one(connection: Connection, row: Any, clock: StoppedClock) -> None:
        of_loss = {"claim_id": row.claims[0].id, "resource_id": row.claims[0].resource_id} if table is Loss else {}
        timed = {
            name: clock() + value if isinstance(value, timedelta) else value
            for name, value in {**MORE[table], **values}.items()
        }
        whose = {"id": new_id(), "venue_id": row.venue_id, "booking_id": row.id}
        connection.execute(insert(table).values(**whose, **of_loss, **timed))

    with pytest.raises(IntegrityError):
        write(one)
