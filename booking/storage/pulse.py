"""Whether anything at all was committed since: the cheapest question there is.

A connection of its own for each thread, past the pool: going through it costs ten times the question.
"""

from contextlib import suppress
from threading import local
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import Engine

Beat = tuple[Any, ...]

QUESTIONS = {
    "postgresql": "SELECT CAST(pg_current_snapshot() AS text)",
    "sqlite": "PRAGMA data_version",
}


class Pulse:
    """Two equal beats say that nothing was committed between them.

    On PostgreSQL a beat is the snapshot: every transaction that changes anything has a number, and a
    snapshot tells which of them have ended. A connection of SQLite counts the commits of all
    others, each by itself; these write nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = QUESTIONS[engine.dialect.name]
        self._mine = local()
        self._all: WeakSet[_Own] = WeakSet()

    def beat(self) -> Beat:
        """One statement that reads no row. The driver's own error when the database cannot be asked."""
        own: _Own | None = getattr(self._mine, "own", None)
        if own is None:
            own = self._mine.own = _Own(self._engine)
            self._all.add(own)
        try:
            return own.ask(self._question)
        except BaseException:
            self._mine.own = None  # the next one begins anew
            raise

    def close(self) -> None:
        """Close the connections of all threads."""
        for own in list(self._all):
            own.close()
        self._mine = local()


class _Own:
    """One connection; it ends with its thread."""

    def __init__(self, engine: Engine) -> None:
        fairy = engine.raw_connection()
        self._connection = cast(Any, fairy.driver_connection)
        fairy.detach()  # it counts no more among the pool's
        if engine.dialect.name == "postgresql":
            self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        self._name: Beat = () if engine.dialect.name == "postgresql" else (id(self),)

    def ask(self, question: str) -> Beat:
        row = self._cursor.execute(question).fetchone()
        return (*self._name, row[0])

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()

    __del__ = close
