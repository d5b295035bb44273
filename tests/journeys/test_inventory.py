"""A house adds what it opens, says what it is made of and what it disturbs, and retires it; nothing is deleted."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, organisation_of, timeline
from tests.support.builders import MakeBooking
from tests.support.rows import counted
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

STUDIO = {
    "venue": "BUD",
    "code": "BUD-S9",
    "kind": "studio",
    "name": {"nl": "Studio Negen", "fr": "Studio Neuf"},
    "notes": {"nl": "Bel aan de zijdeur.", "fr": "Sonnez à la porte latérale."},
    "technical_sheet": {
        "width_m": 12,
        "depth_m": 11.5,
        "clear_height_m": 5,
        "sprung_floor": True,
        "blackout": True,
    },
    "rules": {"policy": "request", "opening": {"mon-fri": "09:00-22:00"}},
    "rates": {"slot": 2500, "half_day": 6000, "day": 11000, "week": 45000},
}


def open_it(api: Api, **other: Any) -> Any:
    made = api.post("/resources", {**STUDIO, **other})
    assert made.status == 201, made
    return made


def test_something_new_is_there_for_everybody_at_once(api: As):
    joris, camille = api("joris"), api("camille")
    made = open_it(joris)
    assert made.headers["Location"] == "/api/v1/resources/BUD-S9"
    assert made.json["rates"] == STUDIO["rates"]
    assert made.json["translations"]["notes"] == STUDIO["notes"]
    assert made.headers["ETag"] == joris.get("/resources/BUD-S9").headers["ETag"]
    listed = camille.get("/resources?venue=BUD&kind=studio&min_width_m=12").json["items"]
    assert "BUD-S9" in [each["code"] for each in listed]
    need = {"periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "needs": [{"resource": "BUD-S9"}]}
    candidates = camille.post("/search", need).json["periods"][0]["needs"][0]["candidates"]
    assert [(each["resource"], each["answer"]) for each in candidates] == [("BUD-S9", "free")]
    assert ask(camille, a_claim("BUD-S9", "2027-03-08", "2027-03-10")).json["state"] == "requested"
    assert [item["force"] for item in timeline(joris, "BUD-S9", "2027-03-08", "2027-03-12")] == []


def test_a_repeat_gets_the_same_answer_and_a_code_is_given_once(api: As):
    joris = api("joris")
    key = {"Idempotency-Key": "once"}
    first, again = (joris.post("/resources", STUDIO, headers=key) for _ in range(2))
    assert (first.status, again.status, first.json) == (201, 201, again.json)
    refused = joris.post("/resources", STUDIO)
    assert (refused.status, list(refused.json["errors"])) == (422, ["code"])


def test_what_makes_no_sense_is_told_by_field_and_nothing_is_kept(api: As, database: Database):
    joris = api("joris")
    before = counted(database)
    wrong = {
        "code": "DGP-S9",
        "name": {"de": "Saal"},
        "technical_sheet": {"width_m": -1, "colour": "red"},
        "rules": {"policy": "maybe"},
        "rates": {"week": 1.5, "month": 3},
        "notes": {"fr": 5},
        "capacity": 2,
    }
    refused = joris.post("/resources", {**STUDIO, **wrong})
    assert refused.status == 422
    assert set(refused.json["errors"]) == {
        "code",
        "name.de",
        "technical_sheet.width_m",
        "technical_sheet.colour",
        "rules.policy",
        "rates.week",
        "rates.month",
        "notes.fr",
        "capacity",
    }
    for parts in (["PHX-F1"], ["BUD-S9"], ["BUD-S1", "BUD-S1"]):
        assert joris.post("/resources", {**STUDIO, "parts": parts}).status == 422
    assert counted(database) == before
    assert api("bram").post("/resources", STUDIO).status == 403
    assert joris.post("/resources", {**STUDIO, "venue": "XXX"}).status == 404


def test_texts_and_rates_are_changed_member_by_member(api: As):
    joris = api("joris")
    made = open_it(joris)
    changed = joris.patch(
        "/resources/BUD-S9",
        {"name": {"en": "Studio Nine"}, "notes": {"nl": None}, "rates": {"slot": None, "week": 40000}},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert changed.status == 200, changed
    assert changed.json["translations"] == {
        "name": {**STUDIO["name"], "en": "Studio Nine"},
        "notes": {"fr": STUDIO["notes"]["fr"]},
    }
    assert changed.json["rates"] == {"slot": None, "half_day": 6000, "day": 11000, "week": 40000}
    stale = joris.patch("/resources/BUD-S9", {"rates": {"day": 1}}, headers={"If-Match": made.headers["ETag"]})
    assert stale.status == 412


def test_a_whole_takes_its_parts_as_soon_as_it_is_put_together(api: As):
    joris, camille = api("joris"), api("camille")
    open_it(joris, code="BUD-ALL", name={"nl": "Alles"}, parts=["BUD-S1", "BUD-S2"])
    assert joris.get("/resources/BUD-ALL").json["parts"] == ["BUD-S1", "BUD-S2"]
    held = ask_for_the_house(joris, a_claim("BUD-ALL", "2027-03-08", "2027-03-10"), state="confirmed")
    assert held.status == 201, held
    assert ask(camille, a_claim("BUD-S2", "2027-03-09", "2027-03-11")).code == "time-taken"
    refused = joris.patch("/resources/BUD-ALL", {"parts": ["BUD-S1"]})
    assert (refused.status, refused.code, refused.json["bookings"]) == (409, "in-use", 1)
    assert answer(joris, held.json["id"], "cancel", reason="not needed").status == 200
    assert joris.patch("/resources/BUD-ALL", {"parts": ["BUD-S1"]}).json["parts"] == ["BUD-S1"]
    assert (
        ask_for_the_house(joris, a_claim("BUD-ALL", "2027-03-08", "2027-03-10"), state="confirmed").status == 201
    )
    assert ask(camille, a_claim("BUD-S2", "2027-03-09", "2027-03-11")).status == 201
    assert joris.patch("/resources/BUD-S1", {"parts": ["BUD-S2"]}).json["errors"] == {
        "parts": ["A part cannot have parts of its own, nor be made of any."]
    }


def test_a_closed_room_is_not_made_a_whole(api: As):
    joris = api("joris")
    open_it(joris, code="BUD-ALL", name={"nl": "Alles"})
    closed = {"start": "2027-04-12", "end": "2027-04-14", "reason": "Painting"}
    made = joris.post("/resources/BUD-ALL/closures", closed)
    refused = joris.patch("/resources/BUD-ALL", {"parts": ["BUD-S1", "BUD-S2"]})
    assert (refused.code, refused.json["closures"]) == ("in-use", 1)
    assert joris.delete(f"/closures/{made.json['id']}").status == 204
    assert joris.patch("/resources/BUD-ALL", {"parts": ["BUD-S1", "BUD-S2"]}).status == 200


def test_neighbours_disturb_each_other_from_then_on(api: As):
    joris = api("joris")
    open_it(joris)
    seen = joris.get("/resources/BUD-S1").headers["ETag"]
    assert joris.patch("/resources/BUD-S9", {"noise": ["BUD-S1"]}).json["noise"] == ["BUD-S1"]
    assert joris.get("/resources/BUD-S1").json["noise"] == ["BUD-S9"]
    assert joris.patch("/resources/BUD-S1", {"noise": []}, headers={"If-Match": seen}).status == 412
    evening = {"start": "2027-03-09T19:00:00+01:00", "end": "2027-03-09T21:00:00+01:00"}
    assert ask_for_the_house(joris, {"resource": "BUD-S1", **evening}, state="confirmed").status == 201
    second = ask_for_the_house(joris, {"resource": "BUD-S9", **evening}, state="confirmed")
    assert [each["kind"] for each in second.json["warnings"]] == ["noise"]
    assert joris.patch("/resources/BUD-S9", {"noise": ["BUD-S9"]}).status == 422


def test_what_is_retired_cannot_be_booked_and_what_was_booked_stays_or_ends(
    api: As, a_booking: MakeBooking, database: Database
):
    joris, camille = api("joris"), api("camille")
    first = str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-10", state="confirmed"))
    second = str(a_booking(resource="BUD-S1", start="2027-04-05", end="2027-04-07", state="confirmed"))
    option = str(a_booking(resource="BUD-S1", start="2027-05-03", end="2027-05-05", state="option"))
    body = {"reason": "The floor is worn"}
    before = counted(database)
    seen = joris.post("/resources/BUD-S1/retire", {**body, "preview": True})
    assert [each["id"] for each in seen.json["bookings"]] == [first, second, option]
    missing = joris.post("/resources/BUD-S1/retire", body)
    assert (missing.status, missing.code, set(missing.json["undecided"])) == (
        409,
        "decisions-missing",
        {first, second},
    )
    assert counted(database) == before
    decisions = [{"booking": first, "decision": "keep"}, {"booking": second, "decision": "end"}]
    retired = joris.post(
        "/resources/BUD-S1/retire", {**body, "decisions": decisions}, headers={"If-Match": seen.headers["ETag"]}
    )
    assert retired.status == 200, retired
    assert retired.json["retired"] is True
    states = [joris.get(f"/bookings/{each}").json["state"] for each in (first, second, option)]
    assert states == ["confirmed", "cancelled", "option"]
    assert answer(camille, option, "commit").status == 200
    assert answer(joris, option, "confirm").status == 200
    refused = ask(camille, a_claim("BUD-S1", "2027-06-07", "2027-06-09"))
    assert (refused.code, refused.json["conflicts"][0]["rule"]) == ("rule", "retired")
    forced = ask_for_the_house(
        joris, a_claim("BUD-S1", "2027-06-07", "2027-06-09"), force=True, reason="once more"
    )
    assert forced.code == "rule"
    assert "BUD-S1" not in [each["code"] for each in camille.get("/resources?venue=BUD").json["items"]]
    assert "BUD-S1" in [each["code"] for each in camille.get("/resources?venue=BUD&retired=true").json["items"]]
    need = {"periods": [{"from": "2027-06-07", "to": "2027-06-20"}], "needs": [{"resource": "BUD-S1"}]}
    assert camille.post("/search", need).json["periods"][0]["needs"][0]["candidates"] == []
    assert joris.post("/resources/BUD-S1/retire", body).code == "wrong-state"
    assert joris.post("/resources/BUD-S1/reopen").json["retired"] is False
    assert ask(camille, a_claim("BUD-S1", "2027-06-07", "2027-06-09")).status == 201


def test_what_a_retired_room_frees_is_offered_to_nobody(
    api: As, a_booking: MakeBooking, worker: Callable[[], dict[str, int]]
):
    joris, camille, wout = api("joris"), api("camille"), api("wout")
    week = {"resource": "BUD-S1", "start": "2027-03-08", "end": "2027-03-13"}
    beaten = str(a_booking(**week, state="option", company="Zwaluw"))
    before = str(
        a_booking(resource="BUD-S1", start="2027-04-05", end="2027-04-07", state="option", company="Zwaluw")
    )
    winners = [
        str(a_booking(**week, state="confirmed", reason="festival")),
        str(
            a_booking(
                resource="BUD-S1", start="2027-04-05", end="2027-04-07", state="confirmed", reason="festival"
            )
        ),
    ]
    assert camille.post("/waiting-list", week).status == 201
    assert answer(joris, winners[1], "cancel", reason="moved").status == 200
    assert "reinstatement" in wout.get(f"/bookings/{before}").json
    decisions = [{"booking": winners[0], "decision": "end"}]
    retired = joris.post("/resources/BUD-S1/retire", {"reason": "Sold", "decisions": decisions})
    assert retired.status == 200, retired
    assert "reinstatement" not in wout.get(f"/bookings/{beaten}").json
    refused = answer(wout, before, "accept")
    assert (refused.code, refused.json["conflicts"][0]["rule"]) == ("rule", "retired")
    worker()
    assert "waiting.freed" not in [each["kind"] for each in camille.get("/notifications").json["items"]]


def test_no_way_out_leads_to_what_is_retired(api: As):
    joris, camille = api("joris"), api("camille")
    open_it(joris, technical_sheet=joris.get("/resources/BUD-S1").json["technical_sheet"])
    taken = a_claim("BUD-S1", "2027-03-08", "2027-03-10")
    theirs = organisation_of(api("wout"))
    assert ask_for_the_house(joris, taken, organisation=theirs, state="confirmed").status == 201

    def offered() -> set[str]:
        ways = ask(camille, taken).json["alternatives"]
        return {claim["resource"] for way in ways for each in way["bookings"] for claim in each["claims"]}

    assert "BUD-S9" in offered()
    assert joris.post("/resources/BUD-S9/retire", {"reason": "Sold"}).status == 200
    assert "BUD-S9" not in offered()


def test_a_change_of_title_leaves_the_beds_in_the_house_where_they_are(api: As, app: Flask):
    """The form has one line for nights: about the beds that were booked, not about the first of the house."""
    flat = {"code": "BUD-FL", "kind": "accommodation", "name": {"nl": "Flat"}, "capacity": 6}
    made = api("joris").post("/resources", {"venue": "BUD", **flat})
    assert made.status == 201, made
    beds = a_claim("BUD-FL", "2027-03-07", "2027-03-20", 4)
    booking = ask(api("camille"), a_claim("BUD-S1", "2027-03-08", "2027-03-20"), beds).json
    camille = Visitor(app, "camille")
    page = camille.get(f"/bookings/{booking['id']}/change").text
    names = ["resource", "revision", "organisation", "beds-resource"]
    names += [f"{line}{name}" for line in ("", "beds-") for name in ("id", "quantity", "first", "last")]
    found = {name: re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page) for name in names}
    form = {name: each[1] for name, each in found.items() if each}
    assert form["beds-resource"] == "BUD-FL"
    sent = {**form, "title": "Marées, création", "purpose": "residency"}
    assert camille.post(f"/bookings/{booking['id']}/change", sent).status == 303
    changed = api("camille").get(f"/bookings/{booking['id']}").json
    assert changed["title"] == "Marées, création"
    assert [(each["resource"], each["id"]) for each in changed["claims"]] == [
        (each["resource"], each["id"]) for each in booking["claims"]
    ]
    assert [each["resource"] for each in changed["claims"]] == ["BUD-S1", "BUD-FL"]
