"""What is read of a calendar counts as the house reads it by then, and not as it did when it was fetched."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection

from booking.domain.refusals import NotFound
from booking.storage.database import Database
from calendars.apart.reader import READER
from calendars.services import copies, taking_in
from calendars.services.taking_in import Copy
from calendars.storage import external
from calendars.storage.external import CalendarRow
from tests.support.api import Api
from tests.support.clocks import StoppedClock
from tests.support.foreign import REHEARSAL, blocks, calendar, send

LONGER = REHEARSAL.replace("20270515", "20270516")


@pytest.fixture
def row(api: Callable[..., Api], database: Database) -> CalendarRow:
    made = send(api("joris"), calendar(REHEARSAL))
    with database.read() as connection:
        found = external.find(connection, UUID(made.json["id"]))
    assert found is not None
    return found


@pytest.fixture
def newer(row: CalendarRow, clock: StoppedClock) -> Copy:
    return copies.copied(calendar(LONGER), "plan.ics", row.zone, READER, at=clock())


def test_other_choices_made_while_a_copy_was_on_its_way_hold_for_it(
    api: Callable[..., Api], database: Database, clock: StoppedClock, row: CalendarRow, newer: Copy
):
    joris = api("joris")
    where = f"/resources/BUD-S1/external-calendars/{row.id}"
    assert joris.patch(where, {"map": {"CONFIRMED": "option"}}).status == 200
    database.write(lambda connection: taking_in.take_in(connection, row, newer, at=clock()))
    assert blocks(joris) == ["option 2027-05-10T06:00 2027-05-16T06:00"]


@pytest.mark.parametrize("deed", [taking_in.take_in, taking_in.expand])
def test_a_calendar_that_went_while_a_copy_was_on_its_way_takes_nothing_in(
    api: Callable[..., Api],
    database: Database,
    clock: StoppedClock,
    row: CalendarRow,
    newer: Copy,
    deed: Callable[..., object],
):
    def work(connection: Connection) -> object:
        return deed(connection, row, newer, at=clock())

    assert api("joris").delete(f"/resources/BUD-S1/external-calendars/{row.id}").status == 204
    with pytest.raises(NotFound):
        database.write(work)
    assert blocks(api("joris")) == []


def test_a_copy_that_was_replaced_meanwhile_is_expanded_no_more(
    api: Callable[..., Api], database: Database, clock: StoppedClock, row: CalendarRow, newer: Copy
):
    before = copies.copied(calendar(REHEARSAL), "plan.ics", row.zone, READER, at=clock())
    database.write(lambda connection: taking_in.take_in(connection, row, newer, at=clock()))
    database.write(lambda connection: taking_in.expand(connection, row, before, at=clock()))
    assert blocks(api("joris")) == ["external 2027-05-10T06:00 2027-05-16T06:00"]
