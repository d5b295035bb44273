"""A5 and A6: a chain of three houses, all or nothing; and the kit that has to get there."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask, history, organisation_of, timeline
from tests.support.clocks import StoppedClock
from tests.support.visits import Visitor

As = Callable[[str | None], Api]

FIRST_LEG = {
    "from": "PHX",
    "to": "BUD",
    "resource": "PHX-VAN",
    "start": "2027-03-05T18:00:00+01:00",
    "end": "2027-03-07T12:00:00+01:00",
}
SECOND_LEG = {
    "from": "BUD",
    "to": "DGP",
    "resource": "PHX-VAN",
    "start": "2027-03-20T09:00:00+01:00",
    "end": "2027-03-20T18:00:00+01:00",
}
PHX = {
    "venue": "PHX",
    "title": "Marées, recherche",
    "claims": [
        a_claim("PHX-F2", "2027-03-01", "2027-03-06"),
        a_claim("PHX-PJ", "2027-03-01", "2027-03-27", 2),
        a_claim("PHX-VIN", "2027-03-01", "2027-03-27", 120),
    ],
}
BUD = {
    "venue": "BUD",
    "title": "Marées, création",
    "claims": [a_claim("BUD-S1", "2027-03-08", "2027-03-20"), a_claim("BUD-RH", "2027-03-07", "2027-03-19", 4)],
}
"""Twelve nights: the last one is that of the 18th."""

DGP = {
    "venue": "DGP",
    "title": "Marées, technique",
    "claims": [a_claim("DGP-GZ", "2027-03-22", "2027-03-27")],
    "moments": [
        {"kind": "get-in", "start": "2027-03-22T09:00:00+01:00", "end": "2027-03-22T13:00:00+01:00"},
        {"kind": "showing", "start": "2027-03-26T20:00:00+01:00", "end": "2027-03-26T21:30:00+01:00"},
    ],
}


def a_chain(camille: Api, *parts: dict[str, Any], legs: tuple[dict[str, Any], ...] = (), **more: Any) -> Answer:
    body = {
        "organisation": organisation_of(camille),
        "title": "Marées",
        "bookings": list(parts or (PHX, BUD, DGP)),
        "legs": list(legs),
        **more,
    }
    return camille.post("/trajectories", body)


def seen(api: Api, chain: Answer) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/trajectories/{chain.json['id']}").json
    return found


def states(document: dict[str, Any]) -> dict[str, str]:
    return {part["venue"]: part["state"] for part in document["bookings"]}


def ids(chain: Answer) -> dict[str, str]:
    return {part["venue"]: part["id"] for part in chain.json["bookings"]}


def test_a_house_says_no_and_what_was_agreed_goes_back_to_an_option(api: As, clock: StoppedClock):
    camille, nadia, joris = api("camille"), api("nadia"), api("joris")
    chain = a_chain(camille)
    assert chain.status == 201, chain
    assert chain.headers["Location"] == f"/api/v1/trajectories/{chain.json['id']}"
    assert states(chain.json) == {"PHX": "requested", "BUD": "requested", "DGP": "requested"}
    assert (chain.json["rule"], chain.json["state"], chain.json["deadline"]) == ("all-or-nothing", "open", None)
    assert [(gap["from"], gap["to"]) for gap in chain.json["missing_legs"]] == [("PHX", "BUD"), ("BUD", "DGP")]
    parts = ids(chain)

    yes = answer(nadia, parts["PHX"], "confirm")
    assert (yes.json["state"], yes.json["due_kind"]) == ("pending", "trajectory")
    # 10 working days in France and Belgium from Mon 23 Nov 2026, 9:00 in Valenciennes
    assert yes.json["due_at"] == "2026-12-07T09:00:00+01:00"
    assert seen(camille, chain)["deadline"] == "2026-12-07T09:00:00+01:00"
    assert [item["force"] for item in timeline(api("wout"), "PHX-F2")] == ["pending"]
    assert answer(nadia, parts["PHX"], "confirm").code == "wrong-state"

    clock.set("2026-11-24T10:00+01:00")
    no = answer(joris, parts["BUD"], "decline", reason="La maison est pleine")
    assert no.json["state"] == "declined"
    back = camille.get(f"/bookings/{parts['PHX']}").json
    assert (back["state"], back["expires_at"]) == ("option", "2026-11-29T10:00:00+01:00")
    now = seen(camille, chain)
    assert states(now) == {"PHX": "option", "BUD": "declined", "DGP": "requested"}, "nothing is confirmed"
    assert (now["state"], now["broken_why"], now["deadline"]) == ("broken", "no", None)
    assert [item["force"] for item in timeline(api("wout"), "PHX-F2")] == ["option"]
    assert timeline(api("wout"), "BUD-S1") == []
    assert "keep-the-rest" in now["actions"]
    first = now["alternatives"][0]
    assert first["bookings"] == [
        {
            "venue": "BUD",
            "claims": [
                {**a_claim("BUD-S1", "2027-03-15", "2027-03-27"), "setup_minutes": 0, "strike_minutes": 0},
                {**a_claim("BUD-RH", "2027-03-14", "2027-03-26", 4), "setup_minutes": 0, "strike_minutes": 0},
            ],
        }
    ]
    assert "De Grote Post" in first["caveat"]
    assert [item["kind"] for item in history(nadia, parts["PHX"])] == [
        "booking.requested",
        "booking.agreed",
        "booking.let-go",
    ]


def test_the_rest_is_kept_and_a_house_that_had_agreed_need_not_say_it_twice(api: As):
    camille, nadia, joris, bram = api("camille"), api("nadia"), api("joris"), api("bram")
    without_kit = {**PHX, "claims": PHX["claims"][:1]}
    chain = a_chain(camille, without_kit, BUD, DGP)
    parts = ids(chain)
    assert chain.json["missing_legs"] == []
    assert camille.post(f"/trajectories/{chain.json['id']}/keep-the-rest", {}).code == "wrong-state"
    answer(nadia, parts["PHX"], "grant")
    answer(joris, parts["BUD"], "decline", reason="vol")
    kept = camille.post(f"/trajectories/{chain.json['id']}/keep-the-rest", {})
    assert states(kept.json) == {"PHX": "confirmed", "BUD": "declined", "DGP": "requested"}
    assert (kept.json["rule"], kept.json["state"]) == ("each", "open")
    assert answer(bram, parts["DGP"], "confirm").json["state"] == "confirmed"
    assert seen(camille, chain)["state"] == "confirmed"


def test_another_period_makes_a_broken_chain_whole_and_the_last_yes_confirms_all(api: As, clock: StoppedClock):
    camille, nadia, joris, bram = api("camille"), api("nadia"), api("joris"), api("bram")
    without_kit = {**PHX, "claims": PHX["claims"][:1]}
    chain = a_chain(camille, without_kit, BUD, DGP)
    parts = ids(chain)
    answer(nadia, parts["PHX"], "confirm")
    answer(joris, parts["BUD"], "decline", reason="vol")
    claims = [a_claim("BUD-S1", "2027-03-10", "2027-03-20")]
    path = f"/trajectories/{chain.json['id']}"
    mended = camille.patch(path, {"bookings": [{"id": parts["BUD"], "claims": claims}]})
    assert mended.status == 200, mended
    assert (mended.json["state"], mended.json["deadline"]) == ("open", "2026-12-07T09:00:00+01:00")
    assert camille.get(f"/bookings/{parts['PHX']}").json["state"] == "pending"
    [anew] = [part for part in mended.json["bookings"] if part["venue"] == "BUD" and part["state"] == "requested"]
    assert answer(bram, parts["DGP"], "confirm").json["state"] == "pending"
    assert answer(joris, anew["id"], "confirm").json["state"] == "confirmed"
    for part in (parts["PHX"], parts["DGP"], anew["id"]):
        assert camille.get(f"/bookings/{part}").json["state"] == "confirmed"
    assert seen(camille, chain)["state"] == "confirmed"
    assert camille.post(f"{path}/withdraw", {}).code == "wrong-state"


def test_at_the_deadline_the_chain_breaks_whoever_looks_first(
    api: As, clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    camille, nadia, joris = api("camille"), api("nadia"), api("joris")
    chain = a_chain(camille)
    parts = ids(chain)
    answer(nadia, parts["PHX"], "confirm")
    clock.set("2026-12-07T08:59+01:00")
    assert answer(joris, parts["BUD"], "confirm").json["state"] == "pending"
    clock.set("2026-12-07T09:07+01:00")
    late = answer(api("bram"), parts["DGP"], "confirm")  # too late: the deadline was first
    assert late.json["state"] == "option"
    now = seen(camille, chain)
    assert states(now) == {"PHX": "option", "BUD": "option", "DGP": "option"}
    assert (now["state"], now["broken_why"]) == ("broken", "deadline")
    assert now["broken_at"] == "2026-12-07T09:00:00+01:00"
    assert camille.get(f"/bookings/{parts['BUD']}").json["expires_at"] == "2026-12-12T09:00:00+01:00"
    [told] = [item for item in history(joris, parts["BUD"]) if item["kind"] == "booking.let-go"]
    assert (told["at"], told["by"]) == ("2026-12-07T09:00:00+01:00", None)
    worker()
    assert [item["kind"] for item in history(joris, parts["BUD"])].count("booking.let-go") == 1


def test_houses_of_a_chain_see_each_others_dates_and_states_and_nothing_more(api: As):
    camille, joris = api("camille"), api("joris")
    chain = a_chain(camille)
    answer(api("nadia"), ids(chain)["PHX"], "confirm")
    read = seen(joris, chain)
    assert read["bookings"][0] == {
        "venue": "PHX",
        "state": "pending",
        "start": "2027-03-01T06:00:00+01:00",
        "end": "2027-03-27T06:00:00+01:00",
    }
    assert read["bookings"][1]["title"] == "Marées, création"
    assert "recherche" not in str(read)
    assert read["actions"] == []
    assert api("wout").get(f"/trajectories/{chain.json['id']}").status == 404
    assert api("wout").get("/trajectories").json["items"] == []
    assert [each["id"] for each in joris.get("/trajectories").json["items"]] == [chain.json["id"]]
    assert joris.post(f"/trajectories/{chain.json['id']}/withdraw", {}).status == 403


def test_a_taken_van_is_offered_after_its_return_or_the_next_day(api: As):
    camille, lotte = api("camille"), api("lotte")
    taken = a_claim("PHX-VAN", "2027-03-19T14:00:00+01:00", "2027-03-20T12:00:00+01:00")
    assert ask(lotte, taken).json["state"] == "confirmed"
    refused = a_chain(camille, legs=(FIRST_LEG, SECOND_LEG))
    assert refused.status == 409, refused
    assert refused.code in ("time-taken", "capacity")
    assert {conflict["resource"] for conflict in refused.json["conflicts"]} == {"PHX-VAN"}
    legs = {conflict["start"] for conflict in refused.json["conflicts"]}
    assert legs == {"2027-03-20T09:00:00+01:00"}, "the first leg stands in nobody's way"
    offered = [way["bookings"][0]["claims"][0] for way in refused.json["alternatives"]]
    assert [claim["start"] for claim in offered] == ["2027-03-20T11:00:00+00:00", "2027-03-21T08:00:00+00:00"]
    assert "caveat" not in refused.json["alternatives"][0]
    assert camille.get("/bookings").json["items"] == [], "nothing of it was kept"

    saved = a_chain(camille, legs=(FIRST_LEG,))
    assert saved.status == 201, saved
    [gap] = saved.json["missing_legs"]
    assert (gap["from"], gap["to"], gap["before"]) == ("BUD", "DGP", "2027-03-22T09:00:00+01:00")
    assert gap["kit"] == ["PHX-PJ", "PHX-VIN"]
    assert saved.json["legs"][0]["state"] == "pending", "a van says yes at once, and waits for the others"
    parts = ids(saved)
    assert answer(api("nadia"), parts["PHX"], "confirm").json["state"] == "pending"
    assert answer(api("joris"), parts["BUD"], "confirm").json["state"] == "pending"
    stopped = answer(api("bram"), parts["DGP"], "confirm")
    assert (stopped.status, stopped.code) == (409, "transport")
    assert seen(camille, saved)["bookings"][2]["state"] == "requested"

    path = f"/trajectories/{saved.json['id']}"
    after = {**SECOND_LEG, "start": "2027-03-20T12:00:00+01:00", "end": "2027-03-20T21:00:00+01:00"}
    mended = camille.patch(path, {"legs": [FIRST_LEG, after]})
    assert mended.status == 200, mended
    assert mended.json["missing_legs"] == []
    assert answer(api("bram"), parts["DGP"], "confirm").json["state"] == "confirmed"
    done = seen(camille, saved)
    assert done["state"] == "confirmed"
    assert set(states(done).values()) == {"confirmed"}
    assert [leg["state"] for leg in done["legs"]] == ["confirmed", "confirmed"]


def test_each_house_decides_alone_in_the_other_kind_of_chain_and_kit_still_cannot_teleport(api: As):
    camille = api("camille")
    chain = a_chain(camille, rule="each", legs=(FIRST_LEG,))
    parts = ids(chain)
    assert chain.json["legs"][0]["state"] == "confirmed"
    stopped = answer(api("bram"), parts["DGP"], "confirm")
    assert (stopped.status, stopped.code) == (409, "transport")
    own = {**SECOND_LEG, "resource": None}
    mended = camille.patch(f"/trajectories/{chain.json['id']}", {"legs": [FIRST_LEG, own]})
    assert mended.json["missing_legs"] == []
    assert mended.json["legs"][0]["booking"] == chain.json["legs"][0]["booking"], "what stays keeps its van"
    assert answer(api("bram"), parts["DGP"], "confirm").json["state"] == "confirmed"
    assert answer(api("joris"), parts["BUD"], "decline", reason="vol").json["state"] == "declined"
    assert seen(camille, chain)["state"] == "open"
    assert camille.get(f"/bookings/{parts['DGP']}").json["state"] == "confirmed"
    gone = camille.post(f"/trajectories/{chain.json['id']}/withdraw", {})
    assert states(gone.json) == {"PHX": "withdrawn", "BUD": "declined", "DGP": "confirmed"}


def test_options_of_a_chain_count_as_one_and_a_yes_can_be_taken_back(api: As):
    camille, bram = api("camille"), api("bram")
    days = [("2027-04-05", "2027-04-07"), ("2027-04-12", "2027-04-14"), ("2027-04-19", "2027-04-21")]
    rooms = [{"venue": "DGP", "claims": [a_claim("DGP-RS", start, end)]} for start, end in days]
    chain = a_chain(camille, *rooms, {"venue": "DGP", "claims": [a_claim("DGP-RS", "2027-04-26", "2027-04-28")]})
    assert chain.status == 201, chain
    assert [part["state"] for part in chain.json["bookings"]] == ["option"] * 4
    more = [ask(camille, a_claim("DGP-RS", "2027-05-03", "2027-05-05")) for _ in range(2)]
    assert [each.status for each in more] == [201, 201]
    assert ask(camille, a_claim("DGP-RS", "2027-06-07", "2027-06-09")).code == "rule"
    first = chain.json["bookings"][0]["id"]
    assert answer(bram, first, "confirm").json["state"] == "pending"
    back = answer(bram, first, "take-back", reason="eerst overleggen")
    assert back.json["state"] == "option"
    assert seen(camille, chain)["deadline"] is None
    assert answer(bram, first, "confirm").json["state"] == "pending"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bookings": []}, "bookings"),
        ({"bookings": [{**BUD, "venue": "DGP"}]}, "bookings.0.claims.0.resource"),
        (
            {"bookings": [{**BUD, "claims": [a_claim("XXX", "2027-03-01", "2027-03-02")]}]},
            "bookings.0.claims.0.resource",
        ),
        ({"rule": "some"}, "rule"),
        ({"legs": [{**FIRST_LEG, "to": "XXX"}]}, "legs.0.to"),
        ({"legs": [{**FIRST_LEG, "to": "PHX"}]}, "legs.0.to"),
        ({"legs": [{**FIRST_LEG, "start": "2027-03-05T18:00:00"}]}, "legs.0.start"),
        ({"legs": [{**FIRST_LEG, "resource": "XXX"}]}, "legs.0.resource"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_malformed_is_told_by_field(api: As, change: dict[str, Any], field: str):
    refused = (
        a_chain(api("camille"), **change)
        if "legs" not in change
        else a_chain(api("camille"), **{**change, "legs": tuple(change["legs"])})
    )
    assert refused.status == 422, refused
    assert field in refused.json["errors"]


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_house_reads_the_chain_on_its_pages_and_the_page_costs_little(
    app: Flask, api: As, statements: Callable[[], Any]
):
    chain = a_chain(api("camille"), legs=(FIRST_LEG,))
    joris, camille = Visitor(app, "joris"), Visitor(app, "camille")
    part = joris.get(f"/bookings/{ids(chain)['BUD']}").text
    assert f"/trajectories/{chain.json['id']}" in part
    assert "Valenciennes" in part
    read = joris.get(f"/trajectories/{chain.json['id']}").text
    assert "Marées, création" not in read or "recherche" not in read
    assert "Fabrique" not in read, "what other houses lend is theirs to tell"
    with statements() as seen_statements:
        assert camille.get(f"/trajectories/{chain.json['id']}").status == 200
    assert len(seen_statements) <= 24, seen_statements.listing
