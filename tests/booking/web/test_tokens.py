"""Colours of the design language: their contrast in both themes, computed (WCAG 2.2, relative luminance)."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from booking.settings import ROOT

CSS = ROOT / "booking" / "web" / "static" / "emerge.css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6}|transparent)\);")
TEXT, EDGE = 6, 5
"""At least: of words on their ground, of edges on paper (screens.md)."""
GROUNDS = ("paper", "sheet", "wash")
WORDS = (
    *product(("ink", "ink-2"), GROUNDS),
    *product(("red",), ("paper", "sheet")),
    *product(("ink",), ("requested-fill", "amber", "amber-pale", "blue-pale", "external")),
    ("on-blue", "blue"),
    ("on-closed", "closed"),
    ("on-closed", "closed-2"),
)
EDGES = ("edge", "requested-edge", "amber-edge", "blue", "closed", "external-edge", "red")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_and_edges_stand_out_in_both_themes(theme: int) -> None:
    tokens = {name: values[theme] for name, *values in TOKEN.findall(CSS.read_text(encoding="utf-8"))}
    assert list(_too_faint(tokens)) == []


def test_a_faint_colour_would_be_found() -> None:
    tokens = dict.fromkeys({name for pair in WORDS for name in pair} | set(EDGES) | {"paper"}, "#777777")
    assert len(list(_too_faint(tokens))) == len(WORDS) + len(EDGES)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def _too_faint(tokens: dict[str, str]) -> Iterator[str]:
    solid = {name: tokens["paper"] if value == "transparent" else value for name, value in tokens.items()}
    for word, ground in WORDS:
        if contrast(solid[word], solid[ground]) < TEXT:
            yield f"{word} on {ground}: {contrast(solid[word], solid[ground]):.1f}"
    for edge in EDGES:
        if contrast(solid[edge], solid["paper"]) < EDGE:
            yield f"edge {edge}: {contrast(solid[edge], solid['paper']):.1f}"


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
