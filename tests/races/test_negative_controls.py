"""Negative controls: the checks of `test_never_twice` report overselling when there is some.

With the lock off and the guard on, the database has the last word and still nothing is sold twice.
With both off, the same attempts and the same checks find rooms sold to several and more lamps out
than there are. On SQLite "the lock off" means more than on PostgreSQL, see `unguarded.create_app`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from booking.storage.database import Database
from tests.support.api import Answer
from tests.support.asks import a_claim, ask, organisation_of
from tests.support.rows import overlaps, peak
from tests.support.serving import served
from tests.support.stampede import Outcome, stampede
from tests.support.unguarded import FACTORY, drop_guards

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

COMPANIES = ("camille", "wout", "samira", "theo")
SLOTS, ATTEMPTS = 6, 240
LAMPS = 5


def contested(database_url: str, folder: Path) -> tuple[Outcome, Outcome]:
    """Six evenings of V04-DS, and five lamps at a time of the 24, by many at once without a lock."""
    with served(database_url, folder, factory=FACTORY) as running:
        members = [running.api(name) for name in COMPANIES]
        organisations = [organisation_of(member) for member in members]

        def attempt(number: int, code: str, quantity: int) -> Callable[[], Answer]:
            who, slot = number % len(COMPANIES), date(2027, 3, 1) + timedelta(days=number % SLOTS)
            claim = a_claim(code, f"{slot}T18:00:00+01:00", f"{slot}T22:00:00+01:00", quantity)
            return lambda: ask(members[who], claim, organisation=organisations[who])

        rooms = stampede([attempt(number, "V04-DS", 1) for number in range(ATTEMPTS)])
        lamps = stampede([attempt(number, "PHX-PAR", LAMPS) for number in range(ATTEMPTS)])
        return rooms, lamps


def test_without_the_lock_the_database_still_sells_nothing_twice(
    database: Database, database_url: str, tmp_path: Path
):
    rooms, lamps = contested(database_url, tmp_path)
    rooms.assert_clean("time-taken")
    lamps.assert_clean("capacity", "time-taken")
    assert len(rooms.won) == SLOTS
    assert len(lamps.won) == SLOTS * (24 // LAMPS)
    assert overlaps(database) == 0
    assert peak(database, "PHX-PAR") == 24 // LAMPS * LAMPS


def test_without_the_lock_and_the_guard_the_same_checks_report_overselling(
    database: Database, database_url: str, tmp_path: Path
):
    drop_guards(database)
    rooms, lamps = contested(database_url, tmp_path)
    assert len(rooms.won) > SLOTS
    assert overlaps(database) > 0
    assert len(lamps.won) > SLOTS * (24 // LAMPS)
    assert peak(database, "PHX-PAR") > 24
