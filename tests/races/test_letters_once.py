"""Letters with three workers at once: none lost, none twice; after a kill at most one repeat, the same letter."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from booking.settings import ROOT
from booking.storage.base import new_id
from booking.storage.database import Database
from booking.storage.people import Person
from notifications.storage import letters
from notifications.storage.letters import Letter
from tests.support.mail_servers import Receiver, mail_server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

LETTERS = int(os.environ.get("EMERGE_SOAK", "120"))
WORKERS, KILLS = 3, 50 if "EMERGE_SOAK" in os.environ else 3
PATIENCE = 120 + LETTERS // 10
"""Seconds."""
WRITTEN = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Receiver]:
    with mail_server() as receiver:
        yield receiver


@pytest.fixture
def put(database: Database) -> list[str]:
    """Many letters that wait; returns the beginnings of their Message-IDs."""
    ids = [new_id() for _ in range(LETTERS)]

    def work(connection: Connection) -> None:
        people = list(connection.execute(select(Person.id).order_by(Person.email)).scalars())
        rows: list[dict[str, Any]] = [
            {
                "id": letter_id,
                "person_id": people[n % len(people)],
                "key": f"race:{n}",
                "kind": "round.expiring-options",
                "facts": {"lines": []},
                "created_at": WRITTEN,
                "next_at": WRITTEN,
            }
            for n, letter_id in enumerate(ids)
        ]
        letters.add(connection, rows)

    database.write(work)
    return [f"<{letter_id}@localhost>" for letter_id in ids]


def start(url: str, server: Receiver) -> "subprocess.Popen[bytes]":
    """One worker in a process of its own, with the machine's own clock."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests",
        "MAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "BASE_URL": "http://localhost",
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )


def states(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return letters.count(connection)


def ours(server: Receiver, put: list[str]) -> Counter[str]:
    mine = set(put)
    return Counter(each for each in server.ids if each in mine)


def test_three_workers_send_every_letter_once(
    database: Database, database_url: str, server: Receiver, put: list[str]
) -> None:
    workers = [start(database_url, server) for _ in range(WORKERS)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0] * WORKERS
    assert ours(server, put) == Counter(put)
    assert states(database).get("waiting", 0) == 0


def test_killed_workers_lose_nothing_and_repeat_at_most_one_letter_each(
    database: Database, database_url: str, server: Receiver, put: list[str]
) -> None:
    chance = Random(50)
    for kill in range(KILLS):
        worker = start(database_url, server)
        until = len(server.letters) + chance.randint(1, LETTERS // (2 * KILLS))
        assert server.wait_for(until, seconds=PATIENCE), f"kill {kill} waited in vain"
        worker.kill()
        worker.wait(30)
        assert states(database).get("sent", 0) < LETTERS, f"kill {kill} came too late to prove anything"
        let_claims_run_out(database)
    assert start(database_url, server).wait(PATIENCE) == 0

    arrived = ours(server, put)
    assert set(arrived) == set(put), "a letter is lost"
    assert sum(arrived.values()) - len(put) <= KILLS
    assert states(database).get("waiting", 0) == 0


def test_without_the_claim_letters_arrive_twice(database: Database, put: list[str]) -> None:
    """The negative control: what keeps two workers apart is the claim, and nothing else."""
    at = datetime.now(UTC)  # noqa: TID251 -- letters that were put long ago are due whenever this runs
    until = at + timedelta(minutes=10)

    def claimed(connection: Connection) -> set[Any]:
        return {row.id for row in letters.claim(connection, at=at, until=until, limit=20)}

    def forgotten(connection: Connection) -> set[Any]:
        found = claimed(connection)
        connection.execute(update(Letter).where(Letter.id.in_(found)).values(next_at=WRITTEN))
        return found

    assert not database.write(claimed) & database.write(claimed)
    assert database.write(forgotten) & database.write(forgotten)
    assert len(put) == LETTERS


def let_claims_run_out(database: Database) -> None:
    """As if the ten minutes of a claim had passed."""
    late = update(Letter).where(Letter.state == letters.WAITING).values(next_at=WRITTEN)
    database.write(lambda connection: connection.execute(late))
