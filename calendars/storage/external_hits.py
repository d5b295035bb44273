"""Bookings that lie under what a foreign calendar blocks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.places import Resource, ResourceAtom
from calendars.domain.stretches import meetings, seconds, unpacked
from calendars.storage.tables import ExternalEvent

PlainRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A settled claim under an event that blocks, with the time that both want.

    `stretches`: all that the event wants, packed.
    """

    event_id: UUID
    title: str
    booking_id: UUID
    claim_id: UUID
    resource_id: int
    overrides: Collection[str]
    claimed: Span
    span: Span
    stretches: bytes


def hits(connection: Connection, calendar_id: UUID, venue_id: int, states: Collection[str]) -> list[Hit]:
    """Every claim in these states that lies under an event of this calendar that blocks hard.

    Met here and not in the database: it has no index for two sets of spans that overlap.
    """
    theirs: dict[str, list[tuple[int, int, PlainRow]]] = {}
    for event in connection.execute(BLOCKING, {"calendar": calendar_id}):
        for code in event.targets:
            theirs.setdefault(code, []).extend((*pair, event) for pair in unpacked(event.stretches))
    if not theirs:
        return []
    taken: dict[int, list[tuple[int, int, PlainRow]]] = {}
    for row in connection.execute(TAKEN, {"venue": venue_id, "states": list(states)}):
        taken.setdefault(row.atom_id, []).append((seconds(row.starts), seconds(row.ends), row))
    found: dict[tuple[UUID, UUID], list[tuple[PlainRow, PlainRow, Span]]] = {}
    for code, atoms in _atoms_of(connection, venue_id, theirs).items():
        mine = [each for atom in atoms for each in taken.get(atom, ())]
        for row, event, span in meetings(mine, theirs[code]) if mine else ():
            found.setdefault((row.claim, event.id), []).append((row, event, span))
    return [
        Hit(
            event.id,
            event.title,
            row.booking_id,
            row.claim,
            row.resource_id,
            row.overrides or (),
            Span(row.claim_starts, row.claim_ends),
            span,
            event.stretches,
        )
        for _, pieces in sorted(found.items())
        for row, event, span in sorted(pieces, key=lambda piece: piece[2].start)
    ]


BLOCKING = select(ExternalEvent.id, ExternalEvent.title, ExternalEvent.targets, ExternalEvent.stretches).where(
    ExternalEvent.calendar_id == bindparam("calendar"),
    ExternalEvent.block == "hard",
    ExternalEvent.ended_at.is_(None),
)
TAKEN = (
    select(
        Occupancy.atom_id,
        Occupancy.starts,
        Occupancy.ends,
        Claim.booking_id,
        Claim.id.label("claim"),
        Claim.resource_id,
        Claim.starts.label("claim_starts"),
        Claim.ends.label("claim_ends"),
        Booking.overrides,
    )
    .join(Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id))
    .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
    .where(Occupancy.venue_id == bindparam("venue"), Occupancy.source == "claim", Occupancy.force == Force.HARD)
    .where(Booking.state.in_(bindparam("states", expanding=True)), Claim.ended_at.is_(None))
)


def _atoms_of(connection: Connection, venue_id: int, codes: Collection[str]) -> dict[str, list[int]]:
    query = (
        select(Resource.code, ResourceAtom.atom_id)
        .join(ResourceAtom, ResourceAtom.resource_id == Resource.id)
        .where(Resource.venue_id == venue_id, Resource.code.in_(codes))
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.code, []).append(row.atom_id)
    return found
