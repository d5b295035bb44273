"""What stands in the way of requests that wait, seen from the desk: all of them at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import resolve
from booking.domain.conflicts import obstacles, options_under
from booking.domain.refusals import Conflict
from booking.services.holding import held_around
from booking.services.terms import typed
from booking.storage.locks import places
from booking.storage.registers import BookingRow


def of_requests(connection: Connection, rows: Sequence[BookingRow]) -> dict[UUID, list[Conflict]]:
    """For each booking why it could not be confirmed now; an empty list: it could. Two statements.

    A question, not a promise: nothing is locked. An option of another is told too, and is not hard: the request
    can stand behind it, and whoever confirms over it says why.
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
    found = {}
    for booking_id, claims in asked.items():
        others = [each for each in held if each.booking_id != booking_id]
        found[booking_id] = [*obstacles(claims, others), *options_under(claims, others)]
    return found
