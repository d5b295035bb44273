"""When an event takes time, packed: a series over two years is some hundred octets instead of as many rows.

Instants are whole seconds since 1970 here: of a season there are a hundred thousand.
"""

import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from operator import itemgetter
from typing import TypeVar

from booking.domain.spans import Span
from calendars.domain.showing import SHOWN_CANCELLED

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Stretch = tuple[int, int]
"""From, until."""
CalledOff = tuple[int, int, int]
"""A stretch that will not be, and since when that is known."""

Mine = TypeVar("Mine")
Theirs = TypeVar("Theirs")


def packed(rows: Iterable[Sequence[int]]) -> bytes | None:
    """Stretches, or some that were called off, in order; None for none.

    >>> unpacked(packed([(0, 60), (120, 180)]))
    [(0, 60), (120, 180)]
    """
    numbers = list(chain.from_iterable(rows))
    return zlib.compress(struct.pack(f"<{len(numbers)}q", *numbers), 1) if numbers else None


def unpacked(octets: bytes | None) -> list[Stretch]:
    """As they were packed."""
    return list(zip(*[iter(_numbers(octets))] * 2, strict=True))


def unpacked_over(octets: bytes | None) -> list[CalledOff]:
    """The same of those that were called off."""
    return list(zip(*[iter(_numbers(octets))] * 3, strict=True))


def called_off(
    before: Iterable[Stretch], now: Iterable[Stretch], over: Iterable[CalledOff], *, at: datetime
) -> list[CalledOff]:
    """What of `before` was still to come and will not be, and what was called off lately and is not on again.

    A stretch is known by its start: one that only ends at another time goes on.

    >>> noon = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
    >>> called_off([(0, 50), (70, 80), (90, 95)], [(90, 99)], [], at=noon)
    [(70, 80, 60)]
    """
    present, since = seconds(at), seconds(at - SHOWN_CANCELLED)
    on = {each[0] for each in now}
    lately = [each for each in over if each[0] not in on and each[2] > since]
    known = on | {each[0] for each in lately}
    return lately + [(start, end, present) for start, end in before if end > present and start not in known]


def meetings(
    mine: Iterable[tuple[int, int, Mine]], theirs: Iterable[tuple[int, int, Theirs]]
) -> Iterator[tuple[Mine, Theirs, Span]]:
    """Whatever overlaps, and when, in no order; each of `mine` is looked up.

    >>> [(a, b) for a, b, _ in meetings([(2, 4, "a")], [(0, 2, "x"), (0, 3, "y"), (3, 9, "z"), (4, 5, "w")])]
    [('a', 'z'), ('a', 'y')]
    """
    ordered = sorted(theirs, key=itemgetter(0))
    starts = [each[0] for each in ordered]
    latest = list(accumulate((each[1] for each in ordered), max))
    for start, end, one in mine:
        place = bisect_left(starts, end) - 1
        while place >= 0 and latest[place] > start:
            since, until, other = ordered[place]
            if until > start:
                yield one, other, Span(moment(max(start, since)), moment(min(end, until)))
            place -= 1


def seconds(at: datetime) -> int:
    """Since 1970, cut to whole ones."""
    return (at - EPOCH) // SECOND


def moment(number: int) -> datetime:
    """The instant of that second."""
    return EPOCH + timedelta(seconds=number)


def _numbers(octets: bytes | None) -> Sequence[int]:
    if not octets:
        return ()
    plain = zlib.decompress(octets)
    return struct.unpack(f"<{len(plain) // 8}q", plain)
