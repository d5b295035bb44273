"""What a foreign calendar would hit: bookings and options that lie where its events would block."""

from collections.abc import Sequence

from sqlalchemy import Connection

from booking.domain.closures import HIT
from booking.domain.spans import Span
from booking.domain.states import State
from booking.domain.wall_clock import planning_days
from booking.storage import closures, registers
from booking.storage.registers import BookingRow
from calendars.domain.blocking import Block, Blocking
from calendars.storage import external

HOLDING = HIT - {State.REQUESTED}
"""What is only asked takes nothing yet."""


def beneath(
    connection: Connection, venue_id: int, found: Sequence[Blocking], *, zone: str, day_line: int
) -> list[BookingRow]:
    """Those under events that would block hard. Of exactly the same days on the same place it is no hit: somebody
    copied the booking into the house's own tool."""
    atoms = external.atoms_of(connection, venue_id)
    on_atom: dict[int, list[Blocking]] = {}
    for each in found:
        if each.block is Block.HARD and each.spans:
            for atom in {atom for code in each.targets for atom in atoms.get(code, ())}:
                on_atom.setdefault(atom, []).append(each)
    if not on_atom:
        return []
    blocking = [each for listed in on_atom.values() for each in listed]
    during = Span(min(each.spans[0].start for each in blocking), max(each.spans[-1].end for each in blocking))
    pieces = closures.pieces(connection, on_atom, during, HOLDING)
    claims = {
        piece.claim_id
        for piece in pieces
        if any(_hits(each, piece.span, zone, day_line) for each in on_atom[piece.atom_id])
    }
    return registers.of_claims(connection, claims)


def _hits(event: Blocking, taken: Span, zone: str, day_line: int) -> bool:
    if not any(span.overlaps(taken) for span in event.spans):
        return False
    days = {day for span in event.spans for day in planning_days(span, zone, day_line)}
    return days != set(planning_days(taken, zone, day_line))
