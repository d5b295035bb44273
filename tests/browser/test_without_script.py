"""Everything works without JavaScript: forms post, links lead, details open."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.walks import on_sqlite


@on_sqlite
def test_asking_and_confirming_need_no_script(visit: Visit) -> None:
    camille = visit("phone", script=False)
    camille.sign_in("camille@lisiere.example", "fr")
    camille.open_page("/bookings/new?resource=BUD-S1&from=2027-03-08&to=2027-03-20")
    camille.page.fill("[name=beds-quantity]", "4")
    camille.page.fill("[name=title]", "Marées")
    camille.press("Check first")
    camille.sees("Can be had")
    expect(camille.page.locator("[name=beds-quantity]")).to_have_value("4")
    expect(camille.page.locator("[name=title]")).to_have_value("Marées")
    camille.press("Send the request")
    camille.sees("Sent. The house will answer.")
    booking = camille.page.url

    joris = visit("desktop", script=False)
    joris.sign_in("joris@buda.example", "nl")
    joris.main.locator("li.request").get_by_role("link", name="Lisière").click()
    opened = joris.main.locator("#opened")
    expect(opened).to_contain_text("Marées")
    joris.open("Otherwise", opened)
    expect(opened.locator("textarea")).to_be_visible()
    joris.press("Confirm", opened)
    joris.sees("Confirmed. The company is told.")

    camille.page.goto(booking)
    expect(camille.headline).to_have_text(camille.says("Confirmed: these days are yours."))

    camille.open_page("/feeds?resource=BUD-S1")
    camille.press("Make the address")
    camille.sees("The address is made. Take it to your calendar app.")
    camille.main.locator("form[action$='/revoke'] button").click()
    camille.sees("The address is revoked. Calendar apps that use it show nothing new.")
