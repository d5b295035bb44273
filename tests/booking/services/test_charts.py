"""A chart that takes longer than a search may is read by several: each goes on where the one before ended."""

from datetime import date
from itertools import count

from booking.domain.charts import Chart
from booking.services.charts import Reading, TooSlow, never
from booking.storage import charts
from booking.storage.database import Database
from tests.support.builders import MakeBooking

YEARS = [2027]
PIECE = 7


def rows(chart: Chart) -> list[int]:
    """The free days of 2027 of everything, in the order of the register."""
    return [chart.free_days(n, date(2027, 1, 1), date(2028, 1, 1)) for n in range(len(chart.register.ids))]


def read(reading: Reading, database: Database, *, hurried: bool = False) -> Chart:
    with database.read() as connection:
        return reading.brought_up(
            connection, charts.check(connection), YEARS, (lambda: True) if hurried else never
        )


def test_searches_without_any_time_bring_the_chart_together(database: Database, a_booking: MakeBooking):
    hasty, tries = Reading(PIECE), count()
    while True:
        try:
            found = read(hasty, database, hurried=True)
            break
        except TooSlow:
            n = next(tries)
            assert n < 30, "each begins anew"
            if n == 4:  # something of what was read already, and something of what was not
                a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20")
                a_booking(resource="V04-DS", start="2027-03-08", end="2027-03-20")
    assert next(tries) > 4
    assert rows(found) == rows(read(Reading(), database))
