"""Foreign calendars for tests, and a second opinion on what they say."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from calendars.domain.foreign_events import Reading, Terms, clipped
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask, timeline

OURS = Path(__file__).parents[1] / "calendars" / "ics"
OTHERS = Path(__file__).parents[3] / "shared" / "data" / "ics"
"""Files of other projects, to read where they are at hand."""
HOME = "Europe/Brussels"
Spans = list[list[int]]
SENT = {"Content-Type": "text/calendar"}
REHEARSAL = "UID:r1\nSUMMARY:Rehearsal\nDTSTART;VALUE=DATE:20270510\nDTEND;VALUE=DATE:20270515"
MAY = ["external 2027-05-10T06:00 2027-05-15T06:00"]
"""What the rehearsal blocks."""
PENCILLED = "UID:r2\nSUMMARY:Maybe\nSTATUS:TENTATIVE\nDTSTART;VALUE=DATE:20270517\nDTEND;VALUE=DATE:20270519"


def files() -> list[Path]:
    """Every calendar file that is here."""
    return [*sorted(OURS.glob("*.ics")), *sorted(OTHERS.glob("*/*.ics"))]


def period(first: str, end: str) -> Terms:
    """Read under the clock of Kortrijk, between two dates."""
    return Terms(HOME, *(_seconds(datetime.fromisoformat(day).replace(tzinfo=UTC)) for day in (first, end)))


def calendar(*events: str, before: str = "") -> bytes:
    """A calendar of events, each given as its lines: `"UID:a", …` joined by newlines."""
    inner = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{before}{inner}END:VCALENDAR\n".encode()


def busy(reading: Reading, terms: Terms) -> Spans:
    """What takes time, as seconds; whole days from midnight to midnight, as other programs count them."""
    spans = [
        [_midnight(start), _midnight(end)] if event.days else [start, end]
        for event in reading.events
        if event.status in ("CONFIRMED", "TENTATIVE")
        for start, end in event.spans
    ]
    return clipped(spans, terms.since, terms.until)


def shown(spans: Spans) -> list[str]:
    """The same to read, in UTC: `2027-03-10 09:00 – 2027-03-10 10:00`."""
    return [
        " – ".join(datetime.fromtimestamp(each, UTC).strftime("%Y-%m-%d %H:%M") for each in span) for span in spans
    ]


def second_opinion(body: bytes, terms: Terms) -> Spans:
    """What an independent expander makes of it; raises whatever it raises."""
    start, end = (datetime.fromtimestamp(each, UTC) for each in (terms.since, terms.until))
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(body), skip_bad_series=True)
    spans = [
        [_seconds(_aware(event.start)), _seconds(_aware(event.end))]
        for event in query.between(start, end)
        if str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
    ]
    return clipped(spans, terms.since, terms.until)


def mutations(bodies: list[bytes], random: Any, count: int) -> Iterator[bytes]:
    """Calendars made worse: octets changed, cut, doubled, mixed with others, lines in another order."""
    changes: list[Callable[[bytearray, int], None]] = [
        lambda body, at: body.__setitem__(at, random.randrange(256)),
        lambda body, at: body.__delitem__(slice(at, at + random.randint(1, 30))),
        lambda body, at: body.__setitem__(slice(at, at), random.choice(SPICES)),
        lambda body, at: body.__setitem__(slice(at, at), body[: random.randint(1, 80)]),
        lambda body, at: body.__setitem__(slice(at, at), random.choice(bodies)[at : at + 200]),
    ]
    for _ in range(count):
        body = bytearray(random.choice(bodies))
        for _ in range(random.randint(1, 4)):
            if body:
                random.choice(changes)(body, random.randrange(len(body)))
        yield bytes(body)


SPICES = (
    *(b"0", b"9", b"-", b":", b";", b"=", b",", b"\r\n", b"\x00", b"T", b"Z", b"P", b"99999999999", b"\xff\xfe"),
    *(b"\nRRULE:FREQ=YEARLY;COUNT=5\n", b"\nRRULE:FREQ=SECONDLY\n", b"\nBEGIN:VEVENT\n", b"\nEND:VEVENT\n"),
)


def _midnight(day: int) -> int:
    there = datetime.combine(date(1970, 1, 1), time(), tzinfo=ZoneInfo(HOME))
    return _seconds(datetime.combine(date.fromordinal(there.toordinal() + day), time(), tzinfo=ZoneInfo(HOME)))


def _aware(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(HOME))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def send(api: Api, body: bytes, code: str = "BUD-S1", **more: Any) -> Answer:
    """A calendar of one resource, sent as a file."""
    return api.post(f"/resources/{code}/external-calendars", body=body, headers=SENT, **more)


def blocks(api: Api, code: str = "BUD-S1", first: str = "2027-05-01", end: str = "2027-06-01") -> list[str]:
    """What holds the resource: force, start and end of each."""
    items = timeline(api, code, first, end)
    return [f"{item['force']} {item['start'][:16]} {item['end'][:16]}" for item in items]


def refusal(api: Api, first: str, end: str, code: str = "BUD-S1") -> str | None:
    """Why these days cannot be had; None: they can."""
    return ask(api, a_claim(code, first, end)).code
