"""What time does by itself: what is over becomes completed, and answers are kept for a day."""

from datetime import timedelta

from sqlalchemy import select

from booking.services.bookings import find, history
from booking.services.housekeeping import complete_past, forget_kept_answers
from booking.storage import kept_answers
from booking.storage.bookings import Booking
from booking.storage.database import Database
from tests.support.builders import MakeBooking
from tests.support.cast import person
from tests.support.clocks import StoppedClock
from tests.support.places import when
from tests.support.rows import held_by


def test_a_confirmed_booking_is_completed_when_its_last_claim_has_ended(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
):
    booking = a_booking(start="2026-11-24", end="2026-11-26")
    for moment, completed in (("2026-11-26T05:59:59+01:00", 0), ("2026-11-26T06:00:00+01:00", 1)):
        clock.set(moment)
        assert database.write(lambda connection: complete_past(connection, at=clock())) == completed
    assert database.write(lambda connection: complete_past(connection, at=clock())) == 0
    joris = person(database, "joris")
    with database.read() as connection:
        row, items = find(connection, joris, booking), history(connection, joris, booking)
    assert (row.state, items[-1].kind, items[-1].by) == ("completed", "booking.completed", None)
    assert items[-1].at == when("2026-11-26 06:00")
    assert {each.force for each in held_by(database, booking)} == {"hard"}


def test_only_confirmed_bookings_complete(database: Database, a_booking: MakeBooking, clock: StoppedClock):
    for state in ("requested", "option", "cancelled"):
        a_booking(start="2026-11-24", end="2026-11-26", state=state)
    clock.set("2026-12-24T12:00:00+01:00")
    assert database.write(lambda connection: complete_past(connection, at=clock())) == 0


def test_completing_changes_nothing_that_a_calendar_shows(
    database: Database, a_booking: MakeBooking, clock: StoppedClock
):
    booking = a_booking(start="2026-11-24", end="2026-11-26")
    query = select(Booking.sequence, Booking.modified_at, Booking.revision).where(Booking.id == booking)
    with database.read() as connection:
        before = connection.execute(query).one()
    clock.set("2026-12-24T12:00:00+01:00")
    database.write(lambda connection: complete_past(connection, at=clock()))
    with database.read() as connection:
        after = connection.execute(query).one()
    assert (after.sequence, after.modified_at) == (before.sequence, before.modified_at)
    assert after.revision == before.revision + 1


def test_an_answer_is_kept_for_a_day_and_no_longer(database: Database, clock: StoppedClock):
    camille = person(database, "camille").id

    def keep(key: str) -> None:
        database.write(
            lambda connection: kept_answers.keep(
                connection, camille, key, "print", body={}, address="/", revision=1, at=clock()
            )
        )

    keep("yesterday")
    clock.advance(hours=24)
    keep("today")
    clock.set((clock() + timedelta(seconds=1)).isoformat())
    assert database.write(lambda connection: forget_kept_answers(connection, at=clock())) == 1
    with database.read() as connection:
        assert kept_answers.find(connection, camille, "yesterday") is None
        assert kept_answers.find(connection, camille, "today") is not None
