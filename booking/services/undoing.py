"""Undo: what a planner did just now is done at once, told after a minute, and until then it can go back.

A deed is offered back only when it touched nothing but what it was about: a confirmation that ended another's
option, or a no that broke a chain, is not. It goes back under the lock of its house, unless somebody acted since.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.bookings import Change, ClaimChange
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, NotFound, NotUndone
from booking.domain.states import State, Verb
from booking.services import changing, events
from booking.services.changing import claim_documents, read_claim
from booking.services.events import Held
from booking.services.house import House, locked_together, put_in_order
from booking.services.ordering import move_to, set_clock
from booking.services.series import concerned as occurrences
from booking.services.terms import typed
from booking.storage import conflicts, entries, outbox, referrals, registers, undoing
from booking.storage.base import new_id
from booking.storage.registers import BookingRow

WAIT = timedelta(seconds=60)
"""How long nobody is told, and so how long it can be taken back."""

FOLLOWS = frozenset({"booking.moved-up", "booking.moved-down"})
"""What is told of others without anything of theirs having changed: a place is worked out, never stored."""

KEPT = ("granted_at", "expires_at", "due_at", "due_kind", "extensions", "manual_order", "agreed_at")
"""The columns that a deed may have changed beside the state."""

UNANSWERED = {State.REQUESTED: State.WITHDRAWN, State.OPTION: State.RELEASED, State.CONFIRMED: State.CANCELLED}
"""How a request that was passed on by mistake ends at its partner, who never heard of it."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Offer:
    """The way back: what was done with one press, and until when it can be undone."""

    group: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button, which may do several things: each is kept with the others of its `group`."""

    person: Person
    at: datetime
    group: UUID

    @classmethod
    def of(cls, person: Person, at: datetime) -> "Press":
        """A new one."""
        return cls(person, at, new_id())

    @property
    def until(self) -> datetime:
        """The end of the minute."""
        return self.at + WAIT

    def answer(
        self, connection: Connection, booking_id: UUID, verb: Verb, work: Callable[[], Result]
    ) -> tuple[Result, Offer | None]:
        """Do a verb that can be undone: decline, grant, confirm, refer."""
        before = _before(connection, booking_id, self.at)
        with events.held(self.until) as put:
            done = work()
        if verb is Verb.REFER:
            return done, self._keep_referral(connection, before, put)
        return done, self._keep_answer(connection, before, put)

    def move(
        self, connection: Connection, booking_id: UUID, work: Callable[[], Result]
    ) -> tuple[Result, Offer | None]:
        """Change the claims of one booking."""
        before = registers.find(connection, booking_id)
        desk = _open_conflicts(connection, before)
        with events.held(self.until) as put:
            done = work()
        after = registers.find(connection, booking_id)
        if before is None or after is None or not _only(put, {booking_id}) or before.state is not after.state:
            return done, None
        if not any(each["kind"] == "booking.changed" and "claims" in each["new"] for each in put.put):
            return done, None
        was = {
            **_kept(before, after),
            "claims": claim_documents([ClaimChange(typed(claim), claim.id) for claim in before.claims]),
            "conflicts": [str(each) for each in sorted(desk - _open_conflicts(connection, after))],
        }
        return done, self._keep(connection, before.venue_id, "move", {"bookings": [was]}, put)

    def resolve(
        self, connection: Connection, conflict_id: UUID, work: Callable[[], Result]
    ) -> tuple[Result, Offer | None]:
        """Take a conflict from the desk."""
        with events.held(self.until) as put:
            done = work()
        row = conflicts.find(connection, conflict_id)
        if row is None:
            return done, None
        return done, self._keep(connection, row.venue_id, "resolve", {"conflict": str(conflict_id)}, put)

    def _keep_answer(self, connection: Connection, before: Mapping[UUID, BookingRow], put: Held) -> Offer | None:
        touched = {each["booking_id"] for each in put.put if each["kind"] not in FOLLOWS}
        rows = [before[each] for each in sorted(touched & before.keys())]
        if not touched or not _only(put, before) or any(row.state is not State.REQUESTED for row in rows):
            return None
        if any(row.trajectory_id is not None for row in rows):  # a no breaks it, a yes may have to wait
            return None
        after = {row.id: row for row in registers.of_ids(connection, touched)}
        was = [_kept(row, after[row.id]) for row in rows]
        return self._keep(connection, rows[0].venue_id, "answer", {"bookings": was}, put)

    def _keep_referral(self, connection: Connection, before: Mapping[UUID, BookingRow], put: Held) -> Offer | None:
        [row] = before.values()
        sent = [each for each in referrals.around(connection, [row.id]) if each.asked_at == self.at]
        copies = registers.of_ids(connection, [each.to_id for each in sent if each.to_id is not None])
        after = registers.find(connection, row.id)
        if after is None or not _only(put, {row.id, *(copy.id for copy in copies)}):
            return None
        was = {
            "bookings": [_kept(row, after)],
            "copies": [_kept(copy, copy) for copy in copies],
            "referrals": [str(each.id) for each in sent],
        }
        return self._keep(connection, row.venue_id, "refer", was, put)

    def _keep(
        self, connection: Connection, venue_id: int, deed: str, was: Mapping[str, Any], put: Held
    ) -> Offer | None:
        undoing.add(
            connection,
            group_id=self.group,
            person_id=self.person.id,
            venue_id=venue_id,
            deed=deed,
            at=self.at,
            until=self.until,
            was=dict(was),
            events=[{"id": str(each["id"]), "booking": str(each["booking_id"])} for each in put.put],
        )
        return Offer(self.group, self.until)


def of_group(connection: Connection, person: Person, group: UUID) -> Sequence[Row[Any]]:
    """What this person did with one press. NotFound."""
    rows = undoing.of_group(connection, group, person.id)
    if not rows:
        raise NotFound
    return rows


def take_back(connection: Connection, person: Person, row: Row[Any], *, at: datetime) -> None:
    """As if it had not been done: nobody is told. NotUndone; CannotBeHad when its days are taken by now."""
    if at >= row.until:
        raise NotUndone("late")
    known = [UUID(each["id"]) for name in ("bookings", "copies") for each in row.was.get(name, ())]
    venues = {row.venue_id, *(each.venue_id for each in registers.of_ids(connection, known))}
    houses = locked_together(connection, venues, at=at)
    if not undoing.note_undone(connection, row.id, at=at):
        raise NotUndone("undone")
    if not outbox.withdraw(connection, [UUID(each["id"]) for each in row.events], at=at):
        raise NotUndone("late")
    with events.held(at) as put:
        TAKERS[row.deed](Taking(connection, person, houses, row, at))
        for house in houses.values():
            put_in_order(connection, house, at=at)
    concerned = {each["booking"] for each in row.events}
    if not _only(put, {UUID(each) for each in concerned}):
        raise NotUndone("acted")  # somebody has taken there what would go again
    untold = [each["id"] for each in put.put if str(each["booking_id"]) in concerned]
    outbox.withdraw(connection, untold, at=at)


@dataclass(frozen=True, slots=True)
class Taking:
    """One deed that goes back, its houses under their locks."""

    connection: Connection
    person: Person
    houses: Mapping[int, House]
    row: Row[Any]
    at: datetime

    def untouched(self, was: Mapping[str, Any]) -> BookingRow:
        """The booking as the deed left it. NotUndone when it is another by now."""
        found = registers.find(self.connection, UUID(was["id"]), lock=True)
        last = max(UUID(each["id"]) for each in self.row.events)
        if found is None or found.revision != was["revision"]:
            raise NotUndone("acted")
        if undoing.has_happened_since(self.connection, found.id, last, besides=FOLLOWS):
            raise NotUndone("acted")
        return found

    def own(self, was: Mapping[str, Any]) -> BookingRow:
        """The same, of a booking that is still this person's to answer. NotFound for who lost the hat since."""
        found = self.untouched(was)
        if not self.person.sides(found.venue, found.organisation):
            raise NotFound
        return found

    def restore(self, found: BookingRow, state: State, values: Mapping[str, Any]) -> None:
        """Another state, with the history's word for it."""
        house = self.houses[found.venue_id]
        by = self.person.id
        move_to(self.connection, house, found, state, "booking.undone", at=self.at, by=by, values=values)


def _answer_back(taking: Taking) -> None:
    for was in taking.row.was["bookings"]:
        found = taking.own(was)
        values = {**_values(was), "ended_at": None, "overrides": None}
        taking.restore(found, State(was["state"]), values)
        undoing.reopen_proposals(taking.connection, found.id, at=taking.row.at)


def _referral_back(taking: Taking) -> None:
    """The copies first: they have to be as they were made."""
    for copy in taking.row.was["copies"]:
        found = taking.untouched(copy)
        taking.restore(found, UNANSWERED.get(found.state, State.WITHDRAWN), {})
    undoing.forget_referrals(taking.connection, [UUID(each) for each in taking.row.was["referrals"]])
    [was] = taking.row.was["bookings"]
    found = taking.own(was)
    if found.state is State(was["state"]):  # the company was only asked
        _tell(taking, found)
    else:
        _answer_back(taking)


def _move_back(taking: Taking) -> None:
    """To the days that it had, if they are still to be had: by the same rules as any move."""
    [was] = taking.row.was["bookings"]
    found = taking.own(was)
    live = {claim.id for claim in found.claims}
    wanted = tuple(
        ClaimChange(each.terms, each.id if each.id in live else None)
        for each in (_claim(document) for document in was["claims"])
    )
    house = taking.houses[found.venue_id]
    try:
        with taking.connection.begin_nested():
            moved = _moved(taking, found, house, wanted, force=False)
    except CannotBeHad as refusal:
        if not refusal.can_be_forced:
            raise
        moved = _moved(taking, found, house, wanted, force=True)  # it stood there a minute ago
    values = _values(was)
    entries.alter(taking.connection, moved, values, at=taking.at)
    if moved.state is State.OPTION:
        set_clock(taking.connection, moved, values["expires_at"])
    for conflict in was["conflicts"]:
        conflicts.alter(taking.connection, UUID(conflict), resolved_at=None)
    _tell(taking, moved)


def _moved(
    taking: Taking, found: BookingRow, house: House, wanted: tuple[ClaimChange, ...], *, force: bool
) -> BookingRow:
    change = Change({}, wanted, force=force, reason="undone" if force else None)
    return changing.move(taking.connection, taking.person, found, house, change, at=taking.at)


def _resolve_back(taking: Taking) -> None:
    conflict_id = UUID(taking.row.was["conflict"])
    found = conflicts.find(taking.connection, conflict_id)
    if found is None or found.resolved_at != taking.row.at:
        raise NotUndone("acted")
    if not taking.person.decides_for(found.venue):
        raise NotFound
    conflicts.alter(taking.connection, conflict_id, resolved_at=None, resolved_by=None, why=None)
    booking = registers.find(taking.connection, found.booking_id)
    if booking is not None:
        _tell(taking, booking)


TAKERS: Mapping[str, Callable[[Taking], None]] = {
    "answer": _answer_back,
    "refer": _referral_back,
    "move": _move_back,
    "resolve": _resolve_back,
}


def _tell(taking: Taking, booking: BookingRow) -> None:
    events.put(
        taking.connection,
        "booking.undone",
        venue_id=booking.venue_id,
        booking_id=booking.id,
        by=taking.person.id,
        at=taking.at,
    )


def _before(connection: Connection, booking_id: UUID, at: datetime) -> dict[UUID, BookingRow]:
    """The booking, and of a series every other that the same answer may mean."""
    row = registers.find(connection, booking_id)
    if row is None:
        raise NotFound
    ids = occurrences(connection, row, "all" if row.series_id else "one", at=at)
    return {each.id: each for each in registers.of_ids(connection, ids)}


def _only(put: Held, bookings: Collection[UUID]) -> bool:
    """Whether the deed changed nothing of anybody else."""
    return all(each["booking_id"] in bookings or each["kind"] in FOLLOWS for each in put.put)


def _kept(before: BookingRow, after: BookingRow) -> dict[str, Any]:
    """What to restore of a booking, and the revision in which the deed left it."""
    columns = {name: getattr(before, name) for name in KEPT}
    told = {name: each.isoformat() if isinstance(each, datetime) else each for name, each in columns.items()}
    return {"id": str(before.id), "state": before.state, "revision": after.revision, **told}


def _values(was: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(was[name]) if name.endswith("_at") and was[name] else was[name]
        for name in KEPT
    }


def _claim(document: Mapping[str, Any]) -> ClaimChange:
    kept = read_claim(document)
    return ClaimChange(kept.terms, UUID(document["id"]))


def _open_conflicts(connection: Connection, row: BookingRow | None) -> set[UUID]:
    if row is None:
        return set()
    return {each.id for each in conflicts.open_in(connection, row.venue_id) if each.booking_id == row.id}
