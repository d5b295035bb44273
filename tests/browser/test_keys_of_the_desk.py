"""The letters of the desk: each does what a button of the page does, and none while somebody types."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.browser.walks import on_sqlite
from tests.support.builders import MakeBooking
from tests.support.serving import Served

REQUESTS = "/desk/BUD/requests"


@pytest.fixture
def asked(a_booking: MakeBooking) -> list[str]:
    """Three companies want Studio 1 in three weeks that do not meet."""
    weeks = (("Lisière", "03-08"), ("Zwaluw", "04-12"), ("Sambre", "05-10"))
    return [
        str(
            a_booking(
                state="requested",
                company=company,
                title=company,
                start=f"2027-{day}",
                end=f"2027-{day[:3]}{int(day[3:]) + 2:02}",
            )
        )
        for company, day in weeks
    ]


@pytest.fixture
def joris(visit: Visit, asked: list[str]) -> Visitor:
    """At the requests of his house."""
    visitor = visit("desktop")
    visitor.sign_in("joris@buda.example", "nl")
    visitor.open_page(REQUESTS)
    expect(visitor.main.locator("[data-row]")).to_have_count(len(asked))
    return visitor


def press(joris: Visitor, *keys: str) -> None:
    for key in keys:
        joris.page.keyboard.press(key)


@on_sqlite
def test_letters_walk_the_list_and_answer(joris: Visitor, served: Served, asked: list[str]) -> None:
    row, page = joris.main.locator("[data-row]"), joris.page
    press(joris, "j", "j", "k")
    expect(row.nth(0)).to_be_focused()
    press(joris, "j", "g")
    expect(row).to_have_count(2)
    press(joris, "j", "c")
    expect(row).to_have_count(1)
    press(joris, "j", "d")
    reason = page.locator("textarea:focus")
    reason.press_sequentially("Geen decor, jammer")
    expect(reason).to_have_value("Geen decor, jammer")  # letters in a field are letters
    states = [served.api("joris").get(f"/bookings/{booking}").json["state"] for booking in asked]
    assert states == ["confirmed", "option", "requested"]


@on_sqlite
def test_letters_lead_to_other_pages(joris: Visitor, asked: list[str]) -> None:
    page, row = joris.page, joris.main.locator("[data-row]")
    for keys, leads in (
        (("j", "Enter"), f"/bookings/{asked[0]}$"),
        (("j", "j", "m"), f"/bookings/{asked[1]}/change"),
        (("t",), "/desk/BUD$"),
        (("/",), "/search"),
    ):
        joris.open_page(REQUESTS)
        expect(row).to_have_count(len(asked))
        press(joris, *keys)
        expect(page).to_have_url(re.compile(leads))
    joris.open_page(REQUESTS)
    press(joris, "?")
    help_ = page.locator("#keys-help")
    expect(help_).to_be_visible()
    press(joris, "t")
    expect(help_).to_be_visible()  # nothing else while it is open
    joris.look("keys-help")
    press(joris, "Escape")
    expect(help_).to_be_hidden()
