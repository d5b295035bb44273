"""Applications to a call: made by need, changed and taken back until the deadline, scored by planners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.calls import CallState
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, WrongState
from booking.services import finding
from booking.services.calls import find, put
from booking.storage import calls


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
    row = find(connection, call_id, lock=True)
    if not person.speaks_for(organisation):
        raise NotFound
    _check_open(row, "apply", at)
    errors = _errors(connection, row, wanted)
    if any(each.organisation_id == organisation for each in calls.applications(connection, call_id)):
        errors["organisation"] = ["twice"]
    if errors:
        raise Malformed(errors)
    application = calls.apply(
        connection,
        call_id=call_id,
        organisation_id=organisation,
        asked_by=person.id,
        created_at=at,
        **_columns(wanted),
    )
    calls.alter(connection, call_id)
    name = person.organisations[organisation]
    put(connection, "call.applied", row, by=person.id, at=at, organisation_name=name, application=str(application))
    return application


def change(
    connection: Connection,
    person: Person,
    call_id: UUID,
    application: UUID,
    wanted: ApplicationTerms,
    *,
    at: datetime,
) -> None:
    """What it says instead, until the call closes. Points were given to something else: they are given anew.

    NotFound (also of others), WrongState, Malformed.
    """
    row, each = _own(connection, person, call_id, application)
    _check_open(row, "change", at)
    errors = _errors(connection, row, wanted)
    if errors:
        raise Malformed(errors)
    columns = _columns(wanted)
    if all(getattr(each, name) == value for name, value in columns.items()):
        return
    calls.change_application(connection, application, **columns, changed_at=at)
    calls.propose(connection, [application], [])
    calls.remove_scores(connection, application)
    calls.alter(connection, call_id)
    name = each.organisation_name
    put(connection, "call.applied", row, by=person.id, at=at, organisation_name=name, application=str(application))


def withdraw(connection: Connection, person: Person, call_id: UUID, application: UUID, *, at: datetime) -> None:
    """Taken back until the call closes: nothing of it stays. NotFound (also of others), WrongState."""
    row, _ = _own(connection, person, call_id, application)
    _check_open(row, "withdraw", at)
    calls.remove_application(connection, application)
    calls.alter(connection, call_id)


def _own(connection: Connection, person: Person, call_id: UUID, application: UUID) -> tuple[Row[Any], Row[Any]]:
    row = find(connection, call_id, lock=True)
    found = [each for each in calls.applications(connection, call_id) if each.id == application]
    if not found or not person.speaks_for(found[0].organisation_id):
        raise NotFound
    return row, found[0]


def _check_open(row: Row[Any], verb: str, at: datetime) -> None:
    if row.state != CallState.OPEN or at >= row.closes_at:
        raise WrongState(row.state, verb)


def _errors(connection: Connection, row: Row[Any], wanted: ApplicationTerms) -> dict[str, list[str]]:
    finding.check_known(connection, [wanted.need])
    return {
        f"periods.{n}": ["out-of-range"]
        for n, period in enumerate(wanted.periods)
        if not (row.starts <= period.start and period.end <= row.ends and len(period.days) >= wanted.days)
    }


def _columns(wanted: ApplicationTerms) -> dict[str, Any]:
    document = {name: getattr(wanted.need, name) for name in Need.__slots__}
    return {
        "title": wanted.title,
        "people": wanted.people,
        "note": wanted.note,
        "need": {name: value for name, value in document.items() if value is not None},
        "days": wanted.days,
        "beds": wanted.beds,
        "periods": [{"from": each.start.isoformat(), "to": each.end.isoformat()} for each in wanted.periods],
    }


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
    row = find(connection, call_id, lock=True)
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
    calls.alter(connection, call_id)
