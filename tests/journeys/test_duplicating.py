"""The same again: another booking with the same words, on the same days or on later ones."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import BEDS, STUDIO, answer, ask, history
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


def test_it_is_moved_as_a_whole_at_the_same_hours_over_the_change_of_clocks(api: As):
    camille = api("camille")
    evening = {"resource": "BUD-S2", "start": "2027-03-10T19:00:00+01:00", "end": "2027-03-10T22:00:00+01:00"}
    moment = {"kind": "showing", "start": "2027-03-12T20:00:00+01:00", "end": "2027-03-12T21:00:00+01:00"}
    first = ask(camille, STUDIO, BEDS, evening, moments=[moment], people=5, note="5 danseurs", refer_consent=True)
    assert first.status == 201, first
    again = camille.post(f"/bookings/{first.json['id']}/duplicate", {"start": "2027-04-05", "title": "Marées 2"})
    assert again.status == 201, again
    assert again.headers["Location"] == f"/api/v1/bookings/{again.json['id']}"
    assert again.json["id"] != first.json["id"]
    studio, beds, class_ = again.json["claims"]
    assert (studio["start"], studio["end"]) == ("2027-04-05", "2027-04-17")
    assert (beds["start"], beds["end"], beds["quantity"]) == ("2027-04-04", "2027-04-17", 4)
    assert class_["start"] == "2027-04-07T19:00:00+02:00"
    assert again.json["moments"][0]["start"] == "2027-04-09T20:00:00+02:00"
    assert (again.json["title"], again.json["people"], again.json["refer_consent"]) == ("Marées 2", 5, True)
    assert [item["kind"] for item in history(camille, again.json["id"])] == ["booking.requested"]


def test_what_is_over_is_asked_again_on_the_same_days(api: As):
    camille, joris = api("camille"), api("joris")
    first = ask(camille, STUDIO).json["id"]
    assert answer(joris, first, "decline", reason="full").status == 200
    again = camille.post(f"/bookings/{first}/duplicate", {})
    assert (again.status, again.json["state"], again.json["claims"][0]["start"]) == (
        201,
        "requested",
        STUDIO["start"],
    )


def test_what_is_taken_meanwhile_is_refused_with_ways_out(api: As, a_booking: MakeBooking):
    mine = str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-13", state="confirmed"))
    refused = api("camille").post(f"/bookings/{mine}/duplicate", {})
    assert (refused.status, refused.code) == (409, "time-taken")
    assert refused.json["alternatives"]


@pytest.mark.parametrize("body", [{"start": "yesterday"}, {"title": " "}, {"days": 7}])
def test_what_makes_no_sense_is_refused(api: As, body: dict[str, object]):
    mine = ask(api("camille"), STUDIO).json["id"]
    assert api("camille").post(f"/bookings/{mine}/duplicate", body).status == 422


def test_a_button_on_its_page_makes_it_again(app: Flask, api: As):
    mine = ask(api("camille"), STUDIO).json["id"]
    camille = Visitor(app, "camille")
    assert "Redemander la même chose" in camille.get(f"/bookings/{mine}").text
    assert camille.post(f"/bookings/{mine}/duplicate", {"start": "2027-05-10"}).status == 303
    assert len(api("camille").get("/bookings").json["items"]) == 2
