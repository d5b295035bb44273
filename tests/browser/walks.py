"""In which languages, at which widths and on which database a walk is walked."""

from itertools import product

import pytest

LANGUAGES = ("nl", "fr")
WIDTHS = ("phone", "desktop")
EVERYWHERE = tuple(product(LANGUAGES, WIDTHS))


def walked(*more: tuple[str, str, str]) -> pytest.MarkDecorator:
    """Both languages, both widths, on SQLite; `more`: database, language, width."""
    walks = [*(("sqlite", *each) for each in EVERYWHERE), *more]
    return pytest.mark.parametrize(
        ("database_url", "language", "size"),
        [pytest.param(*walk, marks=getattr(pytest.mark, walk[0]), id="-".join(walk)) for walk in walks],
        indirect=["database_url"],
    )


strolled = pytest.mark.parametrize(("language", "size"), EVERYWHERE)
"""Both languages, both widths; nothing is booked."""

on_sqlite = pytest.mark.parametrize(
    "database_url", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True
)
"""What is looked at does not depend on the database."""


def told(*walks: tuple[str, str, str]) -> pytest.MarkDecorator:
    """A long story, each language once: database, language, width."""
    chosen = walks or (("sqlite", "nl", "desktop"), ("postgresql", "fr", "phone"))
    return pytest.mark.parametrize(
        ("database_url", "language", "size"),
        [pytest.param(*walk, marks=getattr(pytest.mark, walk[0]), id="-".join(walk)) for walk in chosen],
        indirect=["database_url"],
    )
