"""Whoever leaves long work to the worker may leave its page: a message leads back there when it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from booking.services import inventories
from tests.support.api import Api
from tests.support.asks import organisation_of
from tests.support.clocks import StoppedClock
from tests.support.visits import Visitor

As = Callable[[str | None], Api]
Worker = Callable[[], dict[str, int]]
CSV = {"Content-Type": "text/csv"}
CALL = {
    "title": "EMERGE 2027",
    "texts": {"fr": {"title": "Appel 2027"}},
    "period": {"from": "2027-03-01", "to": "2027-05-01"},
    "closes_at": "2026-12-15T12:00:00+01:00",
    "venues": ["BUD"],
    "criteria": ["artistic"],
}


def told(api: Api) -> list[dict[str, Any]]:
    return [each for each in api.get("/notifications").json["items"] if each["kind"] == "work.ready"]


def test_a_table_is_told_of_when_it_is_read_and_when_it_is_applied(app: Flask, api: As, worker: Worker):
    joris = api("joris")
    body = b"code,kind,name.nl\nBUD-S9,studio,Studio 9\n"
    sent = joris.request("POST", "/venues/BUD/imports", body=body, headers=CSV).json["id"]
    assert told(joris) == []
    worker()
    worker()
    assert len(told(joris)) == 1
    page = Visitor(app, "joris")
    assert "is gelezen: bekijk wat er zou veranderen." in page.get("/notifications").text
    led = page.post(f"/notifications/{told(joris)[0]['id']}/read")
    assert led.headers["Location"] == f"/desk/BUD/setup/imports/{sent}"
    shown = joris.get(f"/imports/{sent}").json
    assert joris.post(f"/imports/{sent}/apply", {"digest": shown["digest"]}).status == 202
    worker()
    worker()
    assert "is doorgevoerd." in page.get("/notifications").text
    assert [len(told(api(name))) for name in ("joris", "camille", "bram")] == [2, 0, 0], "nobody else asked for it"


def test_a_table_that_cannot_be_read_is_told_of_too(app: Flask, api: As, worker: Worker):
    joris = api("joris")
    joris.request("POST", "/venues/BUD/imports", body=b"PK\x03\x04 no table at all", headers=CSV)
    worker()
    worker()
    assert len(told(joris)) == 1
    assert "kon niet gelezen worden." in Visitor(app, "joris").get("/notifications").text


def test_a_table_that_was_read_and_then_could_not_be_applied_is_told_of_as_such(
    app: Flask, api: As, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, worker: Worker
):
    joris, page = api("joris"), Visitor(app, "joris")
    body = b"code,kind,name.nl\nBUD-S9,studio,Studio 9\n"
    sent = joris.request("POST", "/venues/BUD/imports", body=body, headers=CSV).json["id"]
    worker()
    shown = joris.get(f"/imports/{sent}").json
    assert joris.post(f"/imports/{sent}/apply", {"digest": shown["digest"]}).status == 202

    def breaks(_content: bytes) -> list[list[str]]:
        raise RuntimeError

    monkeypatch.setattr(inventories, "read_rows", breaks)
    for minute in range(2, 7):
        clock.set(f"2026-11-23T09:{minute:02}:00+01:00")
        worker()
    news = page.get("/notifications").text
    assert "kon niet doorgevoerd worden: er is niets veranderd." in news
    assert "kon niet gelezen worden" not in news
    assert len(told(joris)) == 2
    for path in ("/desk/BUD/setup/import", f"/desk/BUD/setup/imports/{sent}"):
        assert "niet doorgevoerd" in page.get(path).text
        assert "niet gelezen" not in page.get(path).text


def test_the_coordinator_is_told_when_it_is_worked_out_who_goes_where(app: Flask, api: As, worker: Worker):
    elise, camille = api("elise"), api("camille")
    call = elise.post("/calls", CALL).json["id"]
    wish = {
        "organisation": organisation_of(camille),
        "title": "Marées",
        "need": {"kind": "studio"},
        "days": 5,
        "periods": [{"from": "2027-03-08", "to": "2027-03-20"}],
    }
    assert camille.post(f"/calls/{call}/applications", wish).status == 201
    elise.post(f"/calls/{call}/proposal", {}, headers={"Prefer": "respond-async"})
    worker()
    worker()
    assert len(told(elise)) == 1
    assert told(camille) == [], "who goes where is the coordinator's until it is granted"
    page = Visitor(app, "elise")
    assert "La répartition de «\u00a0Appel 2027\u00a0» est calculée." in page.get("/notifications").text
    led = page.post(f"/notifications/{told(elise)[0]['id']}/read")
    assert led.headers["Location"] == f"/calls/{call}#proposal"
