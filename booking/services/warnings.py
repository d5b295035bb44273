"""Soft conflicts of claims: warnings that may be accepted with a note, and refuse nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, outer_span, resolve
from booking.domain.refusals import Conflict
from booking.domain.soft_conflicts import Shift, crew_rest, noise
from booking.domain.states import ENDS
from booking.services.terms import typed
from booking.storage import neighbours
from booking.storage.locks import places
from booking.storage.registers import BookingRow


def soft_conflicts(
    connection: Connection, asked: Sequence[Asked], *, besides: UUID | None = None
) -> list[Conflict]:
    """What disturbs and what tires; a statement each, where a room is one of a pair or a crew is named."""
    return [*_noise(connection, asked, besides), *_crew_rest(connection, asked, besides)]


def of_booking(connection: Connection, row: BookingRow) -> tuple[Conflict, ...]:
    """The warnings of a booking as it stands."""
    if row.state in ENDS or not row.claims:
        return ()
    known = places(connection, {claim.resource for claim in row.claims})
    asked = [resolve(typed(claim), known[claim.resource]) for claim in row.claims]
    return tuple(soft_conflicts(connection, asked, besides=row.id))


def _noise(connection: Connection, asked: Sequence[Asked], besides: UUID | None) -> list[Conflict]:
    loud = [each for each in asked if each.place.disturbs]
    if not loud:
        return []
    ids = {each.place.id for each in loud}
    found = neighbours.in_noisy_rooms(connection, ids, outer_span(loud), besides=besides)
    return [
        conflict
        for each in loud
        for conflict in noise(each, [(code, span) for mine, code, span in found if mine == each.place.id])
    ]


def _crew_rest(connection: Connection, asked: Sequence[Asked], besides: UUID | None) -> list[Conflict]:
    manned = [each for each in asked if each.terms.crew]
    if not manned:
        return []
    crews = {each.terms.crew for each in manned if each.terms.crew}
    venue_id = manned[0].place.venue_id
    others = neighbours.crew_shifts(connection, venue_id, crews, outer_span(manned), besides=besides)
    found = []
    for each in manned:
        own = [Shift(other.terms.crew or "", other.presence) for other in manned if other is not each]
        later = [shift for shift in own if shift.presence.start <= each.presence.start]
        found += list(crew_rest(each, [*(Shift(crew, span) for crew, span in others), *later]))
    return found
