"""The roof: names the three parts and builds the app, nothing else."""

import os

from flask import Flask

import calendars.web
import notifications.web
from booking.clock import Clock, utc_now
from booking.settings import Settings
from booking.web.app import build_app


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Flask:
    """The whole service. `settings` None: those of the environment."""
    app = build_app(settings or Settings.from_environment(os.environ), clock)
    calendars.web.install(app)
    notifications.web.install(app)
    return app
