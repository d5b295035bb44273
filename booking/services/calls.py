"""Calls of the programme: opened, changed with care, closed early, withdrawn; and read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.calls import CallState
from booking.domain.needs import Period
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, Stale, WrongState
from booking.services import events
from booking.storage import calls, catalogues

CRITERIA = ("artistic", "cross-border", "feasible")
"""Where a call names none."""
MOST_CRITERIA = 10
REMINDED = timedelta(days=3)
"""So long before a call closes companies that have not applied are reminded."""

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class CallTerms:
    """A call as the coordinator opens it. `period`: dates, the end excluded; `venues`: codes; `texts`: by language
    its `title` and `description`, where those of the call are not for everybody."""

    title: str
    period: Period
    closes_at: datetime
    venues: tuple[str, ...]
    criteria: tuple[str, ...] = CRITERIA
    description: str | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


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
    """A call as one person may see it. `may`: apply, score, propose, grant, change, close, withdraw.

    `work`: how far the latest proposal is, for the coordinator.
    """

    row: Row[Any]
    applications: tuple[ApplicationView, ...]
    may: tuple[str, ...]
    work: Row[Any] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A call in a list. `applied`: the companies that did, as far as the reader may know."""

    row: Row[Any]
    applied: tuple[UUID, ...]
    may: tuple[str, ...]


def make(connection: Connection, person: Person, wanted: CallTerms, *, at: datetime) -> UUID:
    """Open a call. Forbidden for all but the coordinator; Malformed: unknown houses, or a past deadline."""
    check_coordinator(person)
    errors = _unknown(connection, wanted)
    if wanted.closes_at <= at:
        errors["closes_at"] = ["out-of-range"]
    if errors:
        raise Malformed(errors)
    call_id = calls.add(connection, **_columns(wanted), made_by=person.id, created_at=at)
    put(connection, "call.opened", find(connection, call_id), by=person.id, at=at)
    return call_id


def _columns(wanted: CallTerms) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "description": wanted.description,
        "texts": {language: dict(each) for language, each in sorted(wanted.texts.items()) if each},
        "starts": wanted.period.start,
        "ends": wanted.period.end,
        "closes_at": wanted.closes_at,
        "venues": list(dict.fromkeys(wanted.venues)),
        "criteria": list(dict.fromkeys(wanted.criteria)),
    }


def _unknown(connection: Connection, wanted: CallTerms) -> dict[str, list[str]]:
    known = catalogues.venue_ids(connection, wanted.venues)
    return {f"venues.{n}": ["unknown"] for n, code in enumerate(wanted.venues) if code not in known}


def terms_of(row: Row[Any]) -> CallTerms:
    """A call as it was opened."""
    period = Period(row.starts, row.ends)
    return CallTerms(
        row.title, period, row.closes_at, tuple(row.venues), tuple(row.criteria), row.description, row.texts or {}
    )


def change(
    connection: Connection,
    person: Person,
    call_id: UUID,
    wanted: CallTerms,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> None:
    """As the coordinator says. What companies have applied with is never cut: Malformed where it would be.

    Other houses or another period void a proposal. NotFound, Forbidden, Stale, WrongState.
    """
    row = for_coordinator(connection, person, call_id, "change", if_match=if_match)
    errors = _unknown(connection, wanted) | _cut(connection, row, wanted)
    if wanted.closes_at != row.closes_at and wanted.closes_at <= at:
        errors["closes_at"] = ["out-of-range"]
    if errors:
        raise Malformed(errors)
    before = terms_of(row)
    if (before.period, set(before.venues)) != (wanted.period, set(wanted.venues)):
        ids = [each.id for each in calls.applications(connection, call_id)]
        calls.propose(connection, ids, [])
    calls.alter(connection, call_id, **_columns(wanted))
    if (before.period, before.venues, before.closes_at) != (wanted.period, wanted.venues, wanted.closes_at):
        put(connection, "call.changed", find(connection, call_id), by=person.id, at=at)


def _cut(connection: Connection, row: Row[Any], wanted: CallTerms) -> dict[str, list[str]]:
    """What somebody applied with, or gave points for, and would be lost."""
    applications = calls.applications(connection, row.id)
    scored = {each.criterion for each in calls.scores(connection, [each.id for each in applications])}
    periods = [(day["from"], day["to"]) for each in applications for day in each.periods]
    is_outside = any(
        date.fromisoformat(start) < wanted.period.start or date.fromisoformat(end) > wanted.period.end
        for start, end in periods
    )
    asked = {each.need.get("venue") for each in applications} - {None}
    cut = {
        "period": "applications-outside" if is_outside else None,
        "venues": "asked-for" if asked - set(wanted.venues) else None,
        "criteria": "scored" if scored - set(wanted.criteria) else None,
    }
    return {name: [code] for name, code in cut.items() if code is not None}


def close(
    connection: Connection,
    person: Person,
    call_id: UUID,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> None:
    """Nobody applies any more from now on. NotFound, Forbidden, Stale, WrongState (closed already)."""
    row = for_coordinator(connection, person, call_id, "close", if_match=if_match)
    if row.closes_at <= at:
        raise WrongState(row.state, "close")
    calls.alter(connection, call_id, closes_at=at)
    put(connection, "call.closed", find(connection, call_id), by=person.id, at=at)


def withdraw(
    connection: Connection,
    person: Person,
    call_id: UUID,
    reason: str | None,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> None:
    """It will not be granted; everybody reads why. NotFound, Forbidden, Stale, WrongState, Malformed."""
    row = for_coordinator(connection, person, call_id, "withdraw", if_match=if_match)
    if not reason:
        raise Malformed({"reason": ["required"]})
    calls.alter(connection, call_id, withdrawn_at=at, withdrawn_why=reason)
    put(connection, "call.withdrawn", row, by=person.id, at=at, why=reason)


def say_closing(connection: Connection, *, at: datetime) -> int:
    """Companies that have not applied hear that a call closes soon, once for each deadline; how many calls."""
    rows = calls.closing(connection, after=at, until=at + REMINDED, limit=AT_ONCE)
    for row in rows:
        applied = [str(each.organisation_id) for each in calls.applications(connection, row.id)]
        put(connection, "call.closing", row, by=None, at=at, besides=applied)
        calls.note_reminded(connection, row.id)
    return len(rows)


def put(
    connection: Connection,
    kind: str,
    row: Row[Any],
    *,
    by: UUID | None,
    at: datetime,
    why: str | None = None,
    **facts: Any,
) -> None:
    """Something about a call happened. An event belongs to a house: to the first of the call."""
    first = row.venues[0]
    new = {
        "call": str(row.id),
        "title": row.title,
        "texts": row.texts or {},
        "due_at": row.closes_at.isoformat(),
        "venues": row.venues,
        "link": f"/calls/{row.id}",
        **facts,
    }
    venue_id = catalogues.venue_ids(connection, [first])[first]
    events.put(connection, kind, venue_id=venue_id, booking_id=None, by=by, at=at, new=new, why=why)


def check_coordinator(person: Person) -> None:
    """Forbidden for all others."""
    if not person.coordinator:
        raise Forbidden


def find(connection: Connection, call_id: UUID, *, lock: bool = False) -> Row[Any]:
    """One call. NotFound."""
    row = calls.find(connection, call_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def for_coordinator(
    connection: Connection, person: Person, call_id: UUID, verb: str, *, if_match: Collection[int] | None = None
) -> Row[Any]:
    """An open call, locked. NotFound, Forbidden, Stale, WrongState (granted or withdrawn)."""
    row = find(connection, call_id, lock=True)
    check_coordinator(person)
    if if_match is not None and row.revision not in if_match:
        raise Stale(row.revision)
    if row.state != CallState.OPEN:
        raise WrongState(row.state, verb)
    return row


def read(connection: Connection, person: Person, call_id: UUID, *, at: datetime) -> View:
    """A call: its coordinator and the planners of its houses see every application, a company its own alone."""
    return _views(connection, person, [find(connection, call_id)], at)[0]


def page(
    connection: Connection, person: Person, *, at: datetime, limit: int, before: UUID | None = None
) -> list[View]:
    """Every call as `read` tells it, the newest first."""
    return _views(connection, person, calls.listing(connection, limit=limit, before=before), at)


def _views(connection: Connection, person: Person, rows: Sequence[Row[Any]], at: datetime) -> list[View]:
    """Four statements, however many calls they are."""
    applications = calls.applications(connection, *(row.id for row in rows))
    ids = [each.id for each in applications]
    scores = _by_application(calls.scores(connection, ids))
    seats = {each.application_id: each for each in calls.seatings(connection, ids)}
    works = {each.call_id: each for each in calls.works(connection, [row.id for row in rows])}
    found = []
    for row in rows:
        own = [each for each in applications if each.call_id == row.id]
        if person.sees_everything or person.manages & set(row.venues):
            views = [ApplicationView(each, scores.get(each.id, ()), seats.get(each.id)) for each in own]
        else:
            is_granted = row.state == CallState.GRANTED
            mine = [each for each in own if person.speaks_for(each.organisation_id)]
            views = [ApplicationView(each, (), seats.get(each.id) if is_granted else None) for each in mine]
        work = works.get(row.id) if person.coordinator else None
        found.append(View(row, tuple(views), _may(person, row, at), work))
    return found


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
        "change": is_open and person.coordinator,
        "close": is_open and person.coordinator and at < row.closes_at,
        "withdraw": is_open and person.coordinator,
    }
    return tuple(name for name, allowed in may.items() if allowed)


def _by_application(rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(row)
    return found
