"""Some days of some places of a house as one calendar, once: what their feeds say of these days."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from booking.domain.spans import Span
from booking.services.shelves import Shelf
from calendars.domain.documents import Frame, opening, vcalendar
from calendars.domain.events import Event, Status, vevent
from calendars.domain.expanding import occurrences, span
from calendars.domain.showing import SHOWN_BEFORE
from calendars.services.feeds import Followed
from calendars.services.rendering import DEFAULT_ZONE, Desk, shares_of
from calendars.services.shares import Share


def export(
    connection: Connection,
    followed: Followed,
    desk: Desk,
    name: str,
    *,
    places: Collection[str],
    first: date,
    end: date,
    during: Span,
    at: datetime,
) -> bytes:
    """What happens on these places (by code) on these days (`end` excluded; `during`: from line to line).

    `followed`: a whole house. Of a series only its dates there, each by itself. What is cancelled is left out:
    whoever gets a file has not seen it before. NotFound when its owner may not follow it.
    """
    if during.start < at - SHOWN_BEFORE:  # feeds have forgotten these days, so nothing kept for them will do
        desk, at = replace(desk, shares=Shelf[Share](0)), during.start
    scope, shares = shares_of(connection, followed, desk, at=at)
    found: dict[tuple[str, str], Event] = {}
    for room, share in zip(scope.rooms, shares, strict=True):
        if room.place.code in places:
            # a moment stands with every room of its booking
            found |= {(each.uid, str(each.start)): each for each in _on(share, first, end, during)}
    events = sorted(found.values(), key=lambda each: (str(each.start), each.uid))
    zones = frozenset(each.zone for each in events)
    frame = Frame(name, scope.zone or DEFAULT_ZONE, first.year, end.year, zones)
    return vcalendar(opening(frame), (vevent(each).encode() for each in events))


def _on(share: Share, first: date, end: date, during: Span) -> Iterator[Event]:
    events: dict[str, list[Event]] = {}
    for told in share.told.values():
        for event in told.events:
            events.setdefault(event.uid, []).append(event)
    for of_one in events.values():
        for each in occurrences(of_one):
            if each.status is not Status.CANCELLED and _touches(each, first, end, during):
                yield each


def _touches(event: Event, first: date, end: date, during: Span) -> bool:
    """Whole days by their dates: they end at the line, not at midnight."""
    if isinstance(event.start, datetime):
        return span(event).overlaps(during)
    return event.start < end and first < event.end
