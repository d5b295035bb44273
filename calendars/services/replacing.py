"""A newer file of a calendar that was sent: what it would change, and letting it count."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booking.domain.refusals import Stale
from calendars.domain.blocking import Blocking, Difference, difference, is_believable
from calendars.domain.foreign_events import Reading
from calendars.services import copies, taking_in
from calendars.services.taking_in import Copy, Read
from calendars.storage import external
from calendars.storage.external import CalendarRow


class HasAddress(ValueError):
    """It is read from its address: a file would be gone within a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a newer file would change, `difference`; with what was not understood of it.

    `is_believable`: whether enough is left of what was to come, or somebody has to say that it is right.
    """

    difference: Difference
    counts: Mapping[str, int]
    notes: Sequence[Any]
    is_believable: bool


def changes(
    connection: Connection,
    row: CalendarRow,
    reading: Reading,
    read: Read,
    *,
    blocks: Mapping[str, str],
    at: datetime,
) -> Changes:
    """Beside the copy that is in force, both read with these choices. HasAddress."""
    refuse_with_address(row)
    chosen = taking_in.choices_of(connection, row.venue_id, row.resource, blocks, row.split)
    setting = taking_in.Setting(row.venue_id, row.zone, row.day_line)
    kept = copies.kept(connection, row, read, at=at)
    before = taking_in.blockings(connection, setting, row.id, kept.reading.events if kept else (), chosen)
    now = taking_in.blockings(connection, setting, row.id, reading.events, chosen)
    return Changes(
        difference(before, now),
        taking_in.counted(reading, now),
        taking_in.noted(reading, now),
        is_believable(
            (each.event.uid for each in before if _is_to_come(each, at)), (each.event.uid for each in now)
        ),
    )


def offer(connection: Connection, row: CalendarRow, copy: Copy) -> None:
    """Keep the file until somebody has looked at what it changes. HasAddress; NotFound: the calendar is gone."""
    refuse_with_address(taking_in.held(connection, row))
    external.offer(connection, row.id, copy.body)


def offered(connection: Connection, row: CalendarRow, read: Read, *, at: datetime) -> Copy | None:
    """The file that waits, read; None when none does."""
    body = external.offered(connection, row.id)
    if body is None:
        return None
    octets = gzip.decompress(body)
    return Copy(copies.read_any(octets, row.zone, read, at=at), body, copies.digest_of(octets))


def accept(
    connection: Connection, row: CalendarRow, copy: Copy, digest: str, *, at: datetime, believe: bool = False
) -> CalendarRow:
    """The file that waits counts. `digest`: of the one that was looked at. Stale when another was sent since; else
    as `replace`."""
    taking_in.held(connection, row)  # so that no file comes between looking and letting count
    if digest != copy.digest or external.offered(connection, row.id) != copy.body:
        raise Stale(0)
    return replace(connection, row, copy, at=at, believe=believe)


def drop(connection: Connection, row: CalendarRow) -> None:
    """The file that waits is not wanted; everything stays."""
    external.offer(connection, row.id, None)


def replace(
    connection: Connection, row: CalendarRow, copy: Copy, *, at: datetime, believe: bool = False
) -> CalendarRow:
    """It counts when this transaction ends, in the place of the copy before. HasAddress;
    taking_in.NotBelieved when too little is left, unless somebody says so."""
    refuse_with_address(row)
    replaced = taking_in.take_in(connection, row, copy, at=at, believe=believe)
    external.offer(connection, row.id, None)
    return replaced


def refuse_with_address(row: CalendarRow) -> None:
    """HasAddress, when it has one."""
    if row.url is not None:
        raise HasAddress


def _is_to_come(each: Blocking, at: datetime) -> bool:
    return bool(each.spans) and each.spans[-1].end > at
