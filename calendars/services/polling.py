"""Looking at foreign calendars when their turn comes: fetched and read without a transaction, then taken in.

What cannot be used changes nothing: the last good copy stays, and is told to be old. Who fails is asked less
and less often; who says that nothing changed is believed.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection
from structlog import get_logger

from booking.fetching import Answer, Unreachable
from booking.storage.database import Database
from booking.storage.outbox import EventRow
from calendars.domain.foreign_lines import NotACalendar
from calendars.services import taking_in
from calendars.services.copies import digest_of, read_any
from calendars.services.taking_in import EVERY, Copy, NotBelieved, Read
from calendars.storage import external
from calendars.storage.external import CalendarRow

log = get_logger("emerge.calendars")

Fetch = Callable[[str, dict[str, str]], Answer]
"""Gets an address with these headers; fetching.Unreachable."""

LONGEST_WAIT = timedelta(hours=24)
TAKEN_UP = timedelta(minutes=10)
"""For so long a calendar that somebody looks at is nobody else's."""
EXPANDED_AGAIN = timedelta(days=3 * 365 + 1)
"""A copy that reaches less far ahead than that is expanded anew."""
ACCEPT = "text/calendar, text/plain;q=0.5, */*;q=0.1"
PROBLEMS = {401: "not-allowed", 403: "not-allowed", 404: "gone", 410: "gone", 429: "asked-too-often"}


@dataclass(frozen=True, slots=True)
class Outside:
    """What goes out and what reads: the one door, and the reader that is apart."""

    fetch: Fetch
    read: Read


class Unusable(Exception):
    """The answer is no calendar that counts; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sync_due(database: Database, outside: Outside, *, at: datetime, all_of_them: bool = False) -> int:
    """Look at every calendar whose turn it is; returns how many."""
    with database.read() as connection:
        waiting = external.due(connection, at=at, all_of_them=all_of_them)
        short = set(external.stale(connection, before=at, after=EXPANDED_AGAIN)) - set(waiting)
    for calendar_id in waiting:
        look_at(database, outside, calendar_id, at=at)
    for calendar_id in sorted(short):
        _expand_again(database, outside, calendar_id, at=at)
    return len(waiting)


def follow_house(connection: Connection, event: EventRow) -> None:
    """With another day line, whole days of foreign calendars begin and end at another hour: they are read anew."""
    if event.kind == "venue.changed" and "day_line" in event.new:
        external.forget_reach(connection, event.venue_id)


def look_at(database: Database, outside: Outside, calendar_id: UUID, *, at: datetime) -> None:
    """Fetch it, read it, take it in; or note why not."""
    row = database.write(partial(external.claim, calendar_id=calendar_id, at=at, again_at=at + TAKEN_UP))
    if row is None or row.url is None:
        return
    try:
        copy = _fetched(row, outside, at)
        if copy is None:
            database.write(partial(_note_unchanged, calendar_id=calendar_id, at=at))
            return
        database.write(partial(_take_in, calendar_id=calendar_id, copy=copy, at=at))
    except Unusable as error:
        log.info("calendar not read", calendar=str(calendar_id), code=error.code)
        database.write(partial(note_failure, calendar_id=calendar_id, code=error.code, at=at))


def ask_soon(connection: Connection, row: CalendarRow, *, at: datetime, believe: bool = False) -> CalendarRow:
    """It is its turn now. `believe`: the next copy counts however little is left in it."""
    external.alter(connection, row.id, due_at=at if row.url else None, believes=believe)
    return taking_in.reread(connection, row.id)


def note_failure(connection: Connection, calendar_id: UUID, code: str, *, at: datetime) -> None:
    """The last good copy stays; the house hears of it once, and the calendar is asked later and later."""
    row = external.find(connection, calendar_id, lock=True)
    if row is None:
        return
    failures = row.failures + 1
    external.alter(
        connection,
        calendar_id,
        state="failing",
        problem=code,
        failures=failures,
        tried_at=at,
        due_at=at + wait_after(failures) if row.url else None,
    )
    if row.state != "failing":
        taking_in.tell(connection, row, "calendar.failed", at=at, why=code)


def wait_after(failures: int) -> timedelta:
    """How long to leave a calendar alone that failed so many times in a row.

    >>> [wait_after(failures).total_seconds() // 60 for failures in (1, 2, 3, 9)]
    [15.0, 30.0, 60.0, 1440.0]
    """
    return min(EVERY * (1 << min(failures - 1, 10)), LONGEST_WAIT)


def _fetched(row: CalendarRow, outside: Outside, at: datetime) -> Copy | None:
    """What its server says now; None when that is what we have. Unusable."""
    headers = {"Accept": ACCEPT}
    if row.digest and not row.believes:
        headers |= {"If-None-Match": row.etag} if row.etag else {}
        headers |= {"If-Modified-Since": row.last_modified} if row.last_modified else {}
    try:
        answer = outside.fetch(row.url or "", headers)
    except Unreachable as error:
        raise Unusable(error.code) from error
    if answer.status == 304 and row.digest:
        return None
    if answer.status != 200:
        raise Unusable(PROBLEMS.get(answer.status, "server-error" if answer.status >= 500 else "no-answer"))
    digest = digest_of(answer.body)
    if digest == row.digest:
        return None
    try:
        reading = outside.read(answer.body, taking_in.terms(row.zone, at))
    except NotACalendar as error:
        raise Unusable(error.code) from error
    etag, modified = (answer.headers.get(name, "")[:500] for name in ("etag", "last-modified"))
    return Copy(reading, gzip.compress(answer.body, 6, mtime=0), digest, etag, modified)


def _take_in(connection: Connection, calendar_id: UUID, copy: Copy, *, at: datetime) -> None:
    row = external.find(connection, calendar_id, lock=True)
    if row is None:
        return
    try:
        taking_in.take_in(connection, row, copy, at=at)
    except NotBelieved as error:
        raise Unusable("half-gone") from error


def _note_unchanged(connection: Connection, calendar_id: UUID, *, at: datetime) -> None:
    """What we have is what there is."""
    row = external.find(connection, calendar_id, lock=True)
    if row is None:
        return
    values = {"state": "fine", "problem": None, "failures": 0, "read_at": at, "due_at": at + EVERY}
    external.alter(connection, calendar_id, **values)
    if row.state == "failing":
        taking_in.tell(connection, row, "calendar.recovered", at=at)


def _expand_again(database: Database, outside: Outside, calendar_id: UUID, *, at: datetime) -> None:
    """Time moved on: series reach further ahead now. The copy is the one that we have."""
    with database.read() as connection:
        row, body = external.find(connection, calendar_id), external.copy(connection, calendar_id)
    if row is None or body is None:
        return
    try:
        reading = read_any(gzip.decompress(body), row.zone, outside.read, at=at)
    except NotACalendar:
        return
    copy = Copy(reading, body, row.digest, row.etag, row.last_modified)
    database.write(partial(_expanded, calendar_id=calendar_id, copy=copy, at=at))


def _expanded(connection: Connection, calendar_id: UUID, copy: Copy, *, at: datetime) -> None:
    row = external.find(connection, calendar_id, lock=True)
    if row is not None:
        taking_in.expand(connection, row, copy, at=at)
