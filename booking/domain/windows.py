"""Offered windows: the periods that a house opens to companies. No windows: always open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from booking.domain.claims import Asked
from booking.domain.spans import Span, merged
from booking.domain.wall_clock import DAY, at_venue, day_start, planning_days, whole_days

MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Window:
    """As a planner gave it: both dates (whole planning days, `end` excluded), or both instants."""

    start: datetime | date
    end: datetime | date

    def span(self, zone: str, day_line: int) -> Span:
        """When it is open. ValueError when it ends before it starts, or mixes dates and instants."""
        if isinstance(self.start, datetime) and isinstance(self.end, datetime):
            return Span(self.start, self.end)
        if isinstance(self.start, datetime) or isinstance(self.end, datetime):
            raise ValueError("both ends are days, or both are instants")  # noqa: TRY004 -- right types, wrong pair
        return whole_days(self.start, self.end, zone, day_line)


def is_offered(claim: Asked) -> bool:
    """Whether all of it, set-up and strike included, lies in windows of the resource and of every part."""
    return all(any(span.holds(claim.presence) for span in merged(spans)) for spans in claim.place.windows)


def days_outside(claim: Asked) -> tuple[date, ...]:
    """The planning days of which some time lies outside; none when it is all offered."""
    if is_offered(claim):
        return ()
    place = claim.place
    days = planning_days(claim.presence, place.zone, place.day_line)
    return tuple(day for day in days if not _holds(claim, _of_day(claim, day)))


def _of_day(claim: Asked, day: date) -> Span:
    place = claim.place
    whole = Span(
        day_start(day, place.zone, place.day_line),
        day_start(day + DAY, place.zone, place.day_line),
    )
    return whole.common(claim.presence) or whole


def _holds(claim: Asked, span: Span) -> bool:
    return all(any(each.holds(span) for each in merged(spans)) for spans in claim.place.windows)


def next_windows(claim: Asked, at: datetime) -> list[dict[str, str]]:
    """The first few windows that are not over by `at`, as RFC 3339 text at the venue's own offset."""
    place = claim.place
    coming = [span for span in common_time(place.windows) if span.end > at]
    return [
        {
            "start": at_venue(span.start, place.zone).isoformat(),
            "end": at_venue(span.end, place.zone).isoformat(),
        }
        for span in coming[:MOST_TOLD]
    ]


def common_time(windows: Iterable[Iterable[Span]]) -> list[Span]:
    """When all of them are open, in order."""
    first, *others = (merged(spans) for spans in windows)
    for spans in others:
        first = [shared for one in first for other in spans if (shared := one.common(other)) is not None]
    return first
