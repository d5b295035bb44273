"""What its coordinator changes of a call: what it says, until when it is open, and whether it goes on at all."""

from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.refusals import Malformed, Stale, WrongState
from booking.services import calls
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.call_form import CRITERIA, read_call, typed_of
from booking.web.pages.calls import Page, call_form, coordinator, do, show
from booking.web.pages.typed import LONGEST_TEXT, Typed
from booking.web.refusals import problem_of
from booking.web.wording import field_error

FIELDS = {"closes_at": "closes", "period": "first", "criteria": "others"}
"""Under which field of the form an error of a call is shown."""


@pages.get("/calls/<uuid:call_id>/change")
def change_call_form(call_id: UUID) -> Page:
    """The form, filled in with the call as it is."""
    person = coordinator()
    with database().read() as connection:
        view = calls.read(connection, person, call_id, at=now())
    if "change" not in view.may:
        return show(person, call_id, refused=WrongState(view.row.state, "change")), 409
    row = view.row
    return call_form(
        Typed(typed_of(row)), row.venues, [each for each in row.criteria if each in CRITERIA], changed=row
    )


@pages.post("/calls/<uuid:call_id>/change")
def change_call(call_id: UUID) -> Page:
    """Keep the changes, or the form again with everything that was typed."""
    person, at, typed = coordinator(), now(), Typed(request.form)
    venues, criteria = request.form.getlist("venues"), request.form.getlist("criteria")
    with database().read() as connection:
        row = calls.read(connection, person, call_id, at=at).row
    wanted, revision = read_call(typed, venues, criteria), typed.whole("revision")
    status = 422
    if wanted is not None and not typed.errors:
        seen = None if revision is None else [revision]
        try:
            database().write(
                lambda connection: calls.change(connection, person, call_id, wanted, at=at, if_match=seen)
            )
            flash(gettext("Changed. Companies and houses are told."))
            return redirect(f"/calls/{call_id}", 303)
        except Malformed as refusal:
            for name, codes in refusal.errors.items():
                for code in codes:
                    typed.refuse(FIELDS.get(name, name.partition(".")[0]), field_error(code))
        except WrongState as refusal:
            return show(person, call_id, refused=refusal), 409
        except Stale as refusal:
            typed.refuse("title", problem_of(refusal).detail)
            status = 412
    return call_form(typed, venues, criteria, changed=row), status


@pages.post("/calls/<uuid:call_id>/close")
def close_call(call_id: UUID) -> Page:
    """Nobody applies any more."""
    person, at = coordinator(), now()

    def work(connection: Connection) -> None:
        calls.close(connection, person, call_id, at=at)

    return do(call_id, work, gettext("Closed. Companies and houses are told."), "proposal")


@pages.post("/calls/<uuid:call_id>/withdraw")
def withdraw_call(call_id: UUID) -> Page:
    """It will not be granted, and why."""
    person, at = coordinator(), now()
    reason = request.form.get("reason", "").strip()[:LONGEST_TEXT] or None

    def work(connection: Connection) -> None:
        calls.withdraw(connection, person, call_id, reason, at=at)

    return do(call_id, work, gettext("Withdrawn. Companies and houses are told why."), "")
