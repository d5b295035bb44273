"""The register of bookings, written. Every writer holds the lock of `locks.py`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, delete, insert, text, update

from booking.domain.bookings import Terms
from booking.domain.claims import Asked
from booking.domain.states import FORCE, SHOWN, Force, State
from booking.storage import occupancies
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Claim
from booking.storage.events import ADD_EVENT
from booking.storage.registers import BookingRow

SECOND = timedelta(seconds=1)
ADD_BOOKING, ADD_CLAIM = insert(Booking), insert(Claim)


@dataclass(frozen=True, slots=True)
class Entry:
    """One new booking as rows, with the event that tells it and the resources whose timeline it changes."""

    booking: dict[str, Any]
    claims: list[dict[str, Any]]
    occupancies: list[dict[str, Any]]
    event: dict[str, Any]
    touched: list[int]


def entry(
    booking_id: UUID,
    asked: Sequence[Asked],
    terms: Terms,
    *,
    state: State,
    by: UUID,
    at: datetime,
    event: dict[str, Any],
) -> Entry:
    """The rows of a booking with these claims."""
    force = FORCE[state]
    claims = [(new_id(), n, each) for n, each in enumerate(asked)]
    occupancy = occupancies.taken([(claim_id, each) for claim_id, _, each in claims], force)
    booking = {
        "id": booking_id,
        "venue_id": asked[0].place.venue_id,
        "organisation_id": terms.organisation,
        "state": state,
        "title": terms.title,
        "purpose": terms.purpose,
        "people": terms.people,
        "note": terms.note,
        "moments": [moment.document() for moment in terms.moments],
        "refer_consent": terms.refer_consent,
        "asked_by": by,
        "created_at": at,
        "modified_at": at,
        "granted_at": at if force is not Force.NONE else None,
        "extensions": 0,
        "revision": 1,
        "sequence": 0,
        "shown": state in SHOWN,
    }
    touched = sorted({row["atom_id"] for row in occupancy}) if force is not Force.NONE else []
    return Entry(booking, _claim_rows(booking_id, claims), occupancy, event, touched)


def add(connection: Connection, new: Entry) -> None:
    """Write it: one statement on PostgreSQL, one per table on SQLite. IntegrityError when a guard refuses it."""
    WRITERS[connection.dialect.name](connection, new)


def add_if_unchanged(connection: Connection, new: Entry, seen: Mapping[int, int]) -> bool:
    """Lock what it takes and write it, if each resource still has the revision in `seen`; whether it was written.

    One statement, on PostgreSQL alone. Every change of what holds a resource, or of its rules, raises its revision
    under this lock: what was judged before is then still true. IntegrityError when a guard refuses it.
    """
    revisions = [{"id": resource, "revision": revision} for resource, revision in seen.items()]
    parameters = {**_documents(new), "seen": orjson.dumps(revisions).decode(), "locked": list(seen)}
    return bool(connection.execute(ENTER_IF_UNCHANGED, parameters).rowcount)


# Five statements one after another take three times as long on both sides as one that is handed
# its rows as JSON. A row's type is its table's, so nothing here names a column: one that a row
# does not name becomes NULL, never its default, so whoever adds a column writes it in `entry` too.
ENTER = text(
    """
    WITH
    new_booking AS (
        INSERT INTO booking SELECT * FROM jsonb_populate_record(NULL::booking, CAST(:booking AS jsonb))
    ),
    new_claims AS (
        INSERT INTO claim SELECT * FROM jsonb_populate_recordset(NULL::claim, CAST(:claims AS jsonb))
    ),
    new_occupancies AS (
        INSERT INTO occupancy SELECT * FROM jsonb_populate_recordset(NULL::occupancy, CAST(:occupancies AS jsonb))
        ORDER BY venue_id, atom_id
    ),
    touched AS (
        UPDATE resource SET revision = revision + 1 WHERE id = ANY(CAST(:touched AS integer[]))
    )
    INSERT INTO event SELECT * FROM jsonb_populate_record(NULL::event, CAST(:event AS jsonb))
    """
)

ENTER_IF_UNCHANGED = text(
    """
    WITH
    locked AS MATERIALIZED (
        SELECT id, revision FROM resource WHERE id = ANY(CAST(:locked AS integer[]))
        ORDER BY venue_id, id FOR NO KEY UPDATE
    ),
    meanwhile AS MATERIALIZED (
        SELECT count(*) = cardinality(CAST(:locked AS integer[])) AS unchanged
        FROM locked JOIN jsonb_to_recordset(CAST(:seen AS jsonb)) AS seen (id integer, revision bigint)
        USING (id, revision)
    ),
    new_booking AS (
        INSERT INTO booking
        SELECT new.* FROM meanwhile, jsonb_populate_record(NULL::booking, CAST(:booking AS jsonb)) AS new
        WHERE unchanged
    ),
    new_claims AS (
        INSERT INTO claim
        SELECT new.* FROM meanwhile, jsonb_populate_recordset(NULL::claim, CAST(:claims AS jsonb)) AS new
        WHERE unchanged
    ),
    new_occupancies AS (
        INSERT INTO occupancy
        SELECT new.* FROM meanwhile, jsonb_populate_recordset(NULL::occupancy, CAST(:occupancies AS jsonb)) AS new
        WHERE unchanged ORDER BY venue_id, atom_id
    ),
    touched AS (
        UPDATE resource SET revision = revision + 1
        WHERE id = ANY(CAST(:touched AS integer[])) AND (SELECT unchanged FROM meanwhile)
    )
    INSERT INTO event
    SELECT new.* FROM meanwhile, jsonb_populate_record(NULL::event, CAST(:event AS jsonb)) AS new
    WHERE unchanged
    """
)
"""The same, under a lock that this statement takes, unless a resource has another revision than was seen."""


def _documents(new: Entry) -> dict[str, Any]:
    rows = {name: getattr(new, name) for name in ("booking", "claims", "occupancies", "event")}
    return {"touched": new.touched, **{name: orjson.dumps(value).decode() for name, value in rows.items()}}


def _add_together(connection: Connection, new: Entry) -> None:
    connection.execute(ENTER, _documents(new))


def _add_one_by_one(connection: Connection, new: Entry) -> None:
    connection.execute(ADD_BOOKING, new.booking)
    connection.execute(ADD_CLAIM, new.claims)
    connection.execute(occupancies.ADD, new.occupancies)
    if new.touched:
        occupancies.touch(connection, new.touched)
    connection.execute(ADD_EVENT, new.event)


WRITERS: dict[str, Callable[[Connection, Entry], None]] = {
    "postgresql": _add_together,
    "sqlite": _add_one_by_one,
}


def add_claims(
    connection: Connection,
    booking_id: UUID,
    claims: Sequence[tuple[UUID, int, Asked]],
    force: Force,
) -> None:
    """New claims (id, position, terms) of a booking, with what they take."""
    if not claims:
        return
    connection.execute(ADD_CLAIM, _claim_rows(booking_id, claims))
    occupancies.take(connection, [(claim_id, asked) for claim_id, _, asked in claims], force)


def _claim_rows(booking_id: UUID, claims: Sequence[tuple[UUID, int, Asked]]) -> list[dict[str, Any]]:
    return [
        {
            "id": claim_id,
            "venue_id": asked.place.venue_id,
            "booking_id": booking_id,
            "resource_id": asked.place.id,
            "position": position,
            **_columns(asked),
        }
        for claim_id, position, asked in claims
    ]


def move_claims(connection: Connection, claims: Iterable[tuple[UUID, int, Asked]], force: Force) -> None:
    """Give claims that stay (and keep their UID in calendars) other terms."""
    moved = list(claims)
    for claim_id, position, asked in moved:
        connection.execute(
            update(Claim)
            .where(Claim.id == claim_id, Claim.venue_id == asked.place.venue_id)
            .values(position=position, **_columns(asked))
        )
    if moved:
        occupancies.take(connection, [(claim_id, asked) for claim_id, _, asked in moved], force)


def end_claims(connection: Connection, row: BookingRow, claims: Collection[UUID], *, at: datetime) -> None:
    """Take claims out of a booking that goes on; what they held is given up before.

    Calendars that have shown a claim are told that it ended; one that none ever showed goes.
    """
    if not claims:
        return
    these = (Claim.venue_id == row.venue_id, Claim.id.in_(claims))
    connection.execute(
        update(Claim).where(*these).values(ended_at=at) if row.shown else delete(Claim).where(*these)
    )


def _columns(asked: Asked) -> dict[str, Any]:
    terms = asked.terms
    return {
        "starts": asked.span.start,
        "ends": asked.span.end,
        "start_date": terms.start if terms.in_whole_days else None,
        "end_date": terms.end if terms.in_whole_days else None,
        "setup_minutes": terms.setup_minutes,
        "strike_minutes": terms.strike_minutes,
        "quantity": terms.quantity,
        "crew": terms.crew,
    }


def alter(connection: Connection, row: BookingRow, values: Mapping[str, Any], *, at: datetime) -> None:
    """Change columns of a booking, read under its lock; raises its revision and its sequence.

    `modified_at` rises by at least a second: calendars know no less (RFC 5545 §3.3.5), and some
    take a change only when LAST-MODIFIED rises.
    """
    connection.execute(
        update(Booking)
        .where(Booking.id == row.id, Booking.venue_id == row.venue_id)
        .values(
            **values,
            modified_at=max(at, row.modified_at + SECOND),
            revision=Booking.revision + 1,
            sequence=Booking.sequence + 1,
        )
    )


def complete(connection: Connection, booking_id: UUID, venue_id: int) -> None:
    """A confirmed booking is over: another revision, but nothing that a calendar shows."""
    connection.execute(
        update(Booking)
        .where(Booking.id == booking_id, Booking.venue_id == venue_id, Booking.state == State.CONFIRMED)
        .values(state=State.COMPLETED, revision=Booking.revision + 1)
    )
