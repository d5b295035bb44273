"""What else there is for somebody who lost days or was told no: ways out, as a letter offers them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.claims import ClaimTerms, resolve
from booking.domain.conflicts import obstacles
from booking.domain.options import days_of
from booking.domain.people import Person
from booking.domain.refusals import Conflict
from booking.domain.ways_out import WayOut
from booking.services import ways_out
from booking.services.holding import held_around
from booking.services.standing import Standing
from booking.services.terms import terms_of
from booking.storage.locks import places
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow

MOST = 3
"""As many as somebody reads in a letter."""


def of(
    connection: Connection, reader: Person, row: BookingRow, event: EventRow, how: Standing, *, at: datetime
) -> Sequence[WayOut]:
    """At most three ways out for what this event took: each would succeed if asked now, or says its cost."""
    lost = tuple(_terms(each) for each in how.lost if each.at == event.at)
    terms = replace(terms_of(row), claims=lost) if lost else terms_of(row)
    known = places(connection, {claim.resource for claim in terms.claims})
    asked = [resolve(claim, known[claim.resource]) for claim in terms.claims]
    if min(each.span.start for each in asked) <= at:
        return ()
    taken = obstacles(asked, held_around(connection, asked, besides=row.id)) or [
        Conflict("time-taken", each.place.code, each.span, tuple(days_of(each)), each.place.zone) for each in asked
    ]
    return ways_out.of_terms(connection, reader, terms, taken, at=at, besides=row.id)[:MOST]


def _terms(lost: Row[Any]) -> ClaimTerms:
    return ClaimTerms(
        lost.resource,
        lost.start_date or lost.starts,
        lost.end_date or lost.ends,
        lost.quantity,
        lost.setup_minutes,
        lost.strike_minutes,
        lost.crew,
    )
