"""A season out of a spreadsheet: lines of a CSV file become a calendar, which is then read like any other.

The first line names the columns, in English, Dutch or French. What cannot be read becomes an event without a
start: it is counted and told, as it would be in a calendar.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from calendars.domain.foreign_lines import NotACalendar
from calendars.domain.lines import line, text_line

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "start": ("start", "from", "begin", "van", "datum", "date", "début", "debut", "du"),
    "end": ("end", "to", "until", "einde", "tot", "tot en met", "fin", "au", "jusqu'au"),
    "title": ("title", "what", "titel", "wat", "titre", "quoi", "summary"),
    "place": ("place", "room", "location", "ruimte", "zaal", "plaats", "lieu", "salle"),
    "status": ("status", "statuut", "statut", "état"),
}
CERTAIN = ("", "confirmed", "certain", "bevestigd", "zeker", "vast", "confirmé", "confirme", "ferme", "certain")
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
    events = "".join(_event(row) for row in rows_of(body))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//season//EN\r\n{events}END:VCALENDAR\r\n".encode()


def rows_of(body: bytes) -> list["Row"]:
    """Its rows, but for empty ones. NotACalendar when there are none, or no columns to read."""
    rows = [Row(number, cells) for number, cells in _rows(_decoded(body))]
    if not rows:
        raise NotACalendar("no-columns")
    return rows


@dataclass(frozen=True)
class Row:
    """One row. `number`: as spreadsheets count, the names of the columns are row 1; `cells`: column → text."""

    number: int
    cells: Mapping[str, str]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.cells.get("title", "")

    @cached_property
    def uid(self) -> str:
        """The same as long as the row says the same, wherever it stands."""
        identity = hashlib.sha256(repr(sorted(self.cells.items())).encode()).hexdigest()[:24]
        return f"{identity}@season"

    @property
    def problems(self) -> list[str]:
        """What is not right with it, as codes."""
        typed, until = self.cells.get("start", ""), self.cells.get("end", "")
        start, end = _moment(typed), _moment(until)
        found = []
        if start is None:
            found.append("row-start" if typed else "row-no-start")
        elif until and (end is None or isinstance(end, datetime) is not isinstance(start, datetime)):
            found.append("row-end")
        elif isinstance(start, datetime) and not until:
            found.append("row-no-end")
        elif end is not None and _comes_before(end, start):
            found.append("reversed")
        if self.cells.get("status", "").lower() not in (*TENTATIVE, *CERTAIN):
            found.append("row-status")
        return found


def _comes_before(end: date, start: date) -> bool:
    return end <= start if isinstance(start, datetime) else end < start


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
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
    for number, cells in enumerate(table[1:], 2):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(row.values()):
            yield number, row


def _column(cell: str) -> str:
    word = cell.strip().lower()
    return next((name for name, words in COLUMNS.items() if word in words), "")


def _event(row: Row) -> str:
    cells = row.cells
    inner = [
        text_line("UID", row.uid),
        text_line("SUMMARY", row.title),
        text_line("LOCATION", cells.get("place", "")),
        line("STATUS", "TENTATIVE" if cells.get("status", "").lower() in TENTATIVE else "CONFIRMED"),
        *_times(cells),
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
