"""Changing a booking: its words, its claims. What stays keeps its identity in calendars."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange, Moment, Purpose, Terms
from booking.domain.claims import Asked, ClaimTerms, Place
from booking.domain.conflicts import refused
from booking.domain.people import Person
from booking.domain.policies import first_state
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, WrongState
from booking.domain.rules import Policy
from booking.domain.spans import Span
from booking.domain.states import FORCE, OPEN, Force, Side, State
from booking.services import events
from booking.services.answering import check_revision, lock_booking, reread, typed
from booking.services.asking import Verdict, check_moments, judge, overridden, refuse_unless_overridden
from booking.storage import entries, occupancies
from booking.storage.base import new_id
from booking.storage.registers import BookingRow, ClaimRow

CHANGEABLE = OPEN | {State.CONFIRMED}


@dataclass(frozen=True, slots=True)
class Plan:
    """Which claims stay (with their new terms), which are new, which end. Numbers are positions."""

    staying: tuple[tuple[UUID, int, Asked], ...]
    new: tuple[tuple[UUID, int, Asked], ...]
    ending: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Altered:
    """The columns to write, and what was and becomes, for the log."""

    values: dict[str, Any]
    old: dict[str, Any]
    new: dict[str, Any]

    def with_claims(self, row: BookingRow, verdict: Verdict, values: Mapping[str, Any]) -> "Altered":
        """The same with claims that were moved."""
        before = [_document(typed(claim)) for claim in row.claims]
        after = [_document(asked.terms) for asked in verdict.asked]
        return Altered(
            {**self.values, **values},
            {**self.old, "claims": before},
            {**self.new, "claims": after, **overridden(verdict)},
        )


def change(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    wanted: Change,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> BookingRow:
    """Make it so, and return the booking as it is then.

    NotFound, Forbidden, Stale, WrongState (ended; or a company that would move what is confirmed),
    Malformed, CannotBeHad. More time, another resource or a larger quantity gives an option a new key.
    """
    codes = {each.terms.resource for each in wanted.claims or ()}
    row, places = lock_booking(connection, person, booking_id, *codes)
    _check(row, person, wanted, if_match)
    altered = _words(row, wanted)
    spans = [_presence(claim) for claim in row.claims]
    if wanted.claims is not None and _moves(row, wanted.claims):
        verdict = _judge(connection, person, row, wanted, places, at)
        spans = [asked.presence for asked in verdict.asked]
        altered = altered.with_claims(row, verdict, _move(connection, row, wanted.claims, verdict, at))
    check_moments(wanted.fields.get("moments", [Moment.read(each) for each in row.moments]), spans)
    if not altered.new:
        return row
    entries.alter(connection, row, altered.values, at=at)
    if FORCE[row.state] is not Force.NONE:
        occupancies.touch(connection, sorted({atom.id for place in places.values() for atom in place.atoms}))
    events.put(
        connection,
        "booking.changed",
        venue_id=row.venue_id,
        booking_id=row.id,
        by=person.id,
        at=at,
        old=altered.old,
        new=altered.new,
        why=wanted.reason,
    )
    return reread(connection, row.id)


def may_change(row: BookingRow, person: Person) -> bool:
    """Whether this person may change the words of the booking as it is now."""
    return bool(person.sides(row.venue, row.organisation)) and row.state in CHANGEABLE


def may_move_claims(row: BookingRow, person: Person) -> bool:
    """A company moves what is still open; what is confirmed is moved by the house."""
    return may_change(row, person) and (row.state in OPEN or person.decides_for(row.venue))


def _check(row: BookingRow, person: Person, wanted: Change, if_match: Collection[int] | None) -> None:
    if not person.sides(row.venue, row.organisation):
        raise Forbidden
    check_revision(row, if_match)
    if row.state not in CHANGEABLE or (wanted.claims is not None and not may_move_claims(row, person)):
        raise WrongState(row.state, "change")
    if wanted.claims is not None and not wanted.claims:
        raise Malformed({"claims": ["required"]})
    if wanted.force and Side.HOUSE not in person.sides(row.venue, row.organisation):
        raise Forbidden


def _words(row: BookingRow, wanted: Change) -> Altered:
    stored = {
        name: [moment.document() for moment in value] if name == "moments" else value
        for name, value in wanted.fields.items()
    }
    values = {name: value for name, value in stored.items() if value != getattr(row, name)}
    return Altered(values, {name: getattr(row, name) for name in values}, dict(values))


def _judge(
    connection: Connection,
    person: Person,
    row: BookingRow,
    wanted: Change,
    places: Mapping[str, Place],
    at: datetime,
) -> Verdict:
    stored = [typed(claim) for claim in row.claims]
    verdict = judge(connection, person, _terms(row, wanted), places, at=at, besides=row.id, unchanged=stored)
    if verdict.venue != row.venue:
        raise Malformed({"claims": ["two-venues"]})
    refuse_unless_overridden(verdict, person, force=wanted.force)
    _refuse_ungranted(row, person, verdict, places, at)
    return verdict


def _refuse_ungranted(
    row: BookingRow, person: Person, verdict: Verdict, places: Mapping[str, Place], at: datetime
) -> None:
    """An option that nobody had to grant is not carried over to a resource that only the house grants."""
    before = {claim.resource for claim in row.claims}
    added = [asked for asked in verdict.asked if asked.place.code not in before]
    was_granted = any(places[code].rules.policy is Policy.REQUEST for code in before)
    if row.state is not State.OPTION or person.decides_for(row.venue) or was_granted or not added:
        return
    if first_state(added, verdict.asker, over_option=False, at=at) is State.REQUESTED:
        raise CannotBeHad([refused(asked, "asked-apart") for asked in added])


def _moves(row: BookingRow, wanted: Sequence[ClaimChange]) -> bool:
    return [typed(claim) for claim in row.claims] != [each.terms for each in wanted]


def _terms(row: BookingRow, wanted: Change) -> Terms:
    return Terms(
        title=row.title,
        purpose=Purpose(row.purpose),
        claims=tuple(each.terms for each in wanted.claims or ()),
        organisation=row.organisation,
        force=wanted.force,
        reason=wanted.reason,
    )


def _move(
    connection: Connection,
    row: BookingRow,
    wanted: Sequence[ClaimChange],
    verdict: Verdict,
    at: datetime,
) -> dict[str, Any]:
    plan = _plan(row, wanted, verdict.asked)
    occupancies.give_up(connection, row.venue_id, [claim.id for claim in row.claims])
    entries.move_claims(connection, plan.staying, FORCE[row.state])
    entries.add_claims(connection, row.id, plan.new, FORCE[row.state])
    entries.end_claims(connection, row, plan.ending, at=at)
    if row.state is State.OPTION and not _is_less(row, plan):
        return {"granted_at": at}
    return {}


def _plan(row: BookingRow, wanted: Sequence[ClaimChange], asked: Sequence[Asked]) -> Plan:
    named = {each.id for each in wanted}
    left = {claim.id: claim for claim in row.claims}
    staying: list[tuple[UUID, int, Asked]] = []
    new: list[tuple[UUID, int, Asked]] = []
    for position, (each, resolved) in enumerate(zip(wanted, asked, strict=True)):
        kept = _kept(left, each, position, named)
        if kept is None:
            new.append((new_id(), position, resolved))
        else:
            del left[kept]
            staying.append((kept, position, resolved))
    return Plan(tuple(staying), tuple(new), tuple(left))


def _kept(
    left: Mapping[UUID, ClaimRow], wanted: ClaimChange, position: int, named: Collection[UUID | None]
) -> UUID | None:
    """The claim that this one was: the named one, else one on the same resource that none of them names."""
    if wanted.id is not None:
        if wanted.id not in left:
            raise Malformed({f"claims.{position}.id": ["unknown"]})
        return wanted.id
    return next(
        (claim.id for claim in left.values() if claim.resource == wanted.terms.resource and claim.id not in named),
        None,
    )


def _is_less(row: BookingRow, plan: Plan) -> bool:
    """Shrinking keeps an option's key: nothing new, and every claim within what it was."""
    before = {claim.id: claim for claim in row.claims}
    return not plan.new and all(
        asked.place.id == before[claim_id].resource_id
        and _presence(before[claim_id]).holds(asked.presence)
        and asked.terms.quantity <= before[claim_id].quantity
        for claim_id, _, asked in plan.staying
    )


def _presence(claim: ClaimRow) -> Span:
    return claim.span.widened(
        before=timedelta(minutes=claim.setup_minutes),
        after=timedelta(minutes=claim.strike_minutes),
    )


def _document(terms: ClaimTerms) -> dict[str, Any]:
    """A claim for the log: dates and instants as RFC 3339 text."""
    return asdict(terms) | {
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
    }
