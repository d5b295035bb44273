"""Camille asks BUDA for a studio and four bedrooms in March: all or none, withdrawn, changed (issue 2, step 2)."""

from collections.abc import Callable

import pytest

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import BEDS, STUDIO, a_claim, answer, ask, history, organisation_of, timeline
from tests.support.builders import MakeBooking
from tests.support.rows import counted

As = Callable[[str | None], Api]


def test_one_request_for_a_studio_and_four_bedrooms(api: As):
    camille, joris = api("camille"), api("joris")
    made = ask(camille, STUDIO, BEDS, people=5, note="Een sprong in de zee")
    assert made.status == 201, made
    booking = made.json
    assert (booking["state"], booking["venue"], booking["title"]) == ("requested", "BUD", "Marées")
    assert [(each["resource"], each["start"], each["end"], each["quantity"]) for each in booking["claims"]] == [
        ("BUD-S1", "2027-03-08", "2027-03-20", 1),
        ("BUD-RH", "2027-03-07", "2027-03-20", 4),
    ]
    assert booking["verbs"] == ["withdraw"]
    assert made.headers["Location"].endswith(f"/bookings/{booking['id']}")
    for reader in (camille, joris):
        read = reader.get(f"/bookings/{booking['id']}")
        assert read.headers["ETag"] == made.headers["ETag"]
        assert read.json | {"verbs": []} == booking | {"verbs": []}
        assert [each["id"] for each in reader.get("/bookings").json["items"]] == [booking["id"]]
    assert timeline(joris, "BUD-S1") == [], "a request holds nothing"


def test_what_is_asked_together_is_had_together_or_not_at_all(api: As, a_booking: MakeBooking, database: Database):
    a_booking(resource="BUD-RH", start="2027-03-10", end="2027-03-11", quantity=12, company="Zwaluw")
    before = counted(database)
    refused = ask(api("camille"), STUDIO, BEDS)
    assert (refused.status, refused.code) == (409, "capacity")
    [conflict] = refused.json["conflicts"]
    assert (conflict["resource"], conflict["short"], conflict["days"]) == ("BUD-RH", 1, ["2027-03-10"])
    assert conflict["short_by_day"] == {"2027-03-10": 1}
    assert counted(database) == before
    three = a_claim("BUD-RH", "2027-03-07", "2027-03-20", 3)
    assert ask(api("camille"), STUDIO, three).status == 201


def test_a_request_is_withdrawn_without_a_word(api: As):
    camille = api("camille")
    booking = ask(camille, STUDIO).json["id"]
    withdrawn = answer(camille, booking, "withdraw")
    assert (withdrawn.status, withdrawn.json["state"], withdrawn.json["verbs"]) == (200, "withdrawn", [])
    assert withdrawn.json["ended_at"] == "2026-11-23T09:00:00+01:00"
    again = answer(camille, booking, "withdraw")
    assert (again.status, again.code) == (409, "wrong-state")
    assert [item["kind"] for item in history(camille, booking)] == ["booking.requested", "booking.withdrawn"]


def test_a_request_is_changed_and_says_what_it_was(api: As):
    camille = api("camille")
    made = ask(camille, STUDIO, BEDS).json
    studio, beds = made["claims"]
    changed = camille.patch(
        f"/bookings/{made['id']}",
        {
            "title": "Marées, deuxième partie",
            "people": 6,
            "claims": [
                a_claim("BUD-S1", "2027-03-15", "2027-03-27", id=studio["id"]),
                a_claim("BUD-RH", "2027-03-14", "2027-03-27", 5, id=beds["id"]),
            ],
        },
    )
    assert changed.status == 200, changed
    assert [each["id"] for each in changed.json["claims"]] == [studio["id"], beds["id"]]
    assert [each["start"] for each in changed.json["claims"]] == ["2027-03-15", "2027-03-14"]
    last = history(camille, made["id"])[-1]
    assert (last["kind"], last["by"]) == ("booking.changed", "Camille")
    assert (last["old"]["title"], last["new"]["title"]) == ("Marées", "Marées, deuxième partie")
    assert last["old"]["claims"][0]["start"] == "2027-03-08"
    assert last["new"]["claims"][1]["quantity"] == 5


def test_a_change_to_what_is_taken_changes_nothing(api: As, a_booking: MakeBooking, database: Database):
    camille = api("camille")
    made = ask(camille, STUDIO).json
    a_booking(start="2027-03-20", end="2027-03-22", company="Zwaluw")
    before = counted(database)
    refused = camille.patch(
        f"/bookings/{made['id']}", {"title": "Longer", "claims": [a_claim("BUD-S1", "2027-03-08", "2027-03-21")]}
    )
    assert (refused.status, refused.code) == (409, "time-taken")
    assert refused.json["conflicts"][0]["days"] == ["2027-03-20"]
    assert counted(database) == before
    assert camille.get(f"/bookings/{made['id']}").json["title"] == "Marées"


def test_a_request_does_not_wander_to_another_house(api: As, database: Database):
    camille = api("camille")
    made = ask(camille, STUDIO).json
    before = counted(database)
    for claim_id in (None, made["claims"][0]["id"]):
        there = a_claim("PHX-F1", "2027-03-08", "2027-03-10", id=claim_id)
        refused = camille.patch(f"/bookings/{made['id']}", {"claims": [there]})
        assert (refused.status, refused.code) == (422, "malformed"), refused
    assert counted(database) == before


def test_over_somebody_elses_option_a_company_is_warned_without_a_name(api: As, a_booking: MakeBooking):
    a_booking(state="option", company="Zwaluw", start="2027-03-10", end="2027-03-12")
    made = ask(api("camille"), STUDIO)
    assert made.status == 201
    [warning] = made.json["warnings"]
    assert (warning["kind"], warning["hard"]) == ("option", False)
    assert warning["days"] == ["2027-03-10", "2027-03-11"]
    assert "Zwaluw" not in made.text


class TestPolicies:
    """The resource decides: at once, an option, or the house."""

    @pytest.mark.parametrize(
        ("resource", "state", "force"),
        [("V04-DS", "confirmed", "confirmed"), ("DGP-RS", "option", "option"), ("BUD-S1", "requested", None)],
    )
    def test_what_a_booking_becomes(self, api: As, resource: str, state: str, force: str | None):
        camille = api("camille")
        made = ask(camille, a_claim(resource, "2027-03-08", "2027-03-10"))
        assert made.json["state"] == state
        assert [item["force"] for item in timeline(camille, resource)] == ([force] if force else [])

    def test_the_strictest_resource_decides(self, api: As):
        camille = api("camille")
        lamps, stage = (
            a_claim("PHX-PAR", "2027-03-08", "2027-03-10", 4),
            a_claim("PHX-ST", "2027-03-08", "2027-03-10"),
        )
        assert ask(camille, lamps).json["state"] == "confirmed"
        assert ask(camille, lamps, stage).json["state"] == "requested"

    def test_over_a_live_option_instant_becomes_an_option(self, api: As, a_booking: MakeBooking):
        a_booking(resource="V04-DS", state="option", company="Zwaluw", start="2027-03-09", end="2027-03-10")
        made = ask(api("camille"), a_claim("V04-DS", "2027-03-08", "2027-03-10"))
        assert made.json["state"] == "option"

    def test_a_last_minute_studio_is_confirmed_at_once_and_with_beds_it_is_not(self, api: As):
        """B7, on Monday 23 November."""
        camille = api("camille")
        beds = a_claim("BUD-RH", "2026-12-14", "2026-12-19", 2)
        studio = a_claim("BUD-S2", "2026-12-14", "2026-12-19")
        assert ask(camille, studio, beds).json["state"] == "requested"
        assert ask(api("lotte"), studio).json["state"] == "requested", "no programme company"
        assert ask(camille, studio).json["state"] == "confirmed"
        later = a_claim("BUD-S2", "2026-12-22", "2026-12-23")
        assert ask(camille, later).json["state"] == "requested", "29 days ahead"

    def test_a_company_takes_an_option_and_gives_it_back(self, api: As):
        camille = api("camille")
        option = ask(camille, a_claim("DGP-RS", "2027-03-08", "2027-03-10")).json
        assert option["verbs"] == ["commit", "extend", "release"]
        assert answer(camille, option["id"], "release").json["state"] == "released"
        assert timeline(camille, "DGP-RS") == []

    def test_a_company_cannot_decide_for_the_house(self, api: As):
        camille = api("camille")
        assert ask(camille, STUDIO, state="confirmed").status == 403
        assert ask(camille, STUDIO, force=True, reason="please").status == 403
        booking = ask(camille, STUDIO).json["id"]
        for verb in ("confirm", "grant", "decline"):
            assert answer(camille, booking, verb, reason="please").status == 403


def test_a_company_speaks_only_for_itself(api: As, database: Database):
    wout = organisation_of(api("wout"))
    before = counted(database)
    refused = ask(api("camille"), STUDIO, organisation=wout)
    assert (refused.status, refused.code) == (404, "not-found")
    nobody = ask(api("camille"), STUDIO, organisation="0197c000-0000-7000-8000-000000000000")
    assert nobody.json | {"instance": None} == refused.json | {"instance": None}
    assert counted(database) == before
