"""Everything can be done without a mouse, and one always sees where one is."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.pages import DEMO_PASSWORD

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


class Hands:
    """On the keyboard only."""

    def __init__(self, visitor: Visitor) -> None:
        self._page = visitor.page

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus; every stop on the way can be seen."""
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


@on_sqlite
def test_a_request_is_made_and_withdrawn_by_keyboard_alone(visit: Visit) -> None:
    camille = visit("desktop")
    hands, page = Hands(camille), camille.page
    camille.open_page("/sign-in")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    hands.type(page.locator("[name=email]"), "camille@lisiere.example")
    hands.type(page.locator("[name=password]"), DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("html[lang=fr]")).to_be_attached()
    hands.press(page.locator("form.tongues button[value=nl]"))
    camille.choose_language("nl")

    camille.open_page("/resources/BUD-S1?from=2027-03-08")
    hands.press(page.locator("a.bar.is-free").first)
    expect(page.locator("[name=first]")).to_have_value("2027-03-08")
    hands.type(page.locator("[name=beds-quantity]"), "4")
    hands.type(page.locator("[name=title]"), "Marées")
    hands.press(page.locator("button.button--main"))
    camille.sees("Sent. The house will answer.")

    hands.press(page.locator("details.menu:not(.who) summary"))
    page.keyboard.press("Escape")
    expect(page.locator("details.menu:not(.who)")).not_to_have_attribute("open", "")
    expect(page.locator("details.menu:not(.who) summary")).to_be_focused()
    page.keyboard.press("Enter")
    hands.press(page.get_by_role("button", name=camille.says("Withdraw the request")))
    expect(camille.headline).to_have_text(camille.says("The request was withdrawn."))
