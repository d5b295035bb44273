"""Warnings that may be accepted with a note: noise next door (B5), and a crew without its rest (C6)."""

from collections.abc import Callable

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask, ask_for_the_house, history

As = Callable[[str | None], Api]


def test_percussion_beside_a_performance_is_a_warning(api: As):
    lieselot = api("lieselot")
    show = a_claim("V04-TZ", "2027-05-12T20:00:00+02:00", "2027-05-12T22:00:00+02:00")
    assert ask_for_the_house(lieselot, show, purpose="performance").status == 201
    drums = a_claim("V04-BZ", "2027-05-12T19:00:00+02:00", "2027-05-12T22:00:00+02:00")
    asked = ask(api("camille"), drums, title="Percussion")
    assert asked.status == 201, asked
    [warning] = asked.json["warnings"]
    assert (warning["kind"], warning["hard"], warning["disturbs"]) == ("noise", False, "V04-TZ")
    assert warning["start"] == "2027-05-12T20:00:00+02:00"
    confirmed = answer(
        lieselot, asked.json["id"], "confirm", accept_warnings=["noise"], note="they play with brushes"
    )
    assert confirmed.json["state"] == "confirmed", confirmed
    assert [each["kind"] for each in confirmed.json["warnings"]] == ["noise"]
    assert history(lieselot, asked.json["id"])[-1]["new"]["note"] == "they play with brushes"


def test_an_hour_later_nobody_is_disturbed(api: As):
    show = a_claim("V04-TZ", "2027-05-12T20:00:00+02:00", "2027-05-12T22:00:00+02:00")
    ask_for_the_house(api("lieselot"), show)
    drums = a_claim("V04-BZ", "2027-05-12T17:00:00+02:00", "2027-05-12T20:00:00+02:00")
    assert ask(api("camille"), drums).json["warnings"] == []


def test_a_crew_rests_eleven_hours(api: As):
    bram = api("bram")
    evening = a_claim(
        "DGP-GZ", "2027-05-12T20:00:00+02:00", "2027-05-12T23:00:00+02:00", strike_minutes=150, crew="A"
    )
    assert ask_for_the_house(bram, evening).status == 201
    morning = a_claim("DGP-KZ", "2027-05-13T09:00:00+02:00", "2027-05-13T18:00:00+02:00", crew="A")
    asked = ask_for_the_house(bram, morning)
    [warning] = asked.json["warnings"]
    assert (warning["kind"], warning["rest_minutes"]) == ("crew-rest", 450)
    assert warning["earliest"] == "2027-05-13T12:30:00+02:00"
    assert "7.5 h" in warning["detail"]
    assert "12:30 at the earliest" in warning["detail"]
    other = a_claim("DGP-KL", "2027-05-13T09:00:00+02:00", "2027-05-13T18:00:00+02:00", crew="B")
    assert ask_for_the_house(bram, other).json["warnings"] == []
