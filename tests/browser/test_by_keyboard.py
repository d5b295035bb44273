"""Everything can be done without a mouse, and one always sees where one is."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.hands import Hands
from tests.browser.walks import on_sqlite
from tests.support.pages import DEMO_PASSWORD


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
