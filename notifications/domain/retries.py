"""When something that failed is tried again: ever later, never all at the same moment, and not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
"""The first tries come soon, since greylisting ends within minutes (RFC 6647 §5.1); then every eight hours."""

SPREAD = 0.2

MOST_TRIES = 16
"""Some four days, as long as mail servers themselves keep a letter (RFC 5321 §4.5.4.1)."""

Jitter = Callable[[], float]
"""From 0 to 1, as `random.random`: it spreads what failed together."""


def pause(attempts: int, jitter: Jitter) -> timedelta:
    """How long to wait after that many attempts.

    >>> pause(1, lambda: 0.5)
    datetime.timedelta(seconds=60)
    >>> pause(2, lambda: 1.0)
    datetime.timedelta(seconds=360)
    """
    step = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    return step * (1 + SPREAD * (2 * jitter() - 1))


def next_try(attempts: int, *, most: int, at: datetime, jitter: Jitter) -> datetime | None:
    """When to try again; None when it was tried often enough."""
    return at + pause(attempts, jitter) if attempts < most else None
