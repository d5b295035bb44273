"""Texts of feeds that were kept: the same as written anew, whatever happened, in every process."""

import gzip
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from booking.storage.database import Database
from calendars.storage.tables import KeptShare
from tests.support.api import Api
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.feeds import Subscription, subscribe
from tests.support.foreign import calendar

As = Callable[..., Api]
SENT = {"Content-Type": "text/calendar"}
SHOW = "UID:{0}\nSUMMARY:Show {0}\nDTSTART:2027041{0}T180000Z\nDTEND:2027041{0}T200000Z"
SEASON = [SHOW.format(number) for number in range(4)]


@pytest.fixture
def follow(api: As, client: FlaskClient) -> Callable[..., Subscription]:
    def following(name: str, scope: str, code: str | None = None, **more: str) -> Subscription:
        return subscribe(api(name), client, scope, code, **more)

    return following


@pytest.fixture
def other_process(build: Callable[..., Flask], database_url: str) -> Callable[[Subscription], bytes]:
    """Asks a process that has just been started, and knows nothing but the database."""

    def ask(feed: Subscription) -> bytes:
        answer = build(database_url).test_client().get(feed.path)
        assert answer.status_code == 200
        return bytes(answer.data)

    return ask


def kept(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(KeptShare)).scalar_one()


def forget(database: Database) -> None:
    database.write(lambda connection: connection.execute(delete(KeptShare)))


def test_after_a_restart_the_kept_texts_are_told_again(
    follow: Callable[..., Subscription],
    other_process: Callable[[Subscription], bytes],
    a_booking: MakeBooking,
    database: Database,
) -> None:
    a_booking(state="confirmed", start="2027-05-10", end="2027-05-12")
    feed = follow("camille", "venue", "BUD")
    told = feed.get().data
    assert kept(database) > 1
    assert other_process(feed) == told
    forged = update(KeptShare).values(digest="00" * 32)  # who would write anew would not read this
    database.write(lambda connection: connection.execute(forged))
    assert other_process(feed) == told


def test_whatever_happens_the_kept_texts_are_those_that_would_be_written_anew(
    api: As,
    follow: Callable[..., Subscription],
    other_process: Callable[[Subscription], bytes],
    a_booking: MakeBooking,
    clock: StoppedClock,
    database: Database,
) -> None:
    dice, joris = Random(7), api("joris")
    feeds = [
        follow("camille", "venue", "BUD"),
        follow("joris", "venue", "BUD", detail="full"),
        follow("camille", "me", detail="full"),
    ]
    where = "/resources/BUD-S1/external-calendars"
    made: list[str] = []
    for step in range(9):
        clock.advance(hours=dice.randrange(1, 90))
        for _ in range(2):
            day = dice.randrange(10, 26)
            first, end = (f"2027-0{3 + step % 6}-{each}" for each in (day, day + 2))
            made.append(str(a_booking(state="option", start=first, end=end)))
        verb = dice.choice(("confirm", "cancel", "release"))
        joris.post(f"/bookings/{dice.choice(made)}/{verb}", {"reason": "so"})
        if step % 3 == 0:
            joris.post(where, body=calendar(*dice.sample(SEASON, 3)), headers=SENT)
        if step % 4 == 3:
            joris.delete(f"{where}/{joris.get(where).json['items'][0]['id']}")
        told = [feed.get().data for feed in feeds]
        restarted = [other_process(feed) for feed in feeds]
        forget(database)
        assert told == restarted == [other_process(feed) for feed in feeds]
    assert told[0].count(b"BEGIN:VEVENT") > 5


def test_packed_out_of_parts_it_is_one_member_that_any_reader_unpacks(
    api: As, follow: Callable[..., Subscription], a_booking: MakeBooking
) -> None:
    feed = follow("joris", "venue", "BUD", detail="full")
    for number in range(3):
        a_booking(state="confirmed", start=f"2027-05-{10 + 3 * number}", end=f"2027-05-{12 + 3 * number}")
        packed = feed.get(accept_encoding="gzip").data
        assert gzip.decompress(packed) == feed.get().data
        assert packed.count(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff") == 1


def test_a_share_that_another_process_wrote_later_is_not_overwritten(
    follow: Callable[..., Subscription], a_booking: MakeBooking, database: Database, clock: StoppedClock
) -> None:
    a_booking(state="confirmed", start="2027-05-10", end="2027-05-12")
    feed = follow("camille", "resource", "BUD-S1")
    feed.get()
    newer = update(KeptShare).values(version=KeptShare.version + 1_000, digest="11" * 32)
    database.write(lambda connection: connection.execute(newer))
    clock.advance(minutes=1)
    a_booking(state="confirmed", start="2027-06-10", end="2027-06-12")
    feed.get()
    with database.read() as connection:
        digests = connection.execute(select(KeptShare.digest)).scalars().all()
    assert "11" * 32 in digests


def test_texts_that_nobody_asked_for_in_a_season_are_forgotten(
    follow: Callable[..., Subscription],
    a_booking: MakeBooking,
    database: Database,
    clock: StoppedClock,
    worker: Callable[[], dict[str, int]],
) -> None:
    a_booking(state="confirmed", start="2027-05-10", end="2027-05-12")
    follow("camille", "resource", "BUD-S1").get()
    assert worker()["kept texts forgotten"] == 0
    clock.advance(days=91)
    assert worker()["kept texts forgotten"] > 0
    assert kept(database) == 0
