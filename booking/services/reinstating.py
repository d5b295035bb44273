"""After a confirmed booking is cancelled: those it had beaten may have their days again, under their old keys.

Nothing revives by itself. Offers go out at once where they do not overlap, in turn where they do.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.claims import Asked, resolve
from booking.domain.conflicts import obstacles, refused
from booking.domain.queue import EPOCH, key
from booking.domain.refusals import CannotBeHad
from booking.domain.spans import Span
from booking.domain.states import ENDS, Force, State
from booking.services import events
from booking.services.ordering import House, move_to, reread, set_clock, touch
from booking.services.terms import typed, typed_loss
from booking.storage import entries, losses, occupancies
from booking.storage.base import new_id
from booking.storage.registers import BookingRow

MAY_RETURN = (State.OPTION, State.SUSPENDED, State.BEATEN)


def offer_to_the_beaten(connection: Connection, house: House, cause: BookingRow, *, at: datetime) -> None:
    """The confirmed booking `cause` is cancelled: put an offer for everybody whom it had beaten, and begin. Who
    lost days at something that is retired by now has nothing to return to."""
    lost = losses.missing(connection, cause=cause.id)
    nowhere = {each.booking_id for each in lost if house.places[each.resource].retired}
    rows = {booking: reread(connection, booking) for booking in {each.booking_id for each in lost} - nowhere}
    may_return = [row for row in rows.values() if row.state in MAY_RETURN]
    in_order = sorted(may_return, key=lambda row: key(row.granted_at or EPOCH, row.id, row.manual_order))
    if not in_order:
        return
    losses.add_offers(
        connection,
        [
            {
                "venue_id": house.id,
                "booking_id": row.id,
                "cause_id": cause.id,
                "position": n,
                "created_at": at,
            }
            for n, row in enumerate(in_order)
        ],
    )
    offer_next(connection, house, cause.id, at=at)


def offer_next(connection: Connection, house: House, cause: UUID, *, at: datetime) -> None:
    """Offer to everybody before whom no other open offer wants the same time."""
    waiting = losses.open_offers(connection, cause=cause)
    lost = losses.missing(connection, cause=cause)
    before: list[Row[Any]] = []
    for offer in waiting:
        mine = [each for each in lost if each.booking_id == offer.booking_id]
        if offer.offered_at is None and not any(_meet(house, each, other) for each in mine for other in before):
            row = reread(connection, offer.booking_id)
            due_at = house.clock(row).won(at)
            losses.begin_offer(connection, offer.id, at=at, due_at=due_at)
            events.put(
                connection,
                "booking.reinstatement-offered",
                venue_id=house.id,
                booking_id=row.id,
                by=None,
                at=at,
                new={"due_at": due_at.isoformat()},
            )
        before += mine


def close_moot(connection: Connection, house: House, *, at: datetime) -> None:
    """Who committed, gave up, or has the days by now has no use for an offer of them: the next one's turn."""
    for offer in losses.moot_offers(connection, house.id, MAY_RETURN):
        losses.answer_offer(connection, offer.id, "lapsed", at=at)
        offer_next(connection, house, offer.cause_id, at=at)


def _meet(house: House, one: Row[Any], other: Row[Any]) -> bool:
    shared = {atom.id for atom in house.places[one.resource].atoms} & {
        atom.id for atom in house.places[other.resource].atoms
    }
    return bool(shared) and Span(one.starts, one.ends).overlaps(Span(other.starts, other.ends))


def answer(
    connection: Connection,
    house: House,
    offer: UUID,
    booking_id: UUID,
    cause: UUID,
    said: str,
    *,
    at: datetime,
    by: UUID | None = None,
) -> None:
    """accept, refuse or lapsed; then the next one's turn. CannotBeHad when the days were taken meanwhile."""
    losses.answer_offer(connection, offer, said, at=at)
    row = reread(connection, booking_id)
    if said == "accept":
        _reinstate(connection, house, row, cause, at=at, by=by)
    else:
        events.put(
            connection,
            f"booking.reinstatement-{'refused' if said == 'refuse' else 'lapsed'}",
            venue_id=house.id,
            booking_id=booking_id,
            by=by,
            at=at,
        )
    offer_next(connection, house, cause, at=at)


def _reinstate(
    connection: Connection, house: House, row: BookingRow, cause: UUID, *, at: datetime, by: UUID | None
) -> None:
    lost = [each for each in losses.missing(connection, cause=cause) if each.booking_id == row.id]
    back = [(each.claim_id, resolve(typed_loss(each, row.purpose), house.places[each.resource])) for each in lost]
    asked = [each for _, each in back]
    outer = Span(min(each.occupied.start for each in asked), max(each.occupied.end for each in asked))
    atoms = sorted({atom.id for each in asked for atom in each.place.atoms})
    held = occupancies.held(connection, atoms, outer)
    found = obstacles(asked, [replace(each, force="hard") if each.booking_id == row.id else each for each in held])
    found += [refused(each, "retired") for each in asked if each.place.retired]
    if found:  # its own claims too: it may have moved here meanwhile
        raise CannotBeHad(found)
    _put_back(connection, house, row, back, at)
    losses.note_returned(connection, [each.id for each in lost], at=at)
    row = reread(connection, row.id)
    expires_at = house.clock(row).at_least(row.expires_at, at)
    state = State.SUSPENDED if row.state is State.SUSPENDED else State.OPTION
    values = {"expires_at": expires_at, "ended_at": None}
    new = {"expires_at": expires_at.isoformat()}
    move_to(connection, house, row, state, "booking.reinstated", at=at, by=by, values=values, new=new)
    if state is State.OPTION:
        set_clock(connection, row, expires_at)


def _put_back(
    connection: Connection, house: House, row: BookingRow, back: Sequence[tuple[UUID, Asked]], at: datetime
) -> None:
    """The claims that are held, with what comes back; neighbours on the same resource become one again."""
    held = (
        []
        if row.state in ENDS
        else [(claim.id, resolve(typed(claim), house.places[claim.resource])) for claim in row.claims]
    )
    pieces: list[tuple[UUID, Asked]] = []
    for claim, asked in sorted([*held, *back], key=lambda each: (each[1].place.id, each[1].span.start)):
        joined = _joined(pieces[-1][1], asked) if pieces else None
        if joined is not None:
            pieces[-1] = (pieces[-1][0], joined)
        else:
            pieces.append((claim, asked))
    known = {claim.id for claim in row.claims}
    used: set[UUID] = set()
    staying, new = [], []
    for n, (claim, asked) in enumerate(pieces):
        if claim in known and claim not in used:
            used.add(claim)
            staying.append((claim, n, asked))
        else:
            new.append((new_id(), n, asked))
    occupancies.give_up(connection, row.venue_id, sorted(known))
    entries.move_claims(connection, staying, Force.SOFT)
    entries.add_claims(connection, row.id, new, Force.SOFT)
    entries.end_claims(connection, row, sorted(known - used), at=at)
    touch(connection, house, row)


def _joined(one: Asked, other: Asked) -> Asked | None:
    """Both as one stretch, when they touch and are alike."""
    a, b = one.terms, other.terms
    alike = (a.resource, a.quantity, a.crew, a.in_whole_days) == (b.resource, b.quantity, b.crew, b.in_whole_days)
    if not alike or one.span.end != other.span.start:
        return None
    terms = replace(a, end=b.end, strike_minutes=b.strike_minutes)
    return resolve(terms, one.place)
