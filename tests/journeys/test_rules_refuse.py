"""Every rule of a resource refuses with its code, its days and a sentence in three languages (issue 2, step 4)."""

from collections.abc import Callable
from typing import Any

import pytest

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, ask, ask_for_the_house, set_rules
from tests.support.builders import MakeBooking
from tests.support.rows import counted

As = Callable[[str | None], Api]
LANGUAGES = ("nl", "fr", "en")


def instants(resource: str, day: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    """In winter, in Belgium or France."""
    return a_claim(resource, f"{day}T{start}:00+01:00", f"{day}T{end}:00+01:00", **more)


TUESDAY, WEDNESDAY = "2027-03-09", "2027-03-10"
TAKEN = {"resource": "BUD-TA", "start": f"{TUESDAY}T10:00:00+01:00", "end": f"{TUESDAY}T12:00:00+01:00"}

REFUSED = {
    "taken": (instants("BUD-TA", TUESDAY, "11:00", "13:00"), {}, "time-taken", {}),
    "turnaround": (instants("BUD-TA", TUESDAY, "12:30", "14:00"), {}, "buffer", {}),
    "closed": (a_claim("SUC-TH", "2027-06-29", "2027-07-03"), {}, "closed", {}),
    "stock": (a_claim("PHX-PAR", TUESDAY, WEDNESDAY, 30), {}, "capacity", {"short": 6, "available": 24}),
    "one only": (a_claim("BUD-S1", TUESDAY, WEDNESDAY, 2), {}, "capacity", {"short": 1, "available": 1}),
    "hour": (instants("PHX-EXP", TUESDAY, "10:00", "11:00"), {}, "outside-hours", {"rule": "opening"}),
    "day": (instants("PHX-EXP", WEDNESDAY, "14:00", "15:00"), {}, "outside-hours", {"rule": "opening"}),
    "steps": (instants("BUD-S1", TUESDAY, "10:15", "12:00"), {}, "rule", {"rule": "granularity", "minutes": 30}),
    "longest": (instants("PHX-EXP", TUESDAY, "14:00", "16:00"), {}, "rule", {"rule": "longest", "minutes": 60}),
    "shortest": (
        instants("BUD-S1", TUESDAY, "10:00", "11:00"),
        {"shortest_minutes": 120},
        "rule",
        {"rule": "shortest", "minutes": 120},
    ),
    "whole days": (
        instants("BUD-S1", TUESDAY, "10:00", "11:00"),
        {"whole_days_only": True},
        "rule",
        {"rule": "whole-days"},
    ),
    "lead": (
        a_claim("BUD-S1", "2026-11-24", "2026-11-26"),
        {"lead_minutes": 7 * 1440},
        "rule",
        {"rule": "lead", "minutes": 7 * 1440},
    ),
    "past": (a_claim("BUD-S1", "2026-11-20", "2026-11-24"), {}, "rule", {"rule": "past"}),
    "horizon": (a_claim("BUD-S1", "2029-12-20", "2029-12-24"), {}, "rule", {"rule": "horizon"}),
    "ten years": (a_claim("BUD-S1", "2027-01-01", "2029-12-31"), {}, "rule", {"rule": "horizon"}),
    "audience": (a_claim("BUD-S1", TUESDAY, WEDNESDAY), {"audience": "house"}, "rule", {"audience": "house"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_refuses_in_three_languages_and_leaves_nothing(
    api: As, database: Database, a_booking: MakeBooking, name: str
):
    claim, rules, code, facts = REFUSED[name]
    a_booking(**TAKEN, company="Zwaluw")
    set_rules(database, claim["resource"], **rules)
    before = counted(database)
    sentences = {}
    for language in LANGUAGES:
        refused = ask(api("camille"), claim, headers={"Accept-Language": language})
        assert (refused.status, refused.code) == (409, code), refused
        assert refused.headers["Content-Type"] == "application/problem+json"
        [conflict] = refused.json["conflicts"]
        assert conflict["kind"] == code
        assert conflict["resource"] == claim["resource"]
        assert conflict["days"]
        assert conflict.items() >= facts.items()
        sentences[language] = (refused.json["title"], refused.json["detail"])
        assert claim["resource"] in refused.json["detail"]
        assert "Zwaluw" not in refused.text
    assert len(set(sentences.values())) == 3, sentences
    assert len({title for title, _ in sentences.values()}) == 3, sentences
    assert counted(database) == before


JUST_RIGHT = {
    "right after the turnaround": instants("BUD-TA", TUESDAY, "13:00", "14:00"),
    "ends where the next begins, with its turnaround": instants("BUD-TA", TUESDAY, "08:00", "09:00"),
    "on the day the works are done": a_claim("SUC-TH", "2027-07-01", "2027-07-03"),
    "all of the stock": a_claim("PHX-PAR", TUESDAY, WEDNESDAY, 24),
    "within the hours": instants("PHX-EXP", TUESDAY, "17:00", "18:00"),
    "until midnight": a_claim("V04-DS", f"{TUESDAY}T22:00:00+01:00", f"{WEDNESDAY}T00:00:00+01:00"),
    "today": a_claim("BUD-S1", "2026-11-23", "2026-11-24"),
    "to the horizon": a_claim("BUD-S1", "2029-11-20", "2029-11-22"),
    "with another offset": a_claim("PHX-EXP", f"{TUESDAY}T13:00:00Z", f"{TUESDAY}T18:00:00+04:00"),
}


@pytest.mark.parametrize("name", JUST_RIGHT)
def test_just_within_the_rules_is_fine(api: As, a_booking: MakeBooking, name: str):
    a_booking(**TAKEN, company="Zwaluw")
    assert ask(api("camille"), JUST_RIGHT[name]).status == 201


def test_every_reason_is_named_and_the_hardest_gives_the_code(api: As, a_booking: MakeBooking):
    a_booking(resource="PHX-EXP", start=f"{TUESDAY}T14:00:00+01:00", end=f"{TUESDAY}T15:00:00+01:00")
    refused = ask(api("wout"), instants("PHX-EXP", TUESDAY, "13:30", "16:00"))
    assert refused.code == "time-taken"
    told = [(conflict["kind"], conflict.get("rule")) for conflict in refused.json["conflicts"]]
    assert told == [
        ("time-taken", None),
        ("outside-hours", "opening"),
        ("rule", "granularity"),
        ("rule", "longest"),
    ]


def test_a_manager_overrides_a_rule_and_a_closure_with_a_reason_but_no_booking(api: As, a_booking: MakeBooking):
    karim = api("karim")
    closed = a_claim("SUC-TH", "2027-06-29", "2027-07-03")
    assert ask_for_the_house(karim, closed).code == "closed"
    assert ask_for_the_house(karim, closed, force=True).status == 422
    forced = ask_for_the_house(karim, closed, force=True, reason="Het dak is klaar")
    assert forced.status == 201, forced
    a_booking(resource="SUC-MA", quantity=6)
    beds = a_claim("SUC-MA", "2027-03-10", "2027-03-11")
    refused = ask_for_the_house(karim, beds, force=True, reason="Het dak is klaar")
    assert (refused.status, refused.code) == (409, "capacity")


def test_the_rules_of_a_resource_can_be_read_beforehand(api: As):
    rules = api(None).get("/resources/PHX-EXP").json["rules"]
    assert rules == {
        "policy": "instant",
        "opening": {"tue,thu": "14:00-18:00"},
        "granularity_minutes": 60,
        "longest_minutes": 60,
    }
