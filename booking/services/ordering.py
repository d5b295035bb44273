"""The queue of one house, put in order: who stands under something hard, who returns, who has another rank.

Every command that changes what is held ends with `put_in_order`. It needs the lock of the whole
house (`house.locked`), since the queue of one room reaches, through wholes and through bookings
of several rooms, as far as the house itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.claims import Asked, Atom, Held, Place
from booking.domain.conflicts import shortages
from booking.domain.house_rules import HouseRules, read_house_rules
from booking.domain.options import Clock, first_clock
from booking.domain.queue import LAST, Hold, Key, RankedDay, headline, ranked_days
from booking.domain.refusals import NotFound
from booking.domain.spans import Span
from booking.domain.states import ENDS, FORCE, SHOWN, State
from booking.domain.working_days import of_countries
from booking.services import events
from booking.storage import challenges, entries, occupancies, queues, registers, trajectories
from booking.storage.registers import BookingRow

PAST = timedelta(days=2)
"""How far back a hold still matters to the queue: what is over for longer stands in nobody's way."""


@dataclass(frozen=True, slots=True)
class House:
    """One house under its lock. `ranks`: of each claim of its live options, as they were last told."""

    id: int
    code: str
    zone: str
    day_line: int
    calendar: str
    rules: HouseRules
    places: Mapping[str, Place]
    ranks: dict[UUID, int] = field(default_factory=dict)

    @property
    def atoms(self) -> dict[int, Atom]:
        """Everything that can be held, by id."""
        return {atom.id: atom for place in self.places.values() for atom in place.atoms}

    def clock(self, row: BookingRow) -> Clock:
        """What the deadlines of a booking depend on; the house's own bookings know the house's days alone."""
        country = row.organisation_country or self.calendar
        days = of_countries(self.calendar, country, closing=self.rules.closing_days)
        return Clock(self.rules, days, self.zone, self.day_line, row.starts)


def house_of(row: Row[Any], places: Mapping[str, Place]) -> House:
    """From what is stored."""
    return House(row.id, row.code, row.zone, row.day_line, row.calendar, read_house_rules(row.settings), places)


def reread(connection: Connection, booking_id: UUID, *, lock: bool = False) -> BookingRow:
    """The booking as this transaction leaves it. NotFound."""
    row = registers.find(connection, booking_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def ranks_by_day(
    connection: Connection, house: House, *, at: datetime, claims: Collection[UUID] | None = None
) -> dict[UUID, list[RankedDay]]:
    """The ranks of each claim (of all live options) per planning day and atom. Two statements at most."""
    atoms = house.atoms
    live = queues.live_holds(connection, list(atoms), after=at - PAST)
    return ranked(connection, live, atoms, house.zone, house.day_line, claims)


def ranked(
    connection: Connection,
    live: Sequence[tuple[UUID | None, UUID, Hold]],
    atoms: Mapping[int, Atom],
    zone: str,
    day_line: int,
    claims: Collection[UUID] | None = None,
) -> dict[UUID, list[RankedDay]]:
    """The same for holds that were read."""
    stock = sorted({hold.atom for _, _, hold in live if not atoms[hold.atom].exclusive})
    others = [hold for _, _, hold in live]
    if stock:
        spans = [hold.span for _, _, hold in live if hold.atom in stock]
        outer = Span(min(span.start for span in spans), max(span.end for span in spans))
        others = [*others, *queues.hard_holds(connection, stock, outer)]
    by_atom: dict[int, list[Hold]] = {}
    for hold in others:
        by_atom.setdefault(hold.atom, []).append(hold)
    mine: dict[UUID, list[Hold]] = {}
    for booking, claim, hold in live:
        if booking is not None and (claims is None or claim in claims):
            mine.setdefault(claim, []).append(hold)
    return {
        claim: ranked_days(holds, [other for hold in holds for other in by_atom[hold.atom]], atoms, zone, day_line)
        for claim, holds in mine.items()
    }


def headlines(connection: Connection, house: House, *, at: datetime) -> dict[UUID, int]:
    """The headline rank of every claim of a live option."""
    return {claim: headline(days) for claim, days in ranks_by_day(connection, house, at=at).items()}


def put_in_order(connection: Connection, house: House, *, at: datetime) -> None:
    """After any change of what is held: suspend, return, settle challenges, and tell whose rank is another."""
    under = blocked(queues.over(connection, house.id))
    for booking_id, state in under.items():
        if state is State.OPTION:
            _suspend(connection, house, reread(connection, booking_id), at)
    for booking_id in queues.in_state(connection, house.id, State.SUSPENDED):
        if booking_id not in under:
            _return(connection, house, reread(connection, booking_id), at)
    _settle_challenges(connection, house, at)
    _tell_ranks(connection, house, at)


def blocked(rows: Iterable[Row[Any]]) -> dict[UUID, State]:
    """The options under something hard: on a room anything, of stock what leaves less than they ask."""
    found: dict[UUID, State] = {}
    for (booking, _claim, _atom), each in groupby(rows_in_order(rows), key=_piece):
        over = [row for row in each if not _overridden(row)]
        if over and spans_taken(over):
            found[booking] = State(over[0].state)
    return found


def rows_in_order(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The pairs of `queues.over`, those of one booking, claim and atom together."""
    return sorted(rows, key=_piece)


def _piece(row: Row[Any]) -> tuple[UUID, UUID, int]:
    return row.booking, row.claim, row.atom_id


def _overridden(row: Row[Any]) -> bool:
    """A manager put the option over that closure or external event, with a reason."""
    return str(row.closure_id or row.external_id) in (row.overrides or ())


def spans_taken(rows: Sequence[Row[Any]]) -> list[tuple[datetime, datetime]]:
    """When the hard rows take one piece of an option: of a room always, of stock where too little is left."""
    first = rows[0]
    if first.exclusive:
        return [(row.hard_starts, row.hard_ends) for row in rows]
    held = {
        (row.hard_starts, row.hard_ends, row.source, row.hard_booking, row.closure_id, row.hard_quantity)
        for row in rows
    }
    hard = [
        Held(first.atom_id, Span(start, end), Span(start, end), quantity, "hard", source, None)
        for start, end, source, _, _, quantity in held
    ]
    short = shortages(hard, Span(first.starts, first.ends), first.quantity, first.capacity)
    return [(span.start, span.end) for span, _ in short]


def move_to(
    connection: Connection,
    house: House,
    row: BookingRow,
    state: State,
    event: str,
    *,
    at: datetime,
    by: UUID | None = None,
    why: str | None = None,
    values: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Another state, the force that goes with it, and the event that tells it. Ends stop every clock."""
    changed: dict[str, Any] = {"state": state, **(values or {})}
    if state in ENDS:
        changed |= {"ended_at": at, "due_at": None, "due_kind": None}
        queues.answer_proposal(connection, row.id, "void", at=at)
        if row.trajectory_id is not None:
            trajectories.break_off(connection, row.trajectory_id, at=at, why="no")
    if state in SHOWN:
        changed["shown"] = True
    entries.alter(connection, row, changed, at=at)
    occupancies.set_force(connection, row.venue_id, [claim.id for claim in row.claims], FORCE[state])
    touch(connection, house, row)
    told = {"state": state, **(new or {})}
    events.put(
        connection,
        event,
        venue_id=row.venue_id,
        booking_id=row.id,
        by=by,
        at=at,
        old={"state": row.state},
        new=told,
        why=why,
    )


def touch(connection: Connection, house: House, *rows: BookingRow) -> None:
    """Timelines and feeds of everything these bookings take are other ones now."""
    codes = {claim.resource for row in rows for claim in row.claims}
    atoms = {atom.id for code in codes if code in house.places for atom in house.places[code].atoms}
    if atoms:
        occupancies.touch(connection, sorted(atoms))


def set_clock(
    connection: Connection, row: BookingRow, expires_at: datetime | None, *, alone: bool = False
) -> None:
    """What runs out next for an option; `expires_at` is its own clock. `alone`: nothing else of it changes."""
    clocks = queues.other_clocks(connection, row.id)
    if expires_at is None:
        return
    due_at, kind = first_clock(expires_at=expires_at, challenged=clocks.challenged, commit=clocks.commit)
    queues.set_clock(connection, row, due_at, kind, alone=alone)


def _suspend(connection: Connection, house: House, row: BookingRow, at: datetime) -> None:
    values = {"due_at": None, "due_kind": None}
    move_to(connection, house, row, State.SUSPENDED, "booking.suspended", at=at, values=values)


def _return(connection: Connection, house: House, row: BookingRow, at: datetime) -> None:
    clock = house.clock(row)
    expires_at = clock.at_least(row.expires_at, at)
    challenges.postpone_commit_clock(connection, row.id, clock.at_least(None, at))
    new = {"expires_at": expires_at.isoformat()}
    values = {"expires_at": expires_at}
    move_to(connection, house, row, State.OPTION, "booking.returned", at=at, values=values, new=new)
    set_clock(connection, row, expires_at)


def _settle_challenges(connection: Connection, house: House, at: datetime) -> None:
    waiting = challenges.open_in(connection, house.id)
    if not waiting:
        return
    days = challenges.days_of(connection, [each.id for each in waiting])
    for each in waiting:
        mine = [day for day in days if day.challenge_id == each.id]
        _settle_challenge(connection, house, each, mine, at)


def _settle_challenge(
    connection: Connection, house: House, challenge: Row[Any], days: Sequence[Row[Any]], at: datetime
) -> None:
    open_days = [day for day in days if day.answer is None]
    committed = [day for day in open_days if day.state in (State.PENDING, State.CONFIRMED)]
    challenges.answer_days(connection, [day.id for day in committed], "commit", at=at)
    if committed or any(day.answer == "commit" for day in days):
        _end_challenge(connection, challenge, open_days, "lost", at)
        return
    if challenge.state != State.OPTION:
        _end_challenge(connection, challenge, open_days, "void", at)
        return
    better = better_days(connection, house, challenge.booking_id, at=at)
    gone = [day for day in open_days if (day.holder_id, day.resource, day.day) not in better]
    challenges.answer_days(connection, [day.id for day in gone], "gone", at=at)
    _refresh_clocks(connection, {day.holder_id for day in gone})
    if len(gone) == len(open_days):
        _win_challenge(connection, house, challenge, at)


def _end_challenge(
    connection: Connection, challenge: Row[Any], open_days: Sequence[Row[Any]], outcome: str, at: datetime
) -> None:
    challenges.answer_days(connection, [day.id for day in open_days], "gone", at=at)
    challenges.settle(connection, challenge.id, outcome, at=at)
    _refresh_clocks(connection, {day.holder_id for day in open_days})
    row = reread(connection, challenge.booking_id)
    events.put(
        connection,
        f"booking.challenge-{outcome}",
        venue_id=row.venue_id,
        booking_id=row.id,
        by=None,
        at=at,
    )


def _win_challenge(connection: Connection, house: House, challenge: Row[Any], at: datetime) -> None:
    row = reread(connection, challenge.booking_id)
    due_at = house.clock(row).won(at)
    challenges.settle(connection, challenge.id, "won", at=at, commit_due_at=due_at)
    set_clock(connection, row, row.expires_at, alone=True)
    events.put(
        connection,
        "booking.challenge-won",
        venue_id=row.venue_id,
        booking_id=row.id,
        by=None,
        at=at,
        new={"due_at": due_at.isoformat()},
    )


def _refresh_clocks(connection: Connection, bookings: Collection[UUID]) -> None:
    for booking_id in sorted(bookings):
        row = reread(connection, booking_id)
        if row.state is State.OPTION:
            set_clock(connection, row, row.expires_at, alone=True)


def better_days(
    connection: Connection,
    house: House,
    booking_id: UUID,
    *,
    at: datetime,
    instead: Sequence[Asked] | None = None,
) -> dict[tuple[UUID, str, date], UUID]:
    """Who stands better than this option, per resource and planning day: `(holder, resource, day)` → its claim.

    The resource is the holder's own: a whole that meets a part contests the days of the whole. `instead`: what
    it would hold, of a booking that is no option yet and so stands behind every one.
    """
    live = queues.live_holds(connection, list(house.atoms), after=at - PAST)
    mine = [hold for booking, _, hold in live if booking == booking_id]
    if instead is not None:
        last = Key(LAST, booking_id)
        mine = [
            Hold(atom.id, claim.occupied, claim.quantity_of(atom), last)
            for claim in instead
            for atom in claim.place.atoms
        ]
    others = [(booking, claim, hold) for booking, claim, hold in live if booking not in (booking_id, None)]
    found: dict[tuple[UUID, str, date], UUID] = {}
    codes: dict[UUID, str] = {}
    for better, day in _standing_before(connection, house, mine, others):
        if better[1] not in codes:
            row = reread(connection, better[0])
            codes |= {claim.id: claim.resource for claim in row.claims}
        found[better[0], codes[better[1]], day] = better[1]
    return found


def _standing_before(
    connection: Connection,
    house: House,
    mine: Sequence[Hold],
    others: Sequence[tuple[UUID, UUID, Hold]],
) -> list[tuple[tuple[UUID, UUID], date]]:
    """`((booking, claim), day)` for everything better that makes the rank of `mine` on that day worse."""
    atoms = house.atoms
    hard: list[Hold] = []
    stock = sorted({hold.atom for hold in mine if not atoms[hold.atom].exclusive})
    if stock:
        outer = Span(min(hold.span.start for hold in mine), max(hold.span.end for hold in mine))
        hard = queues.hard_holds(connection, stock, outer)
    found = []
    for booking, claim, other in others:
        for hold in mine:
            if not (other.atom == hold.atom and other.key and hold.key and other.key < hold.key):
                continue
            common = other.span.common(hold.span)
            if common is None:
                continue
            rest = [each for _, _, each in others if each.atom == hold.atom]
            clipped = Hold(hold.atom, common, hold.quantity, hold.key)
            days = ranked_days([clipped], [*rest, *hard], atoms, house.zone, house.day_line)
            found += [((booking, claim), day.day) for day in days if day.rank > 1]
    return found


def _tell_ranks(connection: Connection, house: House, at: datetime) -> None:
    now = headlines(connection, house, at=at)
    moved = {claim for claim, rank in now.items() if house.ranks.get(claim, rank) != rank}
    for row in registers.of_claims(connection, moved):
        old, new = (
            max((ranks[claim.id] for claim in row.claims if claim.id in ranks), default=1)
            for ranks in (house.ranks, now)
        )
        entries.alter(connection, row, {}, at=at)
        touch(connection, house, row)
        if old != new:
            events.put(
                connection,
                "booking.moved-up" if new < old else "booking.moved-down",
                venue_id=row.venue_id,
                booking_id=row.id,
                by=None,
                at=at,
                old={"rank": old},
                new={"rank": new},
            )
    house.ranks.clear()
    house.ranks.update(now)
