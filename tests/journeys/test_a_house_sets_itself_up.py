"""A house says how it is reached, what it is and how it keeps its options; who changed what is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.walks import on_sqlite
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


def test_a_manager_sets_the_house_up_and_everybody_reads_it(api: As):
    joris = api("joris")
    before = joris.get("/venues/BUD")
    wanted = {
        "address": "Kapucijnenstraat 10",
        "phone": "+32 56 00 00 00",
        "about": {"nl": "Een huis voor makers.", "fr": "Une maison pour les artistes."},
        "practical": {"nl": "Bel aan de zijdeur."},
        "settings": {"option_days": 10, "closing_days": ["2027-05-07"]},
    }
    changed = joris.patch("/venues/BUD", wanted, headers={"If-Match": before.headers["ETag"]})
    assert changed.status == 200, changed
    read = api(None).get("/venues/BUD", headers={"Accept-Language": "fr"}).json
    assert read["about"] == "Une maison pour les artistes."
    assert read["address"] == "Kapucijnenstraat 10"
    assert (read["settings"]["option_days"], read["settings"]["closing_days"]) == (10, ["2027-05-07"])
    assert joris.patch("/venues/BUD", {"phone": None}, headers={"If-Match": before.headers["ETag"]}).status == 412
    assert joris.patch("/venues/BUD", {"phone": None, "about": {"nl": None}}).json["phone"] is None
    booked = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-10")).json["id"]
    granted = answer(joris, booked, "grant").json
    assert granted["expires_at"][:10] == "2026-12-03"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"settings": {"option_days": 0}}, "settings.option_days"),
        ({"settings": {"closing_days": ["tomorrow"]}}, "settings.closing_days"),
        ({"settings": {"colour": 1}}, "settings.colour"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"languages": ["xx"]}, "languages"),
        ({"about": {"de": "x"}}, "about.de"),
        ({"planning_day_starts": "25:00"}, "planning_day_starts"),
        ({"code": "XXX"}, "code"),
    ],
)
def test_what_makes_no_sense_is_told_by_field(api: As, wanted: Any, field: str):
    refused = api("joris").patch("/venues/BUD", wanted)
    assert (refused.status, list(refused.json["errors"])) == (422, [field])


def test_the_day_line_stays_while_whole_days_are_held(api: As):
    joris = api("joris")
    booked = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-10")).json["id"]
    assert list(joris.patch("/venues/BUD", {"planning_day_starts": "05:00"}).json["errors"]) == [
        "planning_day_starts"
    ]
    assert answer(joris, booked, "decline", reason="no").status == 200
    assert joris.patch("/venues/BUD", {"planning_day_starts": "05:00"}).json["planning_day_starts"] == "05:00"


def test_who_changed_what_of_a_resource_is_read_by_those_who_work_there(api: As):
    joris = api("joris")
    patched = {"technical_sheet": {"clear_height_m": 4.6}, "rates": {"week": 40000}, "name": {"en": "One"}}
    assert joris.patch("/resources/BUD-S1", patched).status == 200
    assert joris.post("/resources/BUD-S1/retire", {"reason": "The floor is worn"}).status == 200
    retired, changed = joris.get("/resources/BUD-S1/history").json["items"]
    assert (retired["kind"], retired["why"], retired["by"]) == (
        "resource.retired",
        "The floor is worn",
        joris.get("/me").json["name"],
    )
    assert {each["name"]: (each["old"], each["new"]) for each in changed["members"]} == {
        "name.en": (joris.get("/resources/BUD-S2").json["name"].replace("2", "1"), "One"),
        "technical_sheet.clear_height_m": (4.5, 4.6),
        "week_rate_cents": (None, 40000),
    }
    assert api("camille").get("/resources/BUD-S1/history").status == 404


@on_sqlite
def test_the_forms_of_the_house_say_what_was_typed_again_and_keep_a_log(app: Flask, api: As):
    joris = Visitor(app, "joris")
    page = "/desk/BUD/setup/house"
    revision = joris.get(page).text.partition('name="revision" value="')[2].partition('"')[0]
    form = {
        "revision": revision,
        "name": "BUDA",
        "town": "Kortrijk",
        "languages": "nl fr en",
        "planning_day_starts": "6:00",
        "practical.fr": "Sonnez à la porte latérale.",
        "settings.most_rank": "2",
        "settings.closing_days": "2027-05-07",
    }
    wrong = joris.post(page, {**form, "settings.most_rank": "0", "email": "x"})
    assert wrong.status == 422
    assert "Sonnez à la porte latérale." in wrong.text
    assert joris.post(page, form).status == 303
    assert joris.post(page, form).status == 412
    assert "Sonnez à la porte latérale." in joris.get("/venues/BUD").text
    log = joris.get(f"{page}/history").text
    assert "Sonnez" in log
    assert "2027-05-07" in log
    assert api("joris").get("/venues/BUD").json["settings"]["most_rank"] == 2


def test_the_history_of_a_place_tells_its_periods_in_words(app: Flask, api: As):
    march = {"start": "2027-03-01", "end": "2027-04-01"}
    assert api("joris").put("/resources/BUD-S1/windows", {"windows": [march]}).status == 200
    log = Visitor(app, "joris").get("/desk/BUD/setup/BUD-S1/history").text
    assert "2027-03-01 – 2027-04-01" in log
    assert "windows-changed" not in log
