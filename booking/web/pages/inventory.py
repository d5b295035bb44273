"""What a house opens, set up by its people: added, put together, retired, opened again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import InUse, Malformed, Stale, StillToCome
from booking.domain.resources import MOST_PIECES, SPACES, Kind, NewResource
from booking.services import catalogue, new_resources, resources, retiring, settling
from booking.services.catalogue import ResourceFilter
from booking.services.resources import Wanted
from booking.services.retiring import Decision
from booking.web.context import database, now
from booking.web.languages import LANGUAGES
from booking.web.pages.blueprint import pages
from booking.web.pages.settings_form import settings_of
from booking.web.pages.setup import manager_of, of_house, resource_page
from booking.web.pages.typed import LONGEST_TEXT, Typed, revisions_in
from booking.web.refusals import problem_of

LONGEST_CODE = 50


@pages.get("/desk/<venue>/setup/add")
def new_resource(venue: str) -> str:
    """The form for something new; `like` in the address: filled in after another one."""
    manager_of(venue)
    return _form(venue, Typed(request.args))


@pages.post("/desk/<venue>/setup/add")
def add_resource(venue: str) -> Response | tuple[str, int]:
    """Something new, with the sheet, the rules and the rates of something like it, or with none."""
    person, at, typed = manager_of(venue), now(), Typed(request.form)
    with database().read() as connection:
        new = _read_new(connection, venue, typed)
    if not typed.errors:
        try:
            database().write(lambda connection: new_resources.add(connection, person, venue, new, at=at))
            flash(gettext("Added. Say what it is like, and how it can be booked."))
            return redirect(f"/desk/{venue}/setup/{new.code}", 303)
        except Malformed as refusal:
            typed.errors.update({name: list(codes) for name, codes in refusal.errors.items()})
    return _form(venue, typed), 422


@pages.post("/desk/<venue>/setup/<code>/around")
def set_surroundings(venue: str, code: str) -> Response | tuple[str, int]:
    """What it is made of, and what it disturbs."""
    person = manager_of(venue)
    wanted = Wanted(parts=request.form.getlist("parts"), noise=request.form.getlist("noise"))
    try:
        database().write(lambda connection: _put_around(connection, person, venue, code, wanted))
    except (InUse, Stale, Malformed) as refusal:
        return resource_page(venue, code, refused=refusal, chosen=wanted), problem_of(refusal).status
    flash(gettext("Saved."))
    return redirect(f"/desk/{venue}/setup/{code}#around", 303)


@pages.get("/desk/<venue>/setup/<code>/retire")
def retiring_page(venue: str, code: str) -> str:
    """What is still to come of it, each with what may become of it."""
    person = manager_of(venue)
    return _retiring(person, venue, code, Typed({}))


@pages.post("/desk/<venue>/setup/<code>/retire")
def retire(venue: str, code: str) -> Response | tuple[str, int]:
    """Nobody can book it from now on."""
    person, at, typed = manager_of(venue), now(), Typed(request.form)
    with database().read() as connection:
        of_house(connection, venue, code)
    reason = typed.text("reason", longest=LONGEST_TEXT, required=True)
    decisions = _decisions(request.form)
    seen = revisions_in(request.form.get("revision", ""))
    if reason is not None and not typed.errors:
        try:
            database().write(
                lambda connection: retiring.retire(connection, person, code, reason, decisions, at=at, seen=seen)
            )
            flash(gettext("Nobody can book it any more."))
            return redirect(f"/desk/{venue}/setup/{code}", 303)
        except (StillToCome, Stale, Malformed) as refusal:
            problem = problem_of(refusal)
            return _again(person, venue, code, typed, problem), problem.status
    return _again(person, venue, code, typed), 422


@pages.post("/desk/<venue>/setup/<code>/reopen")
def reopen(venue: str, code: str) -> Response:
    """It can be booked again."""
    person, at = manager_of(venue), now()
    with database().read() as connection:
        of_house(connection, venue, code)
    database().write(lambda connection: retiring.reopen(connection, person, code, at=at))
    flash(gettext("It can be booked again."))
    return redirect(f"/desk/{venue}/setup/{code}", 303)


def _read_new(connection: Connection, venue: str, typed: Typed) -> NewResource:
    code = (typed.text("code", longest=LONGEST_CODE, required=True) or "").upper()
    kind = typed.raw("kind")
    if kind not in set(Kind):
        typed.refuse("kind", "unknown")
    names = {each: text for each in LANGUAGES if (text := typed.text(f"name.{each}"))}
    if not names:
        typed.refuse("name.nl", "required")
    counted = kind not in SPACES
    like = next((each for each in _alike(connection, venue) if each.code == typed.raw("like")), None)
    return NewResource(
        code if code.startswith(f"{venue}-") else f"{venue}-{code}",
        kind,
        names,
        capacity=(typed.whole("capacity", least=1, most=MOST_PIECES) or 1) if counted else 1,
        unit=typed.text("unit", longest=20) if counted else None,
        sheet=like.technical_sheet if like else {},
        rules=like.rules if like else {},
        rates=resources.rates_of(like) if like else {},
    )


def _alike(connection: Connection, venue: str) -> Sequence[Any]:
    return catalogue.resources(connection, ResourceFilter(venue=venue, retired=True))


def _form(venue: str, typed: Typed) -> str:
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        alike = _alike(connection, venue)
    return render_template("desk-resource-new.html", house=house, typed=typed, alike=alike, kinds=list(Kind))


def _put_around(connection: Connection, person: Person, venue: str, code: str, wanted: Wanted) -> None:
    at, revision = now(), request.form.get("revision")
    of_house(connection, venue, code)
    resources.change(
        connection,
        person,
        code,
        wanted,
        at=at,
        is_current=lambda found: settings_of(connection, found, at=at).revision == revision,
    )


def _decisions(form: Mapping[str, str]) -> dict[UUID, Decision]:
    found = {}
    for name, value in form.items():
        before, _, booking = name.partition("decision-")
        if not before and value in set(Decision):
            try:
                found[UUID(booking)] = Decision(value)
            except ValueError as error:
                raise Malformed({"decisions": ["unknown"]}) from error
    return found


def _again(person: Person, venue: str, code: str, typed: Typed, problem: Any = None) -> str:
    settling.settle_due(database(), at=now())
    return _retiring(person, venue, code, typed, problem)


def _retiring(person: Person, venue: str, code: str, typed: Typed, problem: Any = None) -> str:
    with database().read() as connection:
        found = of_house(connection, venue, code)
        left = retiring.preview(connection, person, code, {}, at=now())
    settled = {row.id for row in left.undecided}
    return render_template(
        "desk-retire.html", place=found.row, left=left, settled=settled, typed=typed, problem=problem
    )
