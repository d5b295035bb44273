"""What stands in the way of requests that wait, seen from the desk: all of them at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import resolve
from booking.domain.conflicts import obstacles
from booking.domain.refusals import Conflict
from booking.services.holding import held_around
from booking.services.terms import typed
from booking.storage.locks import places
from booking.storage.registers import BookingRow


def of_requests(connection: Connection, rows: Sequence[BookingRow]) -> dict[UUID, list[Conflict]]:
    """For each booking why it could not be confirmed now; an empty list: it could. Two statements.

    A question, not a promise: nothing is locked, and what holds softly does not count.
    """
    known = places(connection, {claim.resource for row in rows for claim in row.claims})
    asked = {
        row.id: [resolve(typed(claim), known[claim.resource]) for claim in row.claims]
        for row in rows
        if row.claims
    }
    everything = [claim for claims in asked.values() for claim in claims]
    if not everything:
        return {}
    held = held_around(connection, everything)
    return {
        booking_id: obstacles(claims, [each for each in held if each.booking_id != booking_id])
        for booking_id, claims in asked.items()
        if claims
    }
