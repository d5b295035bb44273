"""The clock of options and challenges: it counts working days.

A day counts when it is one in the venue's country and in the addressed holder's country, and no
closing day of the house. Deadlines fall at the same wall-clock time at the venue.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from booking.domain.holidays import public_holidays
from booking.domain.wall_clock import DAY, at_venue, instant

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days count. `countries`: holiday calendars (`BE`, `FR`); `closing`: the house's own days off."""

    countries: frozenset[str]
    closing: frozenset[date] = frozenset()

    def counts(self, day: date) -> bool:
        """Whether people on both sides work on that date."""
        return (
            day.weekday() < SATURDAY
            and day not in self.closing
            and not any(public_holidays(country, day, day, "") for country in self.countries)
        )

    def after(self, start: datetime, days: int, zone: str) -> datetime:
        """The instant (UTC) `days` working days after `start`, at the same wall-clock time at the venue.

        The day of `start` itself does not count. A time that does not exist on the last day moves
        forward by the gap; one that exists twice means its first occurrence.
        """
        local = at_venue(start, zone).replace(tzinfo=None, fold=0)
        while days:
            local += DAY
            days -= self.counts(local.date())
        return instant(local, zone)

    def between(self, start: datetime, end: datetime, zone: str) -> int:
        """How many working days are still left from `start` to `end`: the last one counts, the first not."""
        day, last = at_venue(start, zone).date(), at_venue(end, zone).date()
        days = 0
        while day < last:
            day += DAY
            days += self.counts(day)
        return days


def of_countries(*countries: str, closing: Collection[date] = ()) -> WorkingDays:
    """Working days that count in every one of these countries."""
    return WorkingDays(frozenset(countries), frozenset(closing))
