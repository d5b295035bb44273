"""What is sent to the API, in one line each; and rules that no house of the demo world happens to have."""

from typing import Any

from sqlalchemy import select, update

from booking.storage.database import Database
from booking.storage.places import Resource
from tests.support.api import Answer, Api


def a_claim(resource: str, start: str, end: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """Dates ask whole days (`end` excluded), instants carry their offset."""
    return {"resource": resource, "start": start, "end": end, "quantity": quantity, **more}


STUDIO = a_claim("BUD-S1", "2027-03-08", "2027-03-20")
BEDS = a_claim("BUD-RH", "2027-03-07", "2027-03-20", 4)


def organisation_of(member: Api) -> str:
    """The id of the member's own company."""
    return str(member.get("/me").json["organisations"][0]["id"])


def ask(member: Api, *claims: dict[str, Any], headers: dict[str, str] | None = None, **more: Any) -> Answer:
    """Ask for a company; `more` are further fields of the body."""
    body = {"organisation": organisation_of(member), "title": "Marées", "claims": list(claims), **more}
    return member.post("/bookings", body, headers=headers)


def ask_for_the_house(planner: Api, *claims: dict[str, Any], **more: Any) -> Answer:
    """The house's own programme, or with `organisation` for a company that phoned."""
    return planner.post("/bookings", {"title": "Huisprogramma", "claims": list(claims), **more})


def answer(api: Api, booking: str, verb: str, **body: Any) -> Answer:
    """One verb on one booking."""
    return api.post(f"/bookings/{booking}/{verb}", body)


def timeline(api: Api, code: str, start: str = "2027-03-01", end: str = "2027-04-01") -> list[dict[str, Any]]:
    """The items of a timeline."""
    seen = api.get(f"/resources/{code}/timeline?from={start}&to={end}")
    assert seen.status == 200, seen
    items: list[dict[str, Any]] = seen.json["items"]
    return items


def history(api: Api, booking: str) -> list[dict[str, Any]]:
    """What happened to a booking, oldest first."""
    items: list[dict[str, Any]] = api.get(f"/bookings/{booking}/history").json["items"]
    return items


def set_rules(database: Database, code: str, **rules: Any) -> None:
    """Give a resource other rules, as its house would write them."""

    def work(connection: Any) -> None:
        before = connection.execute(select(Resource.rules).where(Resource.code == code)).scalar_one()
        connection.execute(update(Resource).where(Resource.code == code).values(rules={**before, **rules}))

    database.write(work)
