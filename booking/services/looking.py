"""What a search looks at: the chart and the details that this process remembers, and a way to read the rest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from booking.domain.charts import Chart
from booking.domain.needs import Period
from booking.domain.wall_clock import DAY
from booking.services.candidates import Patience
from booking.services.charts import Charts, Reading, TooSlow, never
from booking.services.details import Details
from booking.storage import charts
from booking.storage.database import Database, database_of, only_reads


@dataclass
class View:
    """What a search looks at. `reading`: how it reads what is not remembered."""

    chart: Chart
    details: Details
    reading: Callable[[], AbstractContextManager[Connection]]


@contextmanager
def looking(
    connection: Connection,
    periods: Sequence[Period],
    *,
    at: datetime,
    patience: Patience | None,
) -> Iterator[View | None]:
    """What this process remembers, brought up to date; None when there is no time for that.

    Within a transaction that writes: as the transaction sees it.
    """
    years = years_of(periods)
    database = database_of(connection)
    if not only_reads(connection):
        check = charts.check(connection)
        chart = database.remembers(Charts, lambda: Charts(database)).agreed(check, years)
        if chart is None:
            own = Reading().brought_up(connection, check, years, never)
            yield View(own, Details(), lambda: nullcontext(connection))
            return
        yield view_of(database, chart)
        return
    chart = look(database, periods, at=at, patience=patience)
    yield view_of(database, chart) if chart is not None else None


def view_of(database: Database, chart: Chart) -> View:
    """What this process remembers, with a chart that was brought up to date."""
    return View(chart, database.remembers(Details, Details), database.read)


def look(
    database: Database, periods: Sequence[Period], *, at: datetime, patience: Patience | None, settled: bool = True
) -> Chart | None:
    """The chart as it is now, for these periods; None when there is no time for it. `settled`: see `Charts`."""
    kept = database.remembers(Charts, lambda: Charts(database))
    is_over = never if patience is None else lambda: patience.is_over
    seconds = -1 if patience is None else max(patience.left, 0)
    try:
        return kept.present(years_of(periods), at=at, settled=settled, is_over=is_over, seconds=seconds)
    except TooSlow:
        return None


def years_of(periods: Sequence[Period]) -> set[int]:
    """The years that they touch."""
    return {
        year
        for period in periods
        if period.in_whole_days
        for year in range(period.start.year, (period.end - DAY).year + 1)
    }
