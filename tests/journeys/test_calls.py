"""A call, from its opening to options in one go: the coordinator, five companies, two houses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask_for_the_house, organisation_of
from tests.support.statements import Statements

As = Callable[[str | None], Api]
Count = Callable[[], AbstractContextManager[Statements]]

CALL = {
    "title": "EMERGE 2027",
    "period": {"from": "2027-03-01", "to": "2027-05-01"},
    "closes_at": "2026-12-15T12:00:00+01:00",
    "venues": ["BUD", "PHX"],
    "criteria": ["artistic", "cross-border"],
}
FIRST, SECOND = {"from": "2027-03-08", "to": "2027-03-20"}, {"from": "2027-03-22", "to": "2027-04-03"}


def an_application(member: Api, call: str, *periods: dict[str, str], **more: Any) -> Answer:
    body = {
        "organisation": organisation_of(member),
        "title": "Marées",
        "need": {"kind": "studio", "sprung_floor": True, "min_width_m": 10},
        "days": 12,
        "periods": list(periods),
        **more,
    }
    return member.post(f"/calls/{call}/applications", body)


@pytest.fixture
def call(api: As) -> str:
    made = api("elise").post("/calls", CALL)
    assert made.status == 201, made
    return str(made.json["id"])


def by_company(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["organisation_name"]: each["place"] for each in document["applications"]}


def test_most_companies_are_served_by_their_ranked_wishes_and_granted_in_one_go(api: As, call: str):
    elise, joris, camille = api("elise"), api("joris"), api("camille")
    applied = an_application(camille, call, FIRST, SECOND, beds=4)
    assert applied.status == 201, applied
    assert an_application(api("wout"), call, FIRST).status == 201
    assert an_application(api("samira"), call, FIRST, SECOND).status == 201
    assert an_application(camille, call, FIRST).json["errors"].keys() == {"organisation"}
    assert [each["organisation_name"] for each in applied.json["applications"]] == ["Compagnie Lisière"]

    seen = joris.get(f"/calls/{call}").json
    assert len(seen["applications"]) == 3
    ids = {each["organisation_name"]: each["id"] for each in seen["applications"]}
    for name, points in (("Compagnie Lisière", 9), ("Collectief Zwaluw", 4)):
        scored = joris.post(f"/calls/{call}/scores", {"application": ids[name], "scores": {"artistic": points}})
        assert scored.status == 200, scored
    assert "scores" not in str(camille.get(f"/calls/{call}").json)

    ask_for_the_house(api("nadia"), a_claim("PHX-F1", "2027-03-22", "2027-04-03"))
    proposal = elise.post(f"/calls/{call}/proposal", {})
    assert proposal.status == 200, proposal
    assert proposal.json["proved"] is True
    places = by_company(proposal.json)
    assert sorted(place["wish"] for place in places.values()) == [1, 1, 2], "two rooms fit, and one is taken later"
    assert places["Collectief Zwaluw"]["wish"] == 1, "it has no second wish"
    assert [claim["resource"] for claim in places["Compagnie Lisière"]["claims"]] == ["BUD-S1", "BUD-RH"]
    own = camille.get(f"/calls/{call}").json["applications"][0]
    assert "place" not in own, "nothing is told before it is granted"

    granted = elise.post(f"/calls/{call}/grant", {})
    assert granted.status == 200, granted
    assert granted.json["state"] == "granted"
    own = camille.get(f"/calls/{call}").json["applications"][0]["place"]
    booking = camille.get(f"/bookings/{own['booking']}").json
    assert (booking["state"], booking["rank"]) == ("option", 1)
    assert elise.post(f"/calls/{call}/grant", {}).code == "wrong-state"
    assert an_application(api("theo"), call, FIRST).code == "wrong-state"


def test_a_proposal_is_edited_by_hand_and_what_was_taken_meanwhile_stops_the_whole_grant(api: As, call: str):
    elise, joris = api("elise"), api("joris")
    an_application(api("camille"), call, FIRST)
    an_application(api("wout"), call, FIRST)
    ids = [each["id"] for each in elise.get(f"/calls/{call}").json["applications"]]
    rooms = [("BUD-S1", "2027-04-05", "2027-04-10"), ("BUD-TA", "2027-04-05", "2027-04-10")]
    chosen = [{"application": each, "claims": [a_claim(*room)]} for each, room in zip(ids, rooms, strict=True)]
    edited = elise.post(f"/calls/{call}/proposal", {"places": chosen})
    assert [each["place"]["code"] for each in edited.json["applications"]] == ["by-hand", "by-hand"]
    ask_for_the_house(joris, a_claim("BUD-TA", "2027-04-06", "2027-04-07"))
    stopped = elise.post(f"/calls/{call}/grant", {})
    assert (stopped.status, stopped.code) == (409, "time-taken")
    assert api("camille").get("/bookings").json["items"] == [], "all or none"
    outside = {"application": ids[0], "claims": [a_claim("DGP-GZ", "2027-04-05", "2027-04-10")]}
    elsewhere = elise.post(f"/calls/{call}/proposal", {"places": [outside]})
    assert elsewhere.status == 422, "a house that is not in the call"


def test_a_call_is_refused_where_it_makes_no_sense(api: As, call: str):
    elise = api("elise")
    for change in (
        {"venues": ["XXX"]},
        {"venues": []},
        {"closes_at": "2020-01-01T00:00:00Z"},
        {"period": {"from": "2027-03-01", "to": "2027-02-01"}},
        {"surprise": 1},
    ):
        assert elise.post("/calls", {**CALL, **change}).status == 422, change
    late = an_application(api("camille"), call, {"from": "2027-06-01", "to": "2027-06-20"})
    assert late.json["errors"].keys() == {"periods.0"}
    unknown = {"application": "00000000-0000-7000-8000-000000000000", "scores": {"artistic": 3}}
    assert api("joris").post(f"/calls/{call}/scores", unknown).status == 422


def test_one_company_is_given_one_place_by_hand(api: As, call: str):
    elise = api("elise")
    assert an_application(api("camille"), call, FIRST).status == 201
    mine = elise.get(f"/calls/{call}").json["applications"][0]["id"]
    place = {"application": mine, "claims": [a_claim("BUD-S2", "2027-03-08", "2027-03-20")]}
    twice = elise.post(f"/calls/{call}/proposal", {"places": [place, place]})
    assert twice.status == 422, twice
    assert twice.json["errors"].keys() == {"places.1.application"}


def test_a_list_of_calls_takes_as_few_statements_as_one_call(api: As, call: str, statements: Count):
    elise, camille = api("elise"), api("camille")
    assert an_application(camille, call, FIRST).status == 201
    taken = []
    for _ in range(2):
        with statements() as seen:
            listed = elise.get("/calls").json["items"]
        taken.append(len(seen))
        other = elise.post("/calls", {**CALL, "title": "Another"}).json["id"]
        assert an_application(camille, other, SECOND).status == 201
    assert [len(each["applications"]) for each in listed] == [1, 1]
    assert [each["periods"] for each in (one["applications"][0] for one in listed)] == [[SECOND], [FIRST]]
    assert taken[0] == taken[1], taken
