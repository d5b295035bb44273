"""The roof: names the three parts and builds the app, nothing else."""

from flask import Flask

import booking.cli
import calendars.cli
import calendars.jobs
import calendars.web
import notifications.jobs
import notifications.web
from booking.clock import Clock, utc_now
from booking.jobs import jobs_with
from booking.settings import Settings, settings_or_exit
from booking.web.app import build_app


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Flask:
    """The whole service. `settings` None: those of the environment."""
    app = build_app(settings or settings_or_exit(), clock)
    outside = calendars.web.install(app)
    office = notifications.web.install(app)
    jobs = [
        *calendars.jobs.jobs_with(outside),
        notifications.jobs.REMINDERS,
        *jobs_with([*notifications.jobs.HANDLERS, *calendars.jobs.HANDLERS]),
        *notifications.jobs.jobs_with(office),
    ]
    booking.cli.install(app, jobs)
    calendars.cli.install(app, outside)
    return app
