"""A call lives: told when it opens, changed with care, closed early or withdrawn, and told how it ended."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.journeys.test_calls import CALL, FIRST, SECOND, an_application
from tests.support.api import Api
from tests.support.clocks import StoppedClock
from tests.support.letters import Mail, mails
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Work = Callable[[], dict[str, int]]
TEXTS = {"fr": {"title": "Appel 2027", "description": "Des résidences."}, "nl": {"title": "Oproep 2027"}}


@pytest.fixture
def call(api: As) -> str:
    made = api("elise").post("/calls", {**CALL, "texts": TEXTS})
    assert made.status == 201, made
    return str(made.json["id"])


ASYNC = {"Prefer": "respond-async"}


def letters_to(folder: Path, name: str) -> list[Mail]:
    return [each for each in mails(folder) if each.to.startswith(name)]


def news(api: Api) -> list[str]:
    return [each["kind"] for each in api.get("/notifications").json["items"] if each["kind"].startswith("call.")]


def test_every_programme_company_hears_of_a_call_in_its_language_and_is_reminded_once(
    api: As, call: str, worker: Work, clock: StoppedClock, tmp_path: Path
):
    worker()
    camille, wout = api("camille"), api("wout")
    assert news(camille) == ["call.opened"]
    assert news(api("pauline")) == [], "no programme company"
    assert news(api("joris")) == [], "a house hears when somebody applies"
    [letter] = [each for each in letters_to(tmp_path, "camille") if "Appel 2027" in each.subject]
    assert "ouvert" in letter.subject
    assert f"/calls/{call}" in letter.text
    assert any("Oproep 2027" in each.subject for each in letters_to(tmp_path, "wout"))
    assert camille.get(f"/calls/{call}", headers={"Accept-Language": "fr"}).json["title"] == "Appel 2027"

    assert an_application(camille, call, FIRST).status == 201
    clock.set("2026-12-12T13:00+01:00")
    worker()
    worker()
    assert news(wout) == ["call.closing", "call.opened"], "three days before, and once"
    assert news(camille) == ["call.opened"], "who has applied is not reminded"
    api("elise").patch(f"/calls/{call}", {"closes_at": "2026-12-20T12:00:00+01:00"})
    clock.set("2026-12-18T13:00+01:00")
    worker()
    assert news(wout)[0] == "call.closing", "another deadline is another reminder"
    assert news(wout).count("call.closing") == 2


def test_planners_hear_when_applications_to_score_arrive(api: As, call: str, worker: Work):
    worker()
    an_application(api("camille"), call, FIRST)
    worker()
    assert news(api("joris")) == ["call.applied"]
    assert news(api("nadia")) == ["call.applied"]
    assert news(api("bram")) == [], "his house is not in the call"
    [first] = [each for each in api("joris").get("/notifications").json["items"] if each["kind"] == "call.applied"]
    assert "Compagnie Lisière" in first["text"]


def test_a_call_is_changed_and_what_was_applied_with_is_never_cut(api: As, call: str, worker: Work):
    elise, camille = api("elise"), api("camille")
    read = elise.get(f"/calls/{call}")
    tag = read.headers["ETag"]
    changed = elise.patch(
        f"/calls/{call}", {"title": "EMERGE 27", "venues": ["BUD", "PHX", "DGP"]}, headers={"If-Match": tag}
    )
    assert changed.status == 200, changed
    assert (changed.json["title"], changed.json["venues"]) == ("EMERGE 27", ["BUD", "PHX", "DGP"])
    assert elise.patch(f"/calls/{call}", {"title": "late"}, headers={"If-Match": tag}).status == 412
    assert camille.patch(f"/calls/{call}", {"title": "mine"}).status == 403

    need = {"kind": "studio", "venue": "BUD"}
    assert an_application(camille, call, FIRST, need=need).status == 201
    [mine] = elise.get(f"/calls/{call}").json["applications"]
    points = {"application": mine["id"], "scores": {"artistic": 7}}
    assert api("joris").post(f"/calls/{call}/scores", points).status == 200
    for change, field in (
        ({"period": {"from": "2027-03-15", "to": "2027-05-01"}}, "period"),
        ({"venues": ["PHX"]}, "venues"),
        ({"criteria": ["feasible"]}, "criteria"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"venues": ["XXX", "BUD"]}, "venues.0"),
        ({"texts": {"de": {"title": "Ruf"}}}, "texts"),
        ({"surprise": 1}, "surprise"),
    ):
        refused = elise.patch(f"/calls/{call}", change)
        assert refused.status == 422, change
        assert any(name.startswith(field) for name in refused.json["errors"]), refused
    wider = elise.patch(f"/calls/{call}", {"period": {"from": "2027-02-01", "to": "2027-06-01"}})
    assert wider.status == 200, wider
    worker()
    assert "call.changed" in news(api("wout"))
    assert "call.changed" in news(api("joris"))


def test_other_houses_void_a_proposal(api: As, call: str):
    elise = api("elise")
    an_application(api("camille"), call, FIRST)
    assert "place" in elise.post(f"/calls/{call}/proposal", {}).json["applications"][0]
    elise.patch(f"/calls/{call}", {"venues": ["BUD"]})
    assert "place" not in elise.get(f"/calls/{call}").json["applications"][0]
    assert elise.post(f"/calls/{call}/grant", {}).code == "wrong-state"


def test_an_application_is_changed_and_taken_back_until_the_deadline(api: As, call: str, clock: StoppedClock):
    camille, joris = api("camille"), api("joris")
    an_application(camille, call, FIRST)
    mine = camille.get(f"/calls/{call}").json["applications"][0]
    points = {"application": mine["id"], "scores": {"artistic": 7}}
    assert joris.post(f"/calls/{call}/scores", points).status == 200
    wanted = {"title": "Autre", "need": {"kind": "studio"}, "days": 5, "periods": [SECOND]}
    path = f"/calls/{call}/applications/{mine['id']}"
    assert api("wout").put(path, wanted).status == 404
    changed = camille.put(path, wanted)
    assert changed.status == 200, changed
    assert [(each["title"], each["days"]) for each in changed.json["applications"]] == [("Autre", 5)]
    assert "scores" not in joris.get(f"/calls/{call}").json["applications"][0], "points are given anew"
    outside = {**wanted, "periods": [{"from": "2027-06-01", "to": "2027-06-20"}]}
    assert camille.put(path, outside).json["errors"].keys() == {"periods.0"}
    assert api("wout").delete(path).status == 404
    assert camille.delete(path).status == 204
    assert camille.get(f"/calls/{call}").json["applications"] == []
    assert an_application(camille, call, FIRST).status == 201, "and once more"
    again = camille.get(f"/calls/{call}").json["applications"][0]["id"]
    clock.set("2026-12-15T12:00+01:00")
    late = f"/calls/{call}/applications/{again}"
    assert (camille.put(late, wanted).code, camille.delete(late).code) == ("wrong-state", "wrong-state")


def test_a_call_is_closed_early_and_one_is_withdrawn_with_a_reason(api: As, call: str, worker: Work):
    elise, camille = api("elise"), api("camille")
    an_application(camille, call, FIRST)
    assert camille.post(f"/calls/{call}/close", {}).status == 403
    assert elise.post(f"/calls/{call}/close", {}).status == 200
    assert elise.post(f"/calls/{call}/close", {}).code == "wrong-state"
    assert an_application(api("wout"), call, FIRST).code == "wrong-state"
    assert elise.post(f"/calls/{call}/withdraw", {}).status == 422
    gone = elise.post(f"/calls/{call}/withdraw", {"reason": "Le budget est retiré."})
    assert (gone.json["state"], gone.json["withdrawn_why"]) == ("withdrawn", "Le budget est retiré.")
    for verb, body in (("grant", {}), ("proposal", {}), ("withdraw", {"reason": "x"}), ("close", {})):
        assert elise.post(f"/calls/{call}/{verb}", body).code == "wrong-state", verb
    assert elise.patch(f"/calls/{call}", {"title": "x"}).code == "wrong-state"
    worker()
    assert news(camille)[:2] == ["call.withdrawn", "call.closed"]
    [told] = [each for each in camille.get("/notifications").json["items"] if each["kind"] == "call.withdrawn"]
    assert told["reason"] == "Le budget est retiré."


def test_each_company_hears_how_it_ended_and_why(api: As, call: str, worker: Work, tmp_path: Path):
    elise = api("elise")
    only = {"kind": "studio", "min_width_m": 13, "sprung_floor": True}
    for name in ("camille", "wout"):
        assert an_application(api(name), call, FIRST, need=only).status == 201
    joris = api("joris")
    ids = {each["organisation_name"]: each["id"] for each in joris.get(f"/calls/{call}").json["applications"]}
    joris.post(f"/calls/{call}/scores", {"application": ids["Compagnie Lisière"], "scores": {"artistic": 9}})
    elise.post(f"/calls/{call}/proposal", {})
    assert elise.post(f"/calls/{call}/grant", {}).status == 200
    worker()
    assert "call.granted" in news(api("camille"))
    assert "call.not-granted" in news(api("wout"))
    [no] = [each for each in letters_to(tmp_path, "wout") if "geen plaats" in each.subject]
    assert "andere gezelschappen" in no.text
    assert "Lisière" not in no.text, "why, and never to whom else"
    [yes] = [each for each in letters_to(tmp_path, "camille") if "une place" in each.subject]
    assert "/bookings/" in yes.text


def test_a_long_proposal_is_left_to_the_worker_and_says_how_far_it_is(api: As, call: str, worker: Work):
    elise = api("elise")
    for name in ("camille", "wout", "samira"):
        an_application(api(name), call, FIRST, SECOND)
    asked = elise.post(f"/calls/{call}/proposal", {}, headers=ASYNC)
    assert asked.status == 202, asked
    assert (asked.json["proposal"]["state"], asked.json["proposal"]["total"]) == ("waiting", 3)
    assert "proposal" not in api("joris").get(f"/calls/{call}").json
    assert worker()["calls worked out"] == 1
    done = elise.get(f"/calls/{call}").json
    assert (done["proposal"]["state"], done["proposal"]["done"]) == ("proved", 3)
    assert len([each for each in done["applications"] if each["place"]["claims"]]) >= 2
    assert worker()["calls worked out"] == 0


def test_what_changes_while_it_is_worked_out_is_not_proposed(api: As, call: str, worker: Work):
    elise = api("elise")
    an_application(api("camille"), call, FIRST)
    elise.post(f"/calls/{call}/proposal", {}, headers=ASYNC)
    elise.post(f"/calls/{call}/withdraw", {"reason": "autre chose"})
    assert worker()["calls worked out"] == 1
    assert elise.get(f"/calls/{call}").json["proposal"]["state"] == "outdated"


def test_it_all_goes_through_the_pages(app: Flask, api: As, call: str, worker: Work):
    elise, camille = Visitor(app, "elise"), Visitor(app, "camille")
    path = f"/calls/{call}"
    form = elise.get(f"{path}/change").text
    assert 'value="Appel 2027"' in form
    fields: dict[str, Any] = {
        "title": "EMERGE 2027",
        "title-fr": "Appel d’hiver",
        "first": "2027-03-01",
        "last": "2027-04-30",
        "closes": "2026-12-16",
        "closes_hour": "12:00",
        "venues": ["BUD", "PHX"],
        "criteria": ["artistic"],
    }
    assert elise.post(f"{path}/change", {**fields, "venues": []}).status == 422
    assert elise.post(f"{path}/change", {**fields, "revision": "999"}).status == 412
    assert elise.post(f"{path}/change", fields).status == 303
    assert "Appel d’hiver" in camille.get(path).text
    assert camille.get(f"{path}/change").status == 403

    applied = {"title": "Marées", "kind": "studio", "days": "5", "first": ["2027-03-08"], "last": ["2027-03-19"]}
    assert camille.post(f"{path}/applications", applied).status == 303
    mine = api("camille").get(f"/calls/{call}").json["applications"][0]["id"]
    change = camille.get(f"{path}/applications/{mine}").text
    assert 'value="Marées"' in change
    assert 'value="2027-03-08"' in change
    assert camille.post(f"{path}/applications/{mine}", {**applied, "days": ""}).status == 422
    assert camille.post(f"{path}/applications/{mine}", {**applied, "title": "Marées 2"}).status == 303
    assert Visitor(app, "wout").get(f"{path}/applications/{mine}").status == 404
    assert "Marées 2" in camille.get(path).text

    elise_api = api("elise")
    elise_api.post(f"/calls/{call}/proposal", {}, headers=ASYNC)
    waits = elise.get(path).text
    assert "<progress" in waits
    assert "/grant" not in waits
    worker()
    assert "<progress" not in elise.get(path).text

    assert camille.post(f"{path}/applications/{mine}/withdraw").status == 303
    assert elise.post(f"{path}/close").status == 303
    assert elise.post(f"{path}/withdraw", {"reason": ""}).status == 422
    assert elise.post(f"{path}/withdraw", {"reason": "Budget"}).status == 303
    assert "Budget" in camille.get(path).text
