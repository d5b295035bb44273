"""A1, the first half: ask by need over all houses. Free, an option and its rank, does not fit, or unknown."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.canary import Canary
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

PERIODS = [
    {"from": "2027-03-08", "to": "2027-03-20"},
    {"from": "2027-03-15", "to": "2027-03-27"},
    {"from": "2027-04-05", "to": "2027-04-17"},
]
STUDIO = {"kind": "studio", "sprung_floor": True, "min_width_m": 10, "min_depth_m": 10, "min_clear_height_m": 3.8}
BEDS = {"kind": "accommodation", "quantity": 4}


def search(api: Api, *needs: dict[str, Any], periods: list[dict[str, str]] = PERIODS, **more: Any) -> Answer:
    found = api.post("/search", {"periods": periods, "needs": list(needs), **more})
    assert found.status == 200, found
    return found


def by_code(found: Answer, period: int = 0, need: int = 0) -> dict[str, dict[str, Any]]:
    candidates = found.json["periods"][period]["needs"][need]["candidates"]
    return {each["resource"]: each for each in candidates}


def test_a_producer_asks_for_a_sprung_floor_and_beds_in_three_periods(
    api: As, a_booking: MakeBooking, canary: Callable[..., Canary]
):
    secret = canary(resource="BUD-S1", start="2027-03-15", end="2027-03-20", state="option")
    a_booking(resource="CHD-S1", start="2027-04-05", end="2027-04-17", company="Zwaluw")
    found = search(api("camille"), STUDIO, BEDS, days=12)
    body = {"periods": PERIODS, "needs": [STUDIO, BEDS], "days": 12}
    told = api("camille").post("/search", body, headers={"Accept-Language": "fr"})
    in_french = told.json["periods"][0]["needs"][0]
    first, second, third = (by_code(found, n) for n in range(3))
    assert (first["BUD-S1"]["answer"], first["BUD-S1"]["rank"]) == ("option", 2)
    assert third["BUD-S1"]["answer"] == "free"
    assert third["BUD-S1"]["windows"] == [{"start": "2027-04-05", "end": "2027-04-17"}]
    assert [each["code"] for each in first["BUD-S2"]["reasons"]] == ["depth_m", "clear_height_m", "sprung_floor"]
    assert [(each["code"], each["short"]) for each in first["PHX-F1"]["reasons"]] == [("depth_m", 1)]
    assert first["BUD-S2"]["answer"] == first["PHX-F1"]["answer"] == "unfit"
    assert (first["CAR-RP"]["answer"], first["CAR-RP"]["reasons"][0]["names"]) == ("unknown", ["clear_height_m"])
    assert second["CHD-S1"]["answer"] == "free"
    assert third["CHD-S1"]["answer"] == "taken"
    assert third["CHD-S1"]["reasons"][0]["code"] == "time-taken"
    assert first["BUD-S1"]["beside"] == [
        {
            "need": 1,
            "resource": "BUD-RH",
            "venue": "BUD",
            "answer": "free",
            "windows": [{"start": "2027-03-08", "end": "2027-03-20"}],
        }
    ]
    [short] = [each for each in in_french["candidates"] if each["resource"] == "PHX-F1"]
    [said] = [each["detail"] for each in short["reasons"]]
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "profondeur : il manque 1 m"
    secret.assert_unseen(found.text, "a search")
    assert "Zwaluw" not in found.text


def test_best_first_and_the_order_says_why(api: As):
    near = {"lat": 50.831, "lon": 3.265, "km": 60}
    found = search(api("camille"), STUDIO, periods=PERIODS[:1], near=near)
    candidates = found.json["periods"][0]["needs"][0]["candidates"]
    answers = [each["answer"] for each in candidates]
    order = ["free", "option", "taken", "unknown", "unfit"]
    assert answers == sorted(answers, key=order.index)
    free = [each for each in candidates if each["answer"] == "free"]
    assert free[0]["resource"] == "BUD-S1"
    assert [each["km"] for each in free] == sorted(each["km"] for each in free)
    assert all(each["km"] <= 60 for each in candidates)
    assert free[0]["why"] == "free · 0 km, about 0 minutes by road · € 95.00 a day"


def test_somewhere_in_a_longer_period_so_many_days_in_a_row(api: As, a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-03-12", end="2027-03-14")
    found = search(
        api("camille"), {"resource": "BUD-S1"}, periods=[{"from": "2027-03-01", "to": "2027-04-01"}], days=10
    )
    assert by_code(found)["BUD-S1"]["windows"] == [
        {"start": "2027-03-01", "end": "2027-03-12"},
        {"start": "2027-03-14", "end": "2027-04-01"},
    ]


def test_wholes_and_parts_and_closures_count(api: As, a_booking: MakeBooking):
    a_booking(resource="DGP-RS", start="2027-03-10", end="2027-03-11")
    needs = {"resource": "DGP-HOUSE"}, {"resource": "SUC-TH"}
    found = search(api("camille"), *needs, periods=PERIODS[:1], days=12)
    assert by_code(found)["DGP-HOUSE"]["answer"] == "taken"
    closed = by_code(found, need=1)["SUC-TH"]
    assert (closed["answer"], closed["reasons"][0]["code"]) == ("taken", "closed")


def test_counted_stock_and_hours(api: As, a_booking: MakeBooking):
    a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=10)
    hours = [{"from": "2027-05-11T09:00:00+02:00", "to": "2027-05-11T18:00:00+02:00"}]
    enough = search(api("camille"), {"resource": "PHX-PAR", "quantity": 14}, periods=hours)
    short = search(api("camille"), {"resource": "PHX-PAR", "quantity": 15}, periods=hours)
    assert by_code(enough)["PHX-PAR"]["windows"] == [{"start": hours[0]["from"], "end": hours[0]["to"]}]
    assert by_code(short)["PHX-PAR"]["reasons"][0]["short"] == 1
    never = by_code(search(api("camille"), {"resource": "PHX-PAR", "quantity": 25}))["PHX-PAR"]
    assert (never["answer"], never["reasons"][0]["short"]) == ("unfit", 1)


def test_countries_regions_and_school_holidays(api: As):
    period = [{"from": "2027-03-22", "to": "2027-04-20"}]
    found = search(
        api("camille"),
        {"kind": "studio"},
        countries=["BE"],
        regions=["Vlaanderen"],
        days=5,
        periods=period,
        school_holidays="avoid",
    )
    assert {each["venue"] for each in by_code(found).values()} <= {"BUD", "DGP", "V04"}
    assert by_code(found)["BUD-S1"]["windows"] == [
        {"start": "2027-03-22", "end": "2027-03-29"},
        {"start": "2027-04-12", "end": "2027-04-20"},
    ]


def test_what_is_said_to_be_free_can_be_asked(api: As, a_booking: MakeBooking):
    a_booking(resource="V04-DS", start="2027-03-10", end="2027-03-12")
    found = search(api("joris"), {"resource": "BUD-S1"}, periods=PERIODS[:1], days=12)
    window = by_code(found)["BUD-S1"]["windows"][0]
    assert ask_for_the_house(api("joris"), a_claim("BUD-S1", window["start"], window["end"])).status == 201
    assert by_code(search(api("joris"), {"resource": "BUD-S1"}, days=12))["BUD-S1"]["answer"] == "taken"


NEED = {"kind": "studio"}
PERIOD = PERIODS[0]


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bad_input_is_told_by_field(api: As):
    bad = {
        "needs": [{"needs": []}, {"needs": [NEED] * 200}, {"needs": "studio"}],
        "periods.0.to": [
            {"periods": [{"from": "2027-01-01", "to": "2077-01-01"}]},
            {"periods": [{"from": "2027-03-08", "to": "2027-03-08"}]},
        ],
        "periods.0.from": [{"periods": [{"from": "2027-03-08T09:00:00", "to": "2027-03-09T09:00:00"}]}],
        "periods": [{"periods": []}],
        "needs.0.min_width_m": [{"needs": [{"min_width_m": -3}]}, {"needs": [{"min_width_m": "ten"}]}],
        "needs.0.quantity": [{"needs": [{"quantity": 0}]}],
        "needs.0.kind": [{"needs": [{"kind": "ballroom"}]}],
        "needs.0.resource": [{"needs": [{"resource": "NO-SUCH"}]}],
        "needs.0.colour": [{"needs": [{"colour": "red"}]}],
        "near.lat": [{"near": {"lat": 91, "lon": 3}}],
        "near.lon": [{"near": {"lat": 50, "lon": 181}}],
        "near.km": [{"near": {"lat": 50, "lon": 3, "km": -1}}],
        "days": [{"days": 0}, {"days": 13}],
        "school_holidays": [{"school_holidays": "maybe"}],
    }
    for field, bodies in bad.items():
        for body in bodies:
            answer = api("camille").post("/search", {"periods": [PERIOD], "needs": [NEED], **body})
            assert answer.status == 422, (body, answer)
            assert field in answer.json["errors"], (body, answer.json)


def test_few_statements_however_many_needs(api: As, statements: Callable[[], Any]):
    camille = api("camille")
    search(camille, STUDIO, BEDS)
    with statements() as seen:
        search(camille, STUDIO, BEDS)
    assert len(seen) <= 10, seen.listing


FORM = "kind=studio&sprung_floor=1&min_width_m=10&min_depth_m=10&min_clear_height_m=3.8&people=5&beds=4"
DAYS = "first=2027-03-08&last=2027-03-19&first=2027-03-15&last=2027-03-26&first=2027-04-05&last=2027-04-16"


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_says_the_same_in_french_and_two_clicks_lead_to_the_booking(
    app: Flask, a_booking: MakeBooking, canary: Callable[..., Canary]
):
    secret = canary(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    camille = Visitor(app, "camille")
    french = {"Accept-Language": "fr"}
    page = camille.get(f"/search?{FORM}&{DAYS}", **french)
    assert page.status == 200
    secret.assert_unseen(page.text, "the page of a search")
    for words in (
        "8 – 19 mars 2027",
        "2e option",
        "15 chambres",
        "Ne conviennent pas",
        "On ne sait pas",
        "hauteur",
    ):
        assert words in page.text, words
    asked = camille.get("/bookings/new?resource=BUD-S1&from=2027-03-08&to=2027-03-20&people=5", **french)
    assert "/bookings/new?resource=BUD-S1&amp;from=2027-03-08&amp;to=2027-03-20&amp;people=5" in page.text
    assert asked.status == 200
    mapped = camille.get(f"/search?{FORM}&{DAYS}&view=map&tab=2", **french)
    assert 'class="map__house map__house--free"' in mapped.text
    drawing = mapped.text.partition("<svg viewBox")[2].partition("</svg>")[0]
    assert "http" not in drawing
    one = "first=2027-03-08&last=2027-03-12"
    nothing = camille.get(f"/search?kind=studio&min_width_m=15.5&country=FR&{one}", **french)
    assert "Rien n’est possible dans cette période." in nothing.text
    assert "Sans largeur" in nothing.text
