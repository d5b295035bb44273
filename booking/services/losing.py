"""Days that an option loses: released by its holder, lapsed in silence, or beaten by a confirmation."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Asked, resolve
from booking.domain.options import days_of, stretches
from booking.domain.states import ENDS, FORCE, Force, State
from booking.services import events
from booking.services.ordering import House, move_to, reread, touch
from booking.services.terms import typed, typed_loss
from booking.storage import challenges, entries, losses, occupancies
from booking.storage.base import new_id
from booking.storage.registers import BookingRow, ClaimRow

LOST: Mapping[State, str] = {
    State.RELEASED: "booking.released",
    State.LAPSED: "booking.lapsed",
    State.BEATEN: "booking.beaten",
}


def lose(
    connection: Connection,
    house: House,
    row: BookingRow,
    days: Mapping[UUID, Collection[date]],
    *,
    to: State,
    at: datetime,
    by: UUID | None = None,
    why: str | None = None,
    cause: UUID | None = None,
) -> BookingRow:
    """Take planning days from the claims of an option; `days`: claim → days. `to`: released, lapsed or beaten.

    The rest keeps its key and its state; when nothing is left, the booking ends in state `to`.
    """
    asked = {claim.id: _asked(house, claim) for claim in row.claims}
    lost = {claim: set(days.get(claim, ())) & set(days_of(each)) for claim, each in asked.items()}
    for claim in row.claims:
        _note(connection, row, claim, asked[claim.id], lost[claim.id], to, cause, at)
    told = {"days": _told(row, lost)}
    if all(lost[claim] >= set(days_of(each)) for claim, each in asked.items()):
        cause_told = {"cause": "confirmed"} if cause else {}
        move_to(connection, house, row, to, LOST[to], at=at, by=by, why=why, new={**told, **cause_told})
        challenges.forget_commit_clock(connection, row.id)
        return reread(connection, row.id)
    _cut(connection, row, asked, lost, at)
    entries.alter(connection, row, {}, at=at)
    touch(connection, house, row)
    events.put(
        connection,
        LOST[to],
        venue_id=row.venue_id,
        booking_id=row.id,
        by=by,
        at=at,
        old={"state": row.state},
        new={"state": row.state, **told},
        why=why,
    )
    return reread(connection, row.id)


def regained(connection: Connection, house: House, row: BookingRow, *, at: datetime) -> None:
    """Days that were lost and are held again, after a change of the claims, are lost no more."""
    held: dict[str, set[date]] = {}
    for claim in row.claims:
        held.setdefault(claim.resource, set()).update(days_of(_asked(house, claim)))
    for loss in losses.missing(connection, bookings=[row.id]):
        asked = resolve(typed_loss(loss, row.purpose), house.places[loss.resource])
        days = set(days_of(asked))
        if not days & held.get(loss.resource, set()):
            continue
        losses.note_returned(connection, [loss.id], at=at)
        pieces = [
            (terms, resolve(terms, asked.place).span) for terms in stretches(asked, days - held[loss.resource])
        ]
        losses.add(
            connection,
            row,
            loss.claim_id,
            loss.resource_id,
            pieces,
            why=State(loss.why),
            cause=loss.cause_id,
            at=loss.at,
        )


def _asked(house: House, claim: ClaimRow) -> Asked:
    return resolve(typed(claim), house.places[claim.resource])


def _told(row: BookingRow, lost: Mapping[UUID, Collection[date]]) -> list[dict[str, str]]:
    return [
        {"date": day.isoformat(), "resource": claim.resource}
        for claim in row.claims
        for day in sorted(lost[claim.id])
    ]


def _note(
    connection: Connection,
    row: BookingRow,
    claim: ClaimRow,
    asked: Asked,
    lost: Collection[date],
    to: State,
    cause: UUID | None,
    at: datetime,
) -> None:
    pieces = [(terms, resolve(terms, asked.place).span) for terms in stretches(asked, lost)]
    losses.add(connection, row, claim.id, claim.resource_id, pieces, why=to, cause=cause, at=at)


def _cut(
    connection: Connection,
    row: BookingRow,
    asked: Mapping[UUID, Asked],
    lost: Mapping[UUID, Collection[date]],
    at: datetime,
) -> None:
    """Claims say what is held: the first stretch that is left keeps the claim, another is a claim of its own."""
    force = FORCE[row.state]
    position = len(row.claims)
    for n, claim in enumerate(row.claims):
        each = asked[claim.id]
        if not lost[claim.id]:
            continue
        kept = stretches(each, set(days_of(each)) - set(lost[claim.id]))
        occupancies.give_up(connection, row.venue_id, [claim.id])
        if not kept:
            entries.end_claims(connection, row, [claim.id], at=at)
            continue
        first, *more = (resolve(terms, each.place) for terms in kept)
        entries.move_claims(connection, [(claim.id, n, first)], force)
        entries.add_claims(
            connection, row.id, [(new_id(), position + k, piece) for k, piece in enumerate(more)], force
        )
        position += len(more)


def held_days(house: House, row: BookingRow) -> dict[UUID, list[date]]:
    """Every planning day of every claim."""
    return {claim.id: days_of(_asked(house, claim)) for claim in row.claims}


def is_over(row: BookingRow) -> bool:
    """Whether nothing is held softly any more."""
    return row.state in ENDS or FORCE[row.state] is not Force.SOFT
