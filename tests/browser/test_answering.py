"""Step 3: Joris answers what waits, cancels with a reason, and enters what came by phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import walked
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.serving import Served

JORIS = "joris@buda.example"
CAMILLE = "camille@lisiere.example"


@pytest.fixture
def joris(visit: Visit, language: str, size: str) -> Visitor:
    """At work, reading in one of the languages."""
    visitor = visit(size)
    visitor.sign_in(JORIS, language)
    return visitor


@walked(("postgresql", "nl", "desktop"))
def test_a_house_confirms_declines_and_cancels(
    joris: Visitor,
    visit: Visit,
    served: Served,
    a_booking: MakeBooking,
    clock: StoppedClock,
    worker: Callable[[], dict[str, int]],
    language: str,
    size: str,
) -> None:
    a_booking(state="requested", title="Marées")
    a_booking(state="requested", company="Zwaluw", title="Vlucht", start="2027-03-15", end="2027-03-27")
    a_booking(state="requested", company="Pas Perdus", title="Quai", resource="BUD-TA")
    requests = joris.main.locator("li.request")
    opened = joris.main.locator("#opened")

    joris.go("/desk/BUD")
    expect(joris.headline).to_contain_text(joris.says("One request waits for your answer.", num=3))
    expect(joris.main).to_contain_text(re.compile("23 nov[^ ]+ 2026"))
    expect(requests).to_have_count(3)
    for path in ("/desk/BUD/requests", "/desk/BUD/plan?from=2027-03-08&weeks=2"):
        joris.go(path)
    joris.go("/desk/BUD")

    expect(opened).to_contain_text("Marées")
    joris.press("Confirm", opened)
    joris.sees("Confirmed. The company is told.")
    expect(requests).to_have_count(2)
    refused = requests.filter(has_text="Vlucht")
    expect(refused.locator(".request__verdict .icon--no")).to_be_visible()
    joris.look("desk-after-confirming")

    refused.get_by_role("link", name="Zwaluw").click()
    expect(opened).to_contain_text("Vlucht")
    joris.open("Otherwise", opened)
    joris.look("desk-menu")
    opened.locator("textarea").fill("Die weken is er al iemand.")
    joris.press("Decline", opened)
    joris.sees("Declined. The company is told why.")
    expect(requests).to_have_count(1)

    for each in (served.clock, clock):
        each.set("2026-12-07T10:00:00+01:00")
    joris.go("/bookings")
    joris.main.get_by_role("link", name="Marées").click()
    booking = joris.page.url
    joris.look("booking-confirmed-house")
    joris.press_in_menu("Cancel the booking", reason="Waterschade in de toren.")
    expect(joris.headline).to_have_text(joris.says("This booking was cancelled."))
    joris.look("booking-cancelled-house")

    worker()
    camille = visit(size)
    camille.sign_in(CAMILLE, language)
    camille.go("/notifications", picture="notifications-told")
    expect(camille.main).to_contain_text("Waterschade in de toren.")
    camille.go(booking.removeprefix(served.url), picture="booking-cancelled")
    expect(camille.main).to_contain_text("Waterschade in de toren.")
    assert "Vlucht" not in camille.page.content()


@walked()
def test_a_house_enters_its_own_programme_and_a_company_that_phoned(joris: Visitor) -> None:
    joris.go("/desk/BUD")
    joris.press("Enter a booking")
    joris.look()
    joris.main.locator("a[href='/desk/BUD/book?resource=BUD-TA']").click()
    joris.look("desk-book-form")
    joris.page.fill("[name=first]", "2027-03-08")
    joris.page.fill("[name=last]", "2027-03-10")
    joris.page.fill("[name=title]", "Festival Next")
    joris.press("Book")
    expect(joris.headline).to_have_text(joris.says("Confirmed for the house's own programme."))
    joris.look("booking-of-the-house")

    joris.go("/desk/BUD/book?resource=BUD-S1&from=2027-03-08&to=2027-03-13")
    joris.page.locator("[name=organisation]").select_option(label="Les Pas Perdus, Amiens")
    joris.page.locator("[name=state][value=option]").check()
    joris.page.fill("[name=title]", "Quai")
    joris.main.locator("button.button--main").click()
    expect(joris.headline).to_have_text(joris.says("%(company)s holds an option.", company="Les Pas Perdus"))
    joris.look("booking-of-a-company-that-phoned")

    joris.go("/desk/BUD/plan?from=2027-03-08&weeks=2", picture="desk-plan-filled")
    expect(joris.main).to_contain_text("Festival Next")
    expect(joris.main).to_contain_text("Les Pas Perdus")
    joris.go("/resources/BUD-S1?from=2027-03-08", picture="resource-house")
