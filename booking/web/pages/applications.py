"""What a company applies with: sent, and until the deadline changed or taken back."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from booking.domain.needs import Period
from booking.domain.refusals import Forbidden, Malformed, NotFound, Refusal, WrongState
from booking.domain.wall_clock import DAY
from booking.services import applications, calls, drafts
from booking.services.applications import ApplicationTerms
from booking.services.calls import ApplicationView, View
from booking.web.context import database, now
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.call_form import read_application, typed_application
from booking.web.pages.calls import KINDS, Page, do, show
from booking.web.pages.hats import hatted, wear
from booking.web.pages.kept_forms import keep_typed
from booking.web.pages.needs import Wanted, read_wanted
from booking.web.pages.once import FIELD, SENT_ALREADY, SENT_BEFORE, SentBefore, make_once
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.seats import called


@pages.post("/calls/<uuid:call_id>/applications")
def apply_to_call(call_id: UUID) -> Page:
    """Apply for a company, or the form again with everything that was typed."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    if not person.organisations:
        raise Forbidden
    with database().read() as connection:
        row = calls.read(connection, person, call_id, at=at).row
    wanted, terms = read_application(typed, request.form, Period(row.starts, row.ends))
    organisation = typed.id("organisation") or next(iter(person.organisations))

    def again(status: int, refusal: Refusal | None = None) -> Page:
        keep_typed(person, "application", str(call_id))
        return show(person, call_id, refused=refusal, typed=typed, wanted=wanted), status

    if terms is None or typed.errors:
        return again(422)

    def work(connection: Connection) -> bool:
        drafts.throw_away(connection, person, "application", str(call_id))
        applications.apply(connection, person, call_id, organisation, terms, at=at)
        return True

    try:
        answered = make_once(person, work, lambda _: f"/calls/{call_id}")
    except SentBefore:
        flash(str(SENT_BEFORE))
        typed = Typed(MultiDict((name, value) for name, value in request.form.items(multi=True) if name != FIELD))
        return again(409)
    except Malformed as refusal:
        typed.errors.update({key: list(codes) for key, codes in refusal.errors.items()})
        return again(422)
    except WrongState as refusal:
        return again(409, refusal)
    flash(gettext("Applied. You read here how it ends.") if answered.made else str(SENT_ALREADY))
    wear(person, organisation)
    return redirect(hatted(answered.address), 303)


@pages.get("/calls/<uuid:call_id>/applications/<uuid:application_id>")
def change_application_form(call_id: UUID, application_id: UUID) -> Page:
    """What the company applied with, to be changed."""
    view, mine = _own(call_id, application_id)
    form = typed_application(mine.row)
    return _application_form(view, mine, Typed(form), read_wanted(form))


@pages.post("/calls/<uuid:call_id>/applications/<uuid:application_id>")
def change_application(call_id: UUID, application_id: UUID) -> Page:
    """Keep what it says instead, or the form again."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    view, mine = _own(call_id, application_id)
    wanted, terms = read_application(typed, request.form, Period(view.row.starts, view.row.ends))

    def work(connection: Connection, terms: ApplicationTerms) -> None:
        applications.change(connection, person, call_id, application_id, terms, at=at)

    kept = _kept(call_id, typed, terms, work, gettext("Changed. The houses are told."))
    return kept or (_application_form(view, mine, typed, wanted), 422)


@pages.post("/calls/<uuid:call_id>/applications/<uuid:application_id>/withdraw")
def withdraw_application(call_id: UUID, application_id: UUID) -> Page:
    """Take it back."""
    person, at = signed_in(), now()

    def work(connection: Connection) -> None:
        applications.withdraw(connection, person, call_id, application_id, at=at)

    return do(call_id, work, gettext("Taken back. You can apply again until the call closes."), "apply")


def _kept(
    call_id: UUID,
    typed: Typed,
    terms: ApplicationTerms | None,
    work: Callable[[Connection, ApplicationTerms], None],
    done: str,
) -> Page | None:
    """An application that can be read is kept, and the call is shown; None with errors beside its fields."""
    if terms is None or typed.errors:
        return None
    try:
        database().write(lambda connection: work(connection, terms))
    except Malformed as refusal:
        typed.errors.update({key: list(codes) for key, codes in refusal.errors.items()})
        return None
    except WrongState as refusal:
        return show(signed_in(), call_id, refused=refusal), 409
    flash(done)
    return redirect(f"/calls/{call_id}", 303)


def _own(call_id: UUID, application_id: UUID) -> tuple[View, ApplicationView]:
    """An application of one of my companies. NotFound."""
    person = signed_in()
    with database().read() as connection:
        view = calls.read(connection, person, call_id, at=now())
    for each in view.applications:
        if each.row.id == application_id and person.speaks_for(each.row.organisation_id):
            return view, each
    raise NotFound


def _application_form(view: View, mine: ApplicationView, typed: Typed, wanted: Wanted) -> str:
    return render_template(
        "call-application.html",
        view=view,
        day=DAY,
        typed=typed.form,
        errors=typed.errors,
        wanted=wanted,
        kinds=[(kind, words.kind(kind)) for kind in KINDS],
        companies=[],
        action=f"/calls/{view.row.id}/applications/{mine.row.id}",
        deed=gettext("Keep the changes"),
        called=called,
    )
