"""A closure over bookings, walked: seen, decided, saved; options stand still, and return when it shrinks."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import told
from tests.support.builders import MakeBooking
from tests.support.serving import Served


@told(("sqlite", "fr", "desktop"), ("postgresql", "nl", "phone"))
def test_a_grid_inspection_over_four_bookings(
    visit: Visit, served: Served, a_booking: MakeBooking, language: str, size: str
) -> None:
    def made(first: str, end: str, state: str, company: str) -> str:
        return str(a_booking(resource="PHX-ST", start=first, end=end, state=state, company=company, title=company))

    made("2027-04-12", "2027-04-15", "confirmed", "Lisière")
    option = made("2027-04-15", "2027-04-17", "option", "Zwaluw")
    made("2027-04-17", "2027-04-19", "option", "Sambre")
    made("2027-04-16", "2027-04-18", "requested", "Marée")
    served.clock.set("2026-11-23T16:10:00+01:00")

    nadia = visit(size)
    nadia.sign_in("nadia@phenix.example", language)
    nadia.go("/desk/PHX/plan?from=2027-04-12")
    nadia.press("Closures")
    nadia.look()
    nadia.press("Close a place")
    nadia.look("closure-new")
    nadia.page.select_option("[name=resource]", "PHX-ST")
    nadia.page.fill("[name=first]", "2027-04-12")
    nadia.page.fill("[name=last]", "2027-04-18")
    nadia.page.fill("[name=reason]", "Grid 04/2027")
    nadia.press("See what it hits")
    hit = nadia.main.locator("#hit")
    for company in ("Compagnie Lisière", "Collectief Zwaluw", "Atelier Sambre", "Studio Marée"):
        expect(hit).to_contain_text(company)
    nadia.look("closure-previewed")

    nadia.expects(409)
    deed = ("Close: %(num)s option stands still", {"num": 2})
    nadia.press(deed[0], **deed[1])
    nadia.sees("Decide for this one.")
    nadia.look("closure-undecided")
    nadia.main.locator("[type=radio][value=move]").check()
    nadia.press(deed[0], **deed[1])
    nadia.sees("Closed. Everybody concerned is told.")
    nadia.look("closures")

    wout = visit(size)
    wout.sign_in("wout@zwaluw.example", language)
    wout.go(f"/bookings/{option}", picture="booking-suspended")
    wout.sees("Suspended")
    expect(wout.main.locator(".way").first).to_be_visible()

    _shrinks(nadia)
    wout.go(f"/bookings/{option}", picture="booking-returned")
    wout.sees("You hold an option.")
    wout.sees("The option is back, under its old place.")
    nadia.go("/desk/PHX/closures")
    nadia.main.locator("a.row__link").click()
    nadia.press("Remove the closure")
    nadia.sees("No closure is to come.")


def _shrinks(nadia: Visitor) -> None:
    """Only the first two days stay closed."""
    nadia.main.locator("a.row__link").click()
    nadia.page.fill("[name=last]", "2027-04-13")
    nadia.press("See what it hits")
    expect(nadia.main.locator("[type=radio][value=move]")).to_be_checked()
    nadia.look("closure-shrinks")
    nadia.press("Save the closure")
    nadia.sees("Changed. What is free again has returned, and everybody concerned is told.")
