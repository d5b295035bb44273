"""The VCALENDAR around the texts of events (RFC 5545 §3.4, §3.6; RFC 7986)."""

from collections.abc import Iterable
from dataclasses import dataclass

from calendars.domain.lines import line, text_line
from calendars.domain.zones import vtimezone

PRODUCT = "-//EMERGE//Booking//EN"
REFRESH = "PT15M"
"""How often an app should look; asking costs next to nothing while nothing changed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the events: a name for people, the zone to show, the years they span."""

    name: str
    zone: str
    first_year: int
    last_year: int
    other_zones: frozenset[str] = frozenset()


def item_opening(frame: Frame | None) -> bytes:
    """Everything before the event of a calendar object, which has neither a method nor a name (RFC 4791 §4.1).

    None: its times are in UTC, and no zone is told.
    """
    return (_begun("") + (_zones(frame) if frame else "")).encode()


CLOSING = b"END:VCALENDAR\r\n"


def opening(frame: Frame) -> bytes:
    """Everything before the first event, in UTF-8.

    The frame's own zone is always there, so that even a feed without events has a component,
    as RFC 5545 asks.
    """
    return "".join(
        (
            _head(frame.name),
            line("X-WR-TIMEZONE", frame.zone),
            f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}\r\n",
            f"X-PUBLISHED-TTL:{REFRESH}\r\n",
            _zones(frame),
        )
    ).encode()


def message_opening(frame: Frame, method: str) -> bytes:
    """Everything before the events of a scheduling message (RFC 5546 §3.2), which has no name."""
    return (_begun(method) + _zones(frame)).encode()


def vcalendar(begun: bytes, events: Iterable[bytes]) -> bytes:
    """The whole document: an opening, kept texts, joined."""
    return b"".join((begun, *events, CLOSING))


def busy_calendar(name: str, free_busy: str) -> bytes:
    """A document with one VFREEBUSY; its instants are in UTC, so no zone is told."""
    return (_head(name) + free_busy).encode() + CLOSING


def _head(name: str) -> str:
    return _begun("PUBLISH") + text_line("NAME", name) + text_line("X-WR-CALNAME", name)


def _begun(method: str) -> str:
    return "".join(
        (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
            line("PRODID", PRODUCT),
            "CALSCALE:GREGORIAN\r\n",
            f"METHOD:{method}\r\n" if method else "",
        )
    )


def _zones(frame: Frame) -> str:
    zones = sorted({frame.zone, *frame.other_zones})
    return "".join(vtimezone(zone, frame.first_year, frame.last_year) for zone in zones)
