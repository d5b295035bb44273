"""Equipment out and back (C4), and spotlights that break (the end of C3)."""

from collections.abc import Callable

import pytest

from tests.support.api import Api
from tests.support.asks import a_claim, ask, history
from tests.support.clocks import StoppedClock

As = Callable[[str | None], Api]


@pytest.fixture
def lent(api: As) -> dict[str, str]:
    """All 24 spotlights until Thu 13 May 17:00; the next company has 10 from Fri 14 May 09:00."""
    first = ask(api("camille"), a_claim("PHX-PAR", "2027-05-10T09:00:00+02:00", "2027-05-13T17:00:00+02:00", 24))
    after = ask(api("wout"), a_claim("PHX-PAR", "2027-05-14T09:00:00+02:00", "2027-05-15T17:00:00+02:00", 10))
    assert (first.json["state"], after.json["state"]) == ("confirmed", "confirmed"), (first, after)
    return {"first": first.json["id"], "claim": first.json["claims"][0]["id"], "after": after.json["id"]}


def test_kit_that_is_not_back_is_overdue_a_minute_later(
    api: As, lent: dict[str, str], clock: StoppedClock, worker: Callable[[], dict[str, int]]
):
    nadia, booking = api("nadia"), lent["first"]
    clock.set("2027-05-10T09:00:00+02:00")
    out = nadia.post(f"/bookings/{booking}/check-out", {"claim": lent["claim"], "quantity": 24})
    assert (out.status, out.json["state"], out.json["missing"]) == (200, "out", 24), out
    clock.set("2027-05-13T16:59:00+02:00")
    assert nadia.get("/equipment?venue=PHX&state=overdue").json["items"] == []
    assert worker()["equipment overdue"] == 0
    clock.set("2027-05-13T17:01:00+02:00")
    [late] = nadia.get("/equipment?venue=PHX&state=overdue").json["items"]
    assert (late["booking"], late["state"]) == (booking, "overdue")
    assert worker()["equipment overdue"] == 1
    assert worker()["equipment overdue"] == 0  # told once
    overdue = next(each for each in history(api("camille"), booking) if each["kind"] == "equipment.overdue")
    assert overdue["at"].startswith("2027-05-13T17:00:00")
    [flagged] = nadia.get("/conflicts?venue=PHX&state=open").json["items"]
    assert (flagged["booking"], flagged["cause"]) == (lent["after"], "late-return")

    part = nadia.post(f"/bookings/{booking}/check-in", {"claim": lent["claim"], "quantity": 22})
    assert part.json["missing"] == 2
    damage = [{"code": "PHX-PAR-07", "note": "lens cracked"}]
    whole = nadia.post(f"/bookings/{booking}/check-in", {"claim": lent["claim"], "quantity": 2, "damage": damage})
    assert (whole.json["state"], whole.json["missing"]) == ("back", 0)
    assert nadia.get("/conflicts?venue=PHX&state=open").json["items"] == []
    told = next(each for each in reversed(history(nadia, booking)) if each["kind"] == "equipment.checked-in")
    assert told["new"]["damage"] == damage


def test_who_may_move_kit_and_how_much(api: As, lent: dict[str, str]):
    booking, body = lent["first"], {"claim": lent["claim"], "quantity": 24}
    assert api("camille").post(f"/bookings/{booking}/check-out", body).status == 403
    assert api("wout").post(f"/bookings/{booking}/check-out", body).status == 404
    nadia = api("nadia")
    assert nadia.post(f"/bookings/{booking}/check-in", body).status == 422  # nothing is out
    assert nadia.post(f"/bookings/{booking}/check-out", {**body, "quantity": 25}).status == 422
    assert nadia.post(f"/bookings/{booking}/check-out", {**body, "quantity": 0}).status == 422
    assert nadia.post(f"/bookings/{booking}/check-out", {**body, "claim": booking}).status == 422
    assert api("camille").get("/equipment?venue=PHX").status == 404


def test_seven_spotlights_break(api: As, a_booking: Callable[..., object], clock: StoppedClock):
    ten = a_booking(resource="PHX-PAR", start="2027-05-10", end="2027-05-13", quantity=10, company="Noordzee")
    eight = a_booking(resource="PHX-PAR", start="2027-05-11", end="2027-05-14", quantity=8, company="Zwaluw")
    clock.set("2027-05-10T12:00:00+02:00")
    nadia = api("nadia")
    broken = nadia.patch("/resources/PHX-PAR", {"out_of_order": 7})
    assert broken.status == 200, broken
    opened = nadia.get("/conflicts?venue=PHX&state=open").json["items"]
    assert {each["booking"] for each in opened} == {str(ten), str(eight)}
    assert {tuple(each["days"]) for each in opened} == {("2027-05-11", "2027-05-12")}
    assert {each["facts"]["short"] for each in opened} == {1}
    refused = ask(api("camille"), a_claim("PHX-PAR", "2027-05-13", "2027-05-14", 10))
    assert (refused.code, refused.json["conflicts"][0]["short"]) == ("capacity", 1)
    assert nadia.patch("/resources/PHX-PAR", {"out_of_order": 25}).status == 422
    assert api("camille").patch("/resources/PHX-PAR", {"out_of_order": 0}).status == 403
    assert nadia.patch("/resources/PHX-PAR", {"out_of_order": 0}).status == 200
    assert nadia.get("/conflicts?venue=PHX&state=open").json["items"] == []
    assert nadia.patch("/resources/PHX-ST", {"out_of_order": 1}).status == 422
