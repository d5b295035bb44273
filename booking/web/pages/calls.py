"""Calls of the programme: opened, answered by need, scored, proposed, granted; each reader sees their own part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.calls import CallState
from booking.domain.claims import ClaimTerms
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Refusal, WrongState
from booking.domain.resources import SPACES
from booking.domain.wall_clock import DAY
from booking.services import applications, calls, catalogue, changing, seating, settling
from booking.services.calls import ApplicationView, View
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages import kept_forms, words
from booking.web.pages.blueprint import pages
from booking.web.pages.call_form import (
    CRITERIA,
    MOST_POINTS,
    ZONE,
    criterion_in_words,
    read_call,
    read_line,
    read_points,
)
from booking.web.pages.kept_forms import typed_in
from booking.web.pages.needs import Wanted, read_wanted
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.refusals import problem_of
from booking.web.seats import called, described, why_in_words
from booking.web.wording import explained, field_error

Page = str | Response | tuple[str, int]
MOST = 100
KINDS = (*sorted(SPACES, reverse=True), "equipment", "expertise")
"""What an application can ask; beds come beside it."""


OUTCOMES: Mapping[str, Any] = {
    "proved": lazy_gettext("Worked out: no other proposal serves more companies, or by better wishes."),
    "hurried": lazy_gettext("There was no time to try everything: this is the best that was found."),
    "outdated": lazy_gettext("Something changed while it was worked out: work it out again."),
}
"""How the proposal that a worker made ended."""


@dataclass(frozen=True, slots=True)
class Line:
    """An application as the page shows it. `claims`: its seat (none: nowhere); `why` is None before a proposal."""

    row: Any
    need: Need
    periods: Sequence[Period]
    score: float | None
    means: Mapping[str, float]
    own: Mapping[str, int]
    claims: Sequence[ClaimTerms]
    why: str | None
    booking: UUID | None


@pages.get("/calls")
def list_calls() -> str:
    """Those that I may answer, or that concern my houses; the coordinator's are all."""
    person = signed_in()
    with database().read() as connection:
        found = calls.listing(connection, person, at=now(), limit=MOST)
    return render_template(
        "calls.html", found=found, may_open=person.coordinator, zone=ZONE, day=DAY, at=now(), called=called
    )


@pages.get("/calls/new")
def new_call() -> str:
    """The form."""
    return call_form(Typed({"closes_hour": "12:00"}), (), tuple(CRITERIA))


@pages.post("/calls")
def open_call() -> Page:
    """Open it and go to it, or the form again."""
    person, at, typed = coordinator(), now(), Typed(request.form)
    venues, criteria = request.form.getlist("venues"), request.form.getlist("criteria")
    wanted = read_call(typed, venues, criteria)
    if wanted is not None:
        try:
            made = database().write(lambda connection: calls.make(connection, person, wanted, at=at))
            flash(gettext("The call is open: companies can apply."))
            return redirect(f"/calls/{made}", 303)
        except Malformed as refusal:
            if "closes_at" in refusal.errors:
                typed.refuse("closes", gettext("This has passed already."))
            if refusal.errors.keys() - {"closes_at"}:
                typed.refuse("venues", "unknown")
    return call_form(typed, venues, criteria), 422


def coordinator() -> Person:
    """Who is asking, as the coordinator. Forbidden for all others."""
    person = signed_in()
    if not person.coordinator:
        raise Forbidden
    return person


def call_form(typed: Typed, venues: Sequence[str], criteria: Sequence[str], *, changed: Any = None) -> str:
    """The form of a call: to open one, or to change the one that is there."""
    coordinator()
    with database().read() as connection:
        houses = catalogue.venues(connection)
    return render_template(
        "call-form.html",
        typed=typed.form,
        errors=typed.errors,
        houses=houses,
        chosen=venues,
        criteria=list(CRITERIA.items()),
        ticked=criteria,
        changed=changed,
        action=f"/calls/{changed.id}/change" if changed is not None else "/calls",
        languages=list(words.LANGUAGES.items()),
        called=called,
    )


@pages.get("/calls/<uuid:call_id>")
def one_call(call_id: UUID) -> str:
    """What it asks, and of the rest what concerns the reader."""
    return show(signed_in(), call_id)


@pages.post("/calls/<uuid:call_id>/scores")
def score_application(call_id: UUID) -> Page:
    """Points for one application; the last word of each planner counts."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    application = typed.id("application")

    def work(connection: Connection) -> None:
        criteria = calls.read(connection, person, call_id, at=at).row.criteria
        points = read_points(typed, criteria)
        if typed.errors or application is None:
            raise Malformed(typed.errors or {"application": ["required"]})
        applications.score(connection, person, call_id, application, points, at=at)

    return do(call_id, work, gettext("Your points are kept."), f"a-{application}")


@pages.post("/calls/<uuid:call_id>/proposal")
def propose_call(call_id: UUID) -> Page:
    """Work out who goes where: at once, or by the worker where that takes long."""
    person, at = coordinator(), now()
    settling.settle_due(database(), at=at)
    with database().read() as connection:
        is_long = seating.is_long(connection, call_id)
    try:
        if is_long:
            database().write(lambda connection: seating.ask_for(connection, person, call_id, at=at))
            return redirect(f"/calls/{call_id}#proposal", 303)
        proved = seating.propose(database(), person, call_id, at=at)
    except WrongState as refusal:
        return show(person, call_id, refused=refusal), 409
    flash(str(OUTCOMES["proved" if proved else "hurried"]))
    return redirect(f"/calls/{call_id}#proposal", 303)


@pages.post("/calls/<uuid:call_id>/proposal/<uuid:application_id>")
def choose_place(call_id: UUID, application_id: UUID) -> Page:
    """One line of the proposal by hand; the others stay."""
    person, typed = coordinator(), Typed(request.form)

    def work(connection: Connection) -> None:
        chosen = read_line(typed, application_id, catalogue.resources(connection, ResourceFilter()))
        if chosen is None:
            raise Malformed(typed.errors)
        seating.choose(connection, person, call_id, chosen)

    return do(call_id, work, gettext("Changed. Whether it is free is decided when you grant."), "proposal")


@pages.post("/calls/<uuid:call_id>/grant")
def grant_call(call_id: UUID) -> Page:
    """Every line becomes an option, or none does and the page says which days were taken."""
    person, at = coordinator(), now()

    def work(connection: Connection) -> None:
        seating.grant(connection, person, call_id, at=at)

    return do(call_id, work, gettext("Granted: every company of the proposal holds its option."), "proposal")


def do(call_id: UUID, work: Callable[[Connection], None], done: str, anchor: str) -> Page:
    """A deed and then the call again; a refusal stands above it."""
    try:
        database().write(work)
    except (Malformed, WrongState, CannotBeHad) as refusal:
        return show(signed_in(), call_id, refused=refusal), problem_of(refusal).status
    flash(done)
    return redirect(f"/calls/{call_id}#{anchor}", 303)


def show(
    person: Person,
    call_id: UUID,
    *,
    refused: Refusal | None = None,
    typed: Typed | None = None,
    wanted: Wanted | None = None,
) -> str:
    """The page of a call. `refused`: why the press just now was refused."""
    with database().read() as connection:
        view = calls.read(connection, person, call_id, at=now())
        rows = catalogue.resources(connection, ResourceFilter())
        houses = [row for row in catalogue.venues(connection) if row.code in view.row.venues]
        begins = typed is None and bool(person.organisations) and "apply" in view.may
        draft = kept_forms.find(connection, person, "application", str(call_id)) if begins else None
    left = typed_in(draft)
    lines = [_line(person, view, each) for each in _concerned(person, view, houses)]
    answered = {line.row.organisation_id for line in lines}
    places = {row.code: row for row in rows}
    return render_template(
        "call.html",
        view=view,
        houses=houses,
        lines=lines,
        places=places,
        rooms=_rooms(rows, view.row.venues),
        companies=[(key, name) for key, name in person.organisations.items() if key not in answered],
        mine=[line for line in lines if person.speaks_for(line.row.organisation_id)],
        oversees=person.sees_everything,
        plans=bool(person.manages & set(view.row.venues)),
        refused=_why_not(refused, {code: words.name(row.name) for code, row in places.items()}),
        typed=typed.form if typed else left,
        draft=draft,
        errors=typed.errors if typed else {},
        wanted=wanted or read_wanted(left),
        at=now(),
        is_working=view.work is not None and view.work.finished_at is None and view.row.state == CallState.OPEN,
        outcomes=OUTCOMES,
        called=called,
        described=described,
        kinds=[(kind, words.kind(kind)) for kind in KINDS],
        said=candidates,
        criterion=criterion_in_words,
        most=MOST_POINTS,
        zone=ZONE,
        day=DAY,
    )


def _why_not(refused: Refusal | None, names: Mapping[str, str]) -> list[str]:
    """A refusal in sentences: days that are taken, or what makes no sense."""
    if isinstance(refused, CannotBeHad):
        return list(dict.fromkeys(explained(each, names) for each in refused.conflicts))
    if isinstance(refused, Malformed):
        return list(dict.fromkeys(field_error(code) for codes in refused.errors.values() for code in codes))
    return [problem_of(refused).detail] if refused else []


def _concerned(person: Person, view: View, houses: Sequence[CatalogueRow]) -> list[ApplicationView]:
    """For a planner those that their house could take: its country, its region, itself."""
    if person.sees_everything:
        return list(view.applications)
    mine = [house for house in houses if person.decides_for(house.code)]
    return [
        each
        for each in view.applications
        if person.speaks_for(each.row.organisation_id)
        or any(_could_go_to(house, Need(**each.row.need)) for house in mine)
    ]


def _could_go_to(house: CatalogueRow, need: Need) -> bool:
    return (
        need.venue in (None, house.code)
        and need.country in (None, house.country)
        and need.region in (None, house.region)
    )


def _line(person: Person, view: View, each: ApplicationView) -> Line:
    row, seat = each.row, each.seat
    shown = seat if view.row.state == CallState.GRANTED or person.sees_everything else None
    given: dict[str, list[int]] = {}
    for one in each.scores:
        given.setdefault(one.criterion, []).append(one.points)
    return Line(
        row,
        Need(**row.need),
        [Period(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in row.periods],
        each.score,
        {name: sum(points) / len(points) for name, points in given.items()},
        {one.criterion: one.points for one in each.scores if one.person_id == person.id},
        [changing.read_claim(document).terms for document in shown.claims] if shown is not None else [],
        why_in_words(shown.why, shown.wish, len(row.periods)) if shown is not None else None,
        shown.booking_id if shown is not None else None,
    )


def _rooms(rows: Sequence[CatalogueRow], venues: Sequence[str]) -> dict[str, list[CatalogueRow]]:
    """What a line can be changed to, by house."""
    found: dict[str, list[CatalogueRow]] = {}
    for row in rows:
        if row.venue_code in venues and row.kind != "accommodation":
            found.setdefault(row.venue_name, []).append(row)
    return found
