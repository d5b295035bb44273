"""What a booking becomes when nothing stands in its way: the strictest of its resources decides."""

from typing import Any

import pytest

from booking.domain.claims import Place
from booking.domain.conflicts import Asker
from booking.domain.policies import first_state
from booking.domain.states import State
from tests.support.places import COMPANY, HOUSE, OUTSIDER, a_room, asking, some_stock, when

TODAY = when("2026-11-23 10:00")
LAST_MINUTE = {
    "policy": "request",
    "auto_confirm": {
        "at_most_days_ahead": 28,
        "at_most_days": 5,
        "without_accommodation": True,
        "programme_company": True,
    },
}
STUDIO = a_room("BUD-S2", rules=LAST_MINUTE)
BEDS = some_stock(15, "BUD-RH", kind="accommodation", rules={"policy": "instant"})


def room(policy: str) -> Place:
    return a_room(policy.upper(), rules={"policy": policy})


def becomes(*policies: str, asker: Asker = COMPANY, over_option: bool = False) -> State:
    asked = [asking(room(policy), "2027-03-01", "2027-03-02") for policy in policies]
    return first_state(asked, asker, over_option=over_option, at=TODAY)


@pytest.mark.parametrize(
    ("policies", "state"),
    [
        (("instant",), State.CONFIRMED),
        (("option",), State.OPTION),
        (("request",), State.REQUESTED),
        (("instant", "option"), State.OPTION),
        (("request", "instant", "option"), State.REQUESTED),
    ],
)
def test_a_booking_follows_the_strictest_of_its_resources(policies: tuple[str, ...], state: State):
    assert becomes(*policies) is becomes(*reversed(policies)) is state


def test_over_a_live_option_instant_becomes_an_option():
    assert becomes("instant", over_option=True) is State.OPTION
    assert becomes("option", over_option=True) is State.OPTION
    assert becomes("request", over_option=True) is State.REQUESTED


def test_the_house_needs_nobodys_answer_for_its_own_programme():
    assert becomes("request", "option", asker=HOUSE) is State.CONFIRMED


def last_minute(start: str, end: str, *beside: Any, asker: Asker = COMPANY, at: Any = TODAY) -> State:
    return first_state([asking(STUDIO, start, end), *beside], asker, over_option=False, at=at)


def test_a_last_minute_studio_is_confirmed_at_once():
    assert last_minute("2026-12-14", "2026-12-19") is State.CONFIRMED


def test_with_beds_it_goes_to_a_person():
    beds = asking(BEDS, "2026-12-14", "2026-12-19", quantity=2)
    assert last_minute("2026-12-14", "2026-12-19", beds) is State.REQUESTED


def test_six_days_go_to_a_person():
    assert last_minute("2026-12-14", "2026-12-20") is State.REQUESTED


def test_28_days_ahead_are_last_minute_and_29_are_not():
    assert last_minute("2026-12-21", "2026-12-22") is State.CONFIRMED
    assert last_minute("2026-12-22", "2026-12-23") is State.REQUESTED


def test_days_ahead_are_planning_days():
    night = when("2026-11-24 02:00")  # still the planning day of the 23rd
    assert last_minute("2026-12-21", "2026-12-22", at=night) is State.CONFIRMED
    assert last_minute("2026-12-22", "2026-12-23", at=night) is State.REQUESTED


def test_a_company_outside_the_programme_goes_to_a_person():
    assert last_minute("2026-12-14", "2026-12-19", asker=OUTSIDER) is State.REQUESTED


def test_a_last_minute_studio_over_a_live_option_becomes_an_option():
    asked = [asking(STUDIO, "2026-12-14", "2026-12-19")]
    assert first_state(asked, COMPANY, over_option=True, at=TODAY) is State.OPTION


def test_a_stricter_neighbour_sends_a_last_minute_studio_to_a_person():
    stage = asking(room("request"), "2026-12-14", "2026-12-19")
    assert last_minute("2026-12-14", "2026-12-19", stage) is State.REQUESTED
