"""The same service with its guards taken off, for negative controls: a check that cannot fail proves nothing.

Two things keep a room from being sold twice: writers take turns (row locks on PostgreSQL, one write
transaction at a time on SQLite), and the database refuses what would overlap. Here either can be off.
"""

import time
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, select, text

from booking.domain.claims import Place
from booking.services import asking, enquiries, settling
from booking.storage import calls, entries, locks, occupancies, queues
from booking.storage import database as databases
from booking.storage import enquiries as asked
from booking.storage.database import Database
from booking.storage.entries import Entry
from booking.storage.places import Resource
from tests.support import serving

FACTORY = "tests.support.unguarded:create_app"
"""For `serving.served(…, factory=FACTORY)`."""

PAUSE = 0.01
"""Seconds between looking and writing: what any busy machine may take, so that a race shows at once."""

LONG_PAUSE = 0.1
"""The same for what is looked at once by each of two."""

WITHOUT_TURNS = "tests.support.unguarded:create_app_without_turns"
WITHOUT_SETTLING = "tests.support.unguarded:create_app_without_settling"

GUARDS = {
    "postgresql": (
        "ALTER TABLE occupancy DROP CONSTRAINT occupancy_taken",
        "DROP TRIGGER occupancy_stock ON occupancy",
    ),
    "sqlite": ("DROP TRIGGER occupancy_taken_INSERT", "DROP TRIGGER occupancy_taken_UPDATE"),
}


def create_app() -> Flask:
    """The whole service in which writers do not take turns.

    PostgreSQL: resources are read without a lock. SQLite: the write transaction itself is the lock,
    and a transaction that began by reading cannot write over another's change (SQLITE_BUSY_SNAPSHOT);
    so there every statement is a transaction of its own, as in a program that looks first and then writes.
    """
    app = serving.create_app()
    asking.lock_places = locks.places
    asking.widened = settling.locked
    settling.lock_houses = _read_houses
    entries.add_if_unchanged = _add_anyway
    occupancies.held = _slowly(occupancies.held, PAUSE)
    queues.over = _slowly(queues.over, PAUSE)
    database = app.extensions["booking"].database
    if database.is_sqlite:
        _write_without_transactions(database)
    return app


def create_app_without_turns() -> Flask:
    """And in which nobody holds the row of an enquiry or of a call while they look at it."""
    app = create_app()
    asked.find = _slowly(_unlocked(asked.find), LONG_PAUSE)  # type: ignore[assignment]
    calls.find = _slowly(_unlocked(calls.find), LONG_PAUSE)  # type: ignore[assignment]
    return app


def create_app_without_settling() -> Flask:
    """The whole service in which a yes to one offer leaves the others of its enquiry as they are."""
    app = serving.create_app()
    enquiries.settle = lambda _deed, _houses: None
    return app


def _unlocked(find: Any) -> Any:
    def read(connection: Connection, key: Any, *, lock: bool = False) -> Any:
        return find(connection, key, lock=lock and False)

    return read


def _read_houses(connection: Connection, venue_ids: Collection[int]) -> dict[str, Place]:
    codes = connection.execute(select(Resource.code).where(Resource.venue_id.in_(venue_ids))).scalars()
    return locks.places(connection, list(codes))


def _add_anyway(connection: Connection, new: Entry, _seen: Mapping[int, int]) -> bool:
    entries.add(connection, new)
    return True


def drop_guards(database: Database) -> None:
    """Take the database's last word away."""
    for guard in GUARDS["sqlite" if database.is_sqlite else "postgresql"]:
        database.write(lambda connection, guard=guard: connection.execute(text(guard)))


def _slowly(look: Any, pause: float) -> Any:
    def slow(*arguments: Any, **named: Any) -> Any:
        found = look(*arguments, **named)
        time.sleep(pause)
        return found

    return slow


def _write_without_transactions(database: Database) -> None:
    autocommit = {"check_same_thread": False, "timeout": 30, "isolation_level": None}
    database._writer = create_engine(database.url, connect_args=autocommit, **databases._for_both())
    database._turn = nullcontext  # type: ignore[method-assign]
