"""What a booking asks of the database, counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.support.api import Api
from tests.support.statements import Statements

CLAIMS: list[dict[str, Any]] = [
    {"resource": "PHX-PJ", "start": "2027-03-01", "end": "2027-03-06", "quantity": 2},
    {"resource": "PHX-VIN", "start": "2027-03-01", "end": "2027-03-06", "quantity": 120},
    {"resource": "PHX-VAN", "start": "2027-03-05T18:00:00+01:00", "end": "2027-03-05T23:00:00+01:00"},
]


def test_a_booking_takes_at_most_eight_statements_however_many_claims_it_has(
    api: Callable[[str | None], Api], statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    camille = api("camille")
    organisation = camille.get("/me").json["organisations"][0]["id"]
    wanted = {"organisation": organisation, "title": "Marées", "purpose": "residency", "claims": CLAIMS}
    with statements() as seen:
        answer = camille.post("/bookings", wanted)
    assert answer.status == 201, answer
    assert answer.json["state"] == "confirmed"
    assert len(seen) <= 8, seen.listing
