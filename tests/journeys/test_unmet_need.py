"""D5: what was asked and not served, by kind, period and region: "sprung, March: 9 asked, 3 served"."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import organisation_of
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

MARCH = "from=2027-03-01&to=2027-04-01"


@pytest.fixture
def nine_asks(a_booking: MakeBooking) -> None:
    """In March, for sprung floors of at least 10 × 10 m in Flanders; and some that are not alike."""
    days = [("2027-03-01", "2027-03-03"), ("2027-03-08", "2027-03-10"), ("2027-03-15", "2027-03-17")]
    for start, end in days:
        a_booking(resource="BUD-S1", start=start, end=end)
        a_booking(resource="V04-DS", start=start, end=end, state="declined", company="Zwaluw")
        a_booking(resource="DGP-RS", start=start, end=end, state="declined", company="Noordzee")
    a_booking(resource="BUD-S2", start="2027-03-01", end="2027-03-03", state="declined")
    a_booking(resource="BUD-S1", start="2027-04-05", end="2027-04-07", state="declined")
    a_booking(resource="CHD-S1", start="2027-03-01", end="2027-03-03", state="declined")
    a_booking(resource="BUD-S1", start="2027-03-22", end="2027-03-24", company=None)
    a_booking(resource="BUD-S1", start="2027-03-25", end="2027-03-26", state="withdrawn")


def report(api: Api, query: str = MARCH) -> list[dict[str, Any]]:
    found = api.get(f"/reports/unmet?{query}")
    assert found.status == 200, found
    items: list[dict[str, Any]] = found.json["items"]
    return items


def test_nine_asked_three_served(api: As, nine_asks: None):
    first, *others = report(api("elise"))
    assert (first["kind"], first["period"], first["region"]) == ("studio", "2027-03", "Vlaanderen")
    assert first["text"] == "at least 10 × 10 m · sprung floor"
    assert (first["asked"], first["served"], first["unmet"], first["declined"]) == (9, 3, 6, 6)
    assert [(each["region"], each["sprung_floor"], each["asked"]) for each in others] == [
        ("Vlaanderen", False, 1),
        ("Wallonie", True, 1),
    ]


def test_an_option_that_ran_out_is_a_need_that_was_not_met(api: As, a_booking: MakeBooking, clock: StoppedClock):
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-10", state="option")
    assert report(api("elise"))[0]["open"] == 1
    clock.set("2026-12-20T09:00:00+01:00")
    [row] = report(api("elise"))
    assert (row["lapsed"], row["unmet"], row["served"]) == (1, 1, 0)


def test_an_enquiry_that_every_house_declined_counts_once(api: As):
    camille = api("camille")
    need = {"kind": "studio", "sprung_floor": True, "min_width_m": 12, "min_depth_m": 10}
    body = {
        "organisation": organisation_of(camille),
        "title": "Marées",
        "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
        "needs": [need],
        "venues": ["BUD", "PHX"],
    }
    enquiry = camille.post("/enquiries", body).json["id"]
    for house in ("joris", "nadia"):
        assert api(house).post(f"/enquiries/{enquiry}/answers", {"decline": True}).status == 201
    [row] = report(api("elise"))
    assert (row["asked"], row["declined"], row["region"], row["min_width_m"]) == (1, 1, None, 10)


def test_numbers_are_for_the_coordinator_alone(api: As):
    for name in ("camille", "joris", "griet"):
        assert api(name).get("/reports/unmet").status == 403
    for query in ("from=2027-03-01&to=2027-03-01", "from=soon", "from=1000-01-01&to=2999-01-01", "colour=red"):
        assert api("elise").get(f"/reports/unmet?{query}").status == 422, query
    assert api("elise").get("/reports/unmet").json["items"] == []


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_has_the_numbers_in_french(app: Flask, nine_asks: None):
    page = Visitor(app, "elise").get("/reports/unmet?first=2027-03-01&last=2027-03-31").text
    assert "11 demandes, 3 satisfaites, 8 restées sans suite." in page
    assert "au moins 10 × 10 m · plancher amorti" in page
    assert page.count("<details") < 12, "folded by what was asked"
    assert 'class="bars__unmet"' in page, "and drawn"


def test_the_same_goes_into_a_spreadsheet(app: Flask, nine_asks: None):
    sent = Visitor(app, "elise").get("/reports/unmet.csv?first=2027-03-01&last=2027-03-31")
    assert sent.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in sent.headers["Content-Disposition"]
    head, *lines = csv.reader(sent.text.removeprefix("\ufeff").splitlines())
    assert len(head) == 9
    assert sum(int(line[3]) for line in lines) == 11
    assert sum(int(line[4]) for line in lines) == 3
    assert Visitor(app, "camille").get("/reports/unmet.csv").status == 403
