"""What the worker does for this package."""

from collections.abc import Sequence
from datetime import timedelta

from booking.clock import Clock
from booking.jobs import Job
from booking.services.outbox import Handler
from booking.storage.database import Database
from calendars.services import polling
from calendars.services.polling import Outside
from calendars.storage import kept_shares

HANDLERS: Sequence[Handler] = (polling.follow_house,)


def jobs_with(outside: Outside) -> Sequence[Job]:
    """Foreign calendars, looked at when their turn comes; kept texts that nobody asks for, forgotten."""

    def look(database: Database, clock: Clock) -> int:
        return polling.sync_due(database, outside, at=clock())

    def forget(database: Database, clock: Clock) -> int:
        return database.write(lambda connection: kept_shares.forget(connection, at=clock()))

    return (
        Job("calendars read", timedelta(seconds=20), look),
        Job("kept texts forgotten", timedelta(hours=6), forget),
    )
