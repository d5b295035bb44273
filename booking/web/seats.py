"""A call in words: what it is called in the reader's language, and why a company goes where it goes in it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import get_locale, gettext

from booking.web.languages import LANGUAGES

WHY: Mapping[str, Callable[[int, int], str]] = {
    "placed": lambda wish, of: str(gettext("Wish %(num)d of %(all)d.", num=wish, all=of)),
    "by-hand": lambda _, __: str(gettext("Chosen by the coordinator.")),
    "nothing-fits": lambda _, __: str(
        gettext("No house of the call is free for this need in any of its periods.")
    ),
    "others-first": lambda _, __: str(
        gettext("Everything that fits goes to other companies: so more of them are served.")
    ),
}


def why_in_words(code: str, wish: int | None, wishes: int) -> str:
    """One reason. `wish`: which of its `wishes` a company got, from 1."""
    return WHY[code](wish or 0, wishes)


def title_of(title: str, texts: Mapping[str, Mapping[str, str]] | None) -> str:
    """What a call is called in the reader's language, else as the coordinator called it."""
    return _text(texts, "title") or title


def description_of(description: str | None, texts: Mapping[str, Mapping[str, str]] | None) -> str | None:
    """What it is about, in the reader's language where it is written in it."""
    return _text(texts, "description") or description


def called(row: Any) -> str:
    """The same, of a call as it is read."""
    return title_of(row.title, row.texts)


def described(row: Any) -> str | None:
    """The same, of a call as it is read."""
    return description_of(row.description, row.texts)


def _text(texts: Mapping[str, Mapping[str, str]] | None, name: str) -> str | None:
    locale = get_locale()
    mine = (texts or {}).get(locale.language if locale is not None else LANGUAGES[0])
    return mine.get(name) if mine else None
