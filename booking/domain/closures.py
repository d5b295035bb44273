"""A closure: what a house decides for the bookings under it, and what is left of it where some are kept."""

from collections.abc import Iterable
from enum import StrEnum

from booking.domain.spans import Span, merged
from booking.domain.states import State


class Decision(StrEnum):
    """For one booking under a closure: it will be moved, it is cancelled, or the closure spares its time."""

    MOVE = "move"
    CANCEL = "cancel"
    KEEP = "keep"


NEED_A_DECISION = frozenset({State.PENDING, State.CONFIRMED})
HIT = NEED_A_DECISION | {State.REQUESTED, State.OPTION, State.SUSPENDED}
"""What a closure concerns: whatever is not over."""


def spared(span: Span, kept: Iterable[Span]) -> list[Span]:
    """What is left of `span` without the time that is kept.

    >>> from datetime import UTC, datetime
    >>> april = lambda first, last: Span(datetime(2027, 4, first, tzinfo=UTC), datetime(2027, 4, last, tzinfo=UTC))
    >>> [(each.start.day, each.end.day) for each in spared(april(12, 19), [april(14, 15), april(10, 13)])]
    [(13, 14), (15, 19)]
    """
    left, since = [], span.start
    for each in merged(kept):
        if since < each.start < span.end:
            left.append(Span(since, each.start))
        since = max(since, each.end)
    if since < span.end:
        left.append(Span(since, span.end))
    return left
