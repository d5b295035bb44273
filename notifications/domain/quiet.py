"""Quiet hours: a letter that nobody has to act on at once waits until they are over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.wall_clock import DAY, MIDNIGHT, at_venue, instant


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `starts` to `ends` (excluded), in minutes after midnight; they may run past midnight."""

    starts: int
    ends: int

    def over_at(self, moment: datetime, zone: str) -> datetime:
        """When a letter of `moment` may go: at once, or when the quiet hours end on the clock of that zone.

        >>> from datetime import UTC
        >>> night = QuietHours(22 * 60, 7 * 60)
        >>> night.over_at(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Europe/Brussels").isoformat()
        '2026-11-24T06:00:00+00:00'
        >>> night.over_at(datetime(2026, 11, 23, 12, tzinfo=UTC), "Europe/Brussels").hour
        12
        """
        local = at_venue(moment, zone)
        minute = local.hour * 60 + local.minute
        past_midnight = self.ends < self.starts
        if past_midnight:
            is_quiet = minute >= self.starts or minute < self.ends
        else:
            is_quiet = self.starts <= minute < self.ends
        if not is_quiet:
            return moment
        day = local.date() + DAY if past_midnight and minute >= self.starts else local.date()
        return instant(datetime.combine(day, MIDNIGHT) + timedelta(minutes=self.ends), zone)


def minutes_of(text: str) -> int:
    """`22:00` as minutes after midnight. ValueError when it is no such time.

    >>> minutes_of("22:30")
    1350
    """
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isascii() and minute.isascii() and hour.isdigit() and minute.isdigit()):
        raise ValueError(text)
    if len(hour) > 2 or len(minute) != 2 or int(hour) > 23 or int(minute) > 59:
        raise ValueError(text)
    return int(hour) * 60 + int(minute)


def as_clock(minutes: int) -> str:
    """The other way round.

    >>> as_clock(1350)
    '22:30'
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"
