"""The rider check as a page: what is needed, room by room, for the screen and for paper."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.needs import Need
from booking.services import riders
from booking.services.riders import RiderCheck
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.needs import read_wanted
from booking.web.pages.sign_in import signed_in


@pages.get("/bookings/<uuid:booking_id>/rider-check")
def booking_rider_check(booking_id: UUID) -> str:
    """The rooms of a booking against its rider."""
    person = signed_in()
    with database().read() as connection:
        found = riders.of_booking(connection, person, booking_id)
    return _page(found, f"/bookings/{booking_id}", save=f"/bookings/{booking_id}/rider")


@pages.post("/bookings/<uuid:booking_id>/rider")
def save_rider(booking_id: UUID) -> Response:
    """Write the rider down, and look again."""
    person, at, rider = signed_in(), now(), read_wanted(request.form).need
    database().write(lambda connection: riders.keep(connection, person, booking_id, rider, at=at))
    flash(gettext("The rider is kept with the booking. The other side reads it too."))
    return redirect(f"/bookings/{booking_id}/rider-check", 303)


@pages.get("/trajectories/<uuid:trajectory_id>/rider-check")
def trajectory_rider_check(trajectory_id: UUID) -> str:
    """The rooms of a whole chain; what is asked can be tried in the address."""
    person, tried = signed_in(), read_wanted(request.args).need
    asked = tried if tried.asks_the_sheet else None
    with database().read() as connection:
        found = riders.of_trajectory(connection, person, trajectory_id, asked)
    return _page(found, f"/trajectories/{trajectory_id}", save=None)


def _page(found: RiderCheck, back: str, *, save: str | None) -> str:
    return render_template(
        "rider-check.html",
        found=found,
        back=back,
        save=save if found.may_write else None,
        requirements=list(found.rider.requirements()),
        answers={room.row.code: _cells(found.rider, room.row.technical_sheet) for room in found.rooms},
        said=candidates,
        printed_at=now(),
    )


def _cells(rider: Need, sheet: Mapping[str, Any]) -> dict[str, str]:
    """Per requirement what the sheet says, in words."""
    return {name: candidates.figure_in_words(name, sheet.get(name)) for name, _ in rider.requirements()}
