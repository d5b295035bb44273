"""Calendars of others: sent or read, they block; broken, they free nothing (E4)."""

import gzip
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.asks import a_claim, ask, timeline
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.foreign import OURS, calendar
from tests.support.rows import counted
from tests.support.strangers import Stranger, answer, canary, saying
from tests.support.visits import Visitor

SENT = {"Content-Type": "text/calendar"}
REHEARSAL = "UID:r1\nSUMMARY:Rehearsal\nDTSTART;VALUE=DATE:20270510\nDTEND;VALUE=DATE:20270515"
PENCILLED = "UID:r2\nSUMMARY:Maybe\nSTATUS:TENTATIVE\nDTSTART;VALUE=DATE:20270517\nDTEND;VALUE=DATE:20270519"


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


def send(api: Api, body: bytes, code: str = "BUD-S1", **more: Any) -> Answer:
    return api.post(f"/resources/{code}/external-calendars", body=body, headers=SENT, **more)


def blocks(api: Api, code: str = "BUD-S1", first: str = "2027-05-01", end: str = "2027-06-01") -> list[str]:
    items = timeline(api, code, first, end)
    return [f"{item['force']} {item['start'][:16]} {item['end'][:16]}" for item in items]


def refusal(api: Api, first: str, end: str, code: str = "BUD-S1") -> str | None:
    return ask(api, a_claim(code, first, end)).code


MAY = ["external 2027-05-10T06:00 2027-05-15T06:00"]


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


def test_a_planner_looks_first_and_then_lets_it_block(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    assert desk.get("/desk/BUD/calendars").status == 200
    shows = [f"UID:s{day}\nSUMMARY:Le Sacre\nDTSTART;VALUE=DATE:202705{day}" for day in range(10, 20)]
    file = (BytesIO(calendar(*shows, "UID:x\nSUMMARY:Broken")), "plan.ics")
    made = desk.post("/desk/BUD/calendars", {"place": "BUD-S1", "label": "Ons plan", "file": file})
    assert made.status == 303, made
    assert blocks(joris) == [], "it is looked at first"
    page = desk.get(made.headers["Location"])
    assert page.text.count("Le Sacre") == 1, "ten days of one production are one block"
    assert "× 10" in page.text
    assert "Broken" in page.text
    assert desk.post(made.headers["Location"], {"block-CONFIRMED": "option", "step": "preview"}).status == 200
    assert blocks(joris) == []
    assert desk.post(made.headers["Location"]).status == 303
    assert blocks(joris)[0].startswith("external 2027-05-10")
    assert desk.post(f"{made.headers['Location']}/remove").status == 303
    assert blocks(joris) == []


def test_the_house_reads_its_own_titles_on_its_plan_and_others_do_not(api: Callable[..., Api], app: Flask):
    joris = api("joris")
    shows = [
        f"UID:s{day}\nSUMMARY:Le Sacre\nDTSTART;TZID=Europe/Brussels:202611{day}T200000\nDURATION:PT3H"
        for day in range(24, 30)
    ]
    works = "UID:w\nSUMMARY:Works\nSTATUS:TENTATIVE\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261203"
    assert send(joris, calendar(*shows, works)).status == 201
    assert [item.get("title") for item in timeline(joris, "BUD-S1", "2026-11-23", "2026-12-07")] == [
        *["Le Sacre"] * 6,
        "Works",
    ]
    for stranger in ("camille", "nadia"):
        seen = timeline(api(stranger), "BUD-S1", "2026-11-23", "2026-12-07")
        assert {item["force"] for item in seen} == {"external", "option"}
        assert not any("title" in item or "booking" in item for item in seen)
    plan = Visitor(app, "joris").get("/desk/BUD/plan?from=2026-11-23&weeks=2").text
    assert plan.count("<b>Le Sacre</b>") == 1, "six evenings of one production are one block"
    assert "× 6" in plan
    assert "<b>Works</b>" in plan
    assert "06:00–06:00" not in plan
    season = Visitor(app, "joris").get("/desk/BUD/plan?from=2026-11-23&weeks=26")
    assert (season.status, "Le Sacre × 6" in season.text) == (200, True)
    page = Visitor(app, "camille").get("/resources/BUD-S1?from=2026-11-23").text
    assert "Le Sacre" not in page
    assert "Works" not in page


def test_the_page_says_what_is_wrong_beside_the_field(app: Flask):
    desk = Visitor(app, "joris")
    for form, said in (
        ({"url": "http://10.0.0.1/"}, "privénetwerk"),
        ({"url": "agenda"}, "webadres"),
        ({"file": (BytesIO(b"<html>"), "a.ics")}, "geen agenda"),
        ({"place": "DGP-KZ", "url": "https://agenda.example/"}, "niet bekend"),
    ):
        refused = desk.post("/desk/BUD/calendars", form)
        assert (refused.status, said in refused.text) == (422, True), refused.text[-3000:]


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


def test_what_was_copied_is_said_to_be_the_same_and_leaves_the_list(
    api: Callable[..., Api], app: Flask, a_booking: MakeBooking
):
    joris, desk = api("joris"), Visitor(app, "joris")
    booking = str(a_booking(resource="BUD-S1", start="2027-05-10", end="2027-05-15", state="confirmed"))
    a_booking(resource="BUD-S1", start="2027-06-10", end="2027-06-15", state="confirmed")
    made = send(joris, calendar(REHEARSAL, "UID:own\nSUMMARY:Onderhoud\nDTSTART;VALUE=DATE:20270701")).json
    page = desk.get("/desk/BUD/calendars/compare").text
    assert "Eén boeking" in page or "1 boeking" in page, "the one of June is to be copied"
    assert "Rehearsal" in page
    assert "Onderhoud" in page
    same = {"calendar": made["id"], "uid": "r1", "booking": booking}
    assert desk.post("/desk/BUD/calendars/compare", same).status == 303
    assert [item.split()[0] for item in blocks(joris)] == ["confirmed"], "it blocks nothing beside the booking"
    joris.post(f"/bookings/{booking}/cancel", {"reason": "ill"})
    moved = joris.patch(f"/resources/BUD-S1/external-calendars/{made['id']}", {"map": {}})
    assert moved.status == 200
    assert blocks(joris) == MAY, "the booking is gone, the event is still there"
    assert desk.post("/desk/BUD/calendars/compare", {**same, "booking": ""}).status == 303


def test_a_season_out_of_a_spreadsheet_blocks_where_it_says(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = b"van;tot;titel;zaal\n10/05/2027;11/05/2027;Seizoen;BUD-S1\n"
    made = joris.post("/venues/BUD/external-calendars", body=text, headers={"Content-Type": "text/csv"})
    assert (made.status, made.json["counts"]["hard"]) == (201, 1), made
    assert blocks(joris) == ["external 2027-05-10T06:00 2027-05-12T06:00"]
    assert desk.post("/desk/BUD/calendars", {"file": (BytesIO(text), "seizoen.csv")}).status == 303
    refused = desk.post("/desk/BUD/calendars", {"file": (BytesIO(b"a;b\n1;2"), "seizoen.csv")})
    assert (refused.status, "kolom" in refused.text) == (422, True)


def test_a_preview_tells_what_it_would_hit(api: Callable[..., Api], app: Flask, a_booking: MakeBooking):
    joris, desk = api("joris"), Visitor(app, "joris")
    settled = a_booking(resource="BUD-S1", start="2027-05-12", end="2027-05-20", state="confirmed", title="Getij")
    option = a_booking(resource="BUD-S1", start="2027-05-08", end="2027-05-11", state="option", title="Vloed")
    a_booking(resource="BUD-S1", start="2027-05-11", end="2027-05-12", state="requested", title="Wens")
    a_booking(resource="BUD-S2", start="2027-05-10", end="2027-05-15", state="confirmed", title="Elders")
    a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="confirmed", title="Gekopieerd")
    copied = REHEARSAL.replace("r1", "r9") + "\nLOCATION:BUD-TA"
    body = calendar(REHEARSAL + "\nLOCATION:BUD-S1", copied)
    seen = joris.post("/venues/BUD/external-calendars?preview=true", body=body, headers=SENT).json
    assert {each["booking"]: each["state"] for each in seen["over"]} == {
        str(settled): "confirmed",
        str(option): "option",
    }
    made = desk.post("/desk/BUD/calendars", {"file": (BytesIO(body), "plan.ics")}).headers["Location"]
    page = desk.get(made).text
    assert "Getij" in page
    assert "Vloed" in page
    assert "Wens" not in page
    assert "Gekopieerd" not in page
    assert desk.post(made).status == 303
    assert "Getij" not in desk.get(made).text, "it stands on the desk now"
    assert joris.get(f"/bookings/{option}").json["state"] == "suspended"
    assert len(joris.get("/conflicts?venue=BUD&state=open").json["items"]) == 1


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


def test_a_newer_file_takes_the_place_of_the_one_before(api: Callable[..., Api], a_booking: MakeBooking):
    joris = api("joris")
    made = send(joris, calendar(REHEARSAL, PENCILLED)).json
    where = f"/resources/BUD-S1/external-calendars/{made['id']}"
    later = REHEARSAL.replace("0515", "0516")
    newer = calendar(later, PENCILLED, "UID:r3\nSUMMARY:New\nDTSTART;VALUE=DATE:20270520")
    seen = joris.post(f"{where}/upload?preview=true", body=newer, headers=SENT)
    assert seen.status == 200, seen
    told = {name: [each["title"] for each in seen.json[name]] for name in ("added", "changed", "removed")}
    assert told == {"added": ["New"], "changed": ["Rehearsal"], "removed": []}
    assert (seen.json["same"], seen.json["believable"]) == (1, True)
    assert blocks(joris)[0] == MAY[0], "a preview changes nothing"
    replaced = joris.post(f"{where}/upload", body=newer, headers=SENT)
    assert (replaced.status, replaced.json["id"], replaced.json["counts"]["hard"]) == (200, made["id"], 2)
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-16T06:00"
    assert refusal(api("camille"), "2027-05-15", "2027-05-16") == "external-busy", "it blocks the next request"

    for bad in (b"", b"<html>", b"/etc/passwd", newer[:-20]):
        refused = joris.post(f"{where}/upload", body=bad, headers=SENT)
        assert (refused.status, list(refused.json["errors"])) == (422, ["body"])
    gone = joris.post(f"{where}/upload", body=calendar(PENCILLED), headers=SENT)
    assert (gone.status, gone.code, gone.json["actions"]) == (409, "half-gone", ["believe"])
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-16T06:00", "the last good copy stays"
    assert joris.post(f"{where}/upload?believe=true", body=calendar(PENCILLED), headers=SENT).status == 200
    assert [item.split()[0] for item in blocks(joris)] == ["option"]

    from_address = joris.post("/resources/BUD-S1/external-calendars", {"url": "https://agenda.example/a.ics"}).json
    elsewhere = f"/resources/BUD-S1/external-calendars/{from_address['id']}/upload"
    assert joris.post(elsewhere, body=newer, headers=SENT).code == "has-address"


def test_two_planners_who_choose_how_a_calendar_is_read_overwrite_nothing(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = calendar(f"{REHEARSAL}\nLOCATION:De tuin", f"{PENCILLED}\nLOCATION:Zolder")
    made = joris.post("/venues/BUD/external-calendars", body=text, headers=SENT).json
    page = f"/desk/BUD/calendars/{made['id']}"
    seen = desk.get(page).text.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    where = f"/venues/BUD/external-calendars/{made['id']}"
    assert joris.patch(where, {"split": {"LOCATION": {"De tuin": "BUD-S1"}}}).status == 200
    attic = {"field-0": "LOCATION", "word-0": "Zolder", "target-0": "BUD-S2", "label": "Ons plan", "seen": seen}
    late = desk.post(page, attic)
    assert late.status == 412
    assert "Iemand anders" in late.text
    assert 'value="Ons plan"' in late.text
    assert joris.get(where).json["split"] == {"LOCATION": {"De tuin": "BUD-S1"}}
    again = late.text.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    assert desk.post(page, {**attic, "seen": again}).status == 303
    assert joris.get(where).json["split"] == {"LOCATION": {"De tuin": "BUD-S1", "Zolder": "BUD-S2"}}


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"', maxsplit=1)[0]


def test_a_planner_looks_at_a_newer_file_before_it_counts(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    made = send(joris, calendar(REHEARSAL, PENCILLED)).json
    page = f"/desk/BUD/calendars/{made['id']}"
    assert "nieuwer bestand" in desk.get(page).text
    assert desk.get(f"{page}/newer").status == 404, "nothing was sent yet"
    refused = desk.post(f"{page}/file", {"file": (BytesIO(b"<html>"), "a.ics")})
    assert (refused.status, "geen agenda" in refused.text) == (422, True)

    def sent(*events: str) -> str:
        answered = desk.post(f"{page}/file", {"file": (BytesIO(calendar(*events)), "plan.ics")})
        assert answered.headers["Location"].endswith("/newer"), answered
        return desk.get(f"{page}/newer").text

    looked = sent(REHEARSAL, PENCILLED, "UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    assert "Nieuwe avond" in looked
    assert "Meer dan de helft" not in looked
    assert desk.post(f"{page}/newer", {"step": "drop"}).status == 303
    assert desk.get(f"{page}/newer").status == 404
    assert "Meer dan de helft" in sent("UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    seen = {"digest": digest_in(desk.get(f"{page}/newer").text)}
    assert desk.post(f"{page}/newer", seen).headers["Location"].endswith("/newer"), "not without a word"
    assert blocks(joris)[0] == MAY[0]
    sent("UID:n\nSUMMARY:Iets anders\nDTSTART;VALUE=DATE:20270601")  # by a colleague, meanwhile
    believed = {"believe": "1", **seen}
    assert desk.post(f"{page}/newer", believed).headers["Location"].endswith("/newer"), "nobody looked at that"
    assert blocks(joris)[0] == MAY[0]
    sent("UID:n\nSUMMARY:Nieuwe avond\nDTSTART;VALUE=DATE:20270601")
    assert desk.post(f"{page}/newer", believed).headers["Location"].endswith(page)
    assert blocks(joris) == []
    assert blocks(joris, first="2027-06-01", end="2027-06-02") == ["external 2027-06-01T06:00 2027-06-02T06:00"]


def test_a_season_says_row_by_row_what_is_not_right(api: Callable[..., Api], app: Flask):
    joris, desk = api("joris"), Visitor(app, "joris")
    text = (
        b"van;tot;titel;zaal;statuut\n10/05/2027;11/05/2027;Goed;BUD-S1;zeker\n31/02/2027;;Nooit;BUD-S1;\n"
        b"\n;;Zonder;BUD-S1;\n12/05/2027;straks;Half;BUD-S1;\n14/05/2027;13/05/2027;Terug;BUD-S1;\n"
        b"15/05/2027;;Elders;De tuin;\n16/05/2027;;Raar;BUD-S1;misschien\n"
    )
    as_csv = {"Content-Type": "text/csv"}
    seen = joris.post("/venues/BUD/external-calendars?preview=true", body=text, headers=as_csv).json
    assert [(each["row"], each["code"]) for each in seen["warnings"]] == [
        (3, "row-start"),
        (5, "row-no-start"),
        (6, "row-end"),
        (7, "reversed"),
        (8, "unknown-place"),
        (9, "row-status"),
    ]
    assert all(each["detail"] and each["event"] for each in seen["warnings"])
    made = desk.post("/desk/BUD/calendars", {"file": (BytesIO(text), "seizoen.csv")})
    assert "Rij 3: Nooit" in desk.get(made.headers["Location"]).text
    nadia = Visitor(app, "nadia")
    theirs = nadia.post("/desk/PHX/calendars", {"file": (BytesIO(text), "saison.csv")})
    assert "Ligne 3\N{NO-BREAK SPACE}: Nooit" in nadia.get(theirs.headers["Location"]).text
    assert desk.post(made.headers["Location"]).status == 303
    assert blocks(joris)[0] == "external 2027-05-10T06:00 2027-05-12T06:00"
    listed = joris.get("/venues/BUD/external-calendars").json["items"][0]
    assert [each["row"] for each in listed["warnings"]] == [3, 5, 6, 7, 8, 9], "and it stays told"


def test_a_season_of_a_thousand_rows_is_read_in_a_few_seconds(api: Callable[..., Api]):
    joris = api("joris")
    rows = "".join(
        f"{day:02}/{month:02}/2027 {hour}:00;{day:02}/{month:02}/2027 {hour + 1}:30;Show {n};BUD-S{1 + n % 2}\n"
        for n, (month, day, hour) in enumerate(
            (month, day, hour) for month in range(1, 13) for day in range(1, 29) for hour in (10, 14, 20)
        )
        if n < 1000
    )
    began = time.monotonic()
    made = joris.post(
        "/venues/BUD/external-calendars",
        body=f"van;tot;titel;zaal\n{rows}".encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert (made.status, made.json["counts"]["hard"], made.json["warnings"]) == (201, 1000, [])
    assert time.monotonic() - began < 10


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
