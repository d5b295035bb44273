"""Connections past the pool, lent for one question at a time: going through the pool costs ten times the question.

None belongs to a thread, since none may be closed where a thread ends: the drivers call back into
Python while they close, and CPython 3.11 takes the state of an ending thread away in the middle of
that (cpython issue 119585), which kills the process.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Engine


class Lendable:
    """A connection of the driver, opened as the engine opens its own, and a cursor on it: each statement is a
    transaction."""

    is_broken = False
    """Whether it answers nothing any more."""

    def __init__(self, engine: Engine) -> None:
        fairy = engine.raw_connection()
        self.connection = cast(Any, fairy.driver_connection)
        fairy.detach()  # it counts no more among the pool's
        if engine.dialect.name == "postgresql":  # SQLite's are made so
            self.connection.autocommit = True
        self.cursor = self.connection.cursor()

    def close(self) -> None:
        """End it; never an error."""
        with suppress(Exception):
            self.connection.close()

    __del__ = close


Lent = TypeVar("Lent", bound=Lendable)


class Lending(Generic[Lent]):
    """As many as were ever needed at once; whoever comes next takes the one that came back last."""

    def __init__(self, make: Callable[[], Lent]) -> None:
        self._make = make
        self._free: deque[Lent] = deque()

    @contextmanager
    def one(self) -> Iterator[Lent]:
        """Nobody else has it meanwhile. A broken one is closed with all that wait: what cut it has cut them too,
        and each would cost somebody an answer."""
        try:
            lent = self._free.pop()
        except IndexError:
            lent = self._make()
        try:
            yield lent
        finally:
            if lent.is_broken:
                lent.close()
                self.close()
            else:
                self._free.append(lent)

    def close(self) -> None:
        """Close all that are back."""
        while self._free:
            self._free.pop().close()
