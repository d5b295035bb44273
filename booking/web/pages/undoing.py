"""Undo: a notice that stays on every page until it is used, or its minute is over."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, session
from flask_babel import ngettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Refusal
from booking.services import undoing
from booking.services.undoing import Offer
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.frame import safe_next
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of

KEY = "undo"


def remember(offer: Offer | None) -> None:
    """Show the way back on the next pages; what could be undone before that is told by now."""
    if offer is None:
        session.pop(KEY, None)
    else:
        session[KEY] = [str(offer.group), offer.until.isoformat()]


@pages.app_context_processor
def undo_notice() -> dict[str, Any]:
    """`undo`: the group that can be taken back, and the seconds that are left; None when there is none."""
    group, until = session.get(KEY, (None, None))
    left = (datetime.fromisoformat(until) - now()).total_seconds() if until else 0
    return {"undo": {"group": group, "seconds": int(left)} if left > 0 else None}


@pages.post("/undo/<uuid:group>")
def undo_page(group: UUID) -> Response:
    """Take back what was done with one press, each for itself; what cannot go back is said kindly."""
    person, at = signed_in(), now()
    with database().read() as connection:
        rows = undoing.of_group(connection, person, group)
    undone = 0
    for row in reversed(rows):
        try:
            database().write(partial(undoing.take_back, person=person, row=row, at=at))
            undone += 1
        except Refusal as refusal:
            flash(problem_of(refusal).detail, "error")
    if undone:
        flash(ngettext("Undone. Nobody was told.", "All %(num)d are undone. Nobody was told.", undone))
    remember(None)
    return redirect(safe_next(request.form.get("next"), "/"), 303)
