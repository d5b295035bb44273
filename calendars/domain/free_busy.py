"""VFREEBUSY: when something is taken, without what or whose (RFC 5545 §3.6.4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter

from calendars.domain.lines import line, text_line, utc


class Busy(StrEnum):
    """How time is taken, in the words of RFC 5545 §3.2.9; the worse wins where two overlap."""

    HARD = "BUSY"
    CLOSED = "BUSY-UNAVAILABLE"
    TENTATIVE = "BUSY-TENTATIVE"


@dataclass(frozen=True, slots=True)
class Taken:
    """Something holds `quantity` pieces from `start` to `end` (excluded), aware instants."""

    start: datetime
    end: datetime
    busy: Busy
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch that is busy in one way."""

    start: datetime
    end: datetime
    busy: Busy


def busy_periods(taken: Iterable[Taken], *, capacity: int = 1) -> list[Period]:
    """The time at which nothing is left of `capacity` pieces, in order, without overlaps.

    What is confirmed or closed counts first; time that only options would fill is tentative.
    """
    periods: list[Period] = []
    for period in _stretches(taken, capacity):
        last = periods[-1] if periods else None
        if last is not None and last.end == period.start and last.busy is period.busy:
            periods[-1] = Period(last.start, period.end, period.busy)
        else:
            periods.append(period)
    return periods


def _stretches(taken: Iterable[Taken], capacity: int) -> Iterator[Period]:
    """Sweep over all starts and ends; between two of them nothing changes."""
    steps = []
    for each in taken:
        steps += [(each.start, each.busy, each.quantity), (each.end, each.busy, -each.quantity)]
    steps.sort(key=itemgetter(0))
    held = dict.fromkeys(Busy, 0)
    for number, (moment, busy, quantity) in enumerate(steps):
        held[busy] += quantity
        following = steps[number + 1][0] if number + 1 < len(steps) else moment
        verdict = _verdict(held, capacity)
        if verdict is not None and moment < following:
            yield Period(moment, following, verdict)


def _verdict(held: dict[Busy, int], capacity: int) -> Busy | None:
    if held[Busy.HARD] >= capacity:
        return Busy.HARD
    if held[Busy.HARD] + held[Busy.CLOSED] >= capacity:
        return Busy.CLOSED
    return Busy.TENTATIVE if sum(held.values()) >= capacity else None


def vfreebusy(uid: str, *, stamp: datetime, start: datetime, end: datetime, periods: Iterable[Period]) -> str:
    """The component as text; `start` to `end` is the time it answers for, `stamp` the last change."""
    return "".join(
        (
            "BEGIN:VFREEBUSY\r\n",
            text_line("UID", uid),
            f"DTSTAMP:{utc(stamp)}\r\n",
            f"DTSTART:{utc(start)}\r\n",
            f"DTEND:{utc(end)}\r\n",
            *(line(f"FREEBUSY;FBTYPE={each.busy}", f"{utc(each.start)}/{utc(each.end)}") for each in periods),
            "END:VFREEBUSY\r\n",
        )
    )
