"""The queue on the page of a booking: ranks, a jump refused or forced, a challenge answered by a button."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from booking.storage.database import Database
from booking.storage.options import Challenge
from tests.support.api import Api
from tests.support.visits import Visitor

As = Callable[[str | None], Api]


@pytest.fixture
def two(a_booking: Callable[..., object], clock: object) -> tuple[str, str]:
    """Zwaluw first and Lisière second on the same week."""
    week = {"resource": "DGP-KZ", "start": "2027-05-10", "end": "2027-05-15", "state": "option"}
    first = a_booking(**week, company="Zwaluw")
    return str(first), str(a_booking(**week))


def test_a_planner_forces_a_jump_with_a_reason(app: Flask, api: As, two: tuple[str, str]):
    first, second = two
    bram = Visitor(app, "bram")
    refused = bram.post(f"/bookings/{second}/confirm")
    assert refused.status == 409
    assert "1e optie" in refused.text
    assert "Toch: " in refused.text
    forced = bram.post(f"/bookings/{second}/confirm", {"force": "1", "reason": "festival agreement"})
    assert forced.status == 303
    assert api("wout").get(f"/bookings/{first}").json["state"] == "beaten"


def test_a_challenge_is_seen_and_answered(app: Flask, database: Database, two: tuple[str, str]):
    first, second = two
    camille, wout = Visitor(app, "camille"), Visitor(app, "wout")
    page = camille.get(f"/bookings/{second}").text
    assert "Place dans la file" in page
    assert "2e option" in page
    assert camille.post(f"/bookings/{second}/challenge").status == 303
    assert "Deze dagen vrijgeven" in wout.get(f"/bookings/{first}").text
    with database.read() as connection:
        challenge = connection.execute(select(Challenge.id)).scalar_one()
    answered = wout.post(f"/challenges/{challenge}/answer", {"answer": "release", "booking": first})
    assert answered.status == 303
    assert "Deze dagen vrijgeven" not in wout.get(f"/bookings/{first}").text
    after = camille.get(f"/bookings/{second}").text
    assert "1re option" in after
    assert "engagez-vous avant" in after
