"""S8: a season of a house is read: 5,000 events, 500 of them series over two years; and the same once more."""

import hashlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events

from bench import clients
from calendars.apart.reader import Reader
from calendars.domain.foreign_events import Terms

EVENTS, SERIES = 5_000, 500
START = datetime(2027, 1, 4, 9)  # noqa: DTZ001 -- as it stands in the file, beside its zone
YEARS = 2
RULES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=2TU")
FEW = 25
"""Series that the other expander is given: all of them would take minutes."""


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each round. `expanded`: per occurrence, ours with everything and the other expander's."""

    read: list[float]
    parsed: list[float]
    unchanged: list[float]
    spans: int
    ours_per_span: float
    theirs_per_span: float


def measure(*, rounds: int) -> Result:
    """In turns: our reading, apart and expanded, and icalendar's parse of the same file."""
    body, reader = calendar(EVENTS, SERIES), Reader()
    terms = Terms("Europe/Brussels", _seconds(START), _seconds(START + timedelta(days=365 * YEARS)))
    reader(calendar(1, 0), terms)
    read, parsed, unchanged, spans = [], [], [], 0
    for _ in range(rounds):
        begun = clients.clock()
        spans = sum(len(event.spans) for event in reader(body, terms).events)
        read.append(clients.clock() - begun)
        begun = clients.clock()
        icalendar.Calendar.from_ical(body)
        parsed.append(clients.clock() - begun)
        begun = clients.clock()
        hashlib.sha256(body).hexdigest()
        unchanged.append(clients.clock() - begun)
    ours, theirs = _per_span(reader, terms)
    reader.close()
    return Result(read, parsed, unchanged, spans, ours, theirs)


def _per_span(reader: Reader, terms: Terms) -> tuple[float, float]:
    body = calendar(FEW, FEW)
    begun = clients.clock()
    ours = sum(len(event.spans) for event in reader(body, terms).events)
    between = clients.clock()
    ends = (datetime.fromtimestamp(each, UTC) for each in (terms.since, terms.until))
    theirs = len(list(recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(*ends)))
    return (between - begun) / ours, (clients.clock() - between) / theirs


def calendar(events: int, series: int) -> bytes:
    """A house's plan: so many events, the last of them series."""
    return b"".join(
        [
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A house//Planning//EN\r\n",
            *(_event(number, number >= events - series) for number in range(events)),
            b"END:VCALENDAR\r\n",
        ]
    )


def _event(number: int, repeats: bool) -> bytes:
    start = START + timedelta(days=number % 7 if repeats else number * 37 % (365 * YEARS))
    return "".join(_lines(number, start, repeats)).encode()


def _lines(number: int, start: datetime, repeats: bool) -> Iterator[str]:
    yield f"BEGIN:VEVENT\r\nUID:{number}@house.example\r\nDTSTAMP:20261123T080000Z\r\n"
    yield f"DTSTART;TZID=Europe/Brussels:{start:%Y%m%dT%H%M%S}\r\n"
    yield f"DTEND;TZID=Europe/Brussels:{start + timedelta(hours=2):%Y%m%dT%H%M%S}\r\n"
    if repeats:
        yield f"RRULE:{RULES[number % len(RULES)]};UNTIL=20290101T000000Z\r\n"
    yield f"SUMMARY:Event {number}\r\nLOCATION:Room {number % 4}\r\nEND:VEVENT\r\n"


def _seconds(local: datetime) -> int:
    return int(local.replace(tzinfo=UTC).timestamp())


def ratio(result: Result) -> float:
    """Ours over the floor, the median of the rounds' own ratios."""
    return statistics.median(ours / floor for ours, floor in zip(result.read, result.parsed, strict=True))


def unchanged_ratio(result: Result) -> float:
    """What the same file costs once more, over the first time."""
    return statistics.median(again / ours for again, ours in zip(result.unchanged, result.read, strict=True))
