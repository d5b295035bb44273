"""What the worker does for this package."""

from collections.abc import Sequence
from datetime import timedelta

from booking.clock import Clock
from booking.jobs import Job
from booking.storage.database import Database
from calendars.services import polling
from calendars.services.polling import Outside


def jobs_with(outside: Outside) -> Sequence[Job]:
    """Foreign calendars, looked at when their turn comes."""

    def look(database: Database, clock: Clock) -> int:
        return polling.sync_due(database, outside, at=clock())

    return (Job("calendars read", timedelta(seconds=20), look),)
