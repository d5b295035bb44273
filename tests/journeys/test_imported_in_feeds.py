"""What a house's own calendars block stands in the feeds of its places (E4, and the table of forces)."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.storage.database import Database
from tests.support.api import Answer, Api
from tests.support.clocks import StoppedClock
from tests.support.feeds import Subscription, subscribe
from tests.support.foreign import calendar
from tests.support.rows import counted
from tests.support.strangers import Stranger, answer
from tests.support.two_readers import Seen

As = Callable[..., Api]
Subscribe = Callable[..., Subscription]
Says = Callable[..., None]

SENT = {"Content-Type": "text/calendar"}
REHEARSAL = "UID:r1\nSUMMARY:Rehearsal of Lear\nDTSTART;VALUE=DATE:20270510\nDTEND;VALUE=DATE:20270515"
MOVED = REHEARSAL.replace("0510", "0511")
PENCIL = "UID:r2\nSUMMARY:Maybe\nSTATUS:TENTATIVE\nDTSTART:20270517T080000Z\nDTEND:20270517T100000Z"
CLASS = "UID:c1\nSUMMARY:Class\nLOCATION:upstairs\nDTSTART:20270601T080000Z\nDTEND:20270601T090000Z\n"
WEEKLY = CLASS + "RRULE:FREQ=WEEKLY;COUNT=3"


@pytest.fixture
def follow(api: As, client: FlaskClient) -> Subscribe:
    def following(name: str, scope: str, code: str | None = None, **more: object) -> Subscription:
        return subscribe(api(name), client, scope, code, **more)  # type: ignore[arg-type]

    return following


class Tool:
    """A house's own tool: says `body`."""

    def __init__(self) -> None:
        self.body = b""
        self.stranger = Stranger(lambda caller, _head: caller.sendall(answer(self.body)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stranger.port}/plan.ics"


@pytest.fixture
def tool() -> Iterator[Tool]:
    made = Tool()
    with made.stranger:
        yield made


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask], tool: Tool) -> Flask:
    return build(database_url, fetch_allow=(f"127.0.0.1:{tool.stranger.port}",))


@pytest.fixture
def says(api: As, tool: Tool, worker: Callable[[], dict[str, int]], clock: StoppedClock) -> Callable[..., None]:
    """`says(REHEARSAL)`: the tool has these events now, and the worker has looked."""
    known: list[str] = []

    def now_says(*events: str) -> None:
        tool.body = calendar(*events)
        if known:
            clock.advance(minutes=16)
        else:
            known.append(api("joris").post("/resources/BUD-S1/external-calendars", {"url": tool.url}).json["id"])
        worker()

    return now_says


def send(api: Api, *events: str) -> Answer:
    return api.post("/resources/BUD-S1/external-calendars", body=calendar(*events), headers=SENT)


def test_a_company_reads_that_it_is_taken_and_the_house_by_what(api: As, follow: Subscribe) -> None:
    send(api("joris"), REHEARSAL, PENCIL)
    stranger = follow("camille", "resource", "BUD-S1", detail="full")
    told = sorted(stranger.events().values(), key=lambda event: str(event.start))
    assert [(each.summary, each.status, each.busy_status) for each in told] == [
        ("Taken", "CONFIRMED", "BUSY"),
        ("OPT · Taken", "TENTATIVE", "TENTATIVE"),
    ]
    assert (told[0].start, told[0].end) == (date(2027, 5, 10), date(2027, 5, 15))
    assert "Lear" not in stranger.get().text
    assert "Lear" not in follow("camille", "venue", "BUD", detail="full").get().text

    house = follow("joris", "venue", "BUD")
    assert {each.summary for each in house.events().values()} == {"Rehearsal of Lear", "OPT · Maybe"}
    only_busy = follow("joris", "resource", "BUD-S1", detail="busy")
    assert {each.summary for each in only_busy.events().values()} == {"Taken", "OPT · Taken"}
    assert "r1" not in house.events()
    assert all(uid.endswith("@emerge-booking") for uid in house.events())


def test_the_houses_own_tool_may_leave_out_what_came_from_it(api: As, follow: Subscribe) -> None:
    made = send(api("joris"), REHEARSAL)
    assert made.status == 201
    without = follow("joris", "venue", "BUD", imported=False)
    assert without.events() == {}
    assert "20270510" in without.busy()  # free and busy time draws nothing twice, and frees nothing
    assert [each["imported"] for each in api("joris").get("/feeds").json["items"]] == [False]
    assert len(follow("joris", "venue", "BUD").events()) == 1


def test_an_imported_event_that_moves_stays_the_same_one_and_the_others_keep_their_text(
    says: Says, follow: Subscribe
) -> None:
    says(REHEARSAL, PENCIL)
    feed = follow("joris", "resource", "BUD-S1")
    first = {each.summary: each for each in feed.events().values()}
    says(MOVED, PENCIL)
    second = {each.summary: each for each in feed.events().values()}
    lear, was = second["Rehearsal of Lear"], first["Rehearsal of Lear"]
    assert (lear.uid, lear.start) == (was.uid, date(2027, 5, 11))
    assert lear.sequence > was.sequence
    assert lear.modified > was.modified
    assert second["OPT · Maybe"] == first["OPT · Maybe"]
    tag = feed.get().headers["ETag"]
    says(MOVED, PENCIL)
    assert feed.get().headers["ETag"] == tag


def test_each_time_of_a_series_is_an_event_and_one_that_is_called_off_says_so_for_sixty_days(
    says: Says, follow: Subscribe, clock: StoppedClock
) -> None:
    says(WEEKLY)
    feed = follow("joris", "resource", "BUD-S1", detail="full")
    before = by_day(feed)
    assert [(day, each.status, each.summary) for day, each in before.items()] == [
        ("2027-06-01", "CONFIRMED", "Class"),
        ("2027-06-08", "CONFIRMED", "Class"),
        ("2027-06-15", "CONFIRMED", "Class"),
    ]
    assert "DESCRIPTION:upstairs" in feed.get().text
    says(f"{WEEKLY}\nEXDATE:20270608T080000Z")
    after = by_day(feed)
    assert {day: each.uid for day, each in after.items()} == {day: each.uid for day, each in before.items()}
    assert [each.status for each in after.values()] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert after["2027-06-08"].sequence > before["2027-06-08"].sequence
    clock.advance(days=60)
    assert [*by_day(feed)] == ["2027-06-01", "2027-06-15"]


def test_what_goes_is_cancelled_and_what_comes_back_is_the_same_again(
    says: Says, follow: Subscribe, database: Database
) -> None:
    says(REHEARSAL, CLASS)
    feed = follow("joris", "resource", "BUD-S1")
    (was,) = [each for each in feed.events().values() if each.summary != "Class"]
    says(CLASS)
    gone = feed.events()[was.uid]
    assert (gone.status, gone.transparent) == ("CANCELLED", "TRANSPARENT")
    says(REHEARSAL, CLASS)
    again = feed.events()[was.uid]
    assert (again.status, again.start) == ("CONFIRMED", was.start)
    assert was.sequence < gone.sequence < again.sequence
    assert counted(database)["external_event"] == 2


def test_our_feed_that_the_houses_tool_sends_back_blocks_nothing_twice(api: As, follow: Subscribe) -> None:
    joris = api("joris")
    send(joris, REHEARSAL, PENCIL, WEEKLY)
    feed = follow("joris", "resource", "BUD-S1")
    told = feed.events()
    sent_back = joris.post("/resources/BUD-S1/external-calendars", body=feed.get().data, headers=SENT).json
    assert (sent_back["counts"]["ours"], sent_back["counts"]["hard"], sent_back["counts"]["option"]) == (5, 0, 0)
    assert feed.events() == told


def test_a_calendar_that_is_taken_away_leaves_the_feeds_at_once(api: As, follow: Subscribe) -> None:
    joris = api("joris")
    made = send(joris, REHEARSAL).json
    feed = follow("camille", "venue", "BUD")
    assert len(feed.events()) == 1
    assert joris.delete(f"/resources/BUD-S1/external-calendars/{made['id']}").status == 204
    assert feed.events() == {}


def by_day(feed: Subscription) -> dict[str, Seen]:
    told = sorted(feed.events().values(), key=lambda event: str(event.start))
    return {str(each.start)[:10]: each for each in told}
