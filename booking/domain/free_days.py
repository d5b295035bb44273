"""The free days of an atom as bits: bit n is the n-th day of the year, set while something of it is left all day.

A filter, never a judge: a day that is not set has nothing left, a day that is set is judged by the rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from booking.domain.spans import Span
from booking.domain.wall_clock import DAY, planning_days, whole_days

YEAR_BYTES = 46
"""366 days."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Something hard on an atom."""

    span: Span
    quantity: int


def first_of(year: int) -> date:
    """Its first day."""
    return date(year, 1, 1)


def days_in(year: int) -> int:
    """365 or 366."""
    return (first_of(year + 1) - first_of(year)).days


def bits_of_year(
    year: int, holders: Iterable[Holder], *, capacity: int, exclusive: bool, zone: str, day_line: int
) -> int:
    """The days of a year on which something is left at every moment; `holders` may lie outside of it too."""
    first = first_of(year)
    bits = (1 << days_in(year)) - 1
    by_day: dict[date, list[Holder]] = {}
    for holder in holders:
        for day in planning_days(holder.span, zone, day_line):
            if day.year == year:
                by_day.setdefault(day, []).append(holder)
    for day, on_it in by_day.items():
        if exclusive or _is_sold_out(on_it, whole_days(day, day + DAY, zone, day_line), capacity):
            bits &= ~(1 << (day - first).days)
    return bits


def _is_sold_out(holders: Sequence[Holder], day: Span, capacity: int) -> bool:
    moments = {day.start} | {each.span.start for each in holders if day.start < each.span.start < day.end}
    return any(
        sum(each.quantity for each in holders if each.span.start <= moment < each.span.end) >= capacity
        for moment in moments
    )


def cut(years: Mapping[int, int], first: date, end: date) -> int:
    """The bits from `first` (bit 0) to `end` (excluded) out of those of the years that they lie in."""
    bits = 0
    for year in range(first.year, (end - DAY).year + 1):
        offset = (first_of(year) - first).days
        bits |= years[year] << offset if offset >= 0 else years[year] >> -offset
    return bits & ((1 << (end - first).days) - 1)


def runs(bits: int, days: int) -> int:
    """The bits from which so many set bits follow one another.

    >>> bin(runs(0b0111011, 2)), runs(0b0111011, 4)
    ('0b11001', 0)
    """
    done = 1
    while done < days and bits:
        step = min(done, days - done)
        bits &= bits >> step
        done += step
    return bits


def together(bits: int) -> Iterator[tuple[int, int]]:
    """Set bits that follow one another, as `(first, last)`, in order.

    >>> list(together(0b0111011))
    [(0, 1), (3, 5)]
    """
    done = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (~bits & (bits + 1)).bit_length() - 1
        yield done + gap, done + gap + length - 1
        bits >>= length
        done += gap + length


def ones(bits: int) -> Iterator[int]:
    """The places of what is set, in order.

    >>> list(ones(0b10110))
    [1, 2, 4]
    """
    written = bin(bits)[:1:-1]
    n = written.find("1")
    while n >= 0:
        yield n
        n = written.find("1", n + 1)
