"""A manager edits a resource by its form: what breaks is read before it is saved, two tabs do not overwrite."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.browser.walks import on_sqlite
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
PAGE = "/desk/BUD/setup/BUD-S1"
HIDDEN = re.compile(r'name="(revision|seen|shown)" value="([^"]*)"')

pytestmark = on_sqlite


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


def read(visitor: Visitor, page: str = PAGE) -> dict[str, str]:
    """What the form carries along."""
    return carried(visitor.get(page).text)


def carried(text: str) -> dict[str, str]:
    """What the form of a page sends along; the forms below it have revisions of their own."""
    hidden = [
        (name, unescape(value)) for name, value in HIDDEN.findall(re.split('id="(?:around|windows)"', text)[0])
    ]
    return dict(hidden)


def settings(api: Api, code: str = "BUD-S1") -> Any:
    return api.get(f"/resources/{code}").json


def test_sheet_names_and_rules_are_set_by_a_form_and_what_is_untouched_stays(api: As, joris: Visitor):
    before = settings(api("joris"))
    form = {
        **read(joris),
        "name.fr": "Studio d'en haut",
        "notes.en": "Ring at the side door.",
        "technical_sheet.clear_height_m": "4,6",
        "technical_sheet.load_in": "",
        "technical_sheet.sprung_floor": "yes",
        "rules.policy": "option",
        **{f"rules.opening.{day}": "9:00 - 22:00" for day in ("mon", "tue", "wed", "thu", "fri")},
        **{f"rules.opening.{day}": "" for day in ("sat", "sun")},
        "rules.buffer_minutes.purposes.performance.after": "120",
        "rules.quota.bookings_ahead": "3",
    }
    saved = joris.post(PAGE, form)
    assert saved.status == 303, saved.text
    after = settings(api("joris"))
    sheet = {**before["technical_sheet"], "clear_height_m": 4.6, "sprung_floor": True}
    sheet.pop("load_in", None)
    assert after["technical_sheet"] == sheet
    assert after["notes"] == "Ring at the side door."
    assert after["rules"]["opening"] == {"mon-fri": "09:00-22:00"}
    assert after["rules"]["buffer_minutes"]["purposes"] == {"performance": {"after": 120}}
    assert after["rules"]["quota"] == {"bookings_ahead": 3}
    assert after["rules"]["granularity_minutes"] == before["rules"]["granularity_minutes"]
    assert after["name"] == before["name"]
    shown = unescape(joris.get(PAGE).text)
    assert "Studio d'en haut" in shown
    assert 'value="09:00-22:00"' in shown
    same = {**read(joris), "technical_sheet.clear_height_m": "4.6"}
    assert joris.post(PAGE, same).status == 303
    assert settings(api("joris")) == after


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("technical_sheet.width_m", "wide"),
        ("technical_sheet.width_m", "-1"),
        ("rules.policy", "perhaps"),
        ("rules.opening.mon", "from nine"),
        ("rules.granularity_minutes", "0"),
        ("rules.horizon_days", "99999"),
        ("rules.buffer_minutes.purposes.showing.before", "9999999"),
        ("name.nl", "x" * 201),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(api: As, joris: Visitor, name: str, value: str):
    before = settings(api("joris"))
    refused = joris.post(PAGE, {**read(joris), name: value, "technical_sheet.floor": "Oak"})
    assert refused.status == 422
    assert f'id="{name}-error"' in refused.text
    assert 'value="Oak"' in refused.text
    assert settings(api("joris")) == before


def test_the_last_name_stays(joris: Visitor):
    none = dict.fromkeys(("name.nl", "name.fr", "name.en"), "")
    refused = joris.post(PAGE, {**read(joris), **none})
    assert (refused.status, 'id="name.en-error"' in refused.text) == (422, True)
    assert joris.post(PAGE, {**read(joris), "name.nl": "", "name.en": ""}).status == 303
    assert "(fr)" in joris.get("/resources/BUD-S1").text


def test_what_breaks_is_read_before_it_is_saved(api: As, joris: Visitor, a_booking: MakeBooking):
    evening = {"start": "2027-03-09T20:00:00+01:00", "end": "2027-03-09T22:00:00+01:00"}
    late = str(a_booking(resource="BUD-S1", **evening, state="confirmed"))
    before = settings(api("joris"))
    form = {**read(joris), **{f"rules.opening.{day}": "09:00-18:00" for day in ("mon", "tue", "wed")}}
    shown = joris.post(PAGE, form)
    assert shown.status == 409
    assert f"/bookings/{late}" in shown.text
    assert settings(api("joris")) == before
    saved = joris.post(PAGE, {**form, **carried(shown.text)})
    assert saved.status == 303
    (conflict,) = api("joris").get("/conflicts?venue=BUD&state=open").json["items"]
    assert (conflict["kind"], conflict["booking"]) == ("outside-hours", late)
    assert "09:00-18:00" in joris.get(PAGE).text


def test_pieces_of_stock_and_those_out_of_order(api: As, app: Flask):
    nadia, page = Visitor(app, "nadia"), "/desk/PHX/setup/PHX-PAR"
    assert nadia.post(page, {**read(nadia, page), "capacity": "20", "out_of_order": "3"}).status == 303
    assert settings(api("nadia"), "PHX-PAR")["capacity"] == 20
    assert 'name="out_of_order" type="text" value="3"' in nadia.get(page).text
    refused = nadia.post(page, {**read(nadia, page), "out_of_order": "21"})
    assert 'id="out_of_order-error"' in refused.text
    assert 'name="capacity"' not in nadia.get("/desk/PHX/setup/PHX-ST").text


def test_an_outdated_tab_is_told_and_overwrites_nothing(api: As, joris: Visitor):
    old = read(joris)
    assert joris.post(PAGE, {**old, "technical_sheet.floor": "Oak"}).status == 303
    mine = {**old, "technical_sheet.floor": "Beech", "rules.policy": "instant", "technical_sheet.load_in": ""}
    wrong = joris.post(PAGE, {**mine, "technical_sheet.width_m": "wide"})
    assert (wrong.status, carried(wrong.text)) == (422, old)
    told = joris.post(PAGE, mine)
    assert told.status == 412
    assert 'value="Beech"' in told.text
    assert "Intussen ingesteld: Oak" in told.text
    assert settings(api("joris"))["technical_sheet"]["floor"] == "Oak"
    assert 'value="instant" selected' in told.text
    again = {**carried(told.text), "technical_sheet.floor": "Beech", "rules.policy": "instant"}
    assert joris.post(PAGE, again).status == 303
    assert settings(api("joris"))["technical_sheet"]["floor"] == "Beech"


def test_what_an_outdated_tab_did_not_touch_follows_the_other_one(joris: Visitor):
    old = read(joris)
    untouched = json.loads(old["shown"])
    assert joris.post(PAGE, {**old, "technical_sheet.floor": "Oak"}).status == 303
    told = joris.post(PAGE, {**old, **untouched, "technical_sheet.load_in": "Ramp"})
    assert told.status == 412
    assert 'value="Oak"' in told.text
    assert 'value="Ramp"' in told.text
    assert "Intussen ingesteld" not in told.text
    assert joris.post(PAGE, {**carried(told.text), "technical_sheet.load_in": "Ramp"}).status == 303


@pytest.mark.parametrize("revision", ["²", "9" * 5000, "x", ""])
def test_a_revision_that_is_no_number_was_seen_by_nobody(joris: Visitor, revision: str):
    form = {"revision": revision, "reason": "The floor is worn"}
    assert joris.post(f"{PAGE}/retire", form).status == 412
    assert joris.post(f"{PAGE}/windows", {"revision": revision}).status == 303
