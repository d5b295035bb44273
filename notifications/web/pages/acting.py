"""Acting from a letter: the page says what will happen, and asks once. Looking at it changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, WrongState
from booking.domain.states import Verb
from booking.web.context import database, now, parts
from booking.web.languages import LANGUAGES, LOCALES
from booking.web.pages.bookings import DONE
from booking.web.pages.ways_out import where
from booking.web.refusals import problem_of
from notifications.services import acting, signed
from notifications.services.acting import Asked
from notifications.web.letters.words import DO

pages = Blueprint("acting", __name__, template_folder="../templates")

FOLLOWS: Mapping[Verb, Callable[[str, str], str]] = {
    Verb.GRANT: lambda company, _: gettext(
        "%(company)s gets an option on these days, and is told.", company=company
    ),
    Verb.CONFIRM: lambda company, _: gettext(
        "These days go to %(company)s for good. Other options on them end, and everybody concerned is told.",
        company=company,
    ),
    Verb.COMMIT: lambda _, house: gettext(
        "You commit to these days: they are held firmly for you, and %(house)s has the last word.", house=house
    ),
    Verb.RELEASE: lambda _, house: gettext(
        "You give days of this option back. Others can have them, and %(house)s is told.", house=house
    ),
    Verb.ACCEPT: lambda _, __: gettext("You accept what was proposed, and the other side is told."),
    Verb.REFUSE: lambda _, __: gettext("You refuse what was proposed. The other side is told; the rest stays."),
}
"""What would happen, from the names of the company and of the house."""


@pages.get("/letters/act/<token>")
def ask_once(token: str) -> ResponseReturnValue:
    """What the link of a letter would do."""
    return _page(_asked(token))


@pages.post("/letters/act/<token>")
def act(token: str) -> ResponseReturnValue:
    """Do it, and say so; or say why not."""
    action, at = signed.read_action(parts().settings.secret_key, token, at=now()), now()
    try:
        database().write(lambda connection: acting.act(connection, action, at=at))
    except (CannotBeHad, Forbidden, Malformed, WrongState) as refusal:
        problem = problem_of(refusal)
        return _page(_asked(token), refused=problem.detail), problem.status
    return _page(_asked(token), done=True)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is asked, and the lines that say what a yes would take or where it would go."""

    asked: Asked
    proposed: Sequence[str]
    houses: Sequence[str]


def _asked(token: str) -> Looked:
    action = signed.read_action(parts().settings.secret_key, token, at=now())
    with database().read() as connection:
        asked = acting.look(connection, action, at=now())
        with force_locale(LOCALES[_language(asked)]):
            proposed = where(connection, asked.proposed) if action.verb in ANSWERS else ()
    houses = [each.to_name for each in asked.standing.asked_to_refer] if action.verb in ANSWERS else ()
    return Looked(asked, proposed, houses)


ANSWERS = frozenset({Verb.ACCEPT, Verb.REFUSE})
"""A yes or a no to something that was proposed: its page shows what."""


def _language(asked: Asked) -> str:
    return asked.person.language if asked.person.language in LANGUAGES else "en"


def _page(looked: Looked, *, refused: str | None = None, done: bool = False) -> str:
    """In the language of the letter, whoever else uses this browser."""
    asked = looked.asked
    row, verb = asked.booking, asked.action.verb
    with force_locale(LOCALES[_language(asked)]):
        return render_template(
            "letters/act.html",
            row=row,
            proposed=looked.proposed,
            houses=looked.houses,
            person=asked.person,
            button=DO[verb],
            follows=FOLLOWS[verb](row.organisation_name or row.venue_name, row.venue_name),
            done=DONE[verb] if done else None,
            refused=refused,
            possible=asked.possible,
            path=request.path,
        )
