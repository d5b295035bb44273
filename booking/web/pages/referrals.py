"""Passing a request on to partner houses: which, and a word to the company."""

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Refusal, WrongState
from booking.domain.states import Verb
from booking.services import bookings, referring, standing
from booking.services.answering import Answer, perform
from booking.services.standing import NOTHING
from booking.services.undoing import Press
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT, Typed
from booking.web.pages.undoing import remember
from booking.web.refusals import problem_of


@pages.get("/bookings/<uuid:booking_id>/refer")
def referral_form(booking_id: UUID) -> str:
    """The houses that have something of the kind."""
    return _page(signed_in(), booking_id)


@pages.post("/bookings/<uuid:booking_id>/refer")
def refer(booking_id: UUID) -> Response | tuple[str, int]:
    """Pass it on, or ask the company whether it may be."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    reason = typed.text("reason", longest=LONGEST_TEXT)
    said = Answer(reason, venues=tuple(request.form.getlist("venues")))
    try:
        row, offer = database().write(
            lambda connection: Press.of(person, at).answer(
                connection,
                booking_id,
                Verb.REFER,
                lambda: perform(connection, person, booking_id, Verb.REFER, said, at=at),
            )
        )
    except (CannotBeHad, Malformed, WrongState) as refusal:
        return _page(person, booking_id, refused=refusal), problem_of(refusal).status
    remember(offer)
    flash(gettext("Passed on. The company is told.") if row.ended_at else gettext("The company is asked."))
    return redirect(f"/bookings/{booking_id}", 303)


def _page(person: Person, booking_id: UUID, *, refused: Refusal | None = None) -> str:
    with database().read() as connection:
        row = bookings.find(connection, person, booking_id)
        if not person.decides_for(row.venue):
            raise Forbidden
        stands = standing.of(connection, [row], at=now()).get(row.id, NOTHING)
        may = Verb.REFER in standing.verbs(row, person, stands)
        partners = referring.partners_of(connection, row) if may else []
    return render_template(
        "referral.html",
        row=row,
        partners=partners,
        chosen=request.form.getlist("venues"),
        reason=request.form.get("reason", ""),
        problem=problem_of(refused) if refused else None,
    )
