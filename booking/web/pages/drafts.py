"""Drafts on pages: a form keeps itself while somebody types, and is thrown away with one press."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import NotFound
from booking.services import drafts
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.kept_forms import ADDRESSES, LONGEST_ABOUT, fields_of, find, is_newer, keep
from booking.web.pages.once import is_answered
from booking.web.pages.sign_in import signed_in


@pages.post("/drafts/<form>")
def keep_draft(form: str) -> str:
    """Keep what is typed so far, unless another window kept something since this one looked. A fragment."""
    person, about, at = signed_in(), _about(form), now()
    with database().read() as connection:
        there = find(connection, person, form, about)
        if is_answered(connection, person):  # a last word on its way when the form was sent
            return ""
    if is_newer(there, request.form.get("draft_at")):
        return render_template("draft-saved.html", newer=there)
    kept = keep(person, form, about, fields_of(request.form))
    return render_template("draft-saved.html", saved_at=at if kept else None, draft_id=kept)


@pages.post("/drafts/<form>/throw-away")
def throw_draft_away(form: str) -> Response:
    """It is gone; the form is empty again."""
    person, about = signed_in(), _about(form)
    database().write(lambda connection: drafts.throw_away(connection, person, form, about))
    flash(gettext("The draft is thrown away."))
    return redirect(ADDRESSES[form](about), 303)


def _about(form: str) -> str:
    """What the form is about, out of the address. NotFound for a form that there is not."""
    about = request.args.get("about", "")
    if form not in ADDRESSES or len(about) > LONGEST_ABOUT:
        raise NotFound
    return about
