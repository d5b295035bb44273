"""Two technicians scan the label of one lamp at the same moment: it is counted once, out and in.

Each race runs as it is, without the look at what moved meanwhile, and without the lock, where it counts twice.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from booking.services import equipment as moving
from booking.storage import equipment
from booking.storage.database import Database
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

PIECE = "/desk/PHX/equipment/PHX-PAR?piece=PHX-PAR-07"
FORM = re.compile(
    r'action="([^"]+/(?:in|out))".*?name="claim" value="([^"]+)".*?name="moved" value="([^"]+)"', re.DOTALL
)
MEETING = 1.0
"""Seconds that one waits for the other between looking and writing; on SQLite nobody comes."""


@pytest.fixture
def lamps(app: Flask, a_booking: MakeBooking) -> UUID:
    """Four lamps of Lisière for the day: all are in the house still."""
    return a_booking(
        resource="PHX-PAR", start="2026-11-23T09:00:00+01:00", end="2026-11-23T17:00:00+01:00", quantity=4
    )


def both(app: Flask, quantity: int) -> list[int]:
    """Both open the page of the lamp, then press at once: the statuses."""
    hands = [Visitor(app, name) for name in ("farid", "nadia")]
    forms = []
    for hand in hands:
        found = FORM.search(hand.get(PIECE).text)
        assert found is not None
        forms.append((hand, found[1], {"claim": found[2], "moved": found[3], "quantity": str(quantity)}))
    start = Barrier(len(forms))

    def press(form: tuple[Visitor, str, dict[str, str]]) -> int:
        hand, action, typed = form
        start.wait()
        return hand.post(action, typed).status

    with ThreadPoolExecutor(len(forms)) as pool:
        return sorted(pool.map(press, forms))


def counted(database: Database, booking: UUID) -> tuple[int, int]:
    """Out and back."""
    with database.read() as connection:
        (row,) = equipment.kit(connection, booking=booking)
    return row.out, row.back


def test_one_lamp_is_counted_once_out_and_in(app: Flask, database: Database, lamps: UUID):
    assert both(app, 2) == [303, 412]
    assert counted(database, lamps) == (2, 0)
    assert both(app, 1) == [303, 412]
    assert counted(database, lamps) == (2, 1)


def test_without_looking_at_what_moved_it_is_counted_twice(
    app: Flask, database: Database, lamps: UUID, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(moving, "_refuse_what_moved", lambda *_: None)
    assert both(app, 2) == [303, 303]
    assert counted(database, lamps) == (4, 0)


def test_without_the_lock_it_is_counted_twice_where_writers_do_not_take_turns(
    app: Flask, database: Database, lamps: UUID, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(moving, "locked", lambda *_, **__: None)
    monkeypatch.setattr(equipment, "add_movement", _meeting(equipment.add_movement))
    both(app, 2)
    assert counted(database, lamps) == ((2 if database.is_sqlite else 4), 0)


def _meeting(write: Callable[..., None]) -> Callable[..., None]:
    """The same, after both have looked."""
    meeting = Barrier(2)

    def after(*args: Any, **more: Any) -> None:
        with suppress(BrokenBarrierError):
            meeting.wait(MEETING)
        write(*args, **more)

    return after
