"""The planner of chains: "5 days studio, then within 2 weeks 10 days with beds, then 5 days on a stage"."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Api, in_process
from tests.support.asks import a_claim, ask_for_the_house, organisation_of
from tests.support.visits import Visitor
from tests.support.worlds import token_of

As = Callable[[str | None], Api]

STUDIO = {"kind": "studio", "min_width_m": 10, "days": 5}
WITH_BEDS = {"kind": "studio", "sprung_floor": True, "days": 10, "beds": 4, "max_gap_days": 14}
ON_STAGE = {"kind": "stage", "min_width_m": 11, "days": 5, "max_gap_days": 14, "showing_weekday": 5}
PERIOD = {"from": "2027-03-01", "to": "2027-04-15"}
WHOLE = {
    "period": PERIOD,
    "needs": [STUDIO, WITH_BEDS, ON_STAGE],
    "each_side_of_border": True,
    "max_travel_km": 250,
}


def test_a_chain_across_the_border_is_planned_and_can_be_asked_as_it_stands(api: As):
    camille = api("camille")
    planned = camille.post("/trajectories/plan", WHOLE)
    assert planned.status == 200, planned
    assert planned.json["proved"] is True
    best = planned.json["chains"][0]
    assert best["km"] <= 250
    assert best["ranks"] == 0
    countries = {part["venue"] in ("PHX", "MCA", "SUC", "HAD") for part in best["bookings"]}
    assert countries == {True, False}
    assert [len(part["claims"]) for part in best["bookings"]] == [1, 2, 1]
    parts = [{"venue": part["venue"], "claims": part["claims"]} for part in best["bookings"]]
    made = camille.post(
        "/trajectories", {"organisation": organisation_of(camille), "title": "Marées", "bookings": parts}
    )
    assert made.status == 201, made


def test_what_is_taken_is_planned_around_and_the_need_that_blocks_is_named(api: As):
    camille = api("camille")
    only_buda = {**WHOLE, "needs": [STUDIO, {**WITH_BEDS, "resource": "BUD-S1"}, ON_STAGE]}
    before = camille.post("/trajectories/plan", only_buda).json["chains"][0]["bookings"][1]
    held = ask_for_the_house(api("joris"), a_claim("BUD-S1", "2027-03-01", "2027-04-15"))
    assert before["resource"] == "BUD-S1"
    assert held.status == 201, held
    blocked = camille.post("/trajectories/plan", only_buda).json
    assert blocked["chains"] == []
    assert (blocked["blocked"]["need"], blocked["blocked"]["why"]) == (1, "nothing")
    assert "need 2" in blocked["blocked"]["detail"]
    alone = {"period": PERIOD, "needs": [{**STUDIO, "resource": "BUD-S2"}] * 2, "another_house_each_time": True}
    assert camille.post("/trajectories/plan", alone).json["blocked"]["why"] == "house"
    near = camille.post("/trajectories/plan", {**WHOLE, "max_travel_km": 1}).json["blocked"]
    assert near["why"] == "distance"
    assert near["least_km"] > 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"needs": []}, "needs"),
        ({"needs": [STUDIO] * 9}, "needs"),
        ({"needs": [{"kind": "studio"}]}, "needs.0.days"),
        ({"needs": [{**STUDIO, "min_gap_days": 5, "max_gap_days": 2}]}, "needs.0.max_gap_days"),
        ({"needs": [{**STUDIO, "resource": "XXX"}]}, "needs.0.resource"),
        ({"period": {"from": "2027-03-01", "to": "2077-03-01"}}, "period.to"),
        ({"period": {"from": "2027-03-01T08:00:00+01:00", "to": "2027-03-02T08:00:00+01:00"}}, "period.from"),
        ({"max_travel_km": -1}, "max_travel_km"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_a_clear_no(api: As, change: dict[str, Any], field: str):
    refused = api("camille").post("/trajectories/plan", {**WHOLE, **change})
    assert refused.status == 422, refused
    assert field in refused.json["errors"]


def test_roads_as_the_deployment_sets_them_count_everywhere(build: Callable[..., Flask], database_url: str):
    apps = build(database_url), build(database_url, road_factor=2.6, road_km_per_hour=35.0)
    usual, slow = (Api(in_process(app.test_client()), token_of("camille")) for app in apps)
    free = {**WHOLE, "max_travel_km": None, "each_side_of_border": False}
    near, far = (api.post("/trajectories/plan", free).json["chains"][0]["km"] for api in (usual, slow))
    assert far == pytest.approx(2 * near, abs=0.2)
    reach = near + 1
    assert usual.post("/trajectories/plan", {**free, "max_travel_km": reach}).json["chains"][0]["km"] == near
    refused = slow.post("/trajectories/plan", {**free, "max_travel_km": reach}).json
    assert all(chain["km"] <= reach for chain in refused["chains"])
    around_kortrijk = {"lat": 50.83, "lon": 3.26, "km": 60}
    need = {"periods": [{"from": "2027-03-08", "to": "2027-03-13"}], "days": 5, "near": around_kortrijk}
    answers = [api.post("/search", {**need, "needs": [{"kind": "studio"}]}).text for api in (usual, slow)]
    here, there = (re.findall(r"(\d+) km, about (\d+) minutes by road", text) for text in answers)
    assert max(int(km) for km, _ in here) > 10
    for (one, minutes), (other, more) in zip(here, there, strict=True):
        assert int(other) == pytest.approx(2 * int(one), abs=1)
        assert int(more) == pytest.approx(4 * int(minutes), abs=4)


def test_on_the_page_a_chain_goes_to_another_house_each_time_unless_somebody_unticks_it(app: Flask):
    camille = Visitor(app, "camille")
    fresh = camille.get("/trajectories/plan").text
    assert re.search(r'name="moves"[^>]* checked', fresh)
    sent = "/trajectories/plan?from=2027-03-01&to=2027-04-15&need-1-days=5&need-2-days=5"
    kept, moves = camille.get(sent).text, camille.get(f"{sent}&moves=1").text
    assert not re.search(r'name="moves"[^>]* checked', kept)
    assert ">0 km par la route" in kept
    assert "Prendre ce parcours" in moves
    assert ">0 km par la route" not in moves
    taken = re.findall(r"stay=([A-Z0-9]{3})-[^&\"]+(?:&amp;|&)stay=([A-Z0-9]{3})-", moves)
    assert len(taken) > 1
    assert all(first != then for first, then in taken)
