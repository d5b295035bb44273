"""The register of bookings, written. Every writer holds the lock of `locks.py`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, update

from booking.domain.bookings import Terms
from booking.domain.claims import Asked
from booking.domain.states import ENDS, FORCE, SHOWN, Force, State
from booking.storage import occupancies
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Claim
from booking.storage.registers import BookingRow

SECOND = timedelta(seconds=1)
ADD_BOOKING, ADD_CLAIM = insert(Booking), insert(Claim)


def add(
    connection: Connection,
    booking_id: UUID,
    asked: Sequence[Asked],
    terms: Terms,
    *,
    state: State,
    by: UUID,
    at: datetime,
) -> tuple[UUID, ...]:
    """One booking with its claims and what they take: three statements. Returns the ids of the claims."""
    connection.execute(
        ADD_BOOKING,
        {
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
            "granted_at": at if FORCE[state] is not Force.NONE else None,
            "revision": 1,
            "sequence": 0,
            "shown": state in SHOWN,
        },
    )
    claims = [(new_id(), n, each) for n, each in enumerate(asked)]
    add_claims(connection, booking_id, claims, FORCE[state])
    return tuple(claim_id for claim_id, _, _ in claims)


def add_claims(
    connection: Connection,
    booking_id: UUID,
    claims: Sequence[tuple[UUID, int, Asked]],
    force: Force,
) -> None:
    """New claims (id, position, terms) of a booking, with what they take."""
    if not claims:
        return
    connection.execute(
        ADD_CLAIM,
        [
            {
                "id": claim_id,
                "venue_id": asked.place.venue_id,
                "booking_id": booking_id,
                "resource_id": asked.place.id,
                "position": position,
                **_columns(asked),
            }
            for claim_id, position, asked in claims
        ],
    )
    occupancies.take(connection, [(claim_id, asked) for claim_id, _, asked in claims], force)


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


def end_claims(connection: Connection, venue_id: int, claims: Collection[UUID], *, at: datetime) -> None:
    """Take claims out of a booking that goes on; what they held is given up before."""
    if claims:
        connection.execute(
            update(Claim).where(Claim.venue_id == venue_id, Claim.id.in_(claims)).values(ended_at=at)
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


def set_state(connection: Connection, row: BookingRow, state: State, *, at: datetime) -> None:
    """Move a booking to another state; raises its revision and its sequence."""
    values: dict[str, Any] = {"state": state}
    if state in ENDS:
        values["ended_at"] = at
    if state in SHOWN:
        values["shown"] = True
    if state is State.OPTION:
        values["granted_at"] = at
    alter(connection, row, values, at=at)


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
            revision=row.revision + 1,
            sequence=row.sequence + 1,
        )
    )


def complete(connection: Connection, booking_id: UUID, venue_id: int) -> None:
    """A confirmed booking is over: another revision, but nothing that a calendar shows."""
    connection.execute(
        update(Booking)
        .where(Booking.id == booking_id, Booking.venue_id == venue_id, Booking.state == State.CONFIRMED)
        .values(state=State.COMPLETED, revision=Booking.revision + 1)
    )
