"""Which language: what was chosen in this browser, else the person's, else what the browser prefers."""

from flask import g, request, session
from flask_babel import get_locale

from booking.web.context import bearer, viewer

LANGUAGES = ("nl", "fr", "en")
NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
LOCALES = {"nl": "nl_BE", "fr": "fr", "en": "en_GB"}


def choose_locale() -> str:
    """The locale of this answer: `nl_BE`, `fr` or `en_GB`. A machine's Accept-Language goes first."""
    if "language" not in g:
        g.language = _accepted() if bearer() is not None else _chosen() or _accepted()
    return LOCALES[g.language]


def language() -> str:
    """`nl`, `fr` or `en`."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def localised(texts: dict[str, str]) -> str:
    """A text of a house in the reader's language, else in English, else in whatever there is."""
    for each in (language(), "en", *texts):
        if texts.get(each):
            return texts[each]
    return ""


def _chosen() -> str | None:
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    person = viewer()
    return person.language if person and person.language in LANGUAGES else None


def _accepted() -> str:
    best = request.accept_languages.best_match(LANGUAGES)
    if best:
        return best
    person = viewer() if bearer() is not None else None
    return person.language if person and person.language in LANGUAGES else "en"
