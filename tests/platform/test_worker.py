"""The worker and its outbox: each event once, with all that follows from it, or later."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from booking.clock import Clock, utc_now
from booking.jobs import handle_events
from booking.services import outbox
from booking.settings import ROOT
from booking.storage.database import Database
from booking.storage.leadership import Leadership
from booking.storage.outbox import EventRow
from tests.support.builders import MakeBooking

KINDS_OF_WORK = {
    "arrivals forgotten",
    "bookings completed",
    "calendars read",
    "calls closing",
    "calls worked out",
    "kept texts forgotten",
    "clocks settled",
    "deputies turned",
    "devices told",
    "digests gathered",
    "equipment overdue",
    "events handled",
    "free days kept",
    "inventories forgotten",
    "inventories read",
    "drafts forgotten",
    "kept answers forgotten",
    "letters sent",
    "reminders said",
    "rounds made",
    "webhooks called",
}


def waiting(database: Database) -> int:
    with database.read() as connection:
        return outbox.depth(connection, at=utc_now())[0]


def test_every_event_reaches_every_handler_once(database: Database, clock: Clock, a_booking: MakeBooking) -> None:
    a_booking()
    a_booking(resource="BUD-S2", state="cancelled")
    seen: list[str] = []
    handlers = [lambda _connection, event: seen.append(event.kind)] * 2

    assert handle_events(database, handlers, clock) == 3
    assert handle_events(database, handlers, clock) == 0
    assert sorted(seen) == ["booking.cancelled"] * 2 + ["booking.confirmed"] * 4
    assert waiting(database) == 0


def test_an_event_whose_handler_breaks_waits_and_stops_nobody(
    database: Database, clock: Clock, a_booking: MakeBooking
) -> None:
    bad = a_booking()
    a_booking(resource="BUD-S2")

    def breaks(_connection: Connection, event: EventRow) -> None:
        if event.booking_id == bad:
            raise ZeroDivisionError

    assert handle_events(database, [breaks], clock) == 1
    assert waiting(database) == 1
    assert handle_events(database, [lambda *_: None], clock) == 1


def test_what_a_handler_wrote_before_it_broke_is_not_kept(
    database: Database, clock: Clock, a_booking: MakeBooking
) -> None:
    a_booking()

    def breaks(connection: Connection, _event: EventRow) -> None:
        connection.exec_driver_sql("UPDATE venue SET name = 'half done' WHERE code = 'BUD'")
        raise ZeroDivisionError

    handle_events(database, [breaks], clock)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT name FROM venue WHERE code = 'BUD'").scalar() != "half done"


def test_an_idle_worker_writes_nothing(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "write", lambda _work: pytest.fail("wrote"))

    assert handle_events(database, [], clock) == 0


def test_once_says_what_it_did_of_each_kind(worker: Callable[[], dict[str, int]], a_booking: MakeBooking) -> None:
    a_booking()
    assert worker()["free days kept"] > 0
    a_booking(resource="BUD-S2")

    done = worker()
    assert set(done) == KINDS_OF_WORK
    assert {name: count for name, count in done.items() if count} == {
        "events handled": 1,
        "free days kept": 3,
        "letters sent": 1,
    }


def test_of_two_workers_one_leads_until_it_resigns(database: Database) -> None:
    other_process = Database(database.url.render_as_string(hide_password=False))
    first, second = Leadership(database), Leadership(other_process)

    assert first.held()
    assert first.held()
    assert not second.held()
    first.resign()
    assert second.held()
    second.resign()
    other_process.dispose()


def test_a_leader_that_is_killed_leads_no_longer(database: Database) -> None:
    leads_and_dies = (
        "import os, signal, sys; from booking.storage.database import Database;"
        "from booking.storage.leadership import Leadership;"
        "assert Leadership(Database(sys.argv[1])).held(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    url = database.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", leads_and_dies, url], check=False, cwd=ROOT, capture_output=True)
    leadership = Leadership(database)

    assert died.returncode == -9, died.stderr
    assert leadership.held()
    leadership.resign()
