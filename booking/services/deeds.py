"""What every verb is given, and the questions that several of them ask first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import ClaimChange
from booking.domain.claims import Asked, resolve
from booking.domain.conflicts import may_be_forced, obstacles, refused
from booking.domain.people import Person
from booking.domain.queue import RankedDay
from booking.domain.refusals import CannotBeHad, Conflict
from booking.domain.spans import Span
from booking.domain.states import State, Verb
from booking.domain.wall_clock import planning_days
from booking.services import events
from booking.services.holding import held_around
from booking.services.ordering import PAST, House, better_days, ranked, reread
from booking.services.terms import typed
from booking.storage import losses, queues
from booking.storage.registers import BookingRow

UNSEEN = timedelta(seconds=10)
"""Nobody reads and answers that fast: who does not say which revision they read has read an older one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says with a verb. `force`: a manager overrides what may be overridden, with a reason.

    `start`, `end`, `resource`: a part of the booking (dates are planning days at the venue, `end` excluded).
    `expires_at`: until when a house gives an option. `rank`: the place in the queue that a planner wants.
    `claims`: as a counter-proposal has them. `venues`: the partner houses to which a request is passed on.
    """

    reason: str | None = None
    force: bool = False
    start: date | datetime | None = None
    end: date | datetime | None = None
    resource: str | None = None
    expires_at: datetime | None = None
    rank: int | None = None
    claims: tuple[ClaimChange, ...] | None = None
    venues: tuple[str, ...] = ()
    accept_warnings: tuple[str, ...] = ()
    note: str | None = None

    @property
    def is_reasoned(self) -> bool:
        """Whether a reason was really given."""
        return bool(self.reason and self.reason.strip())


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb, being done: the house under its lock, the booking as it is, who does it, and when."""

    connection: Connection
    house: House
    row: BookingRow
    person: Person
    verb: Verb
    answer: Answer
    at: datetime

    @property
    def decides(self) -> bool:
        """Whether a manager of the house does it."""
        return self.person.decides_for(self.row.venue)

    def asked(self) -> list[Asked]:
        """The claims at their places."""
        return [resolve(typed(claim), self.house.places[claim.resource]) for claim in self.row.claims]

    def again(self) -> BookingRow:
        """The booking as it is by now."""
        return reread(self.connection, self.row.id)

    def tell(
        self, event: str, *, old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None
    ) -> None:
        """Put the event."""
        events.put(
            self.connection,
            event,
            venue_id=self.row.venue_id,
            booking_id=self.row.id,
            by=self.person.id,
            at=self.at,
            old=old or {},
            new={**(new or {}), **self.accepted()},
            why=self.answer.reason,
        )

    def accepted(self) -> dict[str, Any]:
        """The warnings that were accepted, with the note, for the log."""
        if not self.answer.accept_warnings:
            return {}
        return {"accepted": list(self.answer.accept_warnings), "note": self.answer.note}


def overridden(deed: Deed, extra: Sequence[Conflict] = ()) -> tuple[list[str], list[str]]:
    """The kinds that are forced, and the closures and external events beneath; CannotBeHad when one may not be."""
    asked = deed.asked()
    held = held_around(deed.connection, asked, besides=deed.row.id)
    found = [*obstacles(asked, held), *extra]
    if found and not (deed.answer.force and deed.decides and all(map(may_be_forced, found))):
        raise CannotBeHad(found)
    kinds = sorted({each.kind for each in found})
    beneath = [str(each.source_id) for each in held if each.source != "claim" and each.source_id] if found else []
    return kinds, sorted(set(beneath))


def refuse_unseen(deed: Deed) -> None:
    """CannotBeHad when another confirmation took some of the option's days so shortly before that whoever takes
    it now cannot have seen it: of two at the same time one succeeds, and nobody gets less than they meant."""
    if deed.row.state is not State.OPTION:
        return
    house = deed.house
    found = []
    for loss in losses.missing(deed.connection, bookings=[deed.row.id]):
        if loss.why == State.BEATEN and loss.at > deed.at - UNSEEN:
            span = Span(loss.starts, loss.ends)
            days = tuple(planning_days(span, house.zone, house.day_line))
            found.append(Conflict("time-taken", loss.resource, span, days, house.zone))
    if found:
        raise CannotBeHad(found)


def in_front(deed: Deed) -> list[Conflict]:
    """The better options that stand before this one: confirming or committing now would jump the queue.

    A request counts behind every option. One conflict per resource, with the days.
    """
    days = standing_before(deed)
    found = []
    for claim in deed.asked():
        codes = {atom.id for atom in claim.place.atoms}
        mine = {
            day
            for (_, code, day), _claim in days.items()
            if codes & {atom.id for atom in deed.house.places[code].atoms}
        }
        if mine:
            facts = {"rank": 1 + len({holder for holder, _, day in days if day in mine})}
            place = claim.place
            found.append(
                Conflict(
                    "queue-jump", place.code, claim.span, tuple(sorted(mine)), place.zone, hard=False, facts=facts
                )
            )
    return found


def standing_before(deed: Deed) -> dict[tuple[UUID, str, date], UUID]:
    """`(holder, resource, day)` → claim of every better option."""
    if deed.row.state is State.OPTION:
        return better_days(deed.connection, deed.house, deed.row.id, at=deed.at)
    return better_days(deed.connection, deed.house, deed.row.id, at=deed.at, instead=deed.asked())


def too_many(deed: Deed) -> list[Conflict]:
    """The limits against hoarding: how far down a queue, and how many live options of one organisation."""
    asked, rules = deed.asked(), deed.house.rules
    found = []
    before = better_days(deed.connection, deed.house, deed.row.id, at=deed.at, instead=asked)
    for claim in asked:
        if not claim.place.exclusive and len(claim.place.atoms) == 1:
            continue
        by_day: dict[date, set[UUID]] = {}
        atoms = {atom.id for atom in claim.place.atoms}
        for holder, code, day in before:
            if atoms & {atom.id for atom in deed.house.places[code].atoms}:
                by_day.setdefault(day, set()).add(holder)
        if any(len(holders) >= rules.most_rank for holders in by_day.values()):
            found.append(refused(claim, "most-rank", rank=rules.most_rank))
    if deed.row.organisation is not None:
        row = deed.row
        limits = queues.limits(
            deed.connection,
            row.venue_id,
            row.organisation,
            besides=row.id,
            trajectory=row.trajectory_id,
            enquiry=row.enquiry_id,
        )
        if limits.live >= rules.most_options:
            found.append(refused(asked[0], "most-options", options=rules.most_options))
    return found


def ranks_of(
    connection: Connection, house: House, claims: Collection[UUID], *, at: datetime
) -> dict[UUID, list[RankedDay]]:
    """The ranks per day of these claims."""
    live = queues.live_holds(connection, list(house.atoms), after=at - PAST)
    return ranked(connection, live, house.atoms, house.zone, house.day_line, claims)
