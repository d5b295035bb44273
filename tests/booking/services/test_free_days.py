"""Free days are kept at the revision of their atom: true after anything; a writer that forgets it is found out."""

from sqlalchemy import update

from booking.services import free_days
from booking.storage.bookings import Occupancy
from booking.storage.database import Database
from tests.support import truths
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock


def untrue(database: Database, clock: StoppedClock) -> list[str]:
    with database.read() as connection:
        house = truths.look(connection, "BUD", at=clock())
        return list(truths.untrue_free_days(connection, house))


def test_what_is_kept_is_true_and_what_changed_is_kept_anew(
    database: Database, clock: StoppedClock, a_booking: MakeBooking
):
    everything = free_days.keep_due(database, at=clock())
    assert everything > 0
    assert free_days.keep_due(database, at=clock()) == 0
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20")
    a_booking(resource="BUD-RH", start="2027-03-08", end="2027-03-20", quantity=15)
    assert untrue(database, clock) == []
    assert free_days.keep_due(database, at=clock()) == 2 * free_days.YEARS_AHEAD
    assert untrue(database, clock) == []


def test_a_writer_that_forgets_the_revision_is_found_out(
    database: Database, clock: StoppedClock, a_booking: MakeBooking
):
    a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20")
    free_days.keep_due(database, at=clock())
    database.write(lambda connection: connection.execute(update(Occupancy).values(force="none")))
    [found] = untrue(database, clock)
    assert found.startswith("BUD-S1 is kept as free on []")
