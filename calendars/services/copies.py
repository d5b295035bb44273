"""Copies of foreign calendars: octets that were sent or kept, read anew when time or a choice asks for it.

A season out of a spreadsheet is kept as it was sent, so that what is wrong with it can be told row by row.
"""

import gzip
import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from calendars.domain import season
from calendars.domain.foreign_events import Reading
from calendars.domain.foreign_lines import is_calendar
from calendars.services import taking_in
from calendars.services.taking_in import Copy, Read
from calendars.storage import external
from calendars.storage.external import CalendarRow


def copied(body: bytes, name: str, zone: str, read: Read, *, at: datetime) -> Copy:
    """Octets, read: of a calendar, or of a season in a spreadsheet (`name`: ….csv, text/csv).

    foreign_lines.NotACalendar.
    """
    if name.lower().endswith("csv"):
        reading = read_any(body, zone, read, at=at)
    else:
        reading = read(body, taking_in.terms(zone, at))
    return Copy(reading, gzip.compress(body, 6, mtime=0), digest_of(body))


def read_any(body: bytes, zone: str, read: Read, *, at: datetime) -> Reading:
    """What the octets say, of either. foreign_lines.NotACalendar."""
    terms = taking_in.terms(zone, at)
    if is_calendar(body):
        return read(body, terms)
    rows = season.rows_of(body)
    reading = read(season.calendar_of(body), terms)
    wrong = [[code, row.title, row.number] for row in rows for code in row.problems]
    counts = {name: count for name, count in reading.counts.items() if not name.startswith("unclear")}
    counts |= {"unclear": len({number for _, _, number in wrong})} if wrong else {}
    numbers = {row.uid: row.number for row in reversed(rows)}
    return replace(reading, counts=counts, notes=wrong[: taking_in.MOST_NOTED], rows=numbers)


def digest_of(body: bytes) -> str:
    """Another one as soon as one octet is."""
    return hashlib.sha256(body).hexdigest()


def kept(connection: Connection, row: CalendarRow, read: Read, *, at: datetime) -> Copy | None:
    """The last good copy, read anew; None when there is none yet."""
    body = external.copy(connection, row.id)
    if body is None:
        return None
    reading = read_any(gzip.decompress(body), row.zone, read, at=at)
    return Copy(reading, body, row.digest, row.etag, row.last_modified)
