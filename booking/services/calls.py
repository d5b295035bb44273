"""Calls of the programme: companies apply by need, planners score, and who goes where is proposed and granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.bookings import ClaimChange, Purpose, Terms
from booking.domain.calls import Assignment, CallState, Candidate, Seat, assign
from booking.domain.claims import Asked, ClaimTerms, Place, resolve
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Conflict, Forbidden, Malformed, NotFound, WrongState
from booking.domain.states import State
from booking.services import changing, finding
from booking.services.asking import ask
from booking.services.candidates import Patience
from booking.services.house import locked_together
from booking.storage import calls, catalogues
from booking.storage.locks import places

SECONDS = 5.0
CRITERIA = ("artistic", "cross-border", "feasible")
"""Where a call names none."""
MOST_CRITERIA = 10


@dataclass(frozen=True, slots=True)
class CallTerms:
    """A call as the coordinator opens it. `period`: dates, the end excluded; `venues`: codes."""

    title: str
    period: Period
    closes_at: datetime
    venues: tuple[str, ...]
    criteria: tuple[str, ...] = CRITERIA
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicationTerms:
    """What a company applies with. `periods`: its wishes, the best first."""

    title: str
    need: Need
    days: int
    periods: tuple[Period, ...]
    beds: int = 0
    people: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """A seat that the coordinator chose; no claims: this company goes nowhere."""

    application: UUID
    claims: tuple[ClaimTerms, ...]


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application with its scores and its seat, as far as the reader may know."""

    row: Row[Any]
    scores: Sequence[Row[Any]] = ()
    seat: Row[Any] | None = None

    @property
    def score(self) -> float | None:
        """The mean of all points; None: nobody has scored yet."""
        return sum(each.points for each in self.scores) / len(self.scores) if self.scores else None


@dataclass(frozen=True, slots=True)
class View:
    """A call as one person may see it. `may`: apply, score, propose, grant."""

    row: Row[Any]
    applications: tuple[ApplicationView, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A call in a list. `applied`: the companies that did, as far as the reader may know."""

    row: Row[Any]
    applied: tuple[UUID, ...]
    may: tuple[str, ...]


def make(connection: Connection, person: Person, wanted: CallTerms, *, at: datetime) -> UUID:
    """Open a call. Forbidden for all but the coordinator; Malformed: unknown houses, or a past deadline."""
    _check_coordinator(person)
    known = {row.code for row in catalogues.venues(connection)}
    errors = {f"venues.{n}": ["unknown"] for n, code in enumerate(wanted.venues) if code not in known}
    if wanted.closes_at <= at:
        errors["closes_at"] = ["out-of-range"]
    if errors:
        raise Malformed(errors)
    return calls.add(
        connection,
        title=wanted.title,
        description=wanted.description,
        starts=wanted.period.start,
        ends=wanted.period.end,
        closes_at=wanted.closes_at,
        venues=list(dict.fromkeys(wanted.venues)),
        criteria=list(dict.fromkeys(wanted.criteria)),
        made_by=person.id,
        created_at=at,
    )


def _check_coordinator(person: Person) -> None:
    if not person.coordinator:
        raise Forbidden


def _find(connection: Connection, call_id: UUID, *, lock: bool = False) -> Row[Any]:
    row = calls.find(connection, call_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def read(connection: Connection, person: Person, call_id: UUID, *, at: datetime) -> View:
    """A call: its coordinator and the planners of its houses see every application, a company its own alone."""
    row = _find(connection, call_id)
    applications = calls.applications(connection, call_id)
    scores = _by_application(calls.scores(connection, [each.id for each in applications]))
    seats = {each.application_id: each for each in calls.seatings(connection, [each.id for each in applications])}
    if person.sees_everything or person.manages & set(row.venues):
        views = [ApplicationView(each, scores.get(each.id, ()), seats.get(each.id)) for each in applications]
    else:
        is_granted = row.state == CallState.GRANTED
        mine = [each for each in applications if person.speaks_for(each.organisation_id)]
        views = [ApplicationView(each, (), seats.get(each.id) if is_granted else None) for each in mine]
    return View(row, tuple(views), _may(person, row, at))


def listing(connection: Connection, person: Person, *, at: datetime, limit: int) -> list[Listed]:
    """The newest calls that concern this person: of their houses, or open to or answered by their companies."""
    rows = calls.listing(connection, limit=limit)
    companies = calls.applied(connection, [row.id for row in rows])
    found = []
    for row in rows:
        oversees = person.sees_everything or bool(person.manages & set(row.venues))
        applied = tuple(each for each in companies.get(row.id, ()) if oversees or person.speaks_for(each))
        may = _may(person, row, at)
        if oversees or applied or may:
            found.append(Listed(row, applied, may))
    return found


def _may(person: Person, row: Row[Any], at: datetime) -> tuple[str, ...]:
    is_open = row.state == CallState.OPEN
    may = {
        "apply": is_open and at < row.closes_at and bool(person.organisations),
        "score": is_open and bool(person.manages & set(row.venues)),
        "propose": is_open and person.coordinator,
        "grant": is_open and person.coordinator,
    }
    return tuple(name for name, allowed in may.items() if allowed)


def _by_application(rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(row)
    return found


def apply(
    connection: Connection,
    person: Person,
    call_id: UUID,
    organisation: UUID,
    wanted: ApplicationTerms,
    *,
    at: datetime,
) -> UUID:
    """A company answers by need. NotFound, WrongState (closed), Malformed (twice, or outside the period)."""
    row = _find(connection, call_id, lock=True)
    if not person.speaks_for(organisation):
        raise NotFound
    if row.state != CallState.OPEN or at >= row.closes_at:
        raise WrongState(row.state, "apply")
    finding.check_known(connection, [wanted.need])
    errors = {
        f"periods.{n}": ["out-of-range"]
        for n, period in enumerate(wanted.periods)
        if not (row.starts <= period.start and period.end <= row.ends and len(period.days) >= wanted.days)
    }
    if any(each.organisation_id == organisation for each in calls.applications(connection, call_id)):
        errors["organisation"] = ["twice"]
    if errors:
        raise Malformed(errors)
    need = {name: value for name, value in _document(wanted.need).items() if value is not None}
    return calls.apply(
        connection,
        call_id=call_id,
        organisation_id=organisation,
        title=wanted.title,
        people=wanted.people,
        note=wanted.note,
        need=need,
        days=wanted.days,
        beds=wanted.beds,
        periods=[{"from": each.start.isoformat(), "to": each.end.isoformat()} for each in wanted.periods],
        asked_by=person.id,
        created_at=at,
    )


def _document(need: Need) -> dict[str, Any]:
    return {name: getattr(need, name) for name in Need.__slots__}


def score(
    connection: Connection,
    person: Person,
    call_id: UUID,
    application: UUID,
    points: Mapping[str, int],
    *,
    at: datetime,
) -> None:
    """A planner of one of its houses scores an application. NotFound, Forbidden, WrongState, Malformed."""
    row = _find(connection, call_id, lock=True)
    if not person.manages & set(row.venues):
        raise Forbidden
    if row.state != CallState.OPEN:
        raise WrongState(row.state, "score")
    unknown = {f"scores.{name}": ["unknown"] for name in points if name not in row.criteria}
    if application not in {each.id for each in calls.applications(connection, call_id)}:
        unknown["application"] = ["unknown"]
    if unknown or not points:
        raise Malformed(unknown or {"scores": ["required"]})
    calls.score(
        connection,
        [
            {
                "application_id": application,
                "person_id": person.id,
                "criterion": name,
                "points": value,
                "at": at,
            }
            for name, value in sorted(points.items())
        ],
    )


def propose(
    connection: Connection,
    person: Person,
    call_id: UUID,
    by_hand: Sequence[ByHand] | None,
    *,
    at: datetime,
) -> bool:
    """Work out who goes where, or keep what the coordinator chose; whether nothing is better (by hand: yes).

    NotFound, Forbidden, WrongState, Malformed.
    """
    row = _find_to_propose(connection, person, call_id)
    applications = calls.applications(connection, call_id)
    ids = [each.id for each in applications]
    if by_hand is not None:
        calls.propose(connection, ids, _rows_by_hand(connection, row, ids, by_hand))
        return True
    views = read(connection, person, call_id, at=at).applications
    candidates = [_candidate(connection, person, row, view, at) for view in views]
    patience = Patience(SECONDS, monotonic)
    found = assign(candidates, is_over=lambda: patience.is_over)
    calls.propose(connection, ids, [_seating(each, found) for each in candidates])
    return found.proved


def choose(connection: Connection, person: Person, call_id: UUID, chosen: ByHand) -> None:
    """One line of the proposal as the coordinator says; the others stay. What it refuses, `propose` refuses."""
    row = _find_to_propose(connection, person, call_id)
    ids = [each.id for each in calls.applications(connection, call_id)]
    calls.propose(connection, [chosen.application], _rows_by_hand(connection, row, ids, [chosen]))


def _find_to_propose(connection: Connection, person: Person, call_id: UUID) -> Row[Any]:
    row = _find(connection, call_id, lock=True)
    _check_coordinator(person)
    if row.state != CallState.OPEN:
        raise WrongState(row.state, "propose")
    return row


def _rows_by_hand(
    connection: Connection, row: Row[Any], ids: Sequence[UUID], chosen: Sequence[ByHand]
) -> list[dict[str, Any]]:
    known = places(connection, {claim.resource for each in chosen for claim in each.claims})
    errors = {
        f"places.{n}.application": ["unknown"] for n, each in enumerate(chosen) if each.application not in ids
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
    row = _find(connection, call_id, lock=False)
    _check_coordinator(person)
    houses = {each.code: each.id for each in catalogues.venues(connection) if each.code in row.venues}
    locked_together(connection, set(houses.values()), at=at)
    row = _find(connection, call_id, lock=True)
    if row.state != CallState.OPEN:
        raise WrongState(row.state, "grant")
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
    calls.grant(connection, call_id)
    return made
