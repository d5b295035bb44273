"""A season out of a spreadsheet: lines of a CSV file become a calendar, which is then read like any other.

The first line names the columns, in English, Dutch or French. What cannot be read becomes an event without a
start: it is counted and told, as it would be in a calendar.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from calendars.domain.foreign_lines import NotACalendar
from calendars.domain.lines import line, text_line

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "start": ("start", "from", "begin", "van", "datum", "date", "début", "debut", "du"),
    "end": ("end", "to", "until", "einde", "tot", "tot en met", "fin", "au", "jusqu'au"),
    "title": ("title", "what", "titel", "wat", "titre", "quoi", "summary"),
    "place": ("place", "room", "location", "ruimte", "zaal", "plaats", "lieu", "salle"),
    "status": ("status", "statuut", "statut", "état"),
}
TENTATIVE = ("tentative", "option", "optie", "provisional", "voorlopig", "provisoire")
MOMENT = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))"
    r"(?:[ T]+(\d{1,2})[:.h](\d{2})(?::\d{2})?)?"
)
MOST_LINES = 20_000


def calendar_of(body: bytes) -> bytes:
    """The same as iCalendar. NotACalendar when there are no columns to read.

    An end without an hour is the last day itself, as people write it; none at all is the same day.
    """
    rows = list(_rows(_decoded(body)))
    if not rows:
        raise NotACalendar("no-columns")
    events = "".join(_event(row) for row in rows)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//season//EN\r\n{events}END:VCALENDAR\r\n".encode()


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[dict[str, str]]:
    lines = text.replace("\x00", "").splitlines()[: MOST_LINES + 1]
    if not lines:
        return
    separator = max(";,\t", key=lines[0].count)
    try:
        table = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        raise NotACalendar("no-columns") from None
    names = [_column(cell) for cell in table[0]]
    if "start" not in names:
        raise NotACalendar("no-columns")
    for cells in table[1:]:
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(row.values()):
            yield row


def _column(cell: str) -> str:
    word = cell.strip().lower()
    return next((name for name, words in COLUMNS.items() if word in words), "")


def _event(row: Mapping[str, str]) -> str:
    identity = hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:24]
    inner = [
        text_line("UID", f"{identity}@season"),
        text_line("SUMMARY", row.get("title", "")),
        text_line("LOCATION", row.get("place", "")),
        line("STATUS", "TENTATIVE" if row.get("status", "").lower() in TENTATIVE else "CONFIRMED"),
        *_times(row),
    ]
    return "".join(["BEGIN:VEVENT\r\n", *inner, "END:VEVENT\r\n"])


def _times(row: Mapping[str, str]) -> list[str]:
    start = _moment(row.get("start", ""))
    if start is None:
        return []
    end = _moment(row["end"]) if row.get("end") else start
    if isinstance(start, datetime):
        until = end if isinstance(end, datetime) else None
        return [
            line("DTSTART", f"{start:%Y%m%dT%H%M%S}"),
            line("DTEND", f"{until:%Y%m%dT%H%M%S}" if until else "?"),
        ]
    if end is None or isinstance(end, datetime) or end == date.max:
        return [line("DTSTART;VALUE=DATE", f"{start:%Y%m%d}"), line("DTEND;VALUE=DATE", "?")]
    after = end + timedelta(days=1)
    return [line("DTSTART;VALUE=DATE", f"{start:%Y%m%d}"), line("DTEND;VALUE=DATE", f"{after:%Y%m%d}")]


def _moment(text: str) -> date | None:
    """A date, or with an hour a naive wall-clock time; None when it is neither.

    >>> _moment("31/12/2026"), _moment("2026-12-31 20:30")
    (datetime.date(2026, 12, 31), datetime.datetime(2026, 12, 31, 20, 30))
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    numbers = [int(each) for each in found.groups()[:6] if each is not None]
    year, month, day = numbers if found[1] else reversed(numbers)
    try:
        if found[7] is None:
            return date(year, month, day)
        return datetime(year, month, day, int(found[7]), int(found[8]))  # noqa: DTZ001  a wall clock
    except (ValueError, OverflowError):
        return None
