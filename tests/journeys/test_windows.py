"""A house opens periods to companies: outside them a company sees the room and cannot ask, the house can."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.asks import a_claim, ask, ask_for_the_house, organisation_of
from tests.support.cast import ADDRESSES
from tests.support.pages import form_token, sign_in

As = Callable[[str | None], Api]

MARCH = {"start": "2027-03-01", "end": "2027-04-01"}
EVENING = {"start": "2027-05-10T18:00:00+02:00", "end": "2027-05-10T23:00:00+02:00"}
WINDOWS = "/resources/BUD-S1/windows"


def test_outside_its_windows_a_company_cannot_ask_and_the_house_can(api: As):
    joris, camille = api("joris"), api("camille")
    assert api(None).get(WINDOWS).json == {"items": [], "next": None}
    assert ask(camille, a_claim("BUD-S1", "2027-06-07", "2027-06-09")).status == 201

    put = joris.put(WINDOWS, {"windows": [EVENING, MARCH]})
    assert put.status == 200, put
    assert put.json["items"] == [MARCH, EVENING]
    assert api(None).get(WINDOWS).json == put.json

    refused = ask(camille, a_claim("BUD-S1", "2027-03-29", "2027-04-03"))
    assert (refused.status, refused.code) == (409, "rule")
    (conflict,) = refused.json["conflicts"]
    assert (conflict["rule"], conflict["days"]) == ("window", ["2027-04-01", "2027-04-02"])
    assert "Open for requests" in conflict["detail"]
    ways = {way["kind"]: way for way in refused.json["alternatives"]}
    assert {"shift", "fewer-days"} <= set(ways)
    assert ask(camille, *ways["fewer-days"]["bookings"][0]["claims"]).status == 201
    assert ask(camille, *ways["shift"]["bookings"][0]["claims"]).status in (201, 409)
    assert ask(camille, a_claim("BUD-S1", **EVENING)).status == 201

    june = a_claim("BUD-S1", "2027-06-14", "2027-06-16")
    assert ask(camille, june).json["conflicts"][0]["rule"] == "window"
    assert ask_for_the_house(joris, june).status == 201
    phoned = a_claim("BUD-S1", "2027-06-21", "2027-06-23")
    assert ask_for_the_house(joris, phoned, organisation=organisation_of(camille)).status == 201

    assert joris.put(WINDOWS, {"items": [], "next": None}).status == 200
    assert ask(camille, a_claim("BUD-S1", "2027-06-28", "2027-06-30")).status == 201


def test_a_window_of_a_part_holds_for_the_whole(api: As):
    bram = api("bram")
    assert bram.put("/resources/DGP-GZ/windows", {"windows": [MARCH]}).status == 200
    refused = ask(api("camille"), a_claim("DGP-HOUSE", "2027-07-26", "2027-07-28"))
    assert "window" in [each.get("rule") for each in refused.json["conflicts"]]


def test_two_planners_do_not_overwrite_each_other(api: As):
    joris = api("joris")
    seen = joris.get(WINDOWS).headers["ETag"]
    assert joris.put(WINDOWS, {"windows": [MARCH]}, headers={"If-Match": seen}).status == 200
    assert joris.put(WINDOWS, {"windows": []}, headers={"If-Match": seen}).status == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "windows"),
        ({"windows": [], "items": []}, "windows"),
        ({"windows": [{"start": "2027-04-01", "end": "2027-03-01"}]}, "windows.0.end"),
        ({"windows": [{"start": "2027-03-01", "end": "2027-04-01T09:00:00+02:00"}]}, "windows.0.end"),
        ({"windows": [{"start": "2027-03-01T09:00:00", "end": "2027-04-01T09:00:00"}]}, "windows.0.start"),
        ({"windows": [{"start": "2027-02-30", "end": "2027-03-01"}]}, "windows.0.start"),
        ({"windows": [MARCH] * 201}, "windows"),
        ({"windows": [{**MARCH, "why": "?"}]}, "windows.0.why"),
    ],
)
def test_what_makes_no_sense_is_refused(api: As, body: dict[str, object], field: str):
    joris = api("joris")
    refused = joris.put(WINDOWS, body)
    assert refused.status == 422, refused
    assert field in refused.json["errors"]
    assert joris.get(WINDOWS).json["items"] == []


def test_only_its_own_house_sets_them(api: As):
    assert api(None).put(WINDOWS, {"windows": [MARCH]}).status == 401
    assert [api(who).put(WINDOWS, {"windows": [MARCH]}).status for who in ("camille", "bram", "elise")] == [
        403
    ] * 3
    assert api("joris").put("/resources/XXX/windows", {"windows": [MARCH]}).status == 404


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "Open voor aanvragen: ma 1 – wo 31 mrt 2027"), ("fr", "Ouvert aux demandes")]
)
def test_the_planner_sets_them_on_a_page_and_companies_read_them(client: FlaskClient, language: str, said: str):
    sign_in(client, ADDRESSES["joris"])
    page = "/desk/BUD/setup/BUD-S1"
    lines = {
        "first-0": "2027-03-01",
        "last-0": "2027-03-31",
        "first-1": "2027-05-10",
        "last-1": "2027-05-10",
        "opens-1": "18:00",
        "closes-1": "23h",
    }
    form = {"csrf_token": form_token(client, page), **lines}
    backwards = client.post(f"{page}/windows", data={**form, "last-0": "2027-02-01"})
    assert backwards.status_code == 422
    assert 'value="18:00"' in backwards.text
    assert client.post(f"{page}/windows", data=form).status_code == 303
    shown = client.get(page).text
    assert 'value="2027-03-31"' in shown
    assert 'value="23:00"' in shown
    client.post("/language", data={"csrf_token": form["csrf_token"], "language": language})
    assert said in client.get("/resources/BUD-S1").text
