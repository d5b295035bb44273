"""What a search looks at: the chart and the details that this process remembers, and a way to read the rest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from booking.domain.charts import Chart
from booking.domain.needs import Period
from booking.services.candidates import Patience
from booking.services.charts import Charts, Reading, TooSlow, never
from booking.services.details import Details
from booking.storage.database import Database, read_by


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
    chart: Chart | None = None,
) -> Iterator[View | None]:
    """What this process remembers, brought up to date; None when there is no time for that.

    Within a transaction that writes: as the transaction sees it.
    """
    years = years_of(periods)
    database = read_by(connection)
    if database is None:
        yield View(Reading().brought_up(connection, years, never), Details(), lambda: nullcontext(connection))
        return
    if chart is None:
        chart = look(database, periods, at=at, patience=patience)
    yield View(chart, database.remembers(Details, Details), database.read) if chart is not None else None


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
    return {day.year for period in periods for day in period.days[:: len(period.days) - 1 or 1]}
