"""A planner reminds the holder of an option that its time runs out, ahead of the letter that goes by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Forbidden, NotFound, WrongState
from booking.domain.states import State
from booking.services import events
from booking.services.bookings import find
from booking.storage import histories, registers

REMINDED = "booking.expiring"
AGAIN_AFTER = timedelta(days=1)
"""Nobody is reminded twice within this time, whoever presses the button."""


def remind(connection: Connection, person: Person, booking_id: UUID, *, at: datetime) -> datetime | None:
    """Tell the company once more until when its option runs.

    Returns when it was last reminded, if that was within a day: then nothing is sent. NotFound, Forbidden (only
    its house reminds), WrongState (no option of a company, or its clock stands still).
    """
    find(connection, person, booking_id)
    row = registers.find(connection, booking_id, lock=True)
    if row is None:
        raise NotFound
    if not person.decides_for(row.venue):
        raise Forbidden
    if row.state is not State.OPTION or row.organisation is None or row.expires_at is None or row.expires_at <= at:
        raise WrongState(row.state, "remind")
    told: list[datetime] = [
        event.at for event in histories.of_booking(connection, booking_id) if event.kind == REMINDED
    ]
    if told and max(told) > at - AGAIN_AFTER:
        return max(told)
    events.put(
        connection,
        REMINDED,
        venue_id=row.venue_id,
        booking_id=row.id,
        by=person.id,
        at=at,
        new={"expires_at": row.expires_at.isoformat()},
    )
    return None
