"""A feed over HTTP, as calendar apps of all kinds ask for it."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from booking.storage.database import Database
from calendars.storage.tables import Feed
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.feeds import Subscription, subscribe
from tests.support.statements import Statements
from wsgi import create_app

As = Callable[[str | None], Api]


@pytest.fixture
def feed(api: As, client: FlaskClient, a_booking: MakeBooking) -> Subscription:
    """Joris follows his house, in which one booking is confirmed."""
    a_booking()
    return subscribe(api("joris"), client, "venue", "BUD")


@pytest.fixture
def twin(app: Flask) -> Iterator[FlaskClient]:
    """The same service once more, as another process runs it: same database, no memory of feeds."""
    parts = app.extensions["booking"]
    other = create_app(parts.settings, clock=parts.clock)
    yield other.test_client()
    other.extensions["booking"].database.dispose()


def test_the_answer_is_a_calendar_that_asks_to_be_asked_again(feed: Subscription) -> None:
    answer = feed.get()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"].startswith('"')
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("where", ["http://localhost", "https://localhost", "http://elsewhere.example"])
def test_whatever_way_it_is_asked_it_answers_there_and_then(feed: Subscription, where: str) -> None:
    for ending in (".ics", ".ifb"):
        answer = feed.client.get(feed.path.removesuffix(".ics") + ending, base_url=where)
        assert answer.status_code == 200
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_every_zone_that_is_named_is_described_by_rules(feed: Subscription, a_booking: MakeBooking) -> None:
    a_booking(resource="BUD-S2", start="2027-06-10T10:00:00+02:00", end="2027-06-10T12:00:00+02:00")
    text = feed.get().text
    named = set(re.findall(r";TZID=([^:;]+)", text))
    assert named == set(re.findall(r"\r\nTZID:(.+)\r\n", text)) == {"Europe/Brussels"}
    zone = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")]
    assert zone.count("RRULE:FREQ=YEARLY") == 2
    assert "RDATE" not in zone


def test_what_lies_three_years_ahead_is_told(feed: Subscription, a_booking: MakeBooking) -> None:
    a_booking(start="2029-11-12", end="2029-11-15", title="Far")
    assert "Far" in feed.get().text


def test_the_same_bytes_until_something_changes(
    feed: Subscription, twin: FlaskClient, clock: StoppedClock
) -> None:
    first = feed.get()
    clock.advance(days=20)
    for later in (feed.get(), twin.get(feed.path)):
        assert later.data == first.data
        assert later.headers["ETag"] == first.headers["ETag"]
        assert later.headers["Last-Modified"] == first.headers["Last-Modified"]


def test_who_has_it_gets_304(feed: Subscription) -> None:
    first = feed.get()
    for having in (
        {"if_none_match": first.headers["ETag"]},
        {"if_none_match": f'"other", W/{first.headers["ETag"]}'},
        {"if_none_match": "*"},
        {"if_modified_since": first.headers["Last-Modified"]},
    ):
        answer = feed.get(**having)
        assert (answer.status_code, answer.data) == (304, b""), having
        assert answer.headers["ETag"] == first.headers["ETag"]
    assert feed.get(method="HEAD", if_none_match=first.headers["ETag"]).status_code == 304


def test_a_tag_goes_before_a_date(feed: Subscription) -> None:
    first = feed.get()
    answer = feed.get(if_none_match='"older"', if_modified_since=first.headers["Last-Modified"])
    assert answer.status_code == 200


def test_a_change_makes_new_bytes_a_new_tag_and_a_later_date(feed: Subscription, a_booking: MakeBooking) -> None:
    first = feed.get()
    a_booking(resource="BUD-TA", state="option")  # the clock stands still: even within one second
    second = feed.get(if_none_match=first.headers["ETag"])
    assert second.status_code == 200
    assert second.last_modified > first.last_modified
    a_booking(resource="BUD-TA", start="2027-06-07", end="2027-06-12")
    assert feed.get(if_modified_since=second.headers["Last-Modified"]).status_code == 200


def test_a_change_elsewhere_changes_nothing_here(feed: Subscription, a_booking: MakeBooking) -> None:
    first = feed.get()
    a_booking(resource="PHX-ST")
    a_booking(state="requested", start="2027-06-07", end="2027-06-12")
    assert feed.get(if_none_match=first.headers["ETag"]).status_code == 304


def test_head_tells_the_same_without_the_body(feed: Subscription) -> None:
    full, head = feed.get(), feed.get(method="HEAD")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Vary"):
        assert head.headers[name] == full.headers[name]


def test_gzip_travels_under_a_tag_of_its_own_and_either_tag_is_known(feed: Subscription) -> None:
    plain, packed = feed.get(), feed.get(accept_encoding="gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        assert feed.get(accept_encoding="gzip", if_none_match=tag).status_code == 304
    assert "Content-Encoding" not in feed.get(accept_encoding="gzip;q=0").headers


def test_no_row_is_read_while_nothing_changes(
    feed: Subscription, statements: Callable[[], AbstractContextManager[Statements]], database: Database
) -> None:
    tag = feed.get().headers["ETag"]
    feed.busy()
    most = 0 if database.is_sqlite else 2  # a server has other databases, whose commits count too: then it looks
    for headers in ({}, {"if_none_match": tag}, {"accept_encoding": "gzip"}):
        feed.get()
        with statements() as seen:
            feed.get(**headers)
        assert len(seen) <= most, seen.listing
    feed.busy()
    with statements() as seen:
        feed.busy()
    assert len(seen) <= most, seen.listing


def test_from_memory_a_feed_knows_that_a_clock_ran_out(
    api: As, client: FlaskClient, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    booking = a_booking(resource="BUD-TA", start="2027-05-10", end="2027-05-15", state="option")
    option = subscribe(api("camille"), client, "me")
    due_at = api("camille").get(f"/bookings/{booking}").json["due_at"]
    clock.set((datetime.fromisoformat(due_at) - timedelta(seconds=1)).isoformat())
    for _ in range(3):
        assert option.only().status == "TENTATIVE"
    clock.advance(seconds=1)
    assert option.only().status == "CANCELLED"


def test_from_memory_comes_all_that_every_answer_carries(feed: Subscription) -> None:
    first, second = feed.get(), [feed.get() for _ in range(3)][-1]
    alike = set(first.headers.keys()) | {"X-Content-Type-Options", "X-Request-Id", "Content-Length"}
    assert alike == set(second.headers.keys())
    changing = {"X-Request-Id", "Date"}
    assert all(first.headers[name] == second.headers[name] for name in alike - changing)
    assert second.data == first.data
    assert feed.client.get("/metrics").text.count('endpoint="feeds.calendar",method="GET",status="200"} 4.0') == 1


def test_one_change_costs_a_handful_of_statements_whatever_the_size(
    feed: Subscription, a_booking: MakeBooking, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    feed.get()
    a_booking(resource="BUD-TA")
    with statements() as seen:
        feed.get()
    assert len(seen) <= 9, seen.listing


@pytest.mark.parametrize("ending", [".ics", ".ifb"])
def test_a_revoked_feed_is_gone_at_once_in_every_process(
    ending: str, feed: Subscription, api: As, twin: FlaskClient
) -> None:
    path = feed.path.removesuffix(".ics") + ending
    assert [each.get(path).status_code for each in (feed.client, twin)] == [200, 200]
    assert api("joris").delete(f"/feeds/{feed.id}").status == 204
    for each in (feed.client, twin):
        answer = each.get(path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "BUDA" not in answer.text
        assert answer.text == each.get("/feeds/never-there.ics").text


def test_no_session_is_opened_even_when_a_browser_sends_one(feed: Subscription) -> None:
    feed.client.set_cookie("session", "whatever")
    answer = feed.get()
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_a_broken_database_is_a_line_of_text_and_a_request_to_come_back(
    feed: Subscription, database: Database
) -> None:
    feed.get()
    database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE feed RENAME TO lost"))
    answer = feed.get()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_an_address_works_on_when_the_secret_changes_but_is_told_no_more(
    feed: Subscription, api: As, database: Database
) -> None:
    (listed,) = api("joris").get("/feeds").json["items"]
    assert listed["url"].endswith(feed.path)
    database.write(lambda connection: connection.execute(update(Feed).values(token_hash="of-another-secret")))
    (listed,) = api("joris").get("/feeds").json["items"]
    assert (listed["url"], listed["webcal_url"]) == (None, None)


def test_free_and_busy_time_is_a_calendar_too(feed: Subscription, clock: StoppedClock) -> None:
    path = feed.path.removesuffix(".ics") + ".ifb"
    first = feed.client.get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "FREEBUSY;FBTYPE=BUSY:20270308T050000Z/20270320T050000Z" in first.text
    assert "Marées" not in first.text
    known = feed.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304
    clock.advance(days=1)
    assert "DTSTART:20260826T000000Z" in feed.client.get(path).text


@pytest.mark.parametrize("since", ["Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "soon"])
def test_a_date_at_the_end_of_time_breaks_nothing(feed: Subscription, since: str) -> None:
    for _ in range(2):  # once written out, once from memory
        assert feed.get(if_modified_since=since).status_code in (200, 304)
