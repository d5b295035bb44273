"""Step 5: what is booked shows in every calendar, until the address is revoked."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import walked
from tests.support.api import Answer
from tests.support.builders import MakeBooking
from tests.support.serving import Served

MINE = {"resource": "resource:BUD-S1", "venue": "venue:BUD", "organisation": "Compagnie Lisière", "oneself": "me:"}


@pytest.fixture
def camille(visit: Visit, language: str, size: str) -> Visitor:
    """At work, reading in one of the languages."""
    visitor = visit(size)
    visitor.sign_in("camille@lisiere.example", language)
    return visitor


def read(served: Served, url: str) -> Answer:
    """As a calendar app does: without a session."""
    answer = served.pool.request("GET", url, retries=False)
    return Answer(answer.status, dict(answer.headers), answer.data)


@walked()
def test_a_resource_a_house_a_company_and_oneself_are_followed_and_revoked(
    camille: Visitor, served: Served, a_booking: MakeBooking
) -> None:
    a_booking(title="Marées")
    a_booking(title="Vlucht", company="Zwaluw", start="2027-04-05", end="2027-04-10")
    camille.go("/resources/BUD-S1")
    camille.press("Subscribe in a calendar app")
    camille.look("feeds-empty")
    what = camille.page.locator("[name=what]")
    expect(what).to_have_value("resource:BUD-S1")

    for scope, value in MINE.items():
        if scope == "organisation":
            what.select_option(label=value)
        else:
            what.select_option(value)
        camille.press("Make the address")
        camille.sees("The address is made. Take it to your calendar app.")
    camille.look()

    addresses = [each.input_value() for each in camille.main.locator("input[readonly]").all()]
    assert len(set(addresses)) == len(MINE)
    for url in addresses:
        calendar = read(served, url)
        assert calendar.status == 200, calendar
        assert "Marées" in calendar.text
        assert "Vlucht" not in calendar.text
        assert "Zwaluw" not in calendar.text

    camille.main.locator("form[action$='/revoke'] button").first.click()
    camille.sees("The address is revoked. Calendar apps that use it show nothing new.")
    left = [each.input_value() for each in camille.main.locator("input[readonly]").all()]
    [gone] = set(addresses) - set(left)
    assert read(served, gone).status == 404
    assert all(read(served, url).status == 200 for url in left)
