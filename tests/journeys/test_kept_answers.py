"""Answers that are kept for a repeat hold secrets, and the database cannot read them."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from booking.storage.database import Database
from booking.storage.events import KeptAnswer
from tests.support.api import Answer, Api, in_process
from tests.support.worlds import token_of

As = Callable[[str | None], Api]


def twice(api: Api, path: str, body: object) -> tuple[Answer, Answer]:
    """The same request twice, under one key."""
    headers = {"Idempotency-Key": f"once-{path}"}
    return api.post(path, body, headers=headers), api.post(path, body, headers=headers)


def test_a_repeat_gets_the_secret_again_and_no_row_holds_it(api: As, database: Database):
    camille = api("camille")
    company = camille.get("/me").json["organisations"][0]["id"]
    asked = {
        "/webhooks": ({"url": "https://planning.example/hook", "events": ["booking.granted"]}, "secret"),
        "/me/app-tokens": ({"name": "Thunderbird"}, "token"),
        "/feeds": ({"scope": "me", "detail": "full", "language": "fr"}, "url"),
        f"/organisations/{company}/members": ({"email": "new@lisiere.example"}, "email"),
    }
    told = []
    for path, (body, name) in asked.items():
        first, again = twice(camille, path, body)
        assert (first.status, again.status, again.json) == (201, 201, first.json)
        told.append(first.json[name].rpartition("/")[2].removesuffix(".ics"))
    with database.read() as connection:
        rows = [repr(row) for row in connection.execute(select(*KeptAnswer.__table__.columns))]
    assert len(rows) == len(asked)
    assert not [secret for secret in told for row in rows if secret in row]
    assert "new@lisiere.example" not in "".join(rows)


def test_with_another_secret_of_the_deployment_a_repeat_is_refused_and_nothing_is_made_twice(
    api: As, database_url: str, build: Callable[..., Flask]
):
    hook = {"url": "https://planning.example/hook", "events": ["booking.granted"]}
    headers = {"Idempotency-Key": "once"}
    assert api("camille").post("/webhooks", hook, headers=headers).status == 201
    moved = Api(
        in_process(build(database_url, secret_key="another-only-for-tests-another").test_client()),
        token_of("camille"),
    )
    assert moved.post("/webhooks", hook, headers=headers).status == 422
    assert len(moved.get("/webhooks").json["items"]) == 1
