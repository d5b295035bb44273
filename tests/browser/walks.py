"""In which languages, at which widths and on which database a walk is walked."""

from itertools import product

import pytest

LANGUAGES = ("nl", "fr")
WIDTHS = ("phone", "desktop")

SQLITE = pytest.param("sqlite", marks=pytest.mark.sqlite)


def walked(*more: tuple[str, str, str]) -> pytest.MarkDecorator:
    """Both languages, both widths, on SQLite; `more`: database, language, size."""
    walks = [*(("sqlite", *each) for each in product(LANGUAGES, WIDTHS)), *more]
    return pytest.mark.parametrize(
        ("database_url", "language", "size"),
        [pytest.param(*walk, marks=getattr(pytest.mark, walk[0]), id="-".join(walk)) for walk in walks],
        indirect=["database_url"],
    )


once = pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
"""On SQLite alone: what is looked at does not depend on the database."""
