"""A calendar read by two parsers that know nothing of each other, and of us: they must agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

import icalendar
import vobject


@dataclass(frozen=True)
class Seen:
    """An event as a calendar app sees it; instants in UTC, dates for whole days."""

    uid: str
    sequence: int
    start: datetime | date
    end: datetime | date
    summary: str
    status: str
    transparent: str
    busy_status: str
    location: str
    description: str
    modified: datetime

    @property
    def length(self) -> float:
        """In hours."""
        return (self.end - self.start).total_seconds() / 3600


def read(body: bytes) -> dict[str, Seen]:
    """Every event by its UID, as icalendar reads it; AssertionError unless vobject reads the same."""
    check_lines(body)
    first = sorted(_by_icalendar(body), key=lambda each: each.uid)
    second = sorted(_by_vobject(body), key=lambda each: each.uid)
    assert first == second
    assert all(earlier.uid != later.uid for earlier, later in pairwise(first))
    return {each.uid: each for each in first}


def check_lines(body: bytes) -> None:
    """CRLF everywhere, no line over 75 octets, UTF-8 whole on every physical line."""
    assert body.endswith(b"\r\n")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 75
        line.decode()


def _by_icalendar(body: bytes) -> Iterator[Seen]:
    calendar = icalendar.Calendar.from_ical(body)
    assert calendar.get("VERSION") == "2.0"
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        yield Seen(
            uid=str(event["UID"]),
            sequence=int(event["SEQUENCE"]),
            start=_settled(event["DTSTART"].dt),
            end=_settled(event["DTEND"].dt),
            summary=str(event["SUMMARY"]),
            status=str(event["STATUS"]),
            transparent=str(event["TRANSP"]),
            busy_status=str(event["X-MICROSOFT-CDO-BUSYSTATUS"]),
            location=str(event.get("LOCATION", "")),
            description=str(event.get("DESCRIPTION", "")),
            modified=_settled(event["LAST-MODIFIED"].dt),
        )


def _by_vobject(body: bytes) -> Iterator[Seen]:
    calendar = vobject.readOne(body.decode())
    for event in getattr(calendar, "vevent_list", []):
        yield Seen(
            uid=event.uid.value,
            sequence=int(event.sequence.value),
            start=_settled(event.dtstart.value),
            end=_settled(event.dtend.value),
            summary=event.summary.value,
            status=event.status.value,
            transparent=event.transp.value,
            busy_status=event.x_microsoft_cdo_busystatus.value,
            location=event.location.value if hasattr(event, "location") else "",
            description=event.description.value if hasattr(event, "description") else "",
            modified=_settled(event.last_modified.value),
        )


def _settled(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
