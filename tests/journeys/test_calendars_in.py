"""Calendars of others: sent or read, they block; broken, they free nothing (E4)."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from booking.storage.database import Database
from tests.support.api import Api
from tests.support.asks import a_claim, ask, timeline
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.foreign import MAY, OURS, PENCILLED, REHEARSAL, SENT, blocks, calendar, refusal, send
from tests.support.rows import counted
from tests.support.strangers import Stranger, answer, canary, saying
from tests.support.visits import Visitor


class Server:
    """A house's own calendar server: says `body`, or `status`, until it is told something else."""

    def __init__(self) -> None:
        self.body = calendar(REHEARSAL)
        self.status = "200 OK"
        self.etag: str | None = None
        self.stranger = Stranger(self._script)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stranger.port}/plan.ics?key=secret"

    def _script(self, caller: Any, head: bytes) -> None:
        if self.etag and f"If-None-Match: {self.etag}".encode() in head:
            caller.sendall(answer(b"", status="304 Not Modified"))
            return
        headers = [f"ETag: {self.etag}"] if self.etag else []
        caller.sendall(answer(self.body, *headers, status=self.status))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    with made.stranger:
        yield made


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask], server: Server) -> Flask:
    return build(database_url, fetch_allow=(f"127.0.0.1:{server.stranger.port}",))


def test_what_is_sent_blocks_the_next_request(api: Callable[..., Api]):
    joris = api("joris")
    made = send(joris, calendar(REHEARSAL, PENCILLED))
    assert made.status == 201, made
    assert (made.json["status"], made.json["resource"], made.json["counts"]["hard"]) == ("fine", "BUD-S1", 1)
    assert made.json["counts"]["option"] == 1
    assert blocks(joris) == [*MAY, "option 2027-05-17T06:00 2027-05-19T06:00"]
    assert refusal(api("camille"), "2027-05-12", "2027-05-13") == "external-busy"
    assert refusal(api("camille"), "2027-05-15", "2027-05-16") is None, "whole days end at the planning-day line"
    where = made.headers["Location"].removeprefix("/api/v1")
    assert joris.get(where).json["id"] == made.json["id"]
    assert joris.delete(where).status == 204
    assert blocks(joris) == []
    assert joris.get(where).status == 404


def test_an_option_behind_what_the_house_has_pencilled_is_the_second(
    api: Callable[..., Api], app: Flask, clock: StoppedClock
):
    joris = api("joris")
    send(joris, calendar(PENCILLED))
    clock.advance(hours=1)
    asked = ask(api("camille"), a_claim("BUD-S1", "2027-05-17", "2027-05-19"))
    assert [each["kind"] for each in asked.json["warnings"]] == ["option"]
    granted = joris.post(f"/bookings/{asked.json['id']}/grant")
    assert granted.json["rank"] == 2, granted
    for page in ("/desk/BUD/plan?from=2027-05-10", "/resources/BUD-S1?from=2027-05-10", "/desk/BUD"):
        assert Visitor(app, "joris").get(page).status == 200
    assert Visitor(app, "camille").get("/resources/BUD-S1?from=2027-05-10").status == 200
    assert joris.post(f"/bookings/{asked.json['id']}/confirm").status == 200, "the house has the last word"


def test_an_address_is_read_by_the_worker_again_and_again(
    api: Callable[..., Api], server: Server, worker: Callable[[], dict[str, int]], clock: StoppedClock
):
    joris = api("joris")
    server.etag = '"one"'
    made = joris.post("/resources/BUD-S1/external-calendars", {"url": server.url, "label": "Our plan"})
    assert (made.status, made.json["status"], made.json["age"]) == (202, "waiting", None)
    assert blocks(joris) == []
    assert worker()["calendars read"] == 1
    assert blocks(joris) == MAY
    assert worker()["calendars read"] == 0, "its turn comes in a quarter of an hour"
    clock.advance(minutes=15)
    assert worker()["calendars read"] == 1
    assert b"If-None-Match" in server.stranger.heads[-1]
    server.etag, server.body = '"two"', calendar(REHEARSAL.replace("0515", "0513"))
    clock.advance(minutes=15)
    worker()
    assert blocks(joris) == ["external 2027-05-10T06:00 2027-05-13T06:00"]
    seen = joris.get("/venues/BUD/external-calendars").json["items"]
    assert [(each["label"], each["status"], each["age"]) for each in seen] == [("Our plan", "fine", 0)]


BROKEN = [
    (b"", "200 OK", "empty"),
    (b"<html>Sign in</html>", "200 OK", "not-a-calendar"),
    (b"/etc/passwd", "200 OK", "not-a-calendar"),
    (b"", "401 Unauthorized", "not-allowed"),
    (b"", "404 Not Found", "gone"),
    (b"oops", "500 Internal Server Error", "server-error"),
    (calendar(REHEARSAL)[:-20], "200 OK", "cut-off"),
    (calendar(), "200 OK", "half-gone"),
]


def test_a_broken_calendar_frees_nothing_and_the_house_hears_of_it(
    api: Callable[..., Api], server: Server, worker: Callable[[], dict[str, int]], clock: StoppedClock
):
    joris = api("joris")
    made = joris.post("/resources/BUD-S1/external-calendars", {"url": server.url}).json
    where = f"/resources/BUD-S1/external-calendars/{made['id']}"
    worker()
    for body, status, problem in BROKEN:
        server.body, server.status = body, status
        joris.post(f"{where}/sync")
        clock.advance(minutes=10)
        worker()
        seen = joris.get(where).json
        assert (seen["status"], seen["problem"]) == ("failing", problem)
        assert seen["age"] > 0
        assert blocks(joris) == MAY
    news = [each["text"] for each in joris.get("/notifications").json["items"] if "calendar" in each["kind"]]
    assert len(news) == 1, "once, and not at every attempt"
    assert "127.0.0.1" in news[0]
    assert "secret" not in str(joris.get("/notifications").json), "an address is a secret"
    server.body, server.status = calendar(REHEARSAL), "200 OK"
    clock.advance(hours=25)
    worker()
    assert joris.get(where).json["status"] == "fine"
    server.body = calendar()
    joris.post(f"{where}/sync", {"believe": True})
    worker()
    assert blocks(joris) == [], "somebody said that it is really so"


def test_who_fails_is_asked_less_and_less_often(
    api: Callable[..., Api], server: Server, worker: Callable[[], dict[str, int]], clock: StoppedClock
):
    joris = api("joris")
    server.status = "503 Busy"
    joris.post("/resources/BUD-S1/external-calendars", {"url": server.url})
    asked = 0
    for _ in range(16):
        asked += worker()["calendars read"]
        clock.advance(minutes=15)
    assert asked == 5, "at 0, 15, 45, 105 and 225 minutes"


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/a.ics", "http://[::1]/", "http://2130706433/", "http://localhost/x"]
)
def test_a_private_address_is_refused_at_once(api: Callable[..., Api], url: str, database: Database):
    before = counted(database)
    refused = api("joris").post("/resources/BUD-S1/external-calendars", {"url": url})
    assert (refused.status, list(refused.json["errors"])) == (422, ["url"])
    assert counted(database) == before


def test_a_server_that_leads_elsewhere_leads_nowhere(
    api: Callable[..., Api], server: Server, worker: Callable[[], dict[str, int]]
):
    with canary() as bird:
        moved = answer(b"", f"Location: http://127.0.0.1:{bird.port}/", status="302 Found")
        server.stranger._script = saying(moved)
        made = api("joris").post("/resources/BUD-S1/external-calendars", {"url": server.url}).json
        worker()
        seen = api("joris").get(f"/resources/BUD-S1/external-calendars/{made['id']}").json
        assert (seen["problem"], bird.reached) == ("private-address", 0)


def test_what_cannot_be_read_is_refused_and_keeps_nothing(api: Callable[..., Api], database: Database):
    before = counted(database)
    for body in (b"", b"/etc/passwd", b"<html>", calendar(REHEARSAL)[:-15]):
        refused = send(api("joris"), body)
        assert (refused.status, list(refused.json["errors"])) == (422, ["body"]), refused
    assert send(api("joris"), bytes(11 * 1024 * 1024)).status in (413, 422)
    assert counted(database) == before


def test_what_is_not_understood_is_counted_told_and_blocks(api: Callable[..., Api]):
    made = send(api("joris"), (OURS / "odd.ics").read_bytes()).json
    assert made["counts"]["unclear"] == 7
    assert {each["code"] for each in made["warnings"]} >= {"bad-rule", "reversed", "no-start"}
    assert all(each["detail"] and each["event"] for each in made["warnings"])
    assert any(item.startswith("external 2027-03-12") for item in blocks(api("joris"), first="2027-03-01"))


def test_a_house_chooses_what_blocks_and_where(api: Callable[..., Api]):
    joris = api("joris")
    body = calendar(
        "UID:a\nLOCATION:Big room\nDTSTART;VALUE=DATE:20270510",
        "UID:b\nLOCATION:BUD-S2\nDTSTART;VALUE=DATE:20270511",
        "UID:c\nLOCATION:The office\nDTSTART;VALUE=DATE:20270512",
        "UID:d\nCATEGORIES:Private\nLOCATION:Big room\nDTSTART;VALUE=DATE:20270513",
    )
    made = joris.post("/venues/BUD/external-calendars", body=body, headers=SENT).json
    assert (made["resource"], made["counts"]["unplaced"]) == (None, 3)
    assert blocks(joris, "BUD-S2") == ["external 2027-05-11T06:00 2027-05-12T06:00"]
    where = f"/venues/BUD/external-calendars/{made['id']}"
    choices = {"split": {"LOCATION": {"Big room": "BUD-S1"}}, "map": {"Private": "ignore"}}
    seen = joris.post(f"{where}/preview", choices).json
    assert [(each["resources"], each["block"]) for each in seen["items"]][:2] == [
        (["BUD-S1"], "hard"),
        (["BUD-S2"], "hard"),
    ]
    assert blocks(joris, "BUD-S1") == [], "a preview changes nothing"
    assert joris.patch(where, choices).status == 200
    assert blocks(joris, "BUD-S1") == ["external 2027-05-10T06:00 2027-05-11T06:00"]
    assert joris.patch(where, {"map": {"CONFIRMED": "option", "Private": "ignore"}}).status == 200
    assert blocks(joris, "BUD-S1") == ["option 2027-05-10T06:00 2027-05-11T06:00"]
    for bad in ({"map": {"x": "perhaps"}}, {"split": {"SUMMARY": {}}}, {"split": {"LOCATION": {"x": "DGP-KZ"}}}):
        assert joris.patch(where, bad).status == 422


def test_a_preview_of_what_is_sent_keeps_nothing(api: Callable[..., Api], database: Database):
    before = counted(database)
    seen = api("joris").post(
        "/resources/BUD-S1/external-calendars?preview=true", body=calendar(REHEARSAL), headers=SENT
    )
    assert seen.status == 200
    assert [(each["title"], each["spans"][0]["start"][:10]) for each in seen.json["items"]] == [
        ("Rehearsal", "2027-05-10")
    ]
    assert counted(database) == before


def test_a_late_event_over_a_confirmed_booking_stands_on_the_desk(api: Callable[..., Api], a_booking: MakeBooking):
    joris = api("joris")
    booking = a_booking(resource="BUD-S1", start="2027-05-12", end="2027-05-20", state="confirmed")
    made = send(joris, calendar(REHEARSAL)).json
    desk = joris.get("/conflicts?venue=BUD&state=open").json["items"]
    assert [(each["kind"], each["booking"], each["days"]) for each in desk] == [
        ("external-busy", str(booking), ["2027-05-12", "2027-05-13", "2027-05-14"])
    ]
    assert api("camille").get(f"/bookings/{booking}").json["state"] == "confirmed", "nothing is freed"
    joris.delete(f"/resources/BUD-S1/external-calendars/{made['id']}")
    assert joris.get("/conflicts?venue=BUD&state=open").json["items"] == []


def test_a_late_event_suspends_an_option_which_returns_when_it_goes(
    api: Callable[..., Api], a_booking: MakeBooking
):
    joris = api("joris")
    booking = a_booking(resource="BUD-S1", start="2027-05-12", end="2027-05-20", state="option")
    made = send(joris, calendar(REHEARSAL)).json
    assert joris.get(f"/bookings/{booking}").json["state"] == "suspended"
    joris.delete(f"/resources/BUD-S1/external-calendars/{made['id']}")
    assert joris.get(f"/bookings/{booking}").json["state"] == "option"


def test_our_own_events_come_back_and_block_nothing(
    api: Callable[..., Api], app: Flask, a_booking: MakeBooking, worker: Callable[[], dict[str, int]]
):
    joris = api("joris")
    a_booking(resource="BUD-S1", start="2027-05-12", end="2027-05-20", state="confirmed")
    feed = joris.post("/feeds", {"scope": "resource", "code": "BUD-S1"}).json
    body = app.test_client().get(feed["url"].removeprefix("http://localhost")).data
    made = send(joris, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    assert (made.status, made.json["counts"]["ours"], made.json["counts"]["hard"]) == (201, 1, 0)
    assert [item.split()[0] for item in blocks(joris)] == ["confirmed"]


def test_a_booking_copied_into_the_houses_own_tool_is_no_conflict(api: Callable[..., Api], a_booking: MakeBooking):
    a_booking(resource="BUD-S1", start="2027-05-10", end="2027-05-15", state="confirmed")
    send(api("joris"), calendar(REHEARSAL))
    assert api("joris").get("/conflicts?venue=BUD&state=open").json["items"] == []


def test_an_address_that_fails_is_shown_with_the_age_of_its_copy(
    api: Callable[..., Api], app: Flask, server: Server, worker: Callable[[], dict[str, int]], clock: StoppedClock
):
    desk = Visitor(app, "joris")
    made = desk.post("/desk/BUD/calendars", {"url": server.url, "place": "BUD-S1"})
    worker()
    desk.post(made.headers["Location"])
    assert blocks(api("joris")) == MAY
    server.status = "500 Oops"
    clock.advance(hours=1)
    worker()
    page = desk.get("/desk/BUD/calendars").text
    assert "60 minuten geleden" in page
    assert "storing" in page
    assert desk.post(f"{made.headers['Location']}/sync").status == 303


def test_another_day_line_moves_whole_days_of_a_calendar_too(
    api: Callable[..., Api], worker: Callable[[], dict[str, int]]
):
    joris = api("joris")
    assert send(joris, calendar(REHEARSAL)).status == 201
    [before] = [item["start"] for item in timeline(joris, "BUD-S1", "2027-05-01", "2027-06-01")]
    assert "T06:00" in before
    assert joris.patch("/venues/BUD", {"planning_day_starts": "04:00"}).status == 200
    worker()  # hears of it
    worker()
    [after] = [item["start"] for item in timeline(joris, "BUD-S1", "2027-05-01", "2027-06-01")]
    assert "T04:00" in after


def test_choices_may_be_told_apart(api: Callable[..., Api]):
    joris = api("joris")
    made = send(joris, calendar(REHEARSAL)).json
    where = f"/resources/BUD-S1/external-calendars/{made['id']}"
    choices = {
        "map": {"statuses": {"confirmed": "option"}, "categories": {}},
        "split": {"by": "LOCATION", "to": {"x": "BUD-S2"}},
    }
    changed = joris.patch(where, choices).json
    assert (changed["map"], changed["split"]) == ({"CONFIRMED": "option"}, {"LOCATION": {"x": "BUD-S2"}})


def test_the_command_line_reads_what_is_due_or_all(api: Callable[..., Api], app: Flask, server: Server):
    api("joris").post("/resources/BUD-S1/external-calendars", {"url": server.url})
    said = [app.test_cli_runner().invoke(args=["calendars", "sync", *more]).stdout for more in ([], [], ["--all"])]
    assert said == ["calendars read: 1\n", "calendars read: 0\n", "calendars read: 1\n"]
    assert blocks(api("joris")) == MAY
