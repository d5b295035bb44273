"""Offered windows of a resource: when companies may ask for it. Read by everybody, set by its house."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.people import Person
from booking.domain.refusals import NotFound, Stale
from booking.domain.windows import Window
from booking.services import catalogue, events
from booking.services.house import locked
from booking.storage import catalogues, occupancies, windows


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one resource, in order, with the zone in which they are read."""

    zone: str
    rows: Sequence[Row[*tuple[Any, ...]]]

    @property
    def revision(self) -> int:
        """Another one for other windows."""
        digest = hashlib.sha256(repr([tuple(row) for row in self.rows]).encode()).digest()
        return int.from_bytes(digest[:7])


def listing(connection: Connection, code: str, *, ends_after: datetime | None = None) -> Windows:
    """All of them, or those that are not over by `ends_after`. NotFound."""
    row = catalogues.resource(connection, code)
    if row is None:
        raise NotFound
    return Windows(row.zone, windows.of_resource(connection, row.id, ends_after=ends_after))


def replace(
    connection: Connection,
    person: Person,
    code: str,
    wanted: Sequence[Window],
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> Windows:
    """These from now on; none at all: always open. What was asked before stands as it is.

    NotFound, Forbidden, Stale.
    """
    row = catalogue.to_set_up(connection, person, code)
    house = locked(connection, row.venue_id, at=at)
    before = listing(connection, code)
    if if_match is not None and before.revision not in if_match:
        raise Stale(before.revision)
    windows.replace(connection, house.places[code], wanted)
    occupancies.touch(connection, [row.id])
    after = listing(connection, code)
    if before.revision != after.revision:
        old, new = {"windows": _told(before)}, {"windows": _told(after)}
        events.put_of_resource(
            connection, "resource.windows-changed", row.venue_id, code, by=person.id, at=at, old=old, new=new
        )
    return after


def _told(found: Windows) -> list[dict[str, str]]:
    return [
        {
            "start": (row.start_date or row.starts).isoformat(),
            "end": (row.end_date or row.ends).isoformat(),
        }
        for row in found.rows
    ]
