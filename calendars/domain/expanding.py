"""When events happen: those of one UID, a recurring one occurrence by occurrence."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from booking.domain.series import days_between_ends
from booking.domain.spans import Span
from booking.domain.wall_clock import MIDNIGHT, at_venue, instant
from calendars.domain.events import IN_UTC, Event


def occurrences(events: Sequence[Event]) -> Iterator[Event]:
    """Each single one; `instead_of` of an occurrence is its place in the rule, on the clock of the house."""
    replaced = {event.instead_of for event in events if event.instead_of is not None}
    for event in events:
        if event.repeats is None:
            yield event
        else:
            yield from (each for each in _repeated(event) if each.instead_of not in replaced)


def span(event: Event) -> Span:
    """Its time; whole days from midnight to midnight where it happens (RFC 4791 §9.9)."""
    start, end = (_instant(moment, event.zone) for moment in (event.start, event.end))
    return Span(start, end)


def in_utc(event: Event, *, recurs: bool) -> Event:
    """The occurrence of a recurring event as `expand` wants it (RFC 4791 §9.6.5): no rule, no zone."""
    place = event.instead_of if recurs else None
    if isinstance(place, datetime):
        place = instant(place, event.zone).replace(tzinfo=None)
    return event._replace(zone=IN_UTC, repeats=None, instead_of=place)


def _repeated(event: Event) -> Iterator[Event]:
    if event.repeats is None:
        return
    first = _day(event.start, event.zone)
    left_out = set(event.repeats.besides)
    for day in days_between_ends(event.repeats.rule, first, event.repeats.last):
        if day not in left_out:
            start = _moved(event.start, event.zone, first, day)
            end = _moved(event.end, event.zone, first, day)
            yield event._replace(start=start, end=end, repeats=None, instead_of=_place(event, day))


def _moved(moment: date | datetime, zone: str, first: date, day: date) -> date | datetime:
    if not isinstance(moment, datetime):
        return moment + (day - first)
    return instant(_clock(moment, zone) + (day - first), zone)


def _place(event: Event, day: date) -> date | datetime:
    if not isinstance(event.start, datetime):
        return day
    return datetime.combine(day, _time(event.start, event.zone))


def _day(moment: date | datetime, zone: str) -> date:
    return _clock(moment, zone).date() if isinstance(moment, datetime) else moment


def _time(moment: datetime, zone: str) -> time:
    return _clock(moment, zone).time()


def _clock(moment: datetime, zone: str) -> datetime:
    return at_venue(moment, zone).replace(tzinfo=None, fold=0)


def _instant(moment: date | datetime, zone: str) -> datetime:
    return moment if isinstance(moment, datetime) else instant(datetime.combine(moment, MIDNIGHT), zone)
