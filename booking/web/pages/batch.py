"""Answering several requests of the desk at once: those that are ticked, with one word to all of them."""

from collections.abc import Sequence

from flask import flash, redirect, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from booking.domain.refusals import NotFound
from booking.domain.states import Verb
from booking.services import bookings
from booking.services.batch import MOST_AT_ONCE, VERBS, Outcome, answer_many
from booking.services.deeds import Answer
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.bookings import MOST_LETTERS, read_id
from booking.web.pages.sign_in import signed_in
from booking.web.pages.undoing import remember
from booking.web.refusals import problem_of

DONE = {
    Verb.DECLINE: lambda count: ngettext(
        "%(num)d request is declined; the company is told why.",
        "%(num)d requests are declined; the companies are told why.",
        count,
    ),
    Verb.GRANT: lambda count: ngettext(
        "%(num)d option is given; the company is told.",
        "%(num)d options are given; the companies are told.",
        count,
    ),
    Verb.CONFIRM: lambda count: ngettext(
        "%(num)d request is confirmed; the company is told.",
        "%(num)d requests are confirmed; the companies are told.",
        count,
    ),
}


@pages.post("/desk/<venue>/answers")
def answer_requests(venue: str) -> Response:
    """Say the same to every request that is ticked, and tell what became of each."""
    person, at = signed_in(), now()
    if not person.decides_for(venue):
        raise NotFound
    ids = list(dict.fromkeys(read_id(each) for each in request.form.getlist("booking")))[:MOST_AT_ONCE]
    verb = request.form.get("verb", "")
    if verb not in VERBS:
        raise NotFound
    reason = request.form.get("reason", "").strip()[:MOST_LETTERS] or None
    if not ids:
        flash(gettext("Tick the requests that you answer."), "error")
    outcomes = answer_many(database(), person, ids, Verb(verb), Answer(reason), at=at, undoable=True)
    done = sum(each.refusal is None for each in outcomes)
    remember(next((each.offer for each in outcomes if each.offer), None))
    if done:
        flash(DONE[Verb(verb)](done))
    _tell_failures([each for each in outcomes if each.refusal is not None])
    return redirect(f"/desk/{venue}/requests", 303)


def _tell_failures(outcomes: Sequence[Outcome]) -> None:
    """Each that could not be, by its title, and why."""
    person = signed_in()
    with database().read() as connection:
        for each in outcomes:
            if each.refusal is None or isinstance(each.refusal, NotFound):
                continue
            title = bookings.find(connection, person, each.booking).title
            why = problem_of(each.refusal).detail
            flash(gettext("“%(title)s” was not answered: %(why)s", title=title, why=why), "error")
