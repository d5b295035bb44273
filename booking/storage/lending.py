"""Connections past the pool, lent for one question at a time: going through the pool costs ten times the question.

None belongs to a thread, since none may be closed where a thread ends: the drivers call back into
Python while they close, and CPython 3.11 takes the state of an ending thread away in the middle of
that (cpython issue 119585), which kills the process.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Lendable(Protocol):
    """A connection, and what hangs on it."""

    @property
    def is_broken(self) -> bool:
        """Whether it answers nothing any more."""

    def close(self) -> None:
        """End it; never an error."""


Lent = TypeVar("Lent", bound=Lendable)


class Lending(Generic[Lent]):
    """As many as were ever needed at once; whoever comes next takes the one that came back last."""

    def __init__(self, make: Callable[[], Lent]) -> None:
        self._make = make
        self._free: deque[Lent] = deque()

    @contextmanager
    def one(self) -> Iterator[Lent]:
        """Nobody else has it meanwhile. A broken one is closed, and the next one begins anew."""
        try:
            lent = self._free.pop()
        except IndexError:
            lent = self._make()
        try:
            yield lent
        finally:
            if lent.is_broken:
                lent.close()
            else:
                self._free.append(lent)

    def close(self) -> None:
        """Close all that are back."""
        while self._free:
            self._free.pop().close()
