"""Seasons of opening hours: set by a form for one place or several, with what would fall outside shown first."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import ask, ask_for_the_house
from tests.support.statements import Statements
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
PAGE = "/desk/BUD/setup/BUD-S1/seasons"
SUMMER = {"first-0": "2027-07-01", "last-0": "2027-08-31", "mon-0": "9:00 – 13:00", "tue-0": "09:00-13:00"}
MORNING = {"resource": "BUD-S1", "start": "2027-07-05T09:00:00+02:00", "end": "2027-07-05T12:00:00+02:00"}
EVENING = {"resource": "BUD-S1", "start": "2027-07-06T18:00:00+02:00", "end": "2027-07-06T20:00:00+02:00"}
HIDDEN = re.compile(r'name="(revision|seen)" value="([^"]+)"')


@pytest.fixture
def joris(app: Flask) -> Visitor:
    return Visitor(app, "joris")


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def test_a_season_shows_first_what_would_fall_outside(joris: Visitor, api: As):
    house = api("joris")
    for when, title in ((MORNING, "Dans in de ochtend"), (EVENING, "Dans in de avond")):
        assert ask_for_the_house(house, when, state="confirmed", title=title).status == 201
    form = {**SUMMER, **hidden(joris.get(PAGE).text)}
    looked = joris.post(PAGE, {**form, "step": "preview"})
    assert looked.status == 200
    assert "Dans in de avond" in looked.text
    assert "Dans in de ochtend" not in looked.text
    assert "seasons" not in house.get("/resources/BUD-S1").json["rules"], "it was only looked at"
    refused = joris.post(PAGE, form)
    assert (refused.status, "Toch bewaren" in refused.text) == (409, True)
    assert joris.post(PAGE, {**form, "seen": "other"}).status == 409
    saved = joris.post(PAGE, {**form, **hidden(refused.text)})
    assert saved.headers["Location"] == PAGE
    assert house.get("/resources/BUD-S1").json["rules"]["seasons"] == [
        {"start": "2027-07-01", "end": "2027-09-01", "opening": {"mon-tue": "09:00-13:00"}}
    ]
    assert [each["kind"] for each in house.get("/conflicts?venue=BUD&state=open").json["items"]] == [
        "outside-hours"
    ]
    page = joris.get(PAGE).text
    assert 'value="2027-08-31"' in page
    assert 'value="09:00-13:00"' in page
    assert ": open maandag – dinsdag, 09:00 – 13:00." in joris.get("/resources/BUD-S1").text
    later = {**EVENING, "start": "2027-07-13T18:00:00+02:00", "end": "2027-07-13T20:00:00+02:00"}
    assert ask(api("camille"), later).code == "outside-hours"
    emptied = dict.fromkeys(SUMMER, "")
    assert joris.post(PAGE, {**emptied, **hidden(page)}).status == 303
    assert "seasons" not in house.get("/resources/BUD-S1").json["rules"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"last-0": "2027-06-30"}, "einde"),
        ({"last-0": ""}, "Dit is nodig"),
        ({"mon-0": "9 tot 12"}, "09:00-22:00"),
        ({"first-1": "2027-08-31", "last-1": "2027-09-30", "fri-1": "10:00-12:00"}, "een dag gemeen"),
    ],
)
def test_what_makes_no_season_is_refused_at_its_field_and_stays_typed(
    joris: Visitor, api: As, typed: dict[str, str], said: str
):
    page = joris.post(PAGE, {**SUMMER, **typed, **hidden(joris.get(PAGE).text)})
    assert page.status == 422
    assert said in page.text, re.findall(r"field__error.*?</p>", page.text)
    assert 'value="09:00-13:00"' in page.text
    assert "seasons" not in api("joris").get("/resources/BUD-S1").json["rules"]


def test_seasons_are_set_for_several_places_and_never_over_somebody_elses(joris: Visitor, api: As, app: Flask):
    house = api("joris")
    old = hidden(joris.get(PAGE).text)
    assert joris.post(PAGE, {**SUMMER, **old, "also": ["BUD-S2", "BUD-RH"]}).status == 303
    for code in ("BUD-S1", "BUD-S2", "BUD-RH"):
        assert house.get(f"/resources/{code}").json["rules"]["seasons"][0]["start"] == "2027-07-01"
    late = joris.post(PAGE, {**SUMMER, **old, "wed-0": "10:00-11:00"})
    assert late.status == 412
    assert "Intussen ingesteld" in late.text
    assert 'value="10:00-11:00"' in late.text
    assert joris.post(PAGE, {**SUMMER, **hidden(late.text), "also": ["DGP-KZ"]}).status == 404
    assert Visitor(app, "bram").post(PAGE, SUMMER).status == 404


def test_only_where_there_is_another_place_is_it_asked_for_which_else(joris: Visitor, api: As):
    house = api("joris")
    others = [row["code"] for row in house.get("/resources?venue=BUD&limit=100").json["items"]]
    assert 'name="also"' in joris.get(PAGE).text
    assert "<h2>En voor</h2>" in joris.get(PAGE).text
    for code in set(others) - {"BUD-S1"}:
        assert house.post(f"/resources/{code}/retire", {"reason": "Sold"}).status == 200
    alone = joris.get(PAGE).text
    assert 'name="also"' not in alone
    assert "<h2>En voor</h2>" not in alone


def test_seasons_of_several_places_are_one_change_of_the_house(
    joris: Visitor, statements: Callable[[], AbstractContextManager[Statements]]
):
    form = {**SUMMER, **hidden(joris.get(PAGE).text), "also": ["BUD-S2", "BUD-RH", "BUD-TA"]}
    with statements() as asked_for:
        assert joris.post(PAGE, form).status == 303
    assert len(asked_for) <= 50, asked_for.listing


def test_the_api_refuses_seasons_with_a_day_in_common(api: As):
    house, start = api("joris"), date(2027, 7, 1)
    one = {"start": str(start), "end": str(start + timedelta(days=10)), "opening": {}}
    touching = {**one, "start": one["end"], "end": "2027-08-01"}
    assert house.patch("/resources/BUD-S1", {"rules": {"seasons": [touching, one]}}).status == 200
    over = {**touching, "start": str(start + timedelta(days=9))}
    refused = house.patch("/resources/BUD-S1", {"rules": {"seasons": [over, one]}})
    assert (refused.status, list(refused.json["errors"])) == (422, ["rules.seasons"])
    many = [
        {**one, "start": str(start + timedelta(days=2 * n)), "end": str(start + timedelta(days=2 * n + 1))}
        for n in range(51)
    ]
    assert house.patch("/resources/BUD-S1", {"rules": {"seasons": many}}).status == 422
