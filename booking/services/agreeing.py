"""A house's yes to its part of an all-or-nothing chain: held for the others, and the last one confirms all."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.options import DueKind
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, WrongState
from booking.domain.states import State, Verb
from booking.domain.trajectories import ChainRule, ChainState
from booking.services import chains, options
from booking.services.confirming import beat_for
from booking.services.deeds import Deed, in_front, overridden
from booking.services.house import House, put_in_order
from booking.services.ordering import move_to, reread
from booking.storage import challenges, entries, trajectories
from booking.storage.registers import BookingRow
from booking.storage.trajectories import TrajectoryRow

YES = frozenset({Verb.GRANT, Verb.CONFIRM})


def chain_of(connection: Connection, row: BookingRow, *, lock: bool = False) -> TrajectoryRow | None:
    """The chain of which a booking is a part. `lock`: until the end, after the resources."""
    if row.trajectory_id is None:
        return None
    return trajectories.find(connection, row.trajectory_id, lock=lock)


def is_yes(chain: TrajectoryRow, verb: Verb, state: State) -> bool:
    """Whether this is a yes that waits for other houses. In other chains every house decides for itself, and so
    it does for what the company committed to after its chain had broken."""
    if verb not in YES or chain.rule is not ChainRule.ALL_OR_NOTHING:
        return False
    return chain.state is ChainState.OPEN or (chain.state is ChainState.BROKEN and state is not State.PENDING)


def agree(deed: Deed, houses: Mapping[int, House], row: TrajectoryRow) -> None:
    """The yes of one house. CannotBeHad: hard things, `queue-jump`; `transport` on the last yes, which confirms.

    An option that stands behind others is granted as such: it is no yes yet. In a chain that is broken the
    yes gives an option, until the company has decided what becomes of the rest.
    """
    if deed.row.agreed_at is not None:
        raise WrongState(deed.row.state, deed.verb)
    ahead = [] if deed.row.state is State.PENDING else in_front(deed)
    if deed.verb is Verb.GRANT and ahead:
        options.grant(deed)
        return
    if row.state is ChainState.BROKEN:
        _say_yes_late(deed)
        return
    kinds, beneath = overridden(deed, ahead)
    _check_transport(deed, row)
    until = row.deadline or chains.held_until(row, houses.values(), deed.house, deed.at)
    if row.deadline is None:
        trajectories.alter(deed.connection, row.id, deadline=until, zone=deed.house.zone)
    challenges.forget_commit_clock(deed.connection, deed.row.id)
    if beneath:
        entries.alter(deed.connection, deed.row, {"overrides": beneath}, at=deed.at)
    move_to(
        deed.connection,
        deed.house,
        reread(deed.connection, deed.row.id),
        State.PENDING,
        "booking.agreed",
        at=deed.at,
        by=deed.person.id,
        why=deed.answer.reason,
        values=chains.held_values(deed.row, until, deed.at),
        new={"due_at": until.isoformat(), **({"overridden": kinds} if kinds else {}), **deed.accepted()},
    )
    put_in_order(deed.connection, deed.house, at=deed.at)
    complete(deed.connection, houses, row.id, at=deed.at, by=deed.person, own=deed.row.id)


def forget(deed: Deed, chain: TrajectoryRow) -> None:
    """A yes was taken back: without another one nothing is held, and no deadline runs."""
    if not any(part.due_kind == DueKind.TRAJECTORY for part in chains.load(deed.connection, chain).live):
        trajectories.alter(deed.connection, chain.id, deadline=None, zone=None)


def check_transport(connection: Connection, row: BookingRow, chain: TrajectoryRow) -> None:
    """A part that kit would have to reach, or to leave, is not confirmed alone while a leg is missing."""
    whole = chains.load(connection, chain)
    gaps = whole.gaps_at(row)
    if gaps:
        raise CannotBeHad(chains.transport_conflicts(whole, gaps))


def _check_transport(deed: Deed, row: TrajectoryRow) -> None:
    """The last yes confirms everything, so nothing may be missing then."""
    whole = chains.load(deed.connection, row)
    others = [part for part in whole.live if part.id != deed.row.id]
    if all(part.agreed_at is not None for part in others) and whole.gaps:
        raise CannotBeHad(chains.transport_conflicts(whole, whole.gaps))


def _say_yes_late(deed: Deed) -> None:
    if deed.row.state is State.REQUESTED:
        options.grant(deed)
    elif deed.row.state is not State.OPTION:
        raise WrongState(deed.row.state, deed.verb)
    entries.alter(deed.connection, deed.again(), {"agreed_at": deed.at}, at=deed.at)


def complete(
    connection: Connection,
    houses: Mapping[int, House],
    trajectory_id: UUID,
    *,
    at: datetime,
    by: Person | None = None,
    own: UUID | None = None,
) -> bool:
    """Confirm every part at once, over all houses, if every house has said yes and no leg is missing.

    `by`, `own`: who said the last yes, and for which part; the others were confirmed by that, not by them.
    """
    row = trajectories.find(connection, trajectory_id, lock=True)
    if row is None or row.rule is not ChainRule.ALL_OR_NOTHING:
        return False
    whole = chains.load(connection, row, lock=True)
    if not chains.is_complete(whole) or whole.gaps:
        return False
    trajectories.alter(connection, row.id, state=ChainState.CONFIRMED, deadline=None)
    for part in whole.live:
        _confirm(connection, houses[part.venue_id], part, at=at, by=by.id if by and part.id == own else None)
    for house in houses.values():
        put_in_order(connection, house, at=at)
    return True


def _confirm(connection: Connection, house: House, part: BookingRow, *, at: datetime, by: UUID | None) -> None:
    values = {"due_at": None, "due_kind": None}
    new = {"chain": True}
    move_to(connection, house, part, State.CONFIRMED, "booking.confirmed", at=at, by=by, values=values, new=new)
    beat_for(connection, house, part.id, at=at)


def confirm_alone(connection: Connection, house: House, part: BookingRow, *, at: datetime, by: UUID) -> None:
    """The house had said yes, and the company takes it without the rest."""
    _confirm(connection, house, part, at=at, by=by)
