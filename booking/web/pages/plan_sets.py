"""Saving a set of rooms for the plan, in an order of one's own, and forgetting it."""

from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed
from booking.services import plan_sets
from booking.web.context import database
from booking.web.pages.blueprint import pages
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed

PLACE = "place-"
LAST = 10_000


@pages.post("/desk/<venue>/plan/sets")
def save_set(venue: str) -> Response:
    """The rooms that have a number, in the order of their numbers."""
    person, form = signed_in(), request.form
    typed = Typed(form)
    numbers = {name.removeprefix(PLACE): typed.whole(name, most=LAST) for name in form if name.startswith(PLACE)}
    rooms = sorted((code for code, number in numbers.items() if number), key=lambda code: numbers[code] or LAST)
    name = form.get("name", "").strip()
    try:
        kept = database().write(
            lambda connection: plan_sets.save(
                connection, person, venue, name, rooms, first=form.get("first") == "1"
            )
        )
    except Malformed:
        flash(gettext("Give the set a name, and at least one room a number."), "error")
        return redirect(f"/desk/{venue}/plan", 303)
    flash(gettext("Saved, for you alone."))
    return redirect(f"/desk/{venue}/plan?rooms={','.join(kept)}", 303)


@pages.post("/desk/<venue>/plan/sets/<uuid:set_id>/remove")
def remove_set(venue: str, set_id: UUID) -> Response:
    """It goes; the rooms stay where they are."""
    person = signed_in()
    database().write(lambda connection: plan_sets.remove(connection, person, set_id))
    flash(gettext("The set is gone."))
    return redirect(f"/desk/{venue}/plan?rooms=all", 303)
