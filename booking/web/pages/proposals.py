"""The house proposes other days or places: the form of the booking, sent as a proposal."""

from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.bookings import ClaimChange
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Stale
from booking.domain.states import Verb
from booking.services import bookings
from booking.services.answering import Answer as Said
from booking.services.answering import perform
from booking.services.bookings import BookingRow, actions
from booking.web.context import database, now
from booking.web.pages.asking import Answer, pressed_way, refused, show
from booking.web.pages.blueprint import pages
from booking.web.pages.booking_form import read_form
from booking.web.pages.changes import words_of
from booking.web.pages.lines import typed_of
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT


@pages.get("/bookings/<uuid:booking_id>/counter")
def counter_form(booking_id: UUID) -> Answer:
    """The form, filled in with the booking as it is."""
    person = signed_in()
    with database().read() as connection:
        row = _may_propose(connection, person, booking_id)
        code, typed = typed_of(row)
        form = read_form(connection, person, code, typed | words_of(row))
        return show(connection, person, form, fresh=True, booking=row, proposes=True)


@pages.post("/bookings/<uuid:booking_id>/counter")
def counter(booking_id: UUID) -> Answer:
    """Propose what is typed; the company accepts or refuses."""
    person, at, way = signed_in(), now(), pressed_way()
    with database().read() as connection:
        row = _may_propose(connection, person, booking_id)
        form = read_form(connection, person, request.form.get("resource", ""), request.form)
        reason = form.typed.text("reason", longest=LONGEST_TEXT)
        if form.errors or not form.is_asking:
            return show(connection, person, form, booking=row, proposes=True), 422
    claims = [ClaimChange(each) for each in way[0]] if way else form.asked.claims
    said = Said(reason, claims=tuple(claims))
    try:
        database().write(lambda connection: perform(connection, person, booking_id, Verb.COUNTER, said, at=at))
    except (CannotBeHad, Malformed, Stale) as refusal:
        return refused(person, form, refusal, booking=row, proposes=True)
    flash(gettext("Proposed. The company accepts or refuses."))
    return redirect(f"/bookings/{booking_id}", 303)


def _may_propose(connection: Connection, person: Person, booking_id: UUID) -> BookingRow:
    """The booking, for its house while it is not over. NotFound, Forbidden."""
    row = bookings.find(connection, person, booking_id)
    if Verb.COUNTER not in actions(row, person):
        raise Forbidden
    return row
