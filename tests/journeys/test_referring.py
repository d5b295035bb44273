"""A house that cannot help passes a request on to partner houses, with the company's consent."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.api import Api
from tests.support.asks import BEDS, STUDIO, a_claim, answer, ask, history
from tests.support.builders import MakeBooking
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


def asked(member: Api, *, consent: bool, **more: Any) -> str:
    made = ask(member, STUDIO, BEDS, people=5, note="Marées, 5 danseurs", refer_consent=consent, **more)
    assert (made.status, made.json["state"]) == (201, "requested"), made
    return str(made.json["id"])


def requests_at(planner: Api, venue: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = planner.get(f"/bookings?venue={venue}&state=requested").json["items"]
    return items


def test_with_consent_it_becomes_a_request_at_the_partner_at_once(api: As, worker: Callable[[], Any]):
    camille, joris, nadia = api("camille"), api("joris"), api("nadia")
    booking = asked(camille, consent=True)
    passed = answer(joris, booking, "refer", venues=["PHX"], reason="The studio is full until May.")
    assert passed.status == 200, passed
    assert passed.json["state"] == "declined"
    assert [(each["venue"], each["state"], each["booking"]) for each in passed.json["referrals"]] == [
        ("PHX", "sent", None)
    ]
    (there,) = requests_at(nadia, "PHX")
    assert there["referred_from"] == {"venue": "BUD"}
    assert (there["title"], there["people"], there["note"]) == ("Marées", 5, "Marées, 5 danseurs")
    (claim,) = there["claims"]  # it has no beds
    assert (claim["resource"][:3], claim["start"], claim["end"]) == ("PHX", STUDIO["start"], STUDIO["end"])
    mine = camille.get(f"/bookings/{booking}").json
    assert mine["referrals"][0]["booking"] == there["id"]
    assert camille.get(f"/bookings/{there['id']}").json["referred_from"] == {"venue": "BUD", "booking": booking}
    assert (history(camille, booking)[-1]["kind"], history(camille, booking)[-1]["why"]) == (
        "booking.referred",
        "The studio is full until May.",
    )
    (first,) = history(nadia, there["id"])
    assert (first["kind"], first["new"]["referred_from"], first["why"]) == ("booking.requested", "BUD", None)
    assert joris.get(f"/bookings/{there['id']}").status == 404
    assert nadia.get(f"/bookings/{booking}").status == 404
    worker()
    told = [item["kind"] for item in camille.get("/notifications").json["items"]]
    assert "booking.referred" in told
    assert "booking.requested" in [item["kind"] for item in nadia.get("/notifications").json["items"]]
    assert answer(nadia, there["id"], "confirm").status == 200
    assert answer(joris, booking, "refer", venues=["DGP"]).code == "wrong-state"


def test_without_consent_the_company_is_asked_and_its_yes_passes_it_on(api: As):
    camille, joris, nadia = api("camille"), api("joris"), api("nadia")
    booking = asked(camille, consent=False)
    waits = answer(joris, booking, "refer", venues=["PHX", "TNA"])
    assert (waits.status, waits.json["state"]) == (200, "requested"), waits
    assert {each["state"] for each in waits.json["referrals"]} == {"asked"}
    assert "refer" not in waits.json["verbs"]
    assert requests_at(nadia, "PHX") == []
    assert {"accept", "refuse"} <= set(camille.get(f"/bookings/{booking}").json["verbs"])
    assert answer(joris, booking, "accept").status == 403
    agreed = answer(camille, booking, "accept")
    assert (agreed.status, agreed.json["state"]) == (200, "declined"), agreed
    assert {each["state"] for each in agreed.json["referrals"]} == {"sent"}
    assert len(requests_at(nadia, "PHX")) == 1
    assert [item["kind"] for item in history(joris, booking)] == [
        "booking.requested",
        "booking.referral-asked",
        "booking.referred",
    ]


def test_the_company_may_refuse_and_the_house_still_decides(api: As):
    camille, joris, nadia = api("camille"), api("joris"), api("nadia")
    booking = asked(camille, consent=False)
    assert answer(joris, booking, "refer", venues=["PHX"]).status == 200
    assert answer(camille, booking, "refuse").json["state"] == "requested"
    assert requests_at(nadia, "PHX") == []
    assert answer(camille, booking, "accept").code == "wrong-state"
    assert answer(joris, booking, "grant").json["state"] == "option"


def test_who_is_full_too_gets_nothing_and_the_others_do(api: As, a_booking: MakeBooking):
    camille, joris, nadia = api("camille"), api("joris"), api("nadia")
    stage = ask(camille, a_claim("BUD-TA", "2027-05-10", "2027-05-13"), refer_consent=True).json["id"]
    closed = {"start": "2027-05-01", "end": "2027-06-01", "reason": "Works"}
    for code in [item["code"] for item in nadia.get("/resources?venue=PHX&kind=stage").json["items"]]:
        assert nadia.post(f"/resources/{code}/closures", closed).status == 201
    closed_too = answer(joris, stage, "refer", venues=["PHX"])
    assert (closed_too.status, closed_too.code) == (409, "closed"), closed_too
    assert camille.get(f"/bookings/{stage}").json["state"] == "requested"
    passed = answer(joris, stage, "refer", venues=["PHX", "DGP", "V04"])
    assert passed.status == 200, passed
    assert passed.json["state"] == "declined"
    assert [each["venue"] for each in passed.json["referrals"]] == ["DGP", "V04"]


@pytest.mark.parametrize(
    ("venues", "field"),
    [
        ([], "venues"),
        (["XXX"], "venues.0"),
        (["PHX", "BUD"], "venues.1"),
        (["PHX"] * 11, "venues"),
        ([7], "venues.0"),
    ],
)
def test_a_house_that_is_none_is_refused(api: As, venues: list[Any], field: str):
    booking = asked(api("camille"), consent=True)
    refused = answer(api("joris"), booking, "refer", venues=venues)
    assert refused.status == 422, refused
    assert field in refused.json["errors"]
    assert api("camille").get(f"/bookings/{booking}").json["state"] == "requested"


def test_a_planner_passes_it_on_from_its_page_and_the_company_agrees_there(app: Flask, api: As):
    booking = asked(api("camille"), consent=False)
    joris, camille = Visitor(app, "joris"), Visitor(app, "camille")
    assert "Doorgeven aan partnerhuizen" in joris.get(f"/bookings/{booking}").text
    assert "Charleroi danse" in joris.get(f"/bookings/{booking}/refer").text
    assert joris.post(f"/bookings/{booking}/refer", {}).status == 422
    assert joris.post(f"/bookings/{booking}/refer", {"venues": "PHX"}).status == 303
    assert "transmettre votre demande" in camille.get(f"/bookings/{booking}").text
    assert camille.post(f"/bookings/{booking}/accept").status == 303
    page = camille.get(f"/bookings/{booking}").text
    assert "Transmise à" in page
    (there,) = requests_at(api("nadia"), "PHX")
    assert "Transmise par Kunstencentrum BUDA" in Visitor(app, "nadia").get(f"/bookings/{there['id']}").text
