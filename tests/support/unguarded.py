"""The same service with its guards taken off, for negative controls: a check that cannot fail proves nothing.

Two things keep a room from being sold twice: writers take turns (row locks on PostgreSQL, one write
transaction at a time on SQLite), and the database refuses what would overlap. Here either can be off.
"""

import time
from contextlib import nullcontext
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text

from booking.services import answering, asking
from booking.storage import database as databases
from booking.storage import locks, occupancies
from booking.storage.database import Database
from tests.support import serving

FACTORY = "tests.support.unguarded:create_app"
"""For `serving.served(…, factory=FACTORY)`."""

PAUSE = 0.01
"""Seconds between looking and writing: what any busy machine may take, so that a race shows at once."""

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
    asking.lock_places = answering.lock_places = locks.places
    occupancies.held = _slowly(occupancies.held)
    database = app.extensions["booking"].database
    if database.is_sqlite:
        _write_without_transactions(database)
    return app


def drop_guards(database: Database) -> None:
    """Take the database's last word away."""
    for guard in GUARDS["sqlite" if database.is_sqlite else "postgresql"]:
        database.write(lambda connection, guard=guard: connection.execute(text(guard)))


def _slowly(look: Any) -> Any:
    def slow(*arguments: Any, **named: Any) -> Any:
        found = look(*arguments, **named)
        time.sleep(PAUSE)
        return found

    return slow


def _write_without_transactions(database: Database) -> None:
    autocommit = {"check_same_thread": False, "timeout": 30, "isolation_level": None}
    database._writer = create_engine(database.url, connect_args=autocommit, **databases._for_both())
    database._turn = nullcontext  # type: ignore[method-assign]
