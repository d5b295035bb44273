"""Who goes where in a call: worked out (at once, or by the worker), changed by hand, granted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.bookings import ClaimChange, Purpose, Terms
from booking.domain.calls import Assignment, CallState, Candidate, Seat, assign
from booking.domain.claims import Asked, ClaimTerms, Place, resolve
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Conflict, Malformed, Refusal, WrongState
from booking.domain.states import State
from booking.services import changing, events, finding, people
from booking.services.asking import ask
from booking.services.calls import ApplicationView, check_coordinator, find, for_coordinator, put, read
from booking.services.candidates import Patience
from booking.services.house import locked_together
from booking.storage import calls, catalogues
from booking.storage.database import Database
from booking.storage.locks import places

SECONDS = 5.0
"""For trying who goes where, once every seat is known."""

AT_ONCE = 12
"""So many applications are worked out while the coordinator waits; more are left to the worker."""

CLAIMED_FOR = timedelta(minutes=10)
NOT_SEATED = "others-first"


@dataclass(frozen=True, slots=True)
class ByHand:
    """A seat that the coordinator chose; no claims: this company goes nowhere."""

    application: UUID
    claims: tuple[ClaimTerms, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was worked out of a call as it was: `rows` for its applications, `of` those that were looked at."""

    rows: Sequence[dict[str, Any]]
    proved: bool
    of: Sequence[Row[Any]]


def work_out(
    connection: Connection,
    person: Person,
    call_id: UUID,
    *,
    at: datetime,
    after_each: Callable[[int], bool] = lambda _: True,
) -> Proposal:
    """Who goes where, as everything stands; reads only. NotFound, Forbidden, WrongState.

    `after_each` hears how many applications have been looked at, and says whether to go on.
    """
    call = read(connection, person, call_id, at=at)
    check_coordinator(person)
    row, views = call.row, call.applications
    if row.state != CallState.OPEN:
        raise WrongState(row.state, "propose")
    candidates = []
    for n, view in enumerate(views, 1):
        candidates.append(_candidate(connection, person, row, view, at))
        if not after_each(n):
            break
    patience = Patience(SECONDS, monotonic)
    found = assign(candidates, is_over=lambda: patience.is_over)
    return Proposal([_seating(each, found) for each in candidates], found.proved, [view.row for view in views])


def keep(connection: Connection, person: Person, call_id: UUID, proposal: Proposal) -> bool:
    """It stands from now on, for what is still applied for as it was; False where something changed meanwhile.

    NotFound, Forbidden, WrongState.
    """
    for_coordinator(connection, person, call_id, "propose")
    now = {each.id: each for each in calls.applications(connection, call_id)}
    same = {each.id for each in proposal.of if each.id in now and now[each.id].changed_at == each.changed_at}
    calls.propose(connection, list(now), [each for each in proposal.rows if each["application_id"] in same])
    calls.alter(connection, call_id)
    return same == set(now)


def propose(database: Database, person: Person, call_id: UUID, *, at: datetime) -> bool:
    """Work out who goes where and keep it: looked at without a lock, written in one. Whether nothing is better.

    NotFound, Forbidden, WrongState.
    """
    with database.read() as connection:
        proposal = work_out(connection, person, call_id, at=at)
    whole = database.write(lambda connection: keep(connection, person, call_id, proposal))
    return proposal.proved and whole


def ask_for(connection: Connection, person: Person, call_id: UUID, *, at: datetime) -> None:
    """The worker does it: there is a row that says how far it is. NotFound, Forbidden, WrongState."""
    for_coordinator(connection, person, call_id, "propose")
    total = len(calls.applications(connection, call_id))
    calls.ask_for_work(connection, call_id, by=person.id, at=at, total=total)


def is_long(connection: Connection, call_id: UUID) -> bool:
    """Whether it is better left to the worker."""
    return len(calls.applications(connection, call_id)) > AT_ONCE


def work_some(database: Database, *, at: datetime) -> int:
    """Work out what was asked for, one call after another; how many were finished. A worker that is killed
    leaves it to another, which begins again."""
    done = 0
    while True:
        with database.read() as connection:
            row = calls.work_waits(connection, at=at)
        if row is None:
            return done
        if database.write(partial(calls.claim_work, row=row, until=at + CLAIMED_FOR)):
            done += _work(database, row, at)


def _work(database: Database, row: Row[Any], at: datetime) -> int:
    def note(**values: Any) -> bool:
        return database.write(lambda connection: calls.note_work(connection, row.call_id, row.asked_at, **values))

    with database.read() as connection:
        person = people.of_id(connection, row.asked_by)
    outcome = "outdated"
    try:
        if person is not None:
            with database.read() as connection:
                proposal = work_out(
                    connection, person, row.call_id, at=at, after_each=lambda n: note(done=min(n, row.total))
                )
            whole = database.write(lambda connection: keep(connection, person, row.call_id, proposal))
            outcome = ("proved" if proposal.proved else "hurried") if whole else "outdated"
    except Refusal:  # granted or withdrawn meanwhile, or the coordinator is one no more
        outcome = "outdated"
    return int(database.write(partial(_finish, row=row, outcome=outcome, at=at)))


def _finish(connection: Connection, *, row: Row[Any], outcome: str, at: datetime) -> bool:
    """Note how it ended, and tell who asked: they may have left the page. False when it was asked again since."""
    if not calls.note_work(connection, row.call_id, row.asked_at, outcome=outcome, finished_at=at):
        return False
    call = calls.find(connection, row.call_id)
    if call is not None:
        first = catalogues.venue_ids(connection, call.venues[:1])
        page = {"title": call.title, "texts": call.texts or {}, "link": f"/calls/{call.id}#proposal"}
        events.put_ready(connection, first[call.venues[0]], row.asked_by, "call", outcome, at=at, **page)
    return True


def by_hand(connection: Connection, person: Person, call_id: UUID, chosen: Sequence[ByHand]) -> None:
    """The whole proposal as the coordinator says. NotFound, Forbidden, WrongState, Malformed."""
    row = for_coordinator(connection, person, call_id, "propose")
    ids = [each.id for each in calls.applications(connection, call_id)]
    calls.propose(connection, ids, _rows_by_hand(connection, row, ids, chosen))
    calls.alter(connection, call_id)


def choose(connection: Connection, person: Person, call_id: UUID, chosen: ByHand) -> None:
    """One line of the proposal as the coordinator says; the others stay. What it refuses, `by_hand` refuses."""
    row = for_coordinator(connection, person, call_id, "propose")
    ids = [each.id for each in calls.applications(connection, call_id)]
    calls.propose(connection, [chosen.application], _rows_by_hand(connection, row, ids, [chosen]))
    calls.alter(connection, call_id)


def _rows_by_hand(
    connection: Connection, row: Row[Any], ids: Sequence[UUID], chosen: Sequence[ByHand]
) -> list[dict[str, Any]]:
    known = places(connection, {claim.resource for each in chosen for claim in each.claims})
    errors = {
        f"places.{n}.application": ["unknown"] for n, each in enumerate(chosen) if each.application not in ids
    }
    errors |= {
        f"places.{n}.application": ["twice"]
        for n, each in enumerate(chosen)
        if each.application in {before.application for before in chosen[:n]}
    }
    errors |= {
        f"places.{n}.claims.{m}.resource": ["unknown"]
        for n, each in enumerate(chosen)
        for m, claim in enumerate(each.claims)
        if claim.resource not in known or known[claim.resource].venue not in row.venues
    }
    if errors:
        raise Malformed(errors)
    return [
        {
            "application_id": each.application,
            "wish": None,
            "claims": changing.claim_documents([ClaimChange(claim) for claim in each.claims]),
            "why": "by-hand",
        }
        for each in chosen
    ]


def _candidate(
    connection: Connection, person: Person, row: Row[Any], view: ApplicationView, at: datetime
) -> Candidate:
    """Every seat that this application could have now, in the houses of the call, its best wishes first."""
    each = view.row
    seats: list[Seat] = []
    for wish, period in enumerate(each.periods, 1):
        when = Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
        seats += _seats(connection, person, row, each, when, wish, at)
    return Candidate(each.id, tuple(seats), view.score or 0.0)


def _seats(
    connection: Connection, person: Person, row: Row[Any], each: Row[Any], when: Period, wish: int, at: datetime
) -> list[Seat]:
    rooms = finding.candidates(connection, person, Need(**each.need), when, each.days, at=at)
    rooms = [room for room in rooms if room.row.venue_code in row.venues]
    beds: dict[str, Any] = {}
    if each.beds:
        need = Need(kind="accommodation", quantity=each.beds)
        for lodging in finding.candidates(connection, person, need, when, each.days, at=at):
            beds.setdefault(lodging.row.venue_code, lodging)
    known = places(connection, {room.row.code for room in rooms} | {bed.row.code for bed in beds.values()})
    found = []
    for room in rooms:
        bed = beds.get(room.row.venue_code)
        nights = {start.start for start in bed.starts} if bed is not None else set()
        for start in room.starts:
            if start.rank > 1 or (each.beds and start.start not in nights):
                continue
            claims = [ClaimTerms(room.row.code, start.start, start.end, each.need.get("quantity", 1))]
            if bed is not None:
                claims.append(ClaimTerms(bed.row.code, start.start, start.end, each.beds))
            found.append(Seat(wish, tuple(_at_place(claim, known) for claim in claims)))
    return found


def _at_place(claim: ClaimTerms, known: Mapping[str, Place]) -> Asked:
    return resolve(claim, known[claim.resource])


def _seating(each: Candidate, found: Assignment) -> dict[str, Any]:
    seat = found.seats.get(each.id)
    if seat is None:
        why = "others-first" if each.seats else "nothing-fits"
        return {"application_id": each.id, "wish": None, "claims": [], "why": why}
    claims = changing.claim_documents([ClaimChange(asked.terms) for asked in seat.asked])
    return {"application_id": each.id, "wish": seat.wish, "claims": claims, "why": "placed"}


def grant(connection: Connection, person: Person, call_id: UUID, *, at: datetime) -> list[UUID]:
    """Every seat of the proposal becomes an option, all or none; the houses gave their word when the call opened.

    NotFound, Forbidden, WrongState, CannotBeHad (something was taken meanwhile: propose again).
    """
    houses = catalogues.venue_ids(connection, find(connection, call_id).venues)
    check_coordinator(person)
    locked_together(connection, set(houses.values()), at=at)
    row = for_coordinator(connection, person, call_id, "grant")
    applications = {each.id: each for each in calls.applications(connection, call_id)}
    seats = [each for each in calls.seatings(connection, list(applications)) if each.claims]
    if not seats:
        raise WrongState(row.state, "grant")
    deputy = replace(person, manages=frozenset(row.venues))
    made, conflicts = [], list[Conflict]()
    for seat in sorted(seats, key=lambda each: each.application_id):
        each = applications[seat.application_id]
        claims = tuple(changing.read_claim(document).terms for document in seat.claims)
        terms = Terms(
            each.title,
            Purpose.RESIDENCY,
            claims,
            organisation=each.organisation_id,
            people=each.people,
            note=each.note,
            state=State.OPTION,
            reason=row.title,
        )
        try:
            booking = ask(connection, deputy, terms, at=at)
        except CannotBeHad as refusal:
            conflicts += refusal.conflicts
            continue
        venue_id = booking.verdict.asked[0].place.venue_id
        calls.seat(connection, each.id, venue_id=venue_id, booking_id=booking.id)
        made.append(booking.id)
    if conflicts:
        raise CannotBeHad(conflicts)
    calls.alter(connection, call_id, state=CallState.GRANTED)
    _tell(connection, person, row, at)
    return made


def _tell(connection: Connection, person: Person, row: Row[Any], at: datetime) -> None:
    """Every company hears how it ended for it, and why; never how for others."""
    applications = calls.applications(connection, row.id)
    seats = {each.application_id: each for each in calls.seatings(connection, [each.id for each in applications])}
    for each in applications:
        seat = seats.get(each.id)
        facts: dict[str, Any] = {
            "organisation": str(each.organisation_id),
            "code": seat.why if seat is not None else NOT_SEATED,
            "wish": seat.wish if seat is not None else None,
            "wishes": len(each.periods),
        }
        if seat is not None and seat.booking_id is not None:
            facts["link"] = f"/bookings/{seat.booking_id}"
        kind = "call.granted" if "link" in facts else "call.not-granted"
        put(connection, kind, row, by=person.id, at=at, **facts)
