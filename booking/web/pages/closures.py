"""Closures of a house: seen before they are saved, with a decision for what is settled under them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.closures import Decision
from booking.domain.people import Person
from booking.domain.refusals import DecisionsMissing, Forbidden, Malformed, NotFound, Refusal, Stale, WrongState
from booking.services import closures
from booking.services.closures import ClosureRow, Preview, Wanted
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.closure_form import ClosureForm, read_form, typed_of
from booking.web.pages.house import House
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.refusals import problem_of
from booking.web.wording import field_error

Answer = str | Response | tuple[str, int]

DECISIONS: Mapping[Decision, Any] = {
    Decision.MOVE: lazy_gettext("It has to move: it stands on the conflict desk until it has"),
    Decision.CANCEL: lazy_gettext("Cancel it, with the reason of the closure"),
    Decision.KEEP: lazy_gettext("Keep the closure off its days"),
}


@pages.get("/desk/<venue>/closures")
def list_closures(venue: str) -> str:
    """The closures of the house that are not over."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        rows = closures.listing(connection, person, venue=venue, at=now())
    return render_template("desk-closures.html", house=house, rows=rows, decides=person.decides_for(venue))


@pages.get("/desk/<venue>/closures/new")
def new_closure(venue: str) -> str:
    """The form; the place and the days travel here in the address."""
    person = signed_in()
    with database().read() as connection:
        house = _own(connection, person, venue)
    return show(house, ClosureForm(Typed(request.args), request.args.get("resource", ""), None))


@pages.post("/desk/<venue>/closures")
def add_closure(venue: str) -> Answer:
    """Look first at what it hits; then close, once everything settled is decided."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = _own(connection, person, venue)
    form = read_form(house.places, request.form)
    if form.wanted is None:
        return show(house, form), 422
    wanted = form.wanted
    if request.form.get("step") != "save":
        return _previewed(house, person, form)
    try:
        database().write(lambda connection: closures.add(connection, person, form.code, wanted, at=at))
    except (DecisionsMissing, Malformed, Stale) as refusal:
        return _previewed(house, person, form, refusal)
    flash(gettext("Closed. Everybody concerned is told."))
    return redirect(f"/desk/{venue}/closures", 303)


@pages.get("/desk/<venue>/closures/<uuid:closure_id>")
def one_closure(venue: str, closure_id: UUID) -> str:
    """The form, filled in with the closure as it is."""
    person = signed_in()
    with database().read() as connection:
        house = _own(connection, person, venue)
        row = _of_house(connection, person, venue, closure_id)
    return show(house, ClosureForm(Typed(typed_of(row)), row.resource, None, row))


@pages.post("/desk/<venue>/closures/<uuid:closure_id>")
def change_closure(venue: str, closure_id: UUID) -> Answer:
    """Other days or another reason: looked at first, then saved."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = _own(connection, person, venue)
        row = _of_house(connection, person, venue, closure_id)
    form = read_form(house.places, request.form, row)
    if form.wanted is None:
        return show(house, form), 422
    if request.form.get("step") != "save":
        return _previewed(house, person, form)
    given = _given(form.wanted) | {"decisions": form.wanted.decisions, "seen": form.wanted.seen}
    try:
        database().write(lambda connection: closures.change(connection, person, closure_id, **given, at=at))
    except (DecisionsMissing, Malformed, Stale, WrongState) as refusal:
        return _previewed(house, person, form, refusal)
    flash(gettext("Changed. What is free again has returned, and everybody concerned is told."))
    return redirect(f"/desk/{venue}/closures", 303)


@pages.post("/desk/<venue>/closures/<uuid:closure_id>/remove")
def remove_closure(venue: str, closure_id: UUID) -> Response:
    """Open again: what it suspended returns."""
    person, at = signed_in(), now()
    with database().read() as connection:
        _own(connection, person, venue)
        _of_house(connection, person, venue, closure_id)
    database().write(lambda connection: closures.remove(connection, person, closure_id, at=at))
    flash(gettext("Open again. Options that stood still have returned."))
    return redirect(f"/desk/{venue}/closures", 303)


def show(house: House, form: ClosureForm, hit: Preview | None = None, refused: Refusal | None = None) -> str:
    """The form, with what the closure would hit below it."""
    said = [problem_of(refused).detail] if refused else []
    if isinstance(refused, Malformed):
        said = list(dict.fromkeys(field_error(code) for codes in refused.errors.values() for code in codes))
    return render_template(
        "desk-closure.html",
        house=house,
        form=form,
        hit=hit,
        said=said,
        decisions=DECISIONS,
        decided=_decided(form, hit) if hit else {},
        undecided=refused is not None and isinstance(refused, DecisionsMissing),
    )


def _previewed(house: House, person: Person, form: ClosureForm, refused: Refusal | None = None) -> Answer:
    """What it would hit now; nothing is written. `refused`: why it was not saved just now."""
    at = now()

    def work(connection: Connection) -> Preview:
        wanted = form.wanted
        if wanted is None:
            raise Malformed({"first": ["required"]})
        if form.row is not None:
            given = _given(wanted)
            return closures.preview_change(connection, person, form.row.id, **given, decisions={}, at=at)
        return closures.preview(
            connection, person, form.code, Wanted(wanted.start, wanted.end, wanted.reason, {}), at=at
        )

    try:
        hit = database().write(work)
    except Malformed as refusal:
        return show(house, form, refused=refusal), 422
    return (show(house, form, hit, refused), problem_of(refused).status) if refused else show(house, form, hit)


def _decided(form: ClosureForm, hit: Preview) -> dict[UUID, Decision]:
    """What is decided for those that are hit: as just typed, else as before."""
    typed = form.wanted.decisions if form.wanted else {}
    ids = {row.id for row in hit.confirmed}
    return {**hit.decisions, **{booking: word for booking, word in typed.items() if booking in ids}}


def _own(connection: Connection, person: Person, venue: str) -> House:
    house = House.read(connection, person, venue)
    if not person.decides_for(venue):
        raise Forbidden
    return house


def _of_house(connection: Connection, person: Person, venue: str, closure_id: UUID) -> ClosureRow:
    row = closures.find(connection, person, closure_id)
    if row.venue != venue:
        raise NotFound
    return row


def _given(wanted: Wanted) -> dict[str, Any]:
    return {"start": wanted.start, "end": wanted.end, "reason": wanted.reason}
