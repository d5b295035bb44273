"""A calendar with its recurring events expanded, by a library that knows nothing of how it was written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import icalendar
import recurring_ical_events

from tests.support.two_readers import check_lines


@dataclass(frozen=True, order=True)
class Occurrence:
    """One time that an app draws; instants in UTC, dates for whole days."""

    start: datetime | date
    end: datetime | date
    summary: str
    status: str
    uid: str


def expanded(body: bytes, first: str = "2026-01-01", last: str = "2030-01-01") -> list[Occurrence]:
    """Everything between two days, in order; what is cancelled too."""
    check_lines(body)
    calendar = icalendar.Calendar.from_ical(body)
    found = recurring_ical_events.of(calendar).between(date.fromisoformat(first), date.fromisoformat(last))
    return sorted(
        Occurrence(
            _settled(each["DTSTART"].dt),
            _settled(each["DTEND"].dt),
            str(each["SUMMARY"]),
            str(each["STATUS"]),
            str(each["UID"]),
        )
        for each in found
    )


def _settled(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
