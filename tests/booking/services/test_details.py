"""What a process remembers of single resources is bounded by what holds them, and by nothing that is gone."""

from datetime import date

import pytest

from booking.domain.needs import Period
from booking.services import details, looking
from booking.services.details import Details
from booking.storage.database import Database
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock

YEAR = 2027


def test_what_was_read_of_one_that_is_no_longer_remembered_weighs_nothing(
    database: Database, clock: StoppedClock, a_booking: MakeBooking, monkeypatch: pytest.MonkeyPatch
):
    for company in ("Zwaluw", "Noordzee"):
        a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="option", company=company)
    monkeypatch.setattr(details, "MOST_HELD", 2)
    chart = looking.look(database, [Period(date(YEAR, 3, 8), date(YEAR, 3, 20))], at=clock(), patience=None)
    assert chart is not None
    studio, stage = (chart.register.codes.index(code) for code in ("BUD-S1", "V04-DS"))
    memory = Details()
    with database.read() as connection:
        for _ in range(2):
            before = memory.read(connection, chart, [studio])[studio]
            memory.read(connection, chart, [studio])  # another thread read it meanwhile
            memory.read_near(connection, [before], [YEAR])
            assert sum(map(len, before.near[YEAR].values())) > 0
        memory.read_near(connection, memory.read(connection, chart, [studio, stage]).values(), [YEAR])
    assert memory.known(chart, [studio, stage]).keys() == {studio, stage}
