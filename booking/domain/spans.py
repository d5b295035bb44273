"""Half-open spans of time between aware instants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (included) to `end` (excluded). ValueError when naive or not forward.

    >>> from datetime import UTC
    >>> morning = Span(datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC))
    >>> afternoon = Span(datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 1, 18, tzinfo=UTC))
    >>> morning.overlaps(afternoon)
    False
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs aware instants")
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """The time that really passes; 7 hours from 22:00 to 06:00 when clocks go forward."""
        return self.end - self.start

    def overlaps(self, other: Self) -> bool:
        """Touching is not overlapping."""
        return self.start < other.end and other.start < self.end

    def common(self, other: Self) -> Self | None:
        """What both share, or None."""
        if not self.overlaps(other):
            return None
        return type(self)(max(self.start, other.start), min(self.end, other.end))

    def holds(self, other: Self) -> bool:
        """Whether all of `other` lies within."""
        return self.start <= other.start and other.end <= self.end

    def widened(self, *, before: timedelta, after: timedelta) -> Self:
        """With time added on both sides."""
        if not before and not after:
            return self
        return type(self)(self.start - before, self.end + after)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither overlap nor touch, in order."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result
