"""Somebody who has never seen the product comes from the sign-in to a confirmed chain of two residencies.

Nobody tells them an address, a place or a day: they choose their language on the first page, read what is there
and follow it. On a phone they say what they need and take what is found; on the keyboard they compose it.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.hands import Finger, Hands, Way
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.pages import DEMO_PASSWORD

STAYS = (("Fabrique 2, Valenciennes", "2027-03-01", "2027-03-05"), ("Budatoren – ", "2027-03-08", "2027-03-19"))
PLANNERS = {
    "Charleroi danse": ("aurelie@charleroi-danse.example", "fr"),
    "De Grote Post": ("bram@degrotepost.example", "nl"),
    "Kunstencentrum BUDA": ("joris@buda.example", "nl"),
    "La Halle aux Draps": ("maud@halle.example", "fr"),
    "La Sucrerie": ("karim@sucrerie.example", "fr"),
    "Le Carreau du Borinage": ("luc@carreau.example", "fr"),
    "Le Phénix, scène nationale Valenciennes": ("nadia@phenix.example", "fr"),
    "Maison de la Culture d'Amiens": ("ines@amiens.example", "fr"),
    "Théâtre de Namur": ("simon@namur.example", "fr"),
    "VIERNULVIER": ("lieselot@viernulvier.example", "nl"),
}
"""Who answers at each house, in their language."""


class Newcomer:
    """Reads and follows; `way`: with a finger or on the keyboard."""

    def __init__(self, visitor: Visitor, way: Way) -> None:
        self.visitor, self.page, self._way = visitor, visitor.page, way

    def comes_in(self, email: str, language: str) -> None:
        """From the first page, which is all that they were told; in their language before anything else."""
        self.visitor.open_page("/")
        self.visitor.choose_language(language)
        self.follows("Sign in")
        self.writes("E-mail address", email)
        self.writes("Password", DEMO_PASSWORD)
        self.follows("Sign in", inside=self.visitor.main)
        expect(self.page.locator("form[action='/sign-out']").first).to_be_attached()

    def follows(self, sentence: str, *, inside: Locator | None = None) -> None:
        """A link or a button that says this."""
        words = re.compile(rf"^\s*{re.escape(self.visitor.says(sentence))}")
        where = inside or self.page.locator("body")
        found = where.get_by_role("link", name=words).or_(where.get_by_role("button", name=words))
        self._way.press(found.locator("visible=true").first)

    def opens(self, name: str) -> None:
        """What has this name."""
        self._way.press(self.visitor.main.get_by_role("link", name=name).first)

    def writes(self, label: str, text: str, *, inside: Locator | None = None) -> None:
        """Into the field with this label."""
        where = inside or self.visitor.main
        self._way.type(where.get_by_label(self.visitor.says(label), exact=True), text)

    def ticks(self, label: str) -> None:
        """What says this."""
        self._way.press(self.visitor.main.get_by_label(self.visitor.says(label), exact=True))

    def part(self, sentence: str, number: int) -> Locator:
        """The part of a form under this heading."""
        heading = self.page.get_by_role("heading", name=self.visitor.says(sentence, num=number))
        return self.visitor.main.locator("section").filter(has=heading)

    def lets_be_found(self, *days: int) -> None:
        """Say for how many days each need is, and take the first chain that the page finds."""
        self.follows("Plan a trajectory")
        self.visitor.expects(422)
        self.follows("Find chains")
        said = self.visitor.says("This is needed.")
        expect(self.visitor.main.get_by_text(said), "what is missing stands at its field").to_have_count(3)
        period = self.part("As a whole", 0).locator("input[type=date]")
        for field, day in zip(period.all(), ("2027-03-01", "2027-04-30"), strict=True):
            self._way.date(field, day)
        for number, each in enumerate(days, 1):
            self.writes("Days", str(each), inside=self.part("Need %(num)d", number))
        self.ticks("A house on each side of the border at least")
        self.follows("Find chains")
        first = self.visitor.main.locator("li.chain-row").first
        expect(first).to_be_in_viewport()
        self.visitor.look("first-time-found")
        self.follows("Use this chain", inside=first)
        self.names_it()

    def composes(self) -> None:
        """Choose each place and its days out of the lists."""
        self.follows("Build a trajectory")
        self.names_it()
        for number, (room, first, last) in enumerate(STAYS, 1):
            self.asks_for(number, room, first, last)

    def names_it(self) -> None:
        """What the chain is for, and for how many."""
        self.writes("Title", "Marées")
        self.writes("People", "5")

    def houses(self) -> list[str]:
        """Which houses the chain on the page goes to, in its order."""
        said = self.visitor.main.inner_text()
        return sorted((each for each in PLANNERS if each in said), key=said.index)

    def asks_for(self, number: int, room: str, first: str, last: str) -> None:
        """One stay of the chain."""
        stay = self.part("Stay %(num)d", number)
        rooms = stay.get_by_label(self.visitor.says("Room"), exact=True)
        name = rooms.locator("option").filter(has_text=room).first.inner_text()
        self._way.choose(rooms, name)
        self._way.date(stay.get_by_label(self.visitor.says("First day"), exact=True), first)
        self._way.date(stay.get_by_label(self.visitor.says("Last day"), exact=True), last)


def with_a_finger(_: Visitor) -> Way:
    return Finger()


def takes_what_is_found(newcomer: Newcomer) -> None:
    newcomer.lets_be_found(5, 10)


@on_sqlite
@pytest.mark.parametrize(
    ("size", "way", "finds"),
    [("phone", with_a_finger, takes_what_is_found), ("desktop", Hands, Newcomer.composes)],
    ids=["found-on-a-phone", "composed-by-keyboard"],
)
def test_from_the_sign_in_to_a_confirmed_chain_of_two_residencies(
    visit: Visit, size: str, way: Callable[[Visitor], Way], finds: Callable[[Newcomer], None]
) -> None:
    visitor = visit(size)
    camille = Newcomer(visitor, way(visitor))
    camille.comes_in("camille@lisiere.example", "fr")
    camille.follows("Trajectories")
    visitor.sees("Build a trajectory")
    visitor.look("first-time-chains")
    finds(camille)
    camille.follows("Ask every house")
    visitor.sees("Sent. Every house of the chain is told.")
    visitor.look("first-time-asked")
    houses = camille.houses()
    assert len(houses) == 2, "two residencies in two houses"

    for house in houses:
        email, language = PLANNERS[house]
        desk = visit("desktop")
        planner = Newcomer(desk, way(desk))
        planner.comes_in(email, language)
        planner.opens("Compagnie Lisière")
        asked = desk.main.get_by_role("complementary").filter(has_text="Marées")
        expect(asked).to_be_focused()
        planner.follows("Confirm", inside=asked)
        is_last = house == houses[-1]
        held = "You said yes. The days are held until the other houses of its chain answer; the company is told."
        expect(desk.page.locator("#live p").first).to_have_text(
            desk.says("Confirmed. The company is told." if is_last else held)
        )
        expect(desk.main.locator("li.request")).to_have_count(0)
        desk.look("first-time-desk")

    camille.follows("Trajectories")
    visitor.sees("Build a trajectory")
    visitor.look("first-time-answered")
    camille.opens("Marées")
    visitor.sees("The whole chain is confirmed.")
    camille.follows("Bookings")
    expect(visitor.main.locator("li").filter(has_text="Marées").filter(has_text="Confirmée")).to_have_count(2)
