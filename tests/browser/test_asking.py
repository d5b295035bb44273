"""Step 2: Camille asks for a studio and bedrooms in one booking, changes it, withdraws it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from booking.storage.database import Database
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import strolled, walked
from tests.support.builders import MakeBooking, booking_maker
from tests.support.canary import Canary, plant
from tests.support.serving import Served

CAMILLE = "camille@lisiere.example"
STUDIO = "Budatoren – Studio 1"


@pytest.fixture(scope="session")
def hidden(standing: Served) -> Iterator[Canary]:
    """Another company has the studio from 10 to 12 March."""
    database = Database(standing.database_url)
    make = booking_maker(database, standing.clock)
    yield plant(database, make, at=standing.clock(), start="2027-03-10", end="2027-03-13")
    database.dispose()


@pytest.fixture
def camille(visit: Visit, language: str, size: str) -> Visitor:
    """At work, reading in one of the languages."""
    visitor = visit(size)
    visitor.sign_in(CAMILLE, language)
    return visitor


def fill_in(visitor: Visitor, **fields: str) -> None:
    """Type into the form, and wait until the server has said what it makes of it."""
    for name, text in fields.items():
        with visitor.page.expect_response("**/bookings/check"):
            visitor.page.fill(f"[name={name}]", text)


@walked(("postgresql", "fr", "phone"))
def test_a_studio_and_four_bedrooms_are_asked_changed_and_withdrawn(
    camille: Visitor, a_booking: MakeBooking
) -> None:
    a_booking(company="Zwaluw", start="2027-03-22", end="2027-03-27", title="Vlucht")
    camille.go("/resources/BUD-S1?from=2027-03-01", picture="resource-timeline")
    camille.knows_nothing_of(["Zwaluw", "Vlucht"])
    camille.sees("Taken")

    camille.main.locator("a.bar[href*='from=2027-03-08']").click()
    camille.look()
    fill_in(camille, last="2027-03-19", **{"beds-quantity": "4"})
    camille.page.fill("[name=title]", "Marées")
    camille.page.fill("[name=people]", "5")
    camille.page.fill("[name=note]", "Une création pour cinq interprètes.")
    camille.sees("Can be had")
    expect(camille.page.locator("#line-main .cell--asked")).to_have_count(12)
    camille.look("booking-new-filled")
    camille.press("Send the request")

    camille.sees("Sent. The house will answer.")
    camille.look()
    booking = camille.page.url
    expect(camille.headline).to_have_text(
        camille.says("%(house)s still has to answer.", house="Kunstencentrum BUDA")
    )
    camille.sees("Requested")
    claims = camille.main.locator("li.claim")
    expect(claims).to_have_count(2)
    expect(claims.nth(0)).to_contain_text(STUDIO)
    expect(claims.nth(1)).to_contain_text("× 4")

    camille.go("/")  # the house has to answer, not she: her first page counts it, and leads to the list
    camille.main.get_by_role("link", name=camille.says("All bookings")).click()
    camille.main.get_by_role("link", name="Marées").click()

    camille.press("Change")
    camille.look()
    expect(camille.page.locator("[name=beds-quantity]")).to_have_value("4")
    expect(camille.page.locator("[name=last]")).to_have_value("2027-03-19")
    fill_in(camille, last="2027-03-17", **{"beds-quantity": "3"})
    camille.press("Save the change")
    camille.sees("Changed. The other side is told.")
    expect(claims.nth(1)).to_contain_text("× 3")
    camille.sees("%(who)s changed it.", who="Camille")
    camille.look("booking-changed")

    camille.press_in_menu("Withdraw the request")
    expect(camille.page).to_have_url(booking)
    expect(camille.headline).to_have_text(camille.says("The request was withdrawn."))
    camille.look("booking-withdrawn")


@strolled
def test_a_no_stands_at_its_line_and_nothing_typed_is_lost(
    stroll: Visit, hidden: Canary, language: str, size: str
) -> None:
    camille = stroll(size)
    camille.sign_in(CAMILLE, language)
    camille.go("/bookings/new?resource=BUD-S1")
    camille.page.fill("[name=title]", "Marées")
    camille.page.fill("[name=note]", "Nous arrivons tard.")
    fill_in(camille, first="2027-03-08", last="2027-03-19")
    camille.page.fill("[name=beds-quantity]", "4")

    camille.sees("It cannot be had like this.")
    camille.expects(409)
    camille.page.press("[name=title]", "Enter")
    camille.sees("Nothing has been sent. What you typed is still here.")
    line = camille.page.locator("#line-main")
    expect(line.locator(".field__error")).to_contain_text(STUDIO)
    camille.sees("Cannot be had like this")
    kept = {"title": "Marées", "note": "Nous arrivons tard.", "last": "2027-03-19", "beds-quantity": "4"}
    for name, text in kept.items():
        expect(camille.page.locator(f"[name={name}]")).to_have_value(text)
    assert hidden.seen_in(camille.page.content()) == []
    camille.look("booking-new-taken")

    camille.go("/bookings/new?resource=SUC-TH&from=2027-03-08&to=2027-03-13", picture="booking-new-closed")
    expect(camille.page.locator("#line-main .field__error")).to_be_visible()
    camille.page.fill("[name=title]", "Marées")
    camille.page.press("[name=title]", "Enter")
    camille.sees("Nothing has been sent. What you typed is still here.")
    expect(camille.page.locator("#line-main .field__error")).to_be_visible()
    expect(camille.page.locator("[name=title]")).to_have_value("Marées")

    camille.expects(422)
    camille.go("/bookings/new?resource=BUD-S1&from=2027-05-10&to=2027-05-15")
    expect(camille.page.locator("[name=title]")).to_have_value("Marées")
    camille.page.fill("[name=title]", "")
    camille.page.fill("[name=note]", "Sans titre.")
    camille.press("Send the request")
    expect(camille.page.locator("[name=title][aria-invalid=true]")).to_be_focused()
    expect(camille.page.locator("[name=note]")).to_have_value("Sans titre.")
    camille.look("booking-new-without-title")
