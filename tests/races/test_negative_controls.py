"""Negative controls: the checks of `test_never_twice` report overselling when there is some.

With the lock off and the guard on, the database has the last word and still nothing is sold twice.
With both off, the same attempts and the same checks find rooms sold to several and more lamps out
than there are. On SQLite "the lock off" means more than on PostgreSQL, see `unguarded.create_app`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from booking.storage.database import Database
from tests.support import truths
from tests.support.api import Answer
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of
from tests.support.crowds import at_once, week
from tests.support.rows import deadlocks, overlaps, peak
from tests.support.serving import Served, served
from tests.support.stampede import Outcome, stampede
from tests.support.unguarded import FACTORY, drop_guards

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

COMPANIES = ("camille", "wout", "samira", "theo")
LOCKED = "tests.support.serving:create_app"
SLOTS, ATTEMPTS = 6, 240
ROUNDS = 3
"""How often an unguarded race is run until it goes wrong."""
LAMPS = 5


def contested(database_url: str, folder: Path, *, first: date = date(2027, 3, 1)) -> tuple[Outcome, Outcome]:
    """Six evenings of V04-DS, and five lamps at a time of the 24, by many at once without a lock.

    Evening after evening, so that those who ask at the same moment ask the same.
    """
    with served(database_url, folder, factory=FACTORY) as running:
        members = [running.api(name) for name in COMPANIES]
        organisations = [organisation_of(member) for member in members]

        def attempt(number: int, code: str, quantity: int) -> Callable[[], Answer]:
            who, slot = number % len(COMPANIES), first + timedelta(days=number * SLOTS // ATTEMPTS)
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
    """By chance a machine may take turns for once; with the guards off it does not do so every time."""
    drop_guards(database)
    for n in range(ROUNDS):
        folder = tmp_path / str(n)
        folder.mkdir()
        rooms, lamps = contested(database_url, folder, first=date(2027, 3, 1) + timedelta(weeks=n))
        if len(rooms.won) > SLOTS and len(lamps.won) > SLOTS * (24 // LAMPS):
            break
    assert len(rooms.won) > SLOTS
    assert overlaps(database) > 0
    assert len(lamps.won) > SLOTS * (24 // LAMPS)
    assert peak(database, "PHX-PAR") > 24


def a_winner_against_a_release(arena: Served, database: Database, weeks: range) -> list[str]:
    """A planner confirms who stands first while the second gives its option back: what is wrong afterwards."""
    bram, zwaluw, lisiere = (arena.api(name) for name in ("bram", "wout", "camille"))
    whose = [organisation_of(member) for member in (zwaluw, lisiere)]
    for number in weeks:
        start, end = (day.isoformat() for day in week(number))
        first, second = (
            ask_for_the_house(bram, a_claim("DGP-KZ", start, end), organisation=each, state="option").json["id"]
            for each in whose
        )
        said = at_once(
            partial(answer, bram, first, "confirm"),
            partial(answer, lisiere, second, "release"),
            partial(answer, bram, second, "release", reason="not here"),
        )
        assert said[0].status == 200, said
        with database.read() as connection:
            found = truths.wrong(connection, truths.look(connection, "DGP", at=arena.clock()), in_order=False)
        if found or deadlocks(database):
            return [*found, f"{deadlocks(database)} deadlocks"]
    return []


def two_winners_at_once(arena: Served, database: Database, weeks: range) -> list[str]:
    """Two planners' presses confirm the first and the second of one queue, each beating the other."""
    bram = arena.api("bram")
    whose = [organisation_of(arena.api(name)) for name in ("wout", "camille")]
    for number in weeks:
        start, end = (day.isoformat() for day in week(number))
        queue = [
            ask_for_the_house(bram, a_claim("DGP-KZ", start, end), organisation=each, state="option").json["id"]
            for each in whose
        ]
        at_once(*(partial(answer, bram, each, "confirm", force=True, reason="now") for each in queue))
        if deadlocks(database):
            return [f"{deadlocks(database)} deadlocks"]
    return []


def test_without_the_lock_of_the_house_the_truths_of_the_queue_report_it(
    database: Database, database_url: str, tmp_path: Path
):
    """On SQLite what ended is beaten once more; on PostgreSQL, where locks of rows keep that away nearly always,
    writers wait for each other in a ring. With the lock neither happens."""
    goes_wrong = a_winner_against_a_release if database.is_sqlite else two_winners_at_once
    rounds = [range(10 + 30 * n, 40 + 30 * n) for n in range(ROUNDS)]
    for factory, chances, is_wrong in ((LOCKED, [range(4)], False), (FACTORY, rounds, True)):
        folder = tmp_path / str(is_wrong)
        folder.mkdir()
        with served(database_url, folder, factory=factory) as running:
            assert any(goes_wrong(running, database, weeks) for weeks in chances) == is_wrong
