"""Somebody who has never seen the product comes from the sign-in to a confirmed chain of two residencies.

Nobody tells them an address: they read what is on the page and follow it, in their own language.
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
PLANNERS = ("nadia@phenix.example", "joris@buda.example")


class Newcomer:
    """Reads and follows; `way`: with a finger or on the keyboard."""

    def __init__(self, visitor: Visitor, way: Way) -> None:
        self.visitor, self.page, self._way = visitor, visitor.page, way

    def comes_in(self, email: str, language: str) -> None:
        """From the first page, which is all that they were told."""
        self.visitor.open_page("/")
        self._way.press(self.visitor.page.get_by_role("link", name="Sign in").locator("visible=true").first)
        self._way.type(self.page.get_by_label("E-mail address"), email)
        self._way.type(self.page.get_by_label("Password"), DEMO_PASSWORD)
        self._way.press(self.visitor.main.get_by_role("button", name="Sign in"))
        expect(self.page.locator("form[action='/sign-out']").first).to_be_attached()
        self.visitor.choose_language(language)

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

    def asks_for(self, number: int, room: str, first: str, last: str) -> None:
        """One stay of the chain."""
        stay = self.visitor.main.locator("section").filter(
            has=self.page.get_by_role("heading", name=self.visitor.says("Stay %(num)d", num=number))
        )
        rooms = stay.get_by_label(self.visitor.says("Room"), exact=True)
        name = rooms.locator("option").filter(has_text=room).first.inner_text()
        self._way.choose(rooms, name)
        self._way.date(stay.get_by_label(self.visitor.says("First day"), exact=True), first)
        self._way.date(stay.get_by_label(self.visitor.says("Last day"), exact=True), last)


def with_a_finger(_: Visitor) -> Way:
    return Finger()


@on_sqlite
@pytest.mark.parametrize(("size", "way"), [("phone", with_a_finger), ("desktop", Hands)])
def test_from_the_sign_in_to_a_confirmed_chain_of_two_residencies(
    visit: Visit, size: str, way: Callable[[Visitor], Way]
) -> None:
    visitor = visit(size)
    camille = Newcomer(visitor, way(visitor))
    camille.comes_in("camille@lisiere.example", "fr")
    camille.follows("Trajectories")
    visitor.sees("Build a trajectory")
    visitor.look("first-time-chains")
    camille.follows("Build a trajectory")
    camille.writes("Title", "Marées")
    camille.writes("People", "5")
    for number, (room, first, last) in enumerate(STAYS, 1):
        camille.asks_for(number, room, first, last)
    camille.follows("Ask every house")
    visitor.sees("Sent. Every house of the chain is told.")
    visitor.look("first-time-asked")

    for email in PLANNERS:
        desk = visit("desktop")
        planner = Newcomer(desk, way(desk))
        planner.comes_in(email, "nl")
        planner.opens("Compagnie Lisière")
        asked = desk.main.get_by_role("complementary").filter(has_text="Marées")
        expect(asked).to_be_focused()
        planner.follows("Confirm", inside=asked)
        expect(desk.page.locator("#live p").first).to_be_visible()
        expect(desk.main.locator("li.request")).to_have_count(0)
        desk.look("first-time-desk")

    camille.follows("Trajectories")
    visitor.sees("Build a trajectory")
    visitor.look("first-time-answered")
    camille.opens("Marées")
    visitor.sees("The whole chain is confirmed.")
    camille.follows("Bookings")
    expect(visitor.main.locator("li").filter(has_text="Marées").filter(has_text="Confirmée")).to_have_count(2)
