"""The form of a chain: what cannot be had is said under its line, with ways out that each succeed."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from tests.support.api import Api
from tests.support.asks import a_claim, ask, ask_for_the_house
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

FORM = {
    "title": "Marées",
    "people": "5",
    "stays": "3",
    "kits": "1",
    "stay-1-resource": "PHX-F2",
    "stay-1-first": "2027-03-01",
    "stay-1-last": "2027-03-05",
    "stay-2-resource": "BUD-S1",
    "stay-2-first": "2027-03-08",
    "stay-2-last": "2027-03-19",
    "stay-2-beds": "4",
    "stay-2-early": "1",
    "stay-3-resource": "DGP-GZ",
    "stay-3-first": "2027-03-22",
    "stay-3-last": "2027-03-26",
    "stay-3-showing": "2027-03-26",
    "stay-3-showing_time": "20:00",
    "kit-1-resource": "PHX-PJ",
    "kit-1-quantity": "2",
}


def buttons(page: str, line: str) -> list[str]:
    """What the ways out under one line send."""
    return [unescape(value) for value in re.findall(rf'name="way-{line}" value="([^"]+)"', page)]


def parts(api: Api, place: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(place.replace("http://localhost", "")).json["bookings"]
    return found


@pytest.fixture
def taken(api: As) -> None:
    """BUD-S1 on two days of the second stay."""
    assert ask_for_the_house(api("joris"), a_claim("BUD-S1", "2027-03-10", "2027-03-12")).status == 201


@pytest.mark.usefixtures("taken")
def test_each_way_out_stands_under_its_line_and_succeeds(app: Flask, api: As):
    first = Visitor(app, "camille").post("/trajectories", FORM)
    assert first.status == 409
    assert 'id="stay-2-verdict"' in first.text
    assert 'id="stay-1-verdict"' not in first.text
    assert 'id="kit-1-verdict"' not in first.text
    for name in ("title", "stay-3-showing", "stay-2-beds", "kit-1-quantity"):
        assert f'value="{FORM[name]}"' in first.text, "what was typed is still there"
    sent = buttons(first.text, "stay-2")
    assert len(sent) >= 3
    assert "km par la route en tout, au lieu de" in first.text, "another house is offered as well"
    camille = api("camille")
    for way in sent:
        made = Visitor(app, "camille").post("/trajectories", {**FORM, "way-stay-2": way})
        assert made.status == 303, made.text
        chain = camille.get(f"/trajectories/{made.headers['Location'].rpartition('/')[2]}").json
        showing = [part["moments"] for part in chain["bookings"] if part["venue"] == "DGP"]
        assert len(chain["bookings"]) == 3
        assert showing
        assert camille.post(f"/trajectories/{chain['id']}/withdraw", {}).status == 200


@pytest.mark.usefixtures("taken")
def test_a_mended_line_keeps_what_it_says_while_another_is_still_refused(app: Flask, api: As):
    assert ask_for_the_house(api("bram"), a_claim("DGP-GZ", "2027-03-22", "2027-03-24")).status == 201
    camille = Visitor(app, "camille")
    refused = camille.post("/trajectories", FORM).text
    ways = buttons(refused, "stay-2")
    assert ways
    assert buttons(refused, "stay-3")
    half = camille.post("/trajectories", {**FORM, "way-stay-2": ways[0]})
    assert half.status == 409
    assert buttons(half.text, "stay-2") == []
    assert 'id="stay-2-verdict"' not in half.text
    left = buttons(half.text, "stay-3")
    assert left
    fields = dict(re.findall(r'name="(stay-2-(?:first|last|beds))"[^>]*? value="([^"]*)"', half.text))
    assert fields["stay-2-beds"] == "4"
    assert fields["stay-2-first"] != FORM["stay-2-first"] or 'value="BUD-S1" selected' not in half.text
    room = re.search(r'<select id="stay-2-resource".*?<option value="([^"]+)" selected', half.text, re.DOTALL)
    assert room is not None
    done = camille.post("/trajectories", {**FORM, **fields, "stay-2-resource": room[1], "way-stay-3": left[0]})
    assert done.status == 303, done.text


def test_a_showing_goes_along_with_its_stay(app: Flask, api: As):
    assert ask_for_the_house(api("bram"), a_claim("DGP-GZ", "2027-03-22", "2027-03-23")).status == 201
    camille = Visitor(app, "camille")
    for way in buttons(camille.post("/trajectories", FORM).text, "stay-3"):
        made = camille.post("/trajectories", {**FORM, "way-stay-3": way})
        assert made.status == 303, made.text
        chain = api("camille").get(f"/trajectories/{made.headers['Location'].rpartition('/')[2]}").json
        last = max(chain["bookings"], key=lambda part: part["claims"][0]["start"])
        [stay] = [part for part in chain["bookings"] if part["moments"]]
        assert stay["claims"][0]["start"] <= stay["moments"][0]["start"][:10] < stay["claims"][0]["end"], last
        api("camille").post(f"/trajectories/{chain['id']}/withdraw", {})


def test_kit_that_is_short_is_mended_in_its_own_line(app: Flask, api: As):
    stock = api("nadia").get("/resources/PHX-PAR").json["capacity"]
    assert ask(api("lotte"), a_claim("PHX-PAR", "2027-03-10", "2027-03-12", 1)).status == 201
    [booked] = api("lotte").get("/bookings?resource=PHX-PAR").json["items"]
    assert api("nadia").post(f"/bookings/{booked['id']}/confirm", {}).status in (200, 409)
    camille, form = Visitor(app, "camille"), {**FORM, "kit-1-resource": "PHX-PAR", "kit-1-quantity": str(stock)}
    refused = camille.post("/trajectories", form)
    assert refused.status == 409
    assert 'id="stay-2-verdict"' not in refused.text
    ways = buttons(refused.text, "kit-1")
    assert ways
    for way in ways:
        made = camille.post("/trajectories", {**form, "way-kit-1": way})
        assert made.status == 303, made.text
        api("camille").post(f"/trajectories/{made.headers['Location'].rpartition('/')[2]}/withdraw", {})


def test_a_showing_that_would_leave_the_calendar_stays_where_it_is(app: Flask, api: As):
    assert ask_for_the_house(api("bram"), a_claim("DGP-GZ", "2027-03-22", "2027-03-23")).status == 201
    camille = Visitor(app, "camille")
    [way, *_] = buttons(camille.post("/trajectories", FORM).text, "stay-3")
    odd = {**FORM, "stay-3-first": "0001-01-01", "stay-3-showing": "9999-12-31", "way-stay-3": way}
    assert camille.post("/trajectories", odd).status == 422


def test_a_way_out_of_two_houses_is_none_for_one_line(app: Flask):
    claims = [{"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-10", "quantity": 1}]
    way = URLSafeSerializer(str(app.secret_key), salt="way-out").dumps([claims, claims])
    assert Visitor(app, "camille").post("/trajectories", {**FORM, "way-stay-2": way}).status == 422


def test_a_button_that_was_made_up_is_no_way_out(app: Flask):
    assert Visitor(app, "camille").post("/trajectories", {**FORM, "way-stay-2": "made.up"}).status == 422
    assert Visitor(app, "camille").post("/trajectories", {**FORM, "way-": ""}).status == 422
