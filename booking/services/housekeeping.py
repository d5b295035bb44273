"""What time itself does, without anybody asking."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from booking.domain.states import State
from booking.services import events
from booking.storage import entries, kept_answers, registers, undoing

KEPT_FOR = timedelta(hours=24)
FORMS_KEPT_FOR = timedelta(days=30)
AT_ONCE = 100


def complete_past(connection: Connection, *, at: datetime) -> int:
    """Confirmed bookings of which every claim has ended become completed, at most a hundred at once.

    They hold as before, and calendars show them as before. Returns how many.
    """
    past = registers.confirmed_and_over(connection, at=at, limit=AT_ONCE)
    for row in past:
        entries.complete(connection, row.id, row.venue_id)
        events.put(
            connection,
            "booking.completed",
            venue_id=row.venue_id,
            booking_id=row.id,
            by=None,
            at=row.ends,
            old={"state": State.CONFIRMED},
            new={"state": State.COMPLETED},
        )
    return len(past)


def forget_kept_answers(connection: Connection, *, at: datetime) -> int:
    """An Idempotency-Key is remembered for a day, and so is what could have been undone; a form for a month.
    Returns how many answers were forgotten."""
    undoing.forget(connection, before=at - KEPT_FOR)
    return kept_answers.forget(connection, before=at - KEPT_FOR, forms_before=at - FORMS_KEPT_FOR)
