"""Every page of the map, in three languages and at three widths: whole, quiet, light, and for everybody to use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.browser import looking, reaching
from tests.browser.conftest import Visit
from tests.browser.scales import Scales
from tests.browser.visitor import Visitor
from tests.support.atlas import addresses

FIRST, AFTER = 100_000, 15_000
"""Bytes as they travel (S10): with an empty cache, and afterwards."""
LOOKED_AT_CLOSELY = "fr"
"""Neither axe-core nor a ruler reads: once is enough, where words are longest."""
WEIGHED = "en"


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_page_holds_at_every_width(stroll: Visit, facts: Mapping[str, str], language: str) -> None:
    windows: dict[str | None, tuple[Visitor, Scales]] = {}
    titles: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    found = []
    for who, path in addresses(facts):
        if who not in windows:
            windows[who] = _window(stroll, who, language)
        found += [f"{who}, {path}: {each}" for each in _wrong(*windows[who], path)]
        titles[who].append((windows[who][0].page.title(), path))
    found += [f"{who}: {each}" for who, seen in titles.items() for each in looking.alike(seen)]
    assert found == [], "\n".join(found)


def _window(stroll: Visit, who: str | None, language: str) -> tuple[Visitor, Scales]:
    visitor = stroll("desktop")
    if who:
        visitor.sign_in(who, language)
    else:
        visitor.open_page("/sign-in")
        visitor.choose_language(language)
    return visitor, Scales(visitor.page)


def _wrong(visitor: Visitor, scales: Scales, path: str) -> Iterator[str]:
    visitor.open_page(path)
    looking.settle(visitor.page)
    yield from looking.language(visitor.page, visitor.words)
    yield from looking.headings(visitor.page)
    yield from looking.markup(visitor.page)
    for size in ("desktop", "tablet", "phone"):
        visitor.become(size)
        yield from (f"{size}: {each}" for each in looking.width(visitor.page))
        if visitor.words.language == LOOKED_AT_CLOSELY and size in reaching.LEAST:
            yield from (f"{size}: {each}" for each in looking.accessibility(visitor.page))
            yield from (f"{size}: {each}" for each in reaching.closely(visitor.page, size))
    if visitor.words.language == LOOKED_AT_CLOSELY:
        visitor.become("enlarged")
        yield from (f"at 400 %: {each}" for each in looking.width(visitor.page))
        visitor.become("desktop")
        yield from looking.dark(visitor.page)
    visitor.become("desktop")
    first, after = scales.weigh()
    if visitor.words.language == WEIGHED and (first > FIRST or after > AFTER):
        yield f"{first} bytes, then {after}"
    yield from visitor.trouble
    visitor.trouble.clear()
