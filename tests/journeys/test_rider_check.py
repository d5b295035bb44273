"""C5: what a project needs of its rooms. It fits, or not by how much; what no sheet says is listed apart."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import a_claim, ask, history
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

RIDER = {
    "min_width_m": 12,
    "min_depth_m": 10,
    "min_clear_height_m": 6.5,
    "min_power_amps": 63,
    "three_phase": True,
}
QUERY = "min_width_m=12&min_depth_m=10&min_clear_height_m=6.5&min_power_amps=63&three_phase=true"


def check(api: Api, booking: str, query: str = "") -> dict[str, Any]:
    found = api.get(f"/bookings/{booking}/rider-check?{query}")
    assert found.status == 200, found
    document: dict[str, Any] = found.json
    return document


def booked(member: Api, *resources: str) -> str:
    made = ask(member, *(a_claim(code, "2027-05-10", "2027-05-12") for code in resources))
    assert made.status == 201, made
    booking: str = made.json["id"]
    return booking


def test_one_metre_short_and_a_room_that_fits(api: As):
    camille = api("camille")
    short = check(camille, booked(camille, "DGP-KZ"), QUERY)
    [room] = short["rooms"]
    assert (room["resource"], room["answer"]) == ("DGP-KZ", "unfit")
    assert [(each["code"], each["short"], each["detail"]) for each in room["reasons"]] == [
        ("width_m", 1, "1 m too narrow")
    ]
    assert "BUD-TA" in [each["resource"] for each in short["elsewhere"]]
    fits = check(camille, booked(camille, "BUD-TA"), QUERY)
    assert [(each["resource"], each["answer"]) for each in fits["rooms"]] == [("BUD-TA", "fits")]
    assert fits["elsewhere"] == []


def test_a_room_without_a_height_is_unknown_and_listed_apart(api: As):
    camille = api("camille")
    found = check(camille, booked(camille, "CAR-RP"), "min_width_m=10&min_clear_height_m=3.8")
    assert (found["rooms"][0]["answer"], found["unknown"]) == ("unknown", ["CAR-RP"])
    assert found["rooms"][0]["reasons"][0]["names"] == ["clear_height_m"]


def test_the_rider_is_kept_with_the_booking_and_both_sides_read_it(api: As):
    camille, bram = api("camille"), api("bram")
    booking = booked(camille, "DGP-KZ")
    assert check(camille, booking)["rider"] == {}
    assert camille.put(f"/bookings/{booking}/rider", RIDER).status == 200
    assert check(bram, booking)["rider"] == RIDER
    assert check(bram, booking)["rooms"][0]["answer"] == "unfit"
    assert [each["kind"] for each in history(bram, booking)] == ["booking.requested", "rider.written"]
    assert camille.put(f"/bookings/{booking}/rider", RIDER, headers={"If-Match": '"1"'}).status == 412
    for wrong in ({"min_width_m": -1}, {"min_width_m": "wide"}, {"colour": "red"}, {"three_phase": 1}):
        assert camille.put(f"/bookings/{booking}/rider", wrong).status == 422, wrong
    assert camille.get(f"/bookings/{booking}/rider-check?min_width_m=-1").status == 422
    assert camille.put(f"/bookings/{booking}/rider", {}).status == 200
    assert check(bram, booking)["rider"] == {}


def test_beds_and_kit_are_no_rooms(api: As):
    camille = api("camille")
    found = check(camille, booked(camille, "BUD-S1", "BUD-RH"), "min_width_m=12")
    assert [each["resource"] for each in found["rooms"]] == ["BUD-S1"]


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_says_it_in_french_and_keeps_what_is_typed(app: Flask, api: As):
    booking = booked(api("camille"), "DGP-KZ")
    camille = Visitor(app, "camille")
    empty = camille.get(f"/bookings/{booking}/rider-check")
    assert "Comment doivent être les salles" in empty.text
    form = {"min_width_m": "12", "min_depth_m": "10", "min_clear_height_m": "6,5", "three_phase": "1"}
    assert camille.post(f"/bookings/{booking}/rider", form).status == 303
    page = camille.get(f"/bookings/{booking}/rider-check").text
    for words in ("1 salle ne correspond pas", "11 m\N{NO-BREAK SPACE}: trop étroit de 1 m", "6,5 m", "Budascoop"):
        assert words in page, words
