"""Ways out on pages: a button under the line that it mends, and each succeeds when it is pressed."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
WAY = re.compile(r'name="way" value="([^"]+)".*?<b>([^<]+)</b>', re.DOTALL)
MAREES = {"title": "Marées", "purpose": "residency", "first": "2027-03-08", "last": "2027-03-19"}


def ways(page: Answer) -> dict[str, str]:
    """What each button says → what it sends."""
    return {html.unescape(words): sent for sent, words in WAY.findall(page.text)}


def asked(page: Answer, api: Api) -> dict[str, object]:
    assert page.status == 303, page
    found: dict[str, object] = api.get(page.headers["Location"]).json
    return found


@pytest.fixture
def camille(app: Flask) -> Visitor:
    return Visitor(app, "camille")


def test_a_taken_studio_is_refused_with_buttons_that_each_succeed(
    api: As, camille: Visitor, a_booking: MakeBooking
):
    a_booking(company="Zwaluw")
    form = {**MAREES, "resource": "BUD-S1"}
    refused = camille.post("/bookings", form)
    assert refused.status == 409
    assert "Ce qui est possible" in refused.text
    assert refused.text.index('name="way"') > refused.text.index('id="line-main"')
    found = ways(refused)
    assert len(found) > 1
    assert ways(camille.post("/bookings/check", form)) == found
    for sent in found.values():
        made = asked(camille.post("/bookings", {**form, "way": sent}), api("camille"))
        assert made["title"] == "Marées"
        api("camille").post(f"/bookings/{made['id']}/withdraw", {})


def test_what_is_missing_comes_from_another_house_in_a_booking_of_its_own(
    api: As, camille: Visitor, a_booking: MakeBooking
):
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=18, company="Noordzee")
    form = {**MAREES, "resource": "PHX-PAR", "first": "2027-05-12", "last": "2027-05-14", "quantity": "8"}
    split = next(sent for words, sent in ways(camille.post("/bookings", form)).items() if "manque" in words)
    assert camille.post("/bookings", {**form, "way": split}).headers["Location"] == "/bookings"
    mine = api("camille").get("/bookings").json["items"]
    assert {booking["venue"] for booking in mine} == {"PHX", "V04"}


def test_a_way_out_that_nobody_offered_is_refused(camille: Visitor):
    form = {**MAREES, "resource": "BUD-S1", "way": "W1tdXQ.made-up"}
    assert camille.post("/bookings", form).status == 422


def test_a_planner_confirms_only_the_days_without_a_better_option(api: As, app: Flask, a_booking: MakeBooking):
    def option(first: str, end: str, company: str) -> str:
        return str(a_booking(resource="DGP-KZ", start=first, end=end, company=company, state="option"))

    a = option("2027-05-10", "2027-05-13", "Zwaluw")
    b = option("2027-05-12", "2027-05-15", "Lisière")
    c = option("2027-05-14", "2027-05-15", "Noordzee")
    bram = Visitor(app, "bram")
    refused = bram.post(f"/bookings/{b}/confirm")
    assert refused.status == 409
    only = ways(refused)["Alleen de dagen die vrij zijn"]
    assert bram.post(f"/bookings/{b}/ways-out", {"way": only, "verb": "confirm"}).status == 303
    seen = api("bram").get(f"/bookings/{b}").json
    assert (seen["state"], seen["claims"][0]["start"]) == ("confirmed", "2027-05-13")
    assert api("wout").get(f"/bookings/{a}").json["state"] == "option"

    lotte = Visitor(app, "lotte")
    lost = ways(lotte.get(f"/bookings/{c}"))
    assert 1 <= len(lost) <= 3
    again = lotte.post(f"/bookings/{c}/ways-out", {"way": next(iter(lost.values()))})
    assert asked(again, api("lotte"))["id"] != c
    assert ways(bram.get(f"/bookings/{c}")) == {}
