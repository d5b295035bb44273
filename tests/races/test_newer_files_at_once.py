"""Two newer files of one calendar, or one that is let count while another is sent: none is lost without a look."""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask

from booking.domain.refusals import Stale
from booking.storage.database import Database
from calendars.apart.reader import READER
from calendars.services import copies, replacing, taking_in
from calendars.services.taking_in import Copy
from calendars.storage import external
from calendars.storage.external import CalendarRow
from tests.support.api import Api, in_process
from tests.support.clocks import StoppedClock
from tests.support.foreign import REHEARSAL, calendar, send
from tests.support.meanwhile import meanwhile
from tests.support.worlds import token_of

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]


@pytest.fixture
def row(app: Flask, database: Database) -> CalendarRow:
    made = send(Api(in_process(app.test_client()), token_of("joris")), calendar(REHEARSAL))
    with database.read() as connection:
        found = external.find(connection, UUID(made.json["id"]))
    assert found is not None
    return found


def until(day: str, row: CalendarRow, clock: StoppedClock) -> Copy:
    return copies.copied(calendar(REHEARSAL.replace("20270515", day)), "plan.ics", row.zone, READER, at=clock())


def waiting(database: Database, row: CalendarRow) -> bytes | None:
    with database.read() as connection:
        return external.offered(connection, row.id)


def test_of_two_newer_files_that_are_sent_at_once_the_last_one_waits(
    database: Database, clock: StoppedClock, row: CalendarRow
):
    one, other = (until(day, row, clock) for day in ("20270516", "20270517"))
    sending = [partial(replacing.offer, row=row, copy=each) for each in (one, other)]
    assert meanwhile(database, *sending) == [None, None]
    assert waiting(database, row) == other.body


def test_what_is_sent_while_another_is_let_count_waits_to_be_looked_at(
    database: Database, clock: StoppedClock, row: CalendarRow
):
    one, other = (until(day, row, clock) for day in ("20270516", "20270517"))
    database.write(partial(replacing.offer, row=row, copy=one))
    accepting = partial(replacing.accept, row=row, copy=one, digest=one.digest, at=clock())
    assert meanwhile(database, accepting, partial(replacing.offer, row=row, copy=other)) == [None, None]
    assert waiting(database, row) == other.body


def another_is_sent_just_before(database: Database, clock: StoppedClock, row: CalendarRow) -> list[object]:
    one, other = (until(day, row, clock) for day in ("20270516", "20270517"))
    database.write(partial(replacing.offer, row=row, copy=one))
    accepting = partial(replacing.accept, row=row, copy=one, digest=one.digest, at=clock())
    return [*meanwhile(database, partial(replacing.offer, row=row, copy=other), accepting)]


def test_what_was_looked_at_does_not_count_when_another_was_sent_just_before(
    database: Database, clock: StoppedClock, row: CalendarRow
):
    assert another_is_sent_just_before(database, clock, row) == [None, Stale]


def test_without_holding_the_calendar_it_counts_where_writers_do_not_take_turns(
    database: Database, clock: StoppedClock, row: CalendarRow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(taking_in, "held", lambda _, row: row)
    outcome = another_is_sent_just_before(database, clock, row)
    assert outcome == [None, Stale if database.is_sqlite else None]
