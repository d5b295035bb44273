"""Closures: previewed before they are saved, with a decision for everything that is settled under them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, Atom, ClaimTerms, resolve
from booking.domain.closures import HIT, NEED_A_DECISION, Decision, spared
from booking.domain.people import Person
from booking.domain.refusals import DecisionsMissing, Forbidden, Malformed, NotFound, Stale, WrongState
from booking.domain.spans import Span, merged
from booking.domain.states import State
from booking.domain.wall_clock import planning_days
from booking.services import conflicts, events, reinstating
from booking.services.house import House, locked, put_in_order
from booking.services.ordering import move_to, reread
from booking.services.verdicts import LONGEST
from booking.storage import catalogues, closures, occupancies, registers
from booking.storage.catalogues import CatalogueRow
from booking.storage.closures import ClosureRow, Piece
from booking.storage.registers import BookingRow

__all__ = [
    "ClosureRow",
    "Preview",
    "Wanted",
    "add",
    "change",
    "decisions_of",
    "find",
    "listing",
    "preview",
    "preview_change",
    "remove",
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A closure as it should be. `start`, `end`: both dates (whole days) or both instants, `end` excluded.

    `decisions`: booking → what becomes of it. `seen`: the revisions of the preview that was read, if any.
    """

    start: datetime | date
    end: datetime | date
    reason: str
    decisions: Mapping[UUID, Decision]
    seen: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a closure would hit: `confirmed` (pending ones too) need a decision, the others are told.

    `decisions`: what is decided for them already. `revision` is another when anything of it is another.
    """

    asked: Asked
    confirmed: Sequence[BookingRow]
    options: Sequence[BookingRow]
    requests: Sequence[BookingRow]
    decisions: Mapping[UUID, Decision]

    @property
    def undecided(self) -> list[BookingRow]:
        """Those that still need a decision."""
        return [row for row in self.confirmed if row.id not in self.decisions]

    @property
    def revision(self) -> int:
        """Changes with every booking that is hit, and with each of their changes."""
        rows = sorted((str(row.id), row.revision) for row in (*self.confirmed, *self.options, *self.requests))
        return int.from_bytes(hashlib.sha256(repr(rows).encode()).digest()[:7])


def preview(
    connection: Connection,
    person: Person,
    code: str,
    wanted: Wanted,
    *,
    at: datetime,
) -> Preview:
    """What it would hit, once everything due is settled. NotFound, Forbidden, Malformed."""
    house = _house(connection, person, code, at)
    return _previewed(connection, house, code, wanted, None)[0]


def preview_change(
    connection: Connection,
    person: Person,
    closure_id: UUID,
    *,
    start: datetime | date | None,
    end: datetime | date | None,
    reason: str | None,
    decisions: Mapping[UUID, Decision],
    at: datetime,
) -> Preview:
    """The same for a closure as it would be then; `decisions` hold what was decided before."""
    row = find(connection, person, closure_id)
    house = _house(connection, person, row.resource, at)
    row = _live(connection, row)
    wanted = amended(row, start=start, end=end, reason=reason, decisions=decisions)
    return _previewed(connection, house, row.resource, wanted, row)[0]


def add(connection: Connection, person: Person, code: str, wanted: Wanted, *, at: datetime) -> ClosureRow:
    """Save it. NotFound, Forbidden, Malformed; Stale (other than previewed), DecisionsMissing."""
    house = _house(connection, person, code, at)
    hit, pieces = _decided(connection, house, code, wanted, None)
    closure_id = closures.add(connection, hit.asked, wanted.reason, at=at)
    row = _reread(connection, closure_id)
    _carry_out(connection, house, person, row, hit, pieces, at=at)
    _tell(connection, person, row, "closure.added", at=at)
    return row


def change(
    connection: Connection,
    person: Person,
    closure_id: UUID,
    *,
    start: datetime | date | None,
    end: datetime | date | None,
    reason: str | None,
    decisions: Mapping[UUID, Decision],
    seen: Collection[int] | None = None,
    at: datetime,
) -> ClosureRow:
    """Other days or another reason; what was decided stays, and what is newly hit needs a decision.

    As `add`; WrongState when it was removed.
    """
    row = find(connection, person, closure_id)
    house = _house(connection, person, row.resource, at)
    row = _live(connection, row)
    wanted = amended(row, start=start, end=end, reason=reason, decisions=decisions, seen=seen)
    hit, pieces = _decided(connection, house, row.resource, wanted, row)
    closures.alter(connection, row, hit.asked, wanted.reason, at=at)
    changed = _reread(connection, row.id)
    _carry_out(connection, house, person, changed, hit, pieces, at=at)
    _tell(connection, person, changed, "closure.changed", at=at, before=row)
    return changed


def remove(connection: Connection, person: Person, closure_id: UUID, *, at: datetime) -> None:
    """It is over before its time. The row stays; what it suspended returns. NotFound, Forbidden, WrongState."""
    row = find(connection, person, closure_id)
    house = _house(connection, person, row.resource, at)
    row = _live(connection, row)
    closures.end(connection, row, at=at)
    occupancies.touch(connection, [atom.id for atom in house.places[row.resource].atoms])
    _tell(connection, person, row, "closure.removed", at=at)
    put_in_order(connection, house, at=at)


def amended(
    row: ClosureRow,
    *,
    start: datetime | date | None,
    end: datetime | date | None,
    reason: str | None,
    decisions: Mapping[UUID, Decision],
    seen: Collection[int] | None = None,
) -> Wanted:
    """The closure as it should be; None is as it was. Malformed when one end is a date and the other is not."""
    first, last = start or row.start_date or row.starts, end or row.end_date or row.ends
    if isinstance(first, datetime) != isinstance(last, datetime):
        raise Malformed({"end": ["mixed-ends"]})
    return Wanted(first, last, reason or row.reason, decisions, seen)


def find(connection: Connection, person: Person, closure_id: UUID) -> ClosureRow:
    """One closure of a house that the person works for, also one that was removed. NotFound."""
    row = closures.find(connection, closure_id)
    if row is None or not _works_at(person, row.venue):
        raise NotFound
    return row


def listing(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    resource: str | None = None,
    at: datetime,
) -> list[ClosureRow]:
    """Closures that are not over, of a house or of a resource. NotFound for whoever does not work there."""
    if resource is not None:
        venue = _resource(connection, resource).venue_code
    if venue is None or not _works_at(person, venue):
        raise NotFound
    return closures.listing(connection, venue=venue, resource=resource, ends_after=at)


def decisions_of(connection: Connection, row: ClosureRow) -> dict[UUID, Decision]:
    """What was decided for the bookings under a closure."""
    return {booking: Decision(word) for booking, word in closures.decisions(connection, row.id).items()}


def _house(connection: Connection, person: Person, code: str, at: datetime) -> House:
    """The house of a resource under its lock, for its managers alone."""
    found = _resource(connection, code)
    if not person.decides_for(found.venue_code):
        raise Forbidden if _works_at(person, found.venue_code) else NotFound
    return locked(connection, found.venue_id, at=at)


def _resource(connection: Connection, code: str) -> CatalogueRow:
    found = catalogues.resource(connection, code)
    if found is None:
        raise NotFound
    return found


def _decided(
    connection: Connection, house: House, code: str, wanted: Wanted, row: ClosureRow | None
) -> tuple[Preview, list[Piece]]:
    """The preview, once nothing of it is open."""
    hit, pieces = _previewed(connection, house, code, wanted, row)
    if wanted.seen is not None and hit.revision not in wanted.seen:
        raise Stale(hit.revision)
    if hit.undecided:
        raise DecisionsMissing(hit)
    return hit, pieces


def _previewed(
    connection: Connection, house: House, code: str, wanted: Wanted, row: ClosureRow | None
) -> tuple[Preview, list[Piece]]:
    asked = _asked(house, code, wanted)
    atoms = [atom.id for atom in asked.place.atoms]
    pieces = closures.pieces(connection, atoms, asked.span, HIT)
    rows = registers.of_claims(connection, {piece.claim_id for piece in pieces})
    known = (
        {booking: Decision(word) for booking, word in closures.decisions(connection, row.id).items()}
        if row
        else {}
    )
    confirmed = [each for each in rows if each.state in NEED_A_DECISION]
    strangers = set(wanted.decisions) - {each.id for each in confirmed}
    if strangers:
        raise Malformed({"decisions": ["not-hit"]})
    hit = {each.id for each in confirmed}
    decisions = {id_: word for id_, word in {**known, **wanted.decisions}.items() if id_ in hit}
    options = [each for each in rows if each.state in (State.OPTION, State.SUSPENDED)]
    requests = [each for each in rows if each.state is State.REQUESTED]
    return Preview(asked, confirmed, options, requests, decisions), pieces


def _asked(house: House, code: str, wanted: Wanted) -> Asked:
    if wanted.end <= wanted.start:
        raise Malformed({"end": ["not-after-start"]})
    asked = resolve(ClaimTerms(code, wanted.start, wanted.end), house.places[code])
    if asked.span.length > LONGEST:
        raise Malformed({"end": ["out-of-range"]})
    return asked


def _carry_out(
    connection: Connection,
    house: House,
    person: Person,
    row: ClosureRow,
    hit: Preview,
    pieces: Sequence[Piece],
    *,
    at: datetime,
) -> None:
    """Cancel, spare, or put on the desk; then options under the closure are suspended, and others return."""
    closures.decide(connection, row.id, row.venue_id, hit.decisions, by=person.id, at=at)
    cancelled = [each for each in hit.confirmed if hit.decisions[each.id] is Decision.CANCEL]
    for booking in cancelled:
        move_to(
            connection, house, booking, State.CANCELLED, "booking.cancelled", at=at, by=person.id, why=row.reason
        )
    kept = [piece for piece in pieces if hit.decisions.get(piece.booking_id) is Decision.KEEP]
    closures.hold(connection, row.id, row.venue_id, _holding(hit.asked, kept))
    occupancies.touch(connection, sorted(atom.id for atom in hit.asked.place.atoms))
    for booking in hit.confirmed:
        if hit.decisions[booking.id] is Decision.MOVE:
            _put_on_the_desk(connection, row, hit.asked, booking, pieces, at=at)
    for booking in cancelled:
        if booking.state is State.CONFIRMED:
            reinstating.offer_to_the_beaten(connection, house, reread(connection, booking.id), at=at)
    put_in_order(connection, house, at=at)


def _holding(asked: Asked, kept: Sequence[Piece]) -> list[tuple[Atom, Span]]:
    return [
        (atom, span)
        for atom in asked.place.atoms
        for span in spared(asked.span, [piece.span for piece in kept if piece.atom_id == atom.id])
    ]


def _put_on_the_desk(
    connection: Connection,
    row: ClosureRow,
    asked: Asked,
    booking: BookingRow,
    pieces: Sequence[Piece],
    *,
    at: datetime,
) -> None:
    place = asked.place
    for claim in booking.claims:
        common = merged(
            shared
            for piece in pieces
            if piece.claim_id == claim.id and (shared := piece.span.common(asked.span)) is not None
        )
        if not common:
            continue
        span = Span(common[0].start, common[-1].end)
        if conflicts.was_settled(connection, claim.id, "closure", row.id, span):
            continue
        conflicts.open_one(
            connection,
            venue_id=row.venue_id,
            kind="closed",
            booking_id=booking.id,
            claim_id=claim.id,
            resource_id=claim.resource_id,
            cause="closure",
            cause_id=row.id,
            span=span,
            days=sorted({day for each in common for day in planning_days(each, place.zone, place.day_line)}),
            facts={"reason": row.reason, "closed": row.resource},
            at=at,
        )


def _live(connection: Connection, row: ClosureRow) -> ClosureRow:
    """The same under the lock; WrongState when somebody removed it."""
    again = _reread(connection, row.id)
    if again.ended_at is not None:
        raise WrongState("removed", "change")
    return again


def _reread(connection: Connection, closure_id: UUID) -> ClosureRow:
    row = closures.find(connection, closure_id)
    if row is None:
        raise NotFound
    return row


def _works_at(person: Person, venue: str) -> bool:
    return person.sees_everything or venue in person.manages or venue in person.assists


def _tell(
    connection: Connection,
    person: Person,
    row: ClosureRow,
    kind: str,
    *,
    at: datetime,
    before: ClosureRow | None = None,
) -> None:
    events.put(
        connection,
        kind,
        venue_id=row.venue_id,
        booking_id=None,
        by=person.id,
        at=at,
        old=_facts(before) if before else {},
        new=_facts(row),
        why=row.reason,
    )


def _facts(row: ClosureRow) -> dict[str, str]:
    return {
        "closure": str(row.id),
        "resource": row.resource,
        "start": (row.start_date or row.starts).isoformat(),
        "end": (row.end_date or row.ends).isoformat(),
    }
