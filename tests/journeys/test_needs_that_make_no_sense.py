"""No needs, two hundred, fifty years, negative sizes, places off the globe: a clear 422, in each language."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.journeys.test_calls import CALL
from tests.support.api import Api
from tests.support.asks import organisation_of
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

PERIOD = {"from": "2027-03-08", "to": "2027-03-20"}
HALF_A_CENTURY = {"from": "2027-03-08", "to": "2077-03-20"}
NEED = {"kind": "studio"}
LANGUAGES = ("nl", "fr", "en")


def search(api: Api, change: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "/search", {"periods": [PERIOD], "days": 5, "needs": [NEED], **change}


def enquiry(api: Api, change: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    body = {"organisation": organisation_of(api), "title": "Marées", "venues": ["BUD"], "periods": [PERIOD]}
    return "/enquiries", {**body, "needs": [NEED], **change}


def plan(api: Api, change: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    needs = [{**each, "days": 5} if isinstance(each, dict) else each for each in change.get("needs", [NEED])]
    [period] = change.get("periods", [PERIOD])
    rest = {name: value for name, value in change.items() if name not in ("needs", "periods")}
    return "/trajectories/plan", {"period": period, "needs": needs, **rest}


ASKING = (search, enquiry, plan)
SENSELESS: dict[str, dict[str, Any]] = {
    "no needs": {"needs": []},
    "200 needs": {"needs": [NEED] * 200},
    "50 years": {"periods": [HALF_A_CENTURY]},
    "negative width": {"needs": [{**NEED, "min_width_m": -10}]},
    "negative height": {"needs": [{**NEED, "min_clear_height_m": -0.5}]},
    "negative seats": {"needs": [{**NEED, "min_seats": -1}]},
    "no pieces": {"needs": [{**NEED, "quantity": 0}]},
    "a width that is no number": {"needs": [{**NEED, "min_width_m": "NaN"}]},
    "an unknown kind": {"needs": [{"kind": "castle"}]},
}
OFF_THE_GLOBE = [
    {"lat": 91, "lon": 3, "km": 50},
    {"lat": 50, "lon": 181, "km": 50},
    {"lat": 50, "lon": 3, "km": -1},
    {"lat": "Infinity", "lon": 3, "km": 50},
]


def clear_no(api: Api, path: str, body: dict[str, Any]) -> None:
    """A 422 that names its field, and says something else in each language."""
    said = set()
    for language in LANGUAGES:
        refused = api.post(path, body, headers={"Accept-Language": language})
        assert refused.status == 422, (path, body, refused)
        assert refused.headers["Content-Type"].startswith("application/problem+json")
        assert refused.json["errors"], refused
        said.add(refused.json["detail"])
    assert len(said) == len(LANGUAGES), said


@pytest.mark.parametrize("what", SENSELESS)
def test_a_need_that_makes_no_sense_is_refused_wherever_it_is_asked(api: As, what: str):
    camille = api("camille")
    for ask in ASKING:
        clear_no(camille, *ask(camille, SENSELESS[what]))


@pytest.mark.parametrize("near", OFF_THE_GLOBE)
def test_a_place_off_the_globe_is_none(api: As, near: dict[str, Any]):
    camille = api("camille")
    clear_no(camille, *search(camille, {"near": near}))


def test_a_call_takes_no_senseless_need_either(api: As):
    elise, camille = api("elise"), api("camille")
    for change in ({"period": {"from": "2027-03-08", "to": "2027-03-08"}}, {"venues": []}, {"title": ""}):
        clear_no(elise, "/calls", {**CALL, **change})
    clear_no(elise, "/calls", {**CALL, "period": HALF_A_CENTURY})
    call = elise.post("/calls", CALL).json["id"]
    applied = {"organisation": organisation_of(camille), "title": "Marées", "need": NEED, "days": 5}
    for change in (
        {"periods": []},
        {"periods": [PERIOD] * 200},
        {"need": {**NEED, "min_width_m": -10}},
        {"days": 0},
        {"days": 100_000},
        {"beds": -4},
        {"people": 0},
    ):
        clear_no(camille, f"/calls/{call}/applications", {**applied, "periods": [PERIOD], **change})


PAGES = (
    "/search?kind=studio&first=2027-03-08&last=2077-03-20",
    "/search?kind=studio&first=2027-03-20&last=2027-03-08",
    "/search?kind=studio&first=2027-03-08&last=2027-03-20&min_width_m=-3",
    "/search?kind=studio&first=2027-03-08&last=2027-03-20&days=-5",
    "/search?kind=studio&first=&last=",
    "/resources?kind=studio&min_depth_m=-3",
    "/trajectories/plan?from=&to=&need-1-kind=studio&need-1-days=",
    "/trajectories/plan?from=2027-03-01&to=2027-04-14&need-1-kind=studio&need-1-days=",
    "/trajectories/plan?from=2027-03-01&to=&need-1-kind=studio&need-1-days=5",
    "/trajectories/plan?from=2027-03-01&to=2077-04-14&need-1-kind=studio&need-1-days=5",
    "/trajectories/plan?from=2027-03-01&to=2027-04-14&need-1-kind=studio&need-1-days=-5",
    "/trajectories/plan?from=2027-03-01&to=2027-04-14&need-1-kind=studio&need-1-days=5&need-1-width=-3",
    "/trajectories/plan?from=2027-03-01&to=2027-04-14&need-1-kind=studio&need-1-days=5&km=-3",
)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_beside_the_field(app: Flask, path: str):
    for language in LANGUAGES:
        visitor = Visitor(app, "camille")
        page = visitor.get(path, **{"Accept-Language": language})
        assert page.status == 422, page.text
        assert "field__error" in page.text or "refusal" in page.text


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_figure_that_is_none_stays_where_it_was_typed_and_so_does_the_rest(app: Flask):
    need = "kind=studio&first=2027-03-08&last=2027-03-20&min_width_m=-3&min_depth_m=10,5&min_seats=veel&people=5"
    page = Visitor(app, "camille").get(f"/search?{need}", **{"Accept-Language": "en"}).text
    assert 'value="-3" aria-invalid="true" aria-describedby="min_width_m-error"' in page
    assert 'value="veel" aria-invalid="true" aria-describedby="min_seats-error"' in page
    for kept in ('value="10,5"', 'value="5"', 'value="2027-03-08"', 'value="2027-03-20"'):
        assert kept in page
    assert page.count('aria-invalid="true"') == 2
    assert "BUD-S1" not in page, "nothing is looked for that was not asked"
