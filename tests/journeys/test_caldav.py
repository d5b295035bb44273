"""A calendar app reads over CalDAV: found, listed, read, followed; and never written to (E1, E2)."""

from collections.abc import Callable
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.caldav import App, condition, connect, multistatus, sync_token
from tests.support.canary import Canary
from tests.support.clocks import StoppedClock
from tests.support.feeds import subscribe

As = Callable[[str | None], Api]


def events_in(body: str) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(body.encode())
    assert "METHOD" not in calendar
    return calendar.walk("VEVENT")


def during(first: str, last: str) -> str:
    span = f'<C:time-range start="{first}" end="{last}"/>'
    inner = f'<C:comp-filter name="VEVENT">{span}</C:comp-filter>'
    return f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'


def test_an_app_finds_its_collections_and_reads_what_the_feed_says(
    api: As, client: FlaskClient, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    booking = a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    a_booking(resource="BUD-TA", start="2027-05-10T10:00:00+02:00", end="2027-05-10T12:00:00+02:00")
    app = connect(api("joris"), client)
    assert client.open("/.well-known/caldav", method="PROPFIND").headers["Location"].endswith("/dav/")
    found = app.discover()
    assert list(found) == ["mine", "expiring", "house-BUD", "crew-BUD"]
    house = found["house-BUD"]
    assert house.text("D:displayname") == "Kunstencentrum BUDA"

    listed = app.propfind(house.href, "D:getetag", depth="1")[1:]
    body = app.report_body(
        "C:calendar-multiget",
        "".join(f"<D:href>{each.href}</D:href>" for each in listed) + f"<D:href>{house.href}none.ics</D:href>",
        "D:getetag",
        "C:calendar-data",
    )
    *items, missing = multistatus(app.ask("REPORT", house.href, body))
    assert "404" in missing.status
    feed = subscribe(api("joris"), client, "venue", "BUD", detail="full", language="nl").events()
    told = {event["UID"]: event for each in items for event in events_in(each.text("C:calendar-data"))}
    assert {(str(uid), str(event["SUMMARY"]), event["SEQUENCE"]) for uid, event in told.items()} == {
        (each.uid, each.summary, each.sequence) for each in feed.values()
    }
    item = next(each for each in items if str(booking) in each.text("C:calendar-data"))
    got = app.ask("GET", item.href)
    assert (got.status_code, got.mimetype, got.headers["ETag"]) == (200, "text/calendar", item.text("D:getetag"))
    assert app.ask("GET", item.href, **{"If-None-Match": got.headers["ETag"]}).status_code == 304

    clock.advance(minutes=1)
    answer(api("joris"), str(booking), "confirm")
    after = app.discover()["house-BUD"]
    assert after.text("S:getctag") != house.text("S:getctag")
    assert after.text("D:sync-token") != house.text("D:sync-token")
    assert app.ask("GET", item.href).headers["ETag"] != got.headers["ETag"]


def test_an_app_is_told_what_changed_since_it_last_asked(
    api: As, client: FlaskClient, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    first = str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option"))
    a_booking(resource="BUD-S2", start="2027-03-08", end="2027-03-20")
    app = connect(api("joris"), client)
    href = app.discover()["house-BUD"].href

    def sync(token: str = "", more: str = "") -> Any:
        inner = f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>{more}"
        return app.ask("REPORT", href, app.report_body("D:sync-collection", inner))

    begun = sync()
    assert len(multistatus(begun)) == 2
    assert multistatus(sync(sync_token(begun))) == []
    clock.advance(minutes=1)
    assert answer(api("camille"), first, "release").status == 200
    changed = sync(sync_token(begun))
    assert len(multistatus(changed)) == 1
    clock.advance(days=61)
    (gone,) = multistatus(sync(sync_token(changed)))
    assert "404" in gone.status
    unknown = sync("data:,made-up")
    assert (unknown.status_code, condition(unknown)) == (403, "D:valid-sync-token")
    too_many = sync("", "<D:limit><D:nresults>0</D:nresults></D:limit>")
    assert (too_many.status_code, condition(too_many)) == (507, "D:number-of-matches-within-limits")


def test_a_state_means_the_same_to_every_process_and_after_a_restart(
    api: As,
    client: FlaskClient,
    build: Callable[..., Flask],
    database_url: str,
    a_booking: MakeBooking,
    clock: StoppedClock,
):
    first = str(a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option"))
    a_booking(resource="BUD-S2", start="2027-03-08", end="2027-03-20")
    app = connect(api("joris"), client)
    house = app.discover()["house-BUD"]

    def sync(token: str) -> Any:
        other = App(build(database_url).test_client(), app.user, app.token)  # a process that knows nothing yet
        inner = f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
        return other.ask("REPORT", house.href, app.report_body("D:sync-collection", inner))

    begun = sync_token(sync(""))
    assert begun == house.text("D:sync-token"), "PROPFIND tells the same state"
    assert multistatus(sync(begun)) == []
    told = []
    for verb in ("commit", "withdraw"):
        clock.advance(minutes=1)
        assert answer(api("camille"), first, verb).status == 200
        told.append(sync_token(sync(begun)))
    assert len({begun, *told}) == 3
    assert [len(multistatus(sync(each))) for each in (begun, *told)] == [1, 1, 0]
    clock.advance(days=61)
    (gone,) = multistatus(sync(told[0]))
    assert "404" in gone.status
    number = int(told[1].rpartition("-")[2])
    for unknown in (told[1].replace(f"-{number}", f"-{number + 7}"), "data:,9-1", "data:,"):
        refused = sync(unknown)
        assert (refused.status_code, condition(refused)) == (403, "D:valid-sync-token"), unknown

    listed = api("joris").get("/me/app-tokens").json["items"]
    assert [api("joris").delete(f"/me/app-tokens/{each['id']}").status for each in listed] == [204]
    again = connect(api("joris"), client)
    assert again.discover()["house-BUD"].text("D:sync-token").split("-")[0] != begun.split("-")[0]


def test_an_item_that_comes_back_is_told_and_too_many_that_went_are_forgotten(
    api: As, client: FlaskClient, a_booking: MakeBooking, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("calendars.services.synchronising.MOST_GONE", 1)
    options = [
        str(a_booking(resource=code, start="2027-03-08", end="2027-03-20", state="option"))
        for code in ("BUD-S1", "BUD-S2", "BUD-TA")
    ]
    app = connect(api("joris"), client)

    def token() -> str:
        return app.discover()["expiring"].text("D:sync-token")

    def sync(known: str) -> Any:
        inner = f"<D:sync-token>{known}</D:sync-token><D:sync-level>1</D:sync-level>"
        return app.ask("REPORT", app.discover()["expiring"].href, app.report_body("D:sync-collection", inner))

    begun = token()
    assert answer(api("camille"), options[0], "commit").status == 200
    gone = token()
    assert answer(api("joris"), options[0], "take-back", reason="no room").status == 200
    (back,) = multistatus(sync(gone))
    assert "404" not in back.status
    for option in options[:2]:
        assert answer(api("camille"), option, "commit").status == 200
        last = token()
    assert len(multistatus(sync(begun))) == 2
    assert answer(api("camille"), options[2], "commit").status == 200
    assert len(multistatus(sync(last))) == 1
    assert condition(sync(begun)) == "D:valid-sync-token"


def test_an_app_asks_by_time_and_by_text(api: As, client: FlaskClient, a_booking: MakeBooking) -> None:
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", title="Zang, in de mijn")
    saved = ask_for_the_house(
        api("joris"),
        a_claim("BUD-S2", "2027-09-07T10:00:00+02:00", "2027-09-07T12:00:00+02:00"),
        title="Les",
        recurrence={"rule": "FREQ=WEEKLY;COUNT=5"},
    )
    assert saved.status == 201, saved
    app = connect(api("joris"), client)
    href = app.discover()["house-BUD"].href
    for first, last, count in (
        ("20270319T000000Z", "20270320T000000Z", 1),
        ("20270320T000000Z", "20270907T080000Z", 0),
        ("20270914T093000Z", "20270914T100000Z", 1),
        ("20270101T000000Z", "20280101T000000Z", 2),
    ):
        assert len(app.report(href, "C:calendar-query", during(first, last))) == count, first

    def having(inner: str) -> int:
        component = f'<C:comp-filter name="VCALENDAR">{inner}</C:comp-filter>'
        return len(app.report(href, "C:calendar-query", f"<C:filter>{component}</C:filter>"))

    def a_title(inner: str) -> int:
        matched = f'<C:prop-filter name="SUMMARY">{inner}</C:prop-filter>'
        return having(f'<C:comp-filter name="VEVENT">{matched}</C:comp-filter>')

    assert a_title("<C:text-match>zang, in</C:text-match>") == 1
    assert a_title('<C:text-match negate-condition="yes">zang</C:text-match>') == 1
    assert a_title("<C:is-not-defined/>") == 0
    assert having('<C:comp-filter name="VTODO"/>') == 0
    assert having('<C:comp-filter name="VEVENT"/>') == 2

    expand = '<C:calendar-data><C:expand start="20270901T000000Z" end="20270922T000000Z"/></C:calendar-data>'
    question = app.report_body("C:calendar-query", during("20270901T000000Z", "20270922T000000Z"))
    (told,) = multistatus(app.ask("REPORT", href, question.replace("<D:getetag/>", expand)))
    shown = events_in(told.text("C:calendar-data"))
    assert [each["DTSTART"].dt.isoformat() for each in shown] == [
        "2027-09-07T08:00:00+00:00",
        "2027-09-14T08:00:00+00:00",
        "2027-09-21T08:00:00+00:00",
    ]
    assert all("RECURRENCE-ID" in each for each in shown)

    question = '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav">{}</C:free-busy-query>'
    span = '<C:time-range start="20270301T000000Z" end="20270401T000000Z"/>'
    busy = app.ask("REPORT", href, question.format(span))
    assert (busy.status_code, busy.mimetype) == (200, "text/calendar")
    assert "FREEBUSY;FBTYPE=BUSY:20270308T050000Z/20270320T050000Z" in busy.text


def test_nothing_can_be_written(api: As, client: FlaskClient, a_booking: MakeBooking) -> None:
    a_booking(resource="BUD-S1")
    app = connect(api("joris"), client)
    href = app.discover()["mine"].href
    item = app.propfind(href, "D:getetag", depth="1")[1].href
    for method, path in (
        ("PUT", item),
        ("PUT", f"{href}new.ics"),
        ("DELETE", item),
        ("DELETE", href),
        ("PROPPATCH", href),
        ("MKCALENDAR", f"{href}new/"),
        ("MOVE", item),
        ("LOCK", item),
    ):
        refused = app.ask(method, path, "BEGIN:VCALENDAR")
        assert (refused.status_code, condition(refused)) == (403, "D:need-privileges"), method
    assert app.ask("GET", item).status_code == 200
    offered = app.ask("OPTIONS", href)
    assert "calendar-access" in offered.headers["DAV"]
    assert "PUT" not in offered.headers["Allow"]
    assert "D:write" not in app.ask("PROPFIND", href, depth="1").text


def test_only_a_key_for_calendar_apps_opens_and_only_this_door(api: As, client: FlaskClient) -> None:
    joris, camille = connect(api("joris"), client), connect(api("camille"), client)
    assert client.open("/dav/", method="PROPFIND").headers["WWW-Authenticate"].startswith("Basic ")
    wrong = (
        App(client, joris.user, "made-up"),
        App(client, joris.user, camille.token),
        App(client, "", joris.token),
    )
    assert {each.ask("PROPFIND", "/dav/").status_code for each in wrong} == {401}
    assert App(client, "JORIS@buda.example", joris.token).ask("PROPFIND", "/dav/").status_code == 207
    as_api = client.get("/api/v1/me", headers={"Authorization": f"Bearer {joris.token}"})
    assert as_api.status_code == 401

    foreign = joris.discover()["house-BUD"].href
    assert camille.ask("PROPFIND", foreign).status_code == 404
    assert camille.ask("PROPFIND", "/dav/calendars/made-up/").status_code == 404
    (listed,) = api("joris").get("/me/app-tokens").json["items"]
    assert listed.keys() == {"id", "name", "created_at"}
    assert api("camille").delete(f"/me/app-tokens/{listed['id']}").status == 404
    assert api("joris").delete(f"/me/app-tokens/{listed['id']}").status == 204
    assert joris.ask("PROPFIND", "/dav/").status_code == 401


def test_a_repeat_of_the_request_for_a_key_is_told_the_same_key(api: As) -> None:
    made = [
        api("joris").post("/me/app-tokens", {"name": "x"}, headers={"Idempotency-Key": "once"}).json for _ in "ab"
    ]
    assert made[0] == made[1]
    assert len(api("joris").get("/me/app-tokens").json["items"]) == 1


def test_strangers_read_no_name_over_caldav(api: As, client: FlaskClient, canary: Callable[..., Canary]) -> None:
    planted = canary(start="2027-03-08", end="2027-03-20", state="option")
    subscribe(api("camille"), client, "venue", "BUD", detail="full")
    app = connect(api("camille"), client)
    for collection in app.discover().values():
        for part in ("C:calendar-query",):
            span = during("20270101T000000Z", "20280101T000000Z")
            body = app.report_body(part, span, "C:calendar-data", "D:displayname")
            planted.assert_unseen(app.ask("REPORT", collection.href, body).text, collection.href)
        planted.assert_unseen(app.ask("PROPFIND", collection.href, depth="1").text, collection.href)


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("PROPFIND", "<D:propfind", 400),
        ("PROPFIND", '<!DOCTYPE x [<!ENTITY a "b">]><D:propfind xmlns:D="DAV:">&a;</D:propfind>', 400),
        ("PROPFIND", "<x/>", 400),
        ("REPORT", "", 403),
        ("REPORT", '<D:expand-property xmlns:D="DAV:"/>', 403),
        ("REPORT", '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"/>', 403),
        ("REPORT", '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"/>', 400),
        ("GET", "", 405),
    ],
)
def test_what_makes_no_sense_is_refused(method: str, body: str, status: int, api: As, client: FlaskClient) -> None:
    app = connect(api("joris"), client)
    href = app.discover()["mine"].href
    assert app.ask(method, href, body).status_code == status
    assert app.ask("PROPFIND", href, depth="infinity").status_code == 403


def test_an_app_that_asks_without_end_or_sense_costs_no_more_than_any_other(
    api: As, client: FlaskClient, a_booking: MakeBooking
) -> None:
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option")
    app = connect(api("joris"), client)
    house = app.discover()["house-BUD"].href
    listed = app.propfind(house, "D:getetag", depth="1")[1:]
    often = "".join(f"<D:href>{each.href}</D:href>" for each in listed) * 500
    assert len(app.report(house, "C:calendar-multiget", often, "D:getetag")) == len(listed)
    assert len(app.propfind(house, *["D:getetag"] * 500, depth="1")[1].properties) == 1
    names = "".join(f"<D:made-up-{n}/>" for n in range(5000))
    endless = f'<D:propfind xmlns:D="DAV:"><D:prop>{names}</D:prop></D:propfind>'
    assert app.ask("PROPFIND", house, endless, depth="1").status_code == 400
    astray = app.report_body("C:calendar-multiget", "<D:href>http://[x/</D:href>", "D:getetag")
    assert app.ask("REPORT", house, astray).status_code == 400
    for most in ("\N{SUPERSCRIPT TWO}", "9" * 5000):
        limit = f"<D:sync-token/><D:limit><D:nresults>{most}</D:nresults></D:limit>"
        assert (
            app.ask("REPORT", house, app.report_body("D:sync-collection", limit, "D:getetag")).status_code == 207
        )
