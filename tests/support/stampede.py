"""Many clients at once, and what came of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from tests.support.api import Answer

CLIENTS = 32
PATIENCE = 6
"""Seconds. The goal is three; a machine that does much else at the same time gets more before we call it stuck."""


@dataclass(frozen=True)
class Outcome:
    """How often each answer came, as (status, code), and how long the slowest took, in seconds."""

    answers: Sequence[Answer]
    slowest: float

    @property
    def counts(self) -> Counter[tuple[int, str | None]]:
        """(status, code) → how often."""
        return Counter((answer.status, answer.code) for answer in self.answers)

    @property
    def won(self) -> Sequence[Answer]:
        """Those that got what they asked."""
        return [answer for answer in self.answers if answer.status < 300]

    def assert_clean(self, *codes: str) -> None:
        """Everybody won, or was refused with one of these codes; nobody waited for ever."""
        expected = {(200, None), (201, None), *((409, code) for code in codes)}
        odd = {key: count for key, count in self.counts.items() if key not in expected}
        assert not odd, odd
        assert self.slowest < PATIENCE, f"somebody waited {self.slowest:.1f} s"


def stampede(attempts: Sequence[Callable[[], Answer]], *, clients: int = CLIENTS) -> Outcome:
    """Make all attempts, as many at once as there are clients."""

    def timed(attempt: Callable[[], Answer]) -> tuple[Answer, float]:
        began = perf_counter()
        answer = attempt()
        return answer, perf_counter() - began

    with ThreadPoolExecutor(clients) as many:
        done = list(many.map(timed, attempts))
    return Outcome([answer for answer, _ in done], max(seconds for _, seconds in done))
