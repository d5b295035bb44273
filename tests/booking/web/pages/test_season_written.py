"""What a season writes past its template is escaped like everything a template writes."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from booking.web.pages import season_written
from booking.web.pages.season import Piece

ATTACK = """x' onfocus='a()" onclick="a()"><script>a()</script><!--&quot;"""
MARKS = {"option": Markup('<svg class="icon"></svg>')}
USUAL = Piece(1, 9, [(4, "is-option"), (5, "is-confirmed")], "option", "Marées", "8 March: Marées", "/bookings/1")


class Read(HTMLParser):
    """What a browser makes of it: which elements with which attributes, and which text."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(piece: Piece, *, moves: bool = True) -> Read:
    return Read(season_written.pieces([piece], MARKS, moves=moves))


@pytest.mark.parametrize(
    "piece",
    [
        replace(USUAL, name=ATTACK, said=ATTACK, href=ATTACK),
        replace(USUAL, name=ATTACK, said=ATTACK, href=None),
        replace(USUAL, name=ATTACK, said=ATTACK, width=2, beside=7),
    ],
    ids=["a link", "nobody's", "its name beside it"],
)
def test_whatever_people_type_stays_text(piece: Piece):
    found = read(piece)
    usual = read(replace(piece, name="Marées", said="said", href=piece.href and "/bookings/1"))
    assert [(tag, list(attrs)) for tag, attrs in found.elements] == [
        (tag, list(attrs)) for tag, attrs in usual.elements
    ], "no element and no attribute but those of a title that means well"
    assert found.texts == [ATTACK]
    said = [attrs for tag, attrs in found.elements if attrs.get("class") == "piece"]
    assert [each.get("aria-label", each.get("title")) for each in said] == [ATTACK]
    assert [each["href"] for each in said if "href" in each] == ([piece.href] if piece.href else [])


def test_an_attack_that_were_written_as_it_is_would_be_seen():
    assert read(replace(USUAL, name=Markup(ATTACK))).texts != [ATTACK]  # noqa: S704 -- that is the attack


def test_only_what_moves_says_so_and_only_to_whoever_may():
    movable = replace(USUAL, moves=True)
    said = [
        "data-moves" in read(each, moves=may).elements[0][1]
        for each, may in ((movable, True), (movable, False), (USUAL, True))
    ]
    assert said == [True, False, False]
