"""Committing, confirming, taking back, cancelling: what makes a booking hard, and what ends that."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.claims import resolve
from booking.domain.options import days_hit
from booking.domain.states import MOVES, State
from booking.services.deeds import Deed, in_front, overridden
from booking.services.losing import lose
from booking.services.ordering import House, move_to, reread, rows_in_order, set_clock, spans_taken
from booking.services.reinstating import offer_to_the_beaten
from booking.services.terms import typed
from booking.storage import challenges, queues


def commit(deed: Deed) -> None:
    """The company takes its option for good: held hard, and the house answers. CannotBeHad: queue-jump too."""
    overridden(deed, in_front(deed))
    due_at = deed.house.clock(deed.row).answered(deed.at)
    challenges.forget_commit_clock(deed.connection, deed.row.id)
    _move(deed, State.PENDING, values={"due_at": due_at, "due_kind": "answer"}, new={"due_at": due_at.isoformat()})


def confirm(deed: Deed) -> None:
    """One transaction over buffers, parts, stock and closures; other options on those days are beaten.

    CannotBeHad: what is hard; `queue-jump` over better options, unless a manager forces it with a reason.
    """
    ahead = [] if deed.row.state is State.PENDING else in_front(deed)
    kinds, beneath = overridden(deed, ahead)
    challenges.forget_commit_clock(deed.connection, deed.row.id)
    values = {"due_at": None, "due_kind": None, "overrides": beneath or None}
    _move(deed, State.CONFIRMED, values=values, new={"overridden": kinds} if kinds else {})
    beat_for(deed.connection, deed.house, deed.row.id, at=deed.at, why=deed.answer.reason if ahead else None)


def beat_for(connection: Connection, house: House, winner: UUID, *, at: datetime, why: str | None = None) -> None:
    """Whoever else has an option, live or suspended, on what is confirmed for `winner` now, loses those days."""
    if reread(connection, winner).state is not State.CONFIRMED:
        return
    over = [row for row in queues.over(connection, house.id, cause=winner) if row.booking != winner]
    hits: dict[UUID, dict[UUID, set[date]]] = {}
    groups: dict[tuple[UUID, UUID, int], list[Row[Any]]] = {}
    for row in rows_in_order(over):
        groups.setdefault((row.booking, row.claim, row.atom_id), []).append(row)
    held_by_winner = {(row.atom_id, row.hard_starts, row.hard_ends) for row in over if row.hard_booking == winner}
    losers = {booking: reread(connection, booking) for booking, _, _ in groups}
    for (booking, claim_id, atom_id), rows in groups.items():
        taken = [
            (max(start, first), min(end, last))
            for start, end in spans_taken(rows)
            for atom, first, last in held_by_winner
            if atom == atom_id and start < last and first < end
        ]
        claim = next(each for each in losers[booking].claims if each.id == claim_id)
        asked = resolve(typed(claim), house.places[claim.resource])
        hits.setdefault(booking, {}).setdefault(claim_id, set()).update(days_hit(asked, taken))
    for booking, days in hits.items():
        if any(days.values()):
            left = lose(
                connection,
                house,
                losers[booking],
                days,
                to=State.BEATEN,
                at=at,
                why=why,
                cause=winner,
            )
            if left.state is State.OPTION:
                set_clock(connection, left, left.expires_at)


def take_back(deed: Deed) -> None:
    """The house cannot confirm: it is an option again, under its old key, for two working days at least."""
    expires_at = deed.house.clock(deed.row).at_least(deed.row.expires_at, deed.at)
    values = {"expires_at": expires_at, "granted_at": deed.row.granted_at or deed.at, "agreed_at": None}
    _move(deed, State.OPTION, values=values, new={"expires_at": expires_at.isoformat()})
    set_clock(deed.connection, deed.row, expires_at)


def end(deed: Deed) -> None:
    """Declined, withdrawn or cancelled. Who was beaten by what is cancelled is offered the days again."""
    target = State(MOVES[deed.verb].target or deed.row.state)
    _move(deed, target)
    if target is State.CANCELLED:
        offer_to_the_beaten(deed.connection, deed.house, deed.row, at=deed.at)


def _move(
    deed: Deed, state: State, *, values: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None
) -> None:
    move_to(
        deed.connection,
        deed.house,
        deed.row,
        state,
        MOVES[deed.verb].event,
        at=deed.at,
        by=deed.person.id,
        why=deed.answer.reason,
        values=values,
        new={**(new or {}), **deed.accepted()},
    )
