"""A class every Tuesday, on pages: seen before it is saved, saved as seen, changed and cancelled by scope (B6)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
CLASS = {
    "resource": "BUD-S2",
    "title": "Open les",
    "purpose": "workshop",
    "mode": "hours",
    "first": "2027-09-07",
    "from_time": "10:00",
    "to_time": "12:00",
    "repeat": "WEEKLY",
    "until": "2028-06-27",
    "except-school-holidays": "1",
    "state": "confirmed",
}
DIGEST = re.compile(r'name="digest" value="(\w+)"')


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


def previewed(page: Answer) -> str:
    assert page.status == 200, page
    found = DIGEST.search(page.text)
    assert found is not None
    return found[1]


def dates(api: Api, location: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = api.get(location).json["occurrences"]
    return found


def test_every_tuesday_but_in_school_holidays(api: As, joris: Visitor):
    led_on = joris.post("/desk/BUD/book", CLASS)
    assert (led_on.status, led_on.headers["Location"]) == (307, "/bookings/series")
    seen = joris.post("/bookings/series", CLASS)
    assert "37 data zouden geboekt worden. 6 vallen weg." in seen.text
    assert "De klok verspringt onderweg" in seen.text
    made = joris.post("/bookings/series", {**CLASS, "digest": previewed(seen)})
    assert made.status == 303, made
    page = joris.get(made.headers["Location"]).text
    assert "Er komen nog 37 data." in page
    assert "schoolvakantie" in page
    occurrences = dates(api("joris"), made.headers["Location"])
    assert len(occurrences) == 37

    january = next(each for each in occurrences if each["start"].startswith("2028-01-11"))
    path = f"/bookings/{january['booking']}"
    assert "Eén datum van een reeks" in joris.get(path).text
    later = {**CLASS, "first": "2028-01-11", "from_time": "14:00", "to_time": "16:00", "scope": "following"}
    assert joris.post(f"{path}/change", later).status == 303
    hours = {each["start"][11:16] for each in dates(api("joris"), made.headers["Location"])[-20:]}
    assert hours == {"14:00"}
    assert dates(api("joris"), made.headers["Location"])[0]["start"][11:16] == "10:00"

    assert joris.post(f"{path}/cancel", {"reason": "lesgever ziek", "scope": "following"}).status == 303
    states = [each["state"] for each in dates(api("joris"), made.headers["Location"])]
    assert states.count("cancelled") > 15
    assert states[0] == "confirmed"


def test_a_taken_date_is_skipped_or_refuses_and_can_be_tried_again(
    api: As, joris: Visitor, a_booking: MakeBooking
):
    other = a_booking(resource="BUD-S2", start="2027-09-14", end="2027-09-15", company="Zwaluw")
    few = {**CLASS, "until": "2027-09-21"}
    refused = joris.post("/bookings/series", {**few, "on_conflict": "refuse"})
    assert "weigert een datum die niet kan de hele reeks" in refused.text
    assert DIGEST.search(refused.text) is None
    seen = joris.post("/bookings/series", few)
    digest = previewed(seen)
    series = joris.post("/bookings/series", {**few, "digest": digest}).headers["Location"]
    assert "De overgeslagen data opnieuw proberen" in joris.get(series).text
    assert api("joris").post(f"/bookings/{other}/cancel", {"reason": "ziek"}).status == 200
    assert joris.post(f"{series}/retry").status == 303
    assert len(dates(api("joris"), series)) == 3


def test_what_was_previewed_and_has_changed_is_shown_again(joris: Visitor, a_booking: MakeBooking):
    few = {**CLASS, "until": "2027-09-21"}
    digest = previewed(joris.post("/bookings/series", few))
    a_booking(resource="BUD-S2", start="2027-09-14", end="2027-09-15", company="Zwaluw")
    stale = joris.post("/bookings/series", {**few, "digest": digest})
    assert stale.status == 412
    assert "Er is iets veranderd sinds je keek" in stale.text


@pytest.mark.parametrize(
    "wrong", [{"until": ""}, {"until": "2027-09-01"}, {"interval": "0"}, {"repeat": "SECONDLY"}, {"title": ""}]
)
def test_what_makes_no_sense_comes_back_beside_its_field(joris: Visitor, wrong: dict[str, str]):
    refused = joris.post("/bookings/series", {**CLASS, **wrong})
    assert refused.status == 422
    assert "field__error" in refused.text
