"""Hands on a browser: on the keyboard alone, where every stop must be seen; or pointing at what can be read."""

from typing import Protocol

import pytest
from playwright.sync_api import Locator

from tests.browser.visitor import Visitor

MOST_TABS = 120

VISIBLE = """() => {
  const element = document.activeElement;
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  // on the button inside a date field: the browser draws its own ring there
  if (["date", "time"].includes(element.type) && !element.matches(":focus-visible")) return true;
  const ticked = ["radio", "checkbox"].includes(element.type);
  return [element, ...(ticked ? [element.parentElement] : [])].some((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  });
}"""


class Way(Protocol):
    """How somebody acts on what they see."""

    def press(self, target: Locator) -> None:
        """A link or a button."""

    def type(self, target: Locator, text: str) -> None:
        """Into a field."""

    def choose(self, target: Locator, label: str) -> None:
        """From a list, by what it says."""

    def date(self, target: Locator, day: str) -> None:
        """`2027-03-08`, into a field for a day."""


class Hands:
    """On the keyboard only."""

    def __init__(self, visitor: Visitor) -> None:
        self._page = visitor.page

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus; every stop on the way can be seen."""
        target.wait_for()
        for _ in range(MOST_TABS):
            self._page.keyboard.press("Tab")
            stop = self._page.evaluate("() => document.activeElement.outerHTML.slice(0, 160)")
            assert self._page.evaluate(VISIBLE), f"nobody sees that the focus is on {stop}"
            if target.evaluate("(element) => element === document.activeElement"):
                return
        pytest.fail(f"{target} cannot be reached")

    def type(self, target: Locator, text: str) -> None:
        """Go there and type."""
        self.reach(target)
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)

    def press(self, target: Locator) -> None:
        """Go there and press Enter."""
        self.reach(target)
        self._page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        """Go there and press the space bar."""
        self.reach(target)
        self._page.keyboard.press("Space")

    def choose(self, target: Locator, label: str) -> None:
        """Go there and type what the list says."""
        self.reach(target)
        self._page.keyboard.type(label)

    def date(self, target: Locator, day: str) -> None:
        """Go there and type month, day and year, as this browser asks for them."""
        year, month, number = day.split("-")
        self.reach(target)
        self._page.keyboard.type(f"{month}{number}{year}")


class Finger:
    """Points at what it sees."""

    def press(self, target: Locator) -> None:
        """Tap it."""
        target.click()

    def type(self, target: Locator, text: str) -> None:
        """Tap it and type."""
        target.fill(text)

    def choose(self, target: Locator, label: str) -> None:
        """Pick what the list says."""
        target.select_option(label=label)

    def date(self, target: Locator, day: str) -> None:
        """Pick the day."""
        target.fill(day)
