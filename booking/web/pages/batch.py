"""Answering several requests of the desk at once: those that are ticked, with one word to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from booking.domain.people import Person
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
    asked = Ticked.read(person, venue)
    if not asked.answers:
        return asked.nothing()
    outcomes = answer_many(database(), person, asked.answers, asked.verb, at=at, undoable=True)
    done = sum(each.refusal is None for each in outcomes)
    remember(next((each.offer for each in outcomes if each.offer), None))
    if done:
        flash(DONE[asked.verb](done))
    _tell_failures([each for each in outcomes if each.refusal is not None])
    return redirect(f"/desk/{venue}/requests", 303)


@dataclass(frozen=True, slots=True)
class Ticked:
    """The requests that a form has ticked, and what is said to each: its own words, else those for all."""

    venue: str
    verb: Verb
    answers: Sequence[tuple[UUID, Answer]]

    @classmethod
    def read(cls, person: Person, venue: str) -> "Ticked":
        """From the form that was sent. NotFound for whoever does not decide there, and for another verb."""
        form = request.form
        if not person.decides_for(venue) or form.get("verb", "") not in VERBS:
            raise NotFound
        ids = list(dict.fromkeys(read_id(each) for each in form.getlist("booking")))[:MOST_AT_ONCE]
        reasons = [form.get(f"reason-{each}", form.get("reason", "")).strip()[:MOST_LETTERS] for each in ids]
        said = [(each, Answer(reason or None)) for each, reason in zip(ids, reasons, strict=True)]
        return cls(venue, Verb(form["verb"]), said)

    def nothing(self) -> Response:
        """Back to the list, with a word, where nothing is ticked."""
        flash(gettext("Tick the requests that you answer."), "error")
        return redirect(f"/desk/{self.venue}/requests", 303)


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
