"""Requests made up from our own OpenAPI, by chance and half true: whatever is asked, nothing breaks.

What a schema cannot know (which bookings and rooms there are) is filled in, else nearly all would be unknown.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Uuid, select

from booking.services import demo_stories
from booking.storage.base import Base
from booking.storage.database import Database
from booking.storage.people import Person
from booking.storage.places import Venue
from tests.support import worlds
from tests.support.api import Api
from tests.support.asks import organisation_of
from tests.support.clocks import StoppedClock

SOAK = int(os.environ.get("EMERGE_SOAK", "0"))
PEOPLE = ("joris", "joris", "camille", "wout", "elise", "nadia")
WORKS_AT = {
    "resource": "resource",
    "code": "resource",
    "venue": "venue",
    "import_id": "inventory_import",
    "conflict_id": "conflict",
    "calendar_id": "external_calendar",
    "token_id": "app_token",
    "picture": "picture",
}
"""What is called otherwise than its table."""
IN_PATHS = {"/bookings/": "booking", "/enquiries/": "enquiry", "/trajectories/": "trajectory"}
"""Of what a `subject_id` is."""
NUMBERS = st.integers(0, 10_000)

Known = Mapping[str, list[str]]


@pytest.fixture
def known(database: Database, clock: StoppedClock, api: Callable[[str], Api]) -> Known:
    """A lively season; what BUDA has by name of the table: codes of rooms and houses, ids of the rest."""
    database.write(lambda connection: demo_stories.load(connection, at=clock()))
    camille = api("camille")
    for scope, code in (("resource", "BUD-S1"), ("me", None)):
        assert camille.post("/feeds", {"scope": scope, "code": code}).status == 201
    hook = {"url": "https://hooks.example.org/emerge", "events": ["booking.confirmed"]}
    wish = {"resource": "BUD-S1", "start": "2026-11-24", "end": "2026-11-26", "quantity": 1}
    for name in ("joris", "camille"):
        assert api(name).post("/me/app-tokens", {"name": "phone"}).status == 201
        assert api(name).post("/webhooks", hook).status == 201
    assert camille.post("/waiting-list", {**wish, "organisation": organisation_of(camille)}).status in (201, 409)
    need = {"kind": "studio", "sprung_floor": True}
    enquiry = {"title": "Marées", "periods": [{"from": "2027-03-08", "to": "2027-03-20"}], "needs": [need]}
    for venues in (["BUD"], ["BUD", "DGP"]):
        sent = {**enquiry, "organisation": organisation_of(camille), "venues": venues}
        assert camille.post("/enquiries", sent).status == 201
    call = {"title": "EMERGE 2027", "period": {"from": "2027-03-01", "to": "2027-05-01"}, "venues": ["BUD"]}
    closes = "2026-12-15T12:00:00+01:00"
    assert api("elise").post("/calls", {**call, "closes_at": closes, "criteria": ["artistic"]}).status == 201
    table_of_buda = api("joris").get("/venues/BUD/inventory", headers={"Accept": "text/csv"}).body
    sent = {"body": table_of_buda, "headers": {"Content-Type": "text/csv"}}
    assert api("joris").request("POST", "/venues/BUD/imports", **sent).status == 202
    found: dict[str, list[str]] = {}
    with database.read() as connection:
        buda = connection.execute(select(Venue.id).where(Venue.code == "BUD")).scalar_one()
        for table in Base.metadata.sorted_tables:
            column = table.c.get("code") if table.name in {"resource", "venue"} else table.c.get("id")
            if column is not None and (table.name in {"resource", "venue"} or isinstance(column.type, Uuid)):
                query = select(column).limit(60)
                if "venue_id" in table.c or table.name == "venue":
                    query = query.where(table.c["id" if table.name == "venue" else "venue_id"] == buda)
                found[table.name] = [str(each) for each in connection.execute(query).scalars()]
        others = [
            str(row.id)
            for row in connection.execute(select(Person.id, Person.email))
            if row.email.partition("@")[0] not in PEOPLE
        ]
    theirs = [organisation_of(api(name)) for name in ("camille", "wout")]
    # who was taken out of every team could ask nothing any more; companies of others are unknown to all but one
    return {**found, "person": others, "organisation": theirs}


def fill_in(document: Any, known: Known, pick: int, path: str) -> Any:
    """The same with things that exist where their names are asked; one in five stays as it was made up."""
    if isinstance(document, list):
        return [fill_in(each, known, pick + n, path) for n, each in enumerate(document)]
    if not isinstance(document, dict):
        return document
    return {
        name: real if (real := _real(name, known, pick + n, path)) else fill_in(value, known, pick + n, path)
        for n, (name, value) in enumerate(document.items())
    }


def _real(name: str, known: Known, pick: int, path: str) -> str | None:
    table = WORKS_AT.get(name, name.removesuffix("_id"))
    if name == "code" and "/venues/" in path:
        table = "venue"
    if name == "subject_id":
        table = next((of for place, of in IN_PATHS.items() if place in path), "booking")
    if name.endswith("_id") and not known.get(table):
        table = next((each for each in known if each in path and known[each]), "booking")
    ids = known.get(table) or ()
    return ids[pick % len(ids)] if ids and pick % 5 else None


def test_whatever_is_asked_nothing_breaks(app: Flask, database: Database, known: Known):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    chosen = settings(
        max_examples=SOAK or (4 if database.is_sqlite else 2),
        derandomize=not SOAK,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    said: Counter[int] = Counter()
    broken: list[str] = []

    def asked_of(operation: Any) -> Callable[[], None]:
        """By somebody else, of something else, for each: the simplest number is always tried, and first."""
        turn = crc32(f"{operation.method} {operation.path}".encode())

        @chosen
        @given(case=operation.as_strategy(), number=NUMBERS)
        def ask(case: Any, number: int) -> None:
            pick = turn + number
            case.path_parameters = fill_in(dict(case.path_parameters), known, pick, case.path)
            case.query = fill_in(dict(case.query), known, pick, case.path)
            case.body = fill_in(case.body, known, pick, case.path)
            token = worlds.token_of(PEOPLE[pick % len(PEOPLE)])
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            said[answer.status_code] += 1
            if answer.status_code >= 500:
                broken.append(f"{case.method} {case.formatted_path} {case.query} {case.body!r}: {answer.text}")

        return ask

    for operation in schema.get_all_operations():
        asked_of(operation.ok())()
    assert broken == []
    assert said.total() > 100
    assert sum(said[status] for status in (200, 201, 202, 204)) > said.total() / 8, said
