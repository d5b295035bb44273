"""Nobody has more than fifty feeds, webhooks, or keys of machines and apps: the next is refused in words."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection

from booking.domain.addresses import Reach
from booking.domain.people import MOST_KEYS, Person
from booking.domain.refusals import TooMany
from booking.services import people
from booking.storage import accounts
from booking.storage.database import Database
from calendars.domain.showing import Detail
from calendars.services import app_tokens, feeds
from calendars.services.feeds import ME, Asked
from notifications.services import webhooks
from tests.support.api import Api
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.meanwhile import meanwhile
from tests.support.serving import SECRET
from tests.support.visits import Visitor

Make = Callable[[Connection, Person, Any], object]
HOOK = {"url": "https://planning.example/hook", "events": ["booking.granted"]}

MAKERS: dict[str, Make] = {
    "feeds": lambda connection, who, at: feeds.create(
        connection, who, Asked(ME, None, Detail.FULL, "fr"), secret=SECRET, at=at
    ),
    "app tokens": lambda connection, who, at: app_tokens.new(connection, who, "Agenda", secret=SECRET, at=at),
    "webhooks": lambda connection, who, at: webhooks.create(
        connection, who, HOOK["url"], HOOK["events"], reach=Reach.of([]), at=at
    ),
    "tokens": lambda connection, who, at: people.new_token(connection, who.id, "Machine", at=at),
}


@pytest.fixture
def full(database: Database, clock: StoppedClock) -> None:
    """Camille has as many of everything as one may have; one of the tokens is that of her machine."""
    camille = person(database, "camille")

    def fill(connection: Connection) -> None:
        for name, make in MAKERS.items():
            for _ in range(MOST_KEYS - (name == "tokens")):
                make(connection, camille, clock())

    database.write(fill)


@pytest.mark.usefixtures("full")
def test_the_next_one_is_refused_and_another_person_is_not(api: Callable[[str | None], Api], app: Flask):
    asked: dict[str, dict[str, Any]] = {
        "/feeds": {"scope": "me", "detail": "full", "language": "fr"},
        "/me/app-tokens": {"name": "Thunderbird"},
        "/webhooks": HOOK,
    }
    for path, body in asked.items():
        refused = api("camille").post(path, body, headers={"Accept-Language": "nl"})
        assert (refused.status, refused.json["code"], refused.json["most"]) == (422, "rule", MOST_KEYS), path
        assert "Je hebt er al 50" in refused.json["detail"]
        assert api("wout").post(path, body).status == 201
    camille = Visitor(app, "camille")
    for path, form in (
        ("/feeds", {"what": "me", "detail": "full", "language": "fr"}),
        ("/feeds/keys", {"name": "Thunderbird"}),
        ("/webhooks", HOOK),
        ("/me/tokens", {"name": "Machine"}),
    ):
        page = camille.post(path, form)
        assert page.status == 422, path
        assert "Vous en avez déjà 50" in page.text


def two_at_once(database: Database, at: datetime) -> dict[str, list[Any]]:
    """How two of each end, where there is room for one."""
    makers = {name: partial(make, who=person(database, "wout"), at=at) for name, make in MAKERS.items()}

    def fill(connection: Connection) -> None:
        for name, make in makers.items():
            for _ in range(MOST_KEYS - 1 - (name == "tokens")):
                make(connection)

    database.write(fill)
    return {name: meanwhile(database, make, make) for name, make in makers.items()}


@pytest.mark.race
def test_of_two_at_once_one_is_too_many(database: Database, clock: StoppedClock):
    assert two_at_once(database, clock()) == {name: [None, TooMany] for name in MAKERS}


@pytest.mark.race
def test_without_holding_the_person_there_is_one_too_many_where_writers_do_not_take_turns(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accounts, "hold", lambda *_: None)
    second = TooMany if database.is_sqlite else None
    assert two_at_once(database, clock()) == {name: [None, second] for name in MAKERS}


@pytest.mark.usefixtures("full")
def test_after_one_is_removed_there_is_room(api: Callable[[str | None], Api]):
    camille = api("camille")
    first = camille.get("/me/app-tokens").json["items"][0]["id"]
    assert camille.delete(f"/me/app-tokens/{first}").status == 204
    assert camille.post("/me/app-tokens", {"name": "Thunderbird"}).status == 201
