"""Whether anything at all was committed since: the cheapest question there is.

Past the pool: going through it costs ten times the question.
"""

from itertools import count
from typing import Any

from sqlalchemy import Engine

from booking.storage.lending import Lendable, Lending

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
        self._question = QUESTIONS[engine.dialect.name]
        self._numbers = count(1)
        self._lending = Lending(lambda: _Own(engine, next(self._numbers)))

    def beat(self) -> Beat:
        """One statement that reads no row. The driver's own error when the database cannot be asked."""
        with self._lending.one() as own:
            return own.ask(self._question)

    def close(self) -> None:
        """Close the connections that nobody has."""
        self._lending.close()


class _Own(Lendable):
    """One connection, and the number that no other of this process ever has."""

    def __init__(self, engine: Engine, number: int) -> None:
        super().__init__(engine)
        self._name: Beat = () if engine.dialect.name == "postgresql" else (number,)

    def ask(self, question: str) -> Beat:
        self.is_broken = True  # unless it answers
        row = self.cursor.execute(question).fetchone()
        self.is_broken = False
        return (*self._name, row[0])
