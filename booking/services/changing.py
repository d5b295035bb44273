"""Changing a booking: its words, its claims. What stays keeps its identity in calendars."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
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
from booking.services.confirming import beat_for
from booking.services.house import House, check_revision, opened, put_in_order
from booking.services.losing import regained
from booking.services.ordering import reread, touch
from booking.services.terms import typed
from booking.services.verdicts import Verdict, beneath, check_moments, judge, overridden, refuse_unless_overridden
from booking.storage import entries, occupancies, queues
from booking.storage.base import new_id
from booking.storage.locks import places as read_places
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
            {**self.values, **values, "overrides": beneath(verdict)},
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

    NotFound, Forbidden, Stale, WrongState (ended), Malformed, CannotBeHad. More time, another resource or a
    larger quantity gives an option a new key; a company that wants it of what is confirmed or pending asks for
    it: the house accepts or refuses.
    """
    row, house = opened(connection, person, booking_id, at=at)
    _check(row, person, wanted, if_match)
    if wanted.claims is not None and _moves(row, wanted.claims) and _is_asked(row, person, wanted.claims):
        return _ask_change(connection, person, row, house, wanted, at)
    return move(connection, person, row, house, wanted, at=at)


def move(
    connection: Connection, person: Person, row: BookingRow, house: House, wanted: Change, *, at: datetime
) -> BookingRow:
    """Make the change under the lock of the house, for a booking that may be changed."""
    altered = _words(row, wanted)
    spans = [_presence(claim) for claim in row.claims]
    anew = _with_buffers(row, wanted, house)
    if anew.claims is not None and (anew is not wanted or _moves(row, anew.claims)):
        verdict = _judge(connection, person, row, anew, house.places, at)
        spans = [asked.presence for asked in verdict.asked]
        moved_values = _move(connection, row, anew.claims, verdict, at)
        altered = altered.with_claims(row, verdict, moved_values) if anew is wanted else altered
    check_moments(wanted.fields.get("moments", [Moment.read(each) for each in row.moments]), spans)
    if not altered.new:
        return row
    entries.alter(connection, row, altered.values, at=at)
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
    moved = reread(connection, row.id)
    regained(connection, house, moved, at=at)
    if FORCE[row.state] is not Force.NONE or row.shown:  # what a suspended option leaves is told as CANCELLED
        touch(connection, house, row, moved)
    if FORCE[row.state] is Force.HARD:
        beat_for(connection, house, row.id, at=at)
    put_in_order(connection, house, at=at)
    return reread(connection, row.id)


def check_change(
    connection: Connection, person: Person, row: BookingRow, house: House, wanted: Change, *, at: datetime
) -> None:
    """Whether the claims could be had as wanted. Malformed, CannotBeHad."""
    _judge(connection, person, row, wanted, house.places, at)


def _is_asked(row: BookingRow, person: Person, wanted: Sequence[ClaimChange]) -> bool:
    """A company that wants more of what is hard asks for it; less it may take itself."""
    return (
        row.state not in OPEN - {State.PENDING} and not person.decides_for(row.venue) and not _within(row, wanted)
    )


def _within(row: BookingRow, wanted: Sequence[ClaimChange]) -> bool:
    """Whether every wanted claim is one of those that are there, or a part of it."""
    left = list(row.claims)
    for each in wanted:
        fits = next((claim for claim in left if _covers(claim, each)), None)
        if fits is None:
            return False
        left.remove(fits)
    return True


def _covers(claim: ClaimRow, wanted: ClaimChange) -> bool:
    terms, mine = wanted.terms, typed(claim)
    if (
        terms.resource != mine.resource
        or terms.quantity > mine.quantity
        or terms.in_whole_days != mine.in_whole_days
    ):
        return False
    less = terms.setup_minutes <= mine.setup_minutes and terms.strike_minutes <= mine.strike_minutes
    return less and bool(mine.start <= terms.start and terms.end <= mine.end)


def _ask_change(
    connection: Connection, person: Person, row: BookingRow, house: House, wanted: Change, at: datetime
) -> BookingRow:
    check_change(connection, person, row, house, wanted, at=at)
    claims = claim_documents(wanted.claims or ())
    queues.answer_proposal(connection, row.id, "void", at=at)
    queues.add_proposal(
        connection,
        venue_id=row.venue_id,
        booking_id=row.id,
        kind="change",
        side=Side.COMPANY,
        claims=claims,
        reason=wanted.reason,
        by_id=person.id,
        at=at,
    )
    events.put(
        connection,
        "booking.change-asked",
        venue_id=row.venue_id,
        booking_id=row.id,
        by=person.id,
        at=at,
        new={"claims": claims},
        why=wanted.reason,
    )
    return reread(connection, row.id)


def claim_documents(claims: Sequence[ClaimChange]) -> list[dict[str, Any]]:
    """Claims as a proposal keeps them: dates and instants as RFC 3339 text."""
    return [_document(each.terms) | {"id": str(each.id) if each.id else None} for each in claims]


def may_change(row: BookingRow, person: Person) -> bool:
    """Whether this person may change the words of the booking as it is now."""
    return bool(person.sides(row.venue, row.organisation)) and row.state in CHANGEABLE


def may_move_claims(row: BookingRow, person: Person) -> bool:
    """A company moves what is still open; of what is confirmed it gives back, or asks for more."""
    return may_change(row, person)


def _check(row: BookingRow, person: Person, wanted: Change, if_match: Collection[int] | None) -> None:
    if not person.sides(row.venue, row.organisation):
        raise Forbidden
    check_revision(row, if_match)
    if row.state not in CHANGEABLE:
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
    terms = _terms(row, wanted)
    elsewhere = {claim.resource for claim in terms.claims} - set(places)
    if elsewhere:  # of another house, or of none: the rules say which
        places = {**places, **read_places(connection, elsewhere)}
    verdict = judge(connection, person, terms, places, at=at, besides=row.id, unchanged=stored)
    if verdict.venue != row.venue:
        raise Malformed({"claims": ["two-venues"]})
    refuse_unless_overridden(verdict, person, force=wanted.force, asked=terms, besides=row.id)
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


def _purpose(row: BookingRow, wanted: Change) -> Purpose:
    return Purpose(wanted.fields.get("purpose", row.purpose))


def _with_buffers(row: BookingRow, wanted: Change, house: House) -> Change:
    """Another purpose may need other buffers: then its claims are judged and written anew, as they are."""
    purpose = _purpose(row, wanted)
    if wanted.claims is not None or purpose == row.purpose:
        return wanted
    rules = [house.places[claim.resource].rules for claim in row.claims]
    if all(each.buffers(purpose) == each.buffers(row.purpose) for each in rules):
        return wanted
    return replace(wanted, claims=tuple(ClaimChange(typed(claim), claim.id) for claim in row.claims))


def _terms(row: BookingRow, wanted: Change) -> Terms:
    return Terms(
        title=row.title,
        purpose=_purpose(row, wanted),
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
    """A claim for the log: dates and instants as RFC 3339 text; the purpose is the booking's."""
    document = asdict(terms) | {
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
    }
    del document["purpose"]
    return document


def read_claim(document: Mapping[str, Any]) -> ClaimChange:
    """A claim as it was kept by `claim_documents`."""
    terms = {name: value for name, value in document.items() if name != "id"}
    for name in ("start", "end"):
        text = terms[name]
        terms[name] = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return ClaimChange(ClaimTerms(**terms))
