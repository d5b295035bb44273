"""What the coordinator looks at: houses, months and companies, counted, with a number beside every bar."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


@pytest.fixture
def elise(app: Flask) -> Visitor:
    return Visitor(app, "elise")


def row_of(page: str, name: str, *, after: str) -> list[str]:
    """The cells of the row that begins with that name, in the table under that heading."""
    table = page.partition(after)[2]
    row = re.search(rf"<tr><th scope=\"row\">[^\n]*?{re.escape(name)}.*?</tr>", table, re.DOTALL)
    assert row is not None, name
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def test_every_month_of_a_house_says_how_much_lies_in_it(elise: Visitor, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-03-29", end="2027-04-05", state="confirmed")
    a_booking(resource="BUD-S1", start="2027-04-12", end="2027-04-17", state="option", company="Zwaluw")
    a_booking(resource="BUD-S2", start="2027-05-03", end="2027-05-08", state="requested")
    a_booking(resource="BUD-S2", start="2027-05-10", end="2027-05-12", company=None)
    page = elise.get("/programme?from=2027-01-01").text
    months = row_of(page, "BUDA", after="Mois par mois")
    assert months == ["0", "0", "1", "2", "0", "0"], "what lasts over the end of March counts in both months"
    assert row_of(page, "Toutes les maisons", after="Mois par mois") == months
    _bar, confirmed, options, requested, across, _oldest = row_of(page, "BUDA", after="Maisons</h2>")
    assert (confirmed, options, requested, across) == ("1", "1", "1", "1"), "the house's own is no company's"
    other = elise.get("/programme?from=2027-07-01").text
    assert row_of(other, "BUDA", after="Mois par mois") == ["0"] * 6


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-01", "x"])
def test_a_date_too_far_away_is_no_date(elise: Visitor, day: str):
    page = elise.get(f"/programme?from={day}")
    assert page.status == 200
    assert "?from=2027-01-01" in page.text, "the semester that runs, and the way to the next"
    assert elise.get("/programme?from=2199-12-31").status == 200


def test_every_company_says_what_it_holds(elise: Visitor, api: As, a_booking: MakeBooking):
    a_booking(state="confirmed")
    a_booking(resource="BUD-S2", state="option")
    a_booking(resource="BUD-TA", state="requested")
    page = elise.get("/programme/companies").text
    cells = row_of(page, "Compagnie Lisière", after="<table")
    assert cells[1:4] == ["1", "1", "1"]
    assert row_of(page, "Collectief Zwaluw", after="<table")[1:4] == ["0", "0", "0"]
    listed = api("elise").get("/organisations?q=lisi").json["items"]
    assert "confirmed" not in listed[0], "the API says what a company is"
    assert "Aucune compagnie" in elise.get("/programme/companies?q=nobody").text


def test_unmet_need_is_a_table_behind_its_chart(elise: Visitor, api: As, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", state="requested")
    booking = a_booking(
        resource="BUD-S1", start="2027-03-15", end="2027-03-20", state="requested", company="Zwaluw"
    )
    assert api("joris").post(f"/bookings/{booking}/decline", {"reason": "Vol."}).status == 200
    page = elise.get("/reports/unmet?first=2027-03-01&last=2027-03-31").text
    assert row_of(page, "Studio", after="En chiffres</h2>") == ["2", "0", "1", "0", "0", "1"]
    empty = elise.get("/reports/unmet?first=2031-03-01&last=2031-03-31").text
    assert "En chiffres" not in empty
