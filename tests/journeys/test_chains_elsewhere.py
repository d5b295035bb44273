"""After a no, or when time ran out: the chain goes on in another period or in another house."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.journeys.test_chains import BUD, DGP, FIRST_LEG, PHX, SECOND_LEG, a_chain, ids, seen, states
from tests.support.api import Api
from tests.support.asks import a_claim, answer
from tests.support.clocks import StoppedClock
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
WITHOUT_KIT = {**PHX, "claims": PHX["claims"][:1]}


def elsewhere(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [way for way in document["alternatives"] if way["kind"] == "like-house"]


def test_a_like_room_of_another_house_is_offered_with_what_it_does_to_the_way(api: As):
    camille = api("camille")
    chain = a_chain(camille, WITHOUT_KIT, BUD, DGP)
    parts = ids(chain)
    answer(api("nadia"), parts["PHX"], "confirm")
    answer(api("joris"), parts["BUD"], "decline", reason="vol")
    now = seen(camille, chain)
    ways = elsewhere(now)
    assert ways, now["alternatives"]
    assert now["alternatives"][0]["kind"] == "shift", "the house that was chosen comes first"
    assert {way["part"] for way in now["alternatives"]} == {parts["BUD"]}
    assert all("km by road in all, instead of" in way["why"] for way in ways)
    assert any("across the border" in way["why"] for way in ways)
    assert "caveat" not in ways[0], "no kit travels, and nothing else is in the way"
    [there] = ways[0]["bookings"]
    assert there["venue"] not in ("PHX", "BUD", "DGP")
    assert [claim["quantity"] for claim in there["claims"]] == [1, 4], "the beds go along"
    assert [claim["start"] for claim in there["claims"]] == ["2027-03-08", "2027-03-07"]

    path = f"/trajectories/{chain.json['id']}"
    wanted = {"bookings": [{"id": parts["BUD"], "claims": there["claims"]}]}
    mended = camille.patch(path, wanted)
    assert mended.status == 200, mended
    assert mended.json["state"] == "open"
    assert states(mended.json)["PHX"] == "pending", "what was agreed is held once more"
    assert states(mended.json)[there["venue"]] == "requested"
    assert mended.json["alternatives"] == []


def test_every_way_out_of_a_broken_chain_succeeds_when_it_is_pressed(api: As):
    camille = api("camille")
    made = 0
    while True:
        chain = a_chain(camille, WITHOUT_KIT, BUD, DGP)
        parts = ids(chain)
        answer(api("joris"), parts["BUD"], "decline", reason="vol")
        ways = seen(camille, chain)["alternatives"]
        if made == len(ways):
            break
        claims = ways[made]["bookings"][0]["claims"]
        path = f"/trajectories/{chain.json['id']}"
        mended = camille.patch(path, {"bookings": [{"id": parts["BUD"], "claims": claims}]})
        assert mended.status == 200, mended
        assert mended.json["state"] == "open"
        assert camille.post(f"{path}/withdraw", {}).status == 200
        made += 1
    assert made >= 4


def test_kit_that_travels_says_which_legs_have_to_be_planned_and_old_ones_are_given_back(api: As):
    camille = api("camille")
    chain = a_chain(camille, PHX, BUD, DGP, legs=(FIRST_LEG, SECOND_LEG))
    parts = ids(chain)
    assert chain.json["missing_legs"] == []
    answer(api("joris"), parts["BUD"], "decline", reason="vol")
    way = elsewhere(seen(camille, chain))[0]
    [there] = way["bookings"]
    legs = f"2 transports have to be planned: PHX → {there['venue']}, {there['venue']} → DGP."
    assert legs in way["caveat"]
    path = f"/trajectories/{chain.json['id']}"
    mended = camille.patch(path, {"bookings": [{"id": parts["BUD"], "claims": there["claims"]}]}).json
    assert mended["legs"] == [], "nobody drives to Kortrijk any more"
    assert [(gap["from"], gap["to"]) for gap in mended["missing_legs"]] == [
        ("PHX", there["venue"]),
        (there["venue"], "DGP"),
    ]
    assert camille.get("/bookings?resource=PHX-VAN").json["items"][0]["state"] in ("withdrawn", "released")


def test_a_house_that_did_not_answer_in_time_is_left_for_another(api: As, clock: StoppedClock):
    camille = api("camille")
    chain = a_chain(camille, WITHOUT_KIT, BUD, DGP)
    parts = ids(chain)
    answer(api("nadia"), parts["PHX"], "confirm")
    answer(api("bram"), parts["DGP"], "confirm")
    clock.set("2026-12-07T09:30+01:00")
    late = seen(camille, chain)
    assert (late["state"], late["broken_why"]) == ("broken", "deadline")
    assert {way["part"] for way in late["alternatives"]} == {parts["BUD"]}, "the others had agreed"
    kinds = [way["kind"] for way in late["alternatives"]]
    assert {"shift", "like-house"} <= set(kinds)
    claims = elsewhere(late)[0]["bookings"][0]["claims"]
    path = f"/trajectories/{chain.json['id']}"
    mended = camille.patch(path, {"bookings": [{"id": parts["BUD"], "claims": claims}]})
    assert mended.status == 200, mended
    assert mended.json["state"] == "open"
    assert camille.get(f"/bookings/{parts['BUD']}").json["state"] == "withdrawn"
    assert [camille.get(f"/bookings/{parts[code]}").json["state"] for code in ("PHX", "DGP")] == ["pending"] * 2


def test_late_houses_may_be_asked_for_another_week_and_the_chain_is_held_again(api: As, clock: StoppedClock):
    camille = api("camille")
    chain = a_chain(camille, WITHOUT_KIT, BUD, DGP)
    parts = ids(chain)
    answer(api("nadia"), parts["PHX"], "confirm")
    answer(api("bram"), parts["DGP"], "confirm")
    clock.set("2026-12-07T09:30+01:00")
    claims = [a_claim("BUD-S1", "2027-03-09", "2027-03-20")]
    mended = camille.patch(
        f"/trajectories/{chain.json['id']}", {"bookings": [{"id": parts["BUD"], "claims": claims}]}
    )
    assert mended.status == 200, mended
    assert mended.json["state"] == "open"
    assert states(mended.json) == {"PHX": "pending", "BUD": "requested", "DGP": "pending"}


def test_two_noes_want_two_answers_before_the_chain_is_whole(api: As):
    camille = api("camille")
    chain = a_chain(camille, WITHOUT_KIT, BUD, DGP)
    parts = ids(chain)
    answer(api("joris"), parts["BUD"], "decline", reason="vol")
    answer(api("bram"), parts["DGP"], "decline", reason="vol")
    ways = seen(camille, chain)["alternatives"]
    assert {way["part"] for way in ways} == {parts["BUD"], parts["DGP"]}
    path = f"/trajectories/{chain.json['id']}"
    for venue, is_whole in (("BUD", False), ("DGP", True)):
        claims = next(way for way in ways if way["part"] == parts[venue])["bookings"][0]["claims"]
        mended = camille.patch(path, {"bookings": [{"id": parts[venue], "claims": claims}]})
        assert mended.status == 200, mended
        assert (mended.json["state"] == "open") is is_whole


def test_the_page_has_a_button_for_each_and_shows_the_new_house(app: Flask, api: As):
    chain = a_chain(api("camille"), WITHOUT_KIT, BUD, DGP)
    parts = ids(chain)
    answer(api("joris"), parts["BUD"], "decline", reason="vol")
    camille = Visitor(app, "camille")
    path = f"/trajectories/{chain.json['id']}"
    page = camille.get(path).text
    assert "km par la route en tout, au lieu de" in page
    assert page.count('name="way"') == len(seen(api("camille"), chain)["alternatives"])
    last = page.split('name="way" value="')[-1].partition('"')[0]
    pressed = camille.post(f"{path}/periods", {"part": parts["BUD"], "way": last})
    assert pressed.status == 303, pressed.text
    after = seen(api("camille"), chain)
    assert after["state"] == "open"
    assert (
        "BUDA"
        not in camille.get(path).text.partition("<main")[2].partition("Stay by stay")[2].partition("</ol>")[0]
    )
