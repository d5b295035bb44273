"""Waiting for what is taken: it holds nothing, and is told once when what stood there is gone."""

from collections.abc import Sequence
from enum import StrEnum

from booking.domain.claims import Asked, Held
from booking.domain.conflicts import obstacles, options_under


class Behind(StrEnum):
    """What stands where somebody wants to be: something hard, somebody's option, or nothing."""

    FREE = "free"
    OPTION = "option"
    HARD = "hard"


def behind(asked: Asked, held: Sequence[Held]) -> Behind:
    """What stands in the way of this claim."""
    if obstacles([asked], held):
        return Behind.HARD
    return Behind.OPTION if options_under([asked], held) else Behind.FREE


def has_freed(before: Behind, now: Behind) -> bool:
    """Whether what somebody waits for has come: it is free, or what was hard is gone and an option can be had.

    >>> has_freed(Behind.HARD, Behind.OPTION), has_freed(Behind.OPTION, Behind.OPTION)
    (True, False)
    """
    return now is Behind.FREE or (before is Behind.HARD and now is not Behind.HARD)
