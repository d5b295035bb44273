"""The sentences of each package, as the code has them and as the catalogues translate them.

`make words` (this module, run) puts new sentences into the catalogues, to be translated by a
person, and takes out those that no page says any more.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from booking.settings import ROOT

PACKAGES = ("booking", "calendars", "notifications")
LANGUAGES = ("nl", "fr")
METHODS = [("**/static/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
}
WIDTH = 110


def said(package: str) -> Catalog:
    """Every sentence in the code and the templates of a package."""
    catalog = Catalog(project="EMERGE Booking", charset="utf-8")
    found = extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS, comment_tags=("NOTE",))
    for file, _line, message, comments, context in found:
        place = [(f"{package}/{file}", 0)]
        catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def path_of(package: str, language: str) -> Path:
    """Where the translations are kept."""
    return ROOT / package / "translations" / language / "LC_MESSAGES" / "messages.po"


def translated(package: str, language: str) -> Catalog:
    """The catalogue as it is kept; an empty one when there is none."""
    path = path_of(package, language)
    if not path.exists():
        return Catalog(locale=language, project="EMERGE Booking", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def problems(package: str, language: str) -> Iterator[str]:
    """What is missing, empty, uncertain, wrong or no longer said."""
    code, kept = said(package), translated(package, language)
    for message in code:
        if message.id and _find(kept, message) is None:
            yield f"missing: {message.id!r}"
    for message in kept:
        if not message.id:
            continue
        if _find(code, message) is None:
            yield f"no longer said: {message.id!r}"
        if message.fuzzy:
            yield f"uncertain: {message.id!r}"
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if not all(strings):
            yield f"empty: {message.id!r}"
        else:
            yield from (f"{error}: {message.id!r}" for error in message.check(kept))


def _find(catalog: Catalog, message: Message) -> Message | None:
    return catalog.get(message.id, context=message.context)


def update(package: str, language: str) -> None:
    """Bring one catalogue up to what the code says."""
    code, kept = said(package), translated(package, language)
    if not len(code) and not len(kept):
        return
    code.creation_date = kept.creation_date  # or every run would be a change
    kept.update(code, no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.fuzzy = False  # an uncertain catalogue would not be compiled at all
    kept.header_comment = f"# EMERGE Booking, package {package}: {language}."
    path = path_of(package, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, kept, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=False)


if __name__ == "__main__":
    for each in PACKAGES:
        for tongue in LANGUAGES:
            update(each, tongue)
            for problem in problems(each, tongue):
                print(f"{each} {tongue} {problem}")  # noqa: T201 -- a tool for people
