"""The season that fills the desks of the demo world."""

from datetime import datetime, timedelta

import orjson
import pytest

from booking.services import bookings, demo_stories
from booking.services.bookings import BookingFilter, BookingRow
from booking.storage.database import Database
from tests.support.cast import person
from tests.support.clocks import StoppedClock

MONDAY = datetime.fromisoformat("2026-11-23T00:00:00+01:00")
FORTNIGHT = timedelta(weeks=2)
HOUSES = 10


def told(database: Database, clock: StoppedClock) -> int:
    return database.write(lambda connection: demo_stories.load(connection, at=clock()))


def seen(database: Database, **asked: object) -> list[BookingRow]:
    elise = person(database, "elise")
    with database.read() as connection:
        return bookings.listing(connection, elise, BookingFilter(**asked))  # type: ignore[arg-type]


def test_every_story_is_told_once(database: Database, clock: StoppedClock):
    stories = orjson.loads(demo_stories.STORIES.read_bytes())["stories"]
    assert told(database, clock) == len(stories)
    assert told(database, clock) == 0


@pytest.mark.parametrize("start", [MONDAY, MONDAY + FORTNIGHT])
def test_every_house_has_something_this_fortnight_and_the_next(
    database: Database, clock: StoppedClock, start: datetime
):
    told(database, clock)
    found = seen(database, starts_before=start + FORTNIGHT, ends_after=start)
    assert len({row.venue for row in found}) == HOUSES


def test_several_companies_want_the_same_studio_in_the_same_weeks(database: Database, clock: StoppedClock):
    told(database, clock)
    wanting = [row for row in seen(database, resource="BUD-S1") if row.state == "requested"]
    assert len({row.organisation_name for row in wanting}) >= 4


def test_nothing_is_told_before_it_happened(database: Database, clock: StoppedClock):
    told(database, clock)
    assert all(row.created_at <= row.modified_at <= clock() + timedelta(seconds=2) for row in seen(database))


def test_the_dates_on_which_the_acceptance_stories_play_stay_free(database: Database, clock: StoppedClock):
    clock.set("2027-01-11T09:00:00+01:00")
    told(database, clock)
    start, end = (datetime.fromisoformat(f"2027-03-{day}T12:00:00+01:00") for day in ("08", "26"))
    assert not seen(database, resource="BUD-S1", starts_before=end, ends_after=start)
