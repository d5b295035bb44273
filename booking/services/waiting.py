"""The waiting list: companies that want to hear when something frees. It holds nothing and promises nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, ClaimTerms, Place, outer_span, resolve
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound
from booking.domain.rules import HORIZON_DAYS
from booking.domain.waiting import Behind, behind, has_freed
from booking.services import events
from booking.services.holding import atom_ids, held_around
from booking.services.ordering import House
from booking.storage import occupancies, waiting
from booking.storage.locks import lock_places
from booking.storage.waiting import WaitingRow

__all__ = ["WaitingRow", "add", "listing", "remove", "tell_freed"]

MOST_WAITING = 200
"""Of one organisation: more is no interest any more."""


def add(
    connection: Connection, person: Person, terms: ClaimTerms, organisation: UUID | None, *, at: datetime
) -> WaitingRow:
    """Note it for a company; what is free already is told at once. Noting the same twice changes nothing.

    `organisation` None: the person's own (the first by name). Forbidden for who has none, NotFound for another's,
    Malformed.
    """
    company = _company(person, organisation)
    place = lock_places(connection, [terms.resource]).get(terms.resource)
    if place is None:
        raise Malformed({"resource": ["unknown"]})
    asked = _asked(terms, place, at)
    found = waiting.same(connection, asked, company)
    if found is None:
        if waiting.count(connection, company, ends_after=at) >= MOST_WAITING:
            raise Malformed({"resource": ["too-many"]})
        stands = behind(asked, held_around(connection, [asked]))
        found = waiting.add(connection, asked, company, person.id, stands, at=at)
        if stands is Behind.FREE:
            _tell(connection, _reread(connection, found), at)
    return _reread(connection, found)


def _company(person: Person, organisation: UUID | None) -> UUID:
    if organisation is not None:
        if not person.speaks_for(organisation):
            raise NotFound
        return organisation
    mine = sorted(person.organisations, key=lambda each: person.organisations[each])
    if not mine:
        raise Forbidden
    return mine[0]


def _asked(terms: ClaimTerms, place: Place, at: datetime) -> Asked:
    try:
        asked = resolve(terms, place)
    except ValueError as error:
        raise Malformed({"end": ["not-after-start"]}) from error
    if asked.span.end <= at:
        raise Malformed({"end": ["past"]})
    if (asked.span.end - at).days > place.rules.horizon_days + 1 or asked.span.length.days > HORIZON_DAYS:
        raise Malformed({"end": ["out-of-range"]})
    if terms.quantity > place.capacity:
        raise Malformed({"quantity": ["too-many"]})
    return asked


def listing(
    connection: Connection, person: Person, *, at: datetime, after: UUID | None = None, limit: int | None = None
) -> Sequence[WaitingRow]:
    """What this person's companies wait for, and what they were told of that is not over yet."""
    return waiting.of_organisations(connection, set(person.organisations), ends_after=at, after=after, limit=limit)


def remove(connection: Connection, person: Person, waiting_id: UUID) -> None:
    """They wait no more. NotFound when it is nobody's or another's."""
    row = waiting.find(connection, waiting_id)
    if row is None or not person.speaks_for(row.organisation_id):
        raise NotFound
    waiting.remove(connection, waiting_id)


def tell_freed(connection: Connection, house: House, *, at: datetime) -> None:
    """Everybody at this house for whom it has become better, once; what is retired becomes better for nobody.

    One statement where nobody waits.
    """
    rows = [
        row
        for row in waiting.untold(connection, house.id, ends_after=at)
        if row.resource in house.places and not house.places[row.resource].retired
    ]
    if not rows:
        return
    asked = {row.id: resolve(_terms(row), house.places[row.resource]) for row in rows}
    held = occupancies.held(connection, atom_ids(list(asked.values())), outer_span(list(asked.values())))
    for row in rows:
        if has_freed(Behind(row.behind), behind(asked[row.id], held)):
            _tell(connection, row, at)


def _terms(row: WaitingRow) -> ClaimTerms:
    return ClaimTerms(row.resource, row.start_date or row.starts, row.end_date or row.ends, row.quantity)


def _tell(connection: Connection, row: WaitingRow, at: datetime) -> None:
    waiting.note_told(connection, row.id, at=at)
    events.put(
        connection,
        "waiting.freed",
        venue_id=row.venue_id,
        booking_id=None,
        by=None,
        at=at,
        new={
            "waiting": str(row.id),
            "organisation": str(row.organisation_id),
            "resource": row.resource,
            "resource_name": row.resource_name,
            "venue_name": row.venue_name,
            "start": (row.start_date or row.starts).isoformat(),
            "end": (row.end_date or row.ends).isoformat(),
            "quantity": row.quantity,
        },
    )


def _reread(connection: Connection, waiting_id: UUID) -> WaitingRow:
    row = waiting.find(connection, waiting_id)
    if row is None:
        raise NotFound
    return row
