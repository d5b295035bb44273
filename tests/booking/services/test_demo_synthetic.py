"""A world of any size, for measuring: consistent, and past no guard."""

import pytest
from sqlalchemy import Connection, func, select

from booking.services import demo_synthetic
from booking.storage.bookings import Booking, Claim, Occupancy
from booking.storage.database import Database
from booking.storage.events import Event
from tests.support.clocks import StoppedClock


def loaded(database: Database, clock: StoppedClock, *, bookings: int, resources: int = 20, years: int = 1) -> int:
    def load(connection: Connection) -> int:
        return demo_synthetic.load(
            connection, venues=4, resources=resources, bookings=bookings, years=years, seed=7, at=clock()
        )

    return database.write(load)


@pytest.mark.parametrize(("bookings", "days"), [(200, True), (6_000, False)])
def test_every_booking_has_its_claim_its_occupancy_and_its_event(
    database: Database, clock: StoppedClock, bookings: int, *, days: bool
):
    assert loaded(database, clock, bookings=bookings) == bookings
    with database.read() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in (Booking, Claim, Event)
        ]
        held = select(func.count()).where(Occupancy.source == "claim")
        whole = select(func.count()).where(Claim.start_date.is_not(None))
        assert connection.execute(held).scalar_one() == bookings
        assert connection.execute(whole).scalar_one() == (bookings if days else 0)
    assert counts == [bookings] * 3


def test_the_second_time_nothing_is_added(database: Database, clock: StoppedClock):
    loaded(database, clock, bookings=50)
    assert loaded(database, clock, bookings=50) == 0


def test_more_than_fits_is_refused(database: Database, clock: StoppedClock):
    with pytest.raises(ValueError, match="16 bookings a day"):
        loaded(database, clock, bookings=1_000_000)
