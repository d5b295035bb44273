"""What is seen of this package from outside."""

from dataclasses import replace

from flask import Flask

from booking.web.api import api_of
from booking.web.context import install_parts, parts_of
from calendars.services.external import known_events
from calendars.services.polling import Outside
from calendars.web import desk, door
from calendars.web.api import app_tokens, external
from calendars.web.api import feeds as api
from calendars.web.belongings import OWN
from calendars.web.dav.doors import blueprint as dav
from calendars.web.outside import outside_of
from calendars.web.pages import external as external_page
from calendars.web.pages import feeds as page
from calendars.web.pages import newer_files
from calendars.web.pages import plan as plan_page
from calendars.web.served import SessionsForPages
from calendars.web.served import blueprint as served


def install(app: Flask) -> Outside:
    """Feeds for calendar apps, calendars of others, and their pages; returns what the worker reads with."""
    parts = parts_of(app)
    install_parts(app, replace(parts, names=known_events, belongings=(*parts.belongings, *OWN)))
    door.install(app, desk.install(app))
    app.session_interface = SessionsForPages()
    app.register_blueprint(served)
    app.register_blueprint(dav)
    app.register_blueprint(page.pages)
    app.register_blueprint(external_page.pages)
    app.register_blueprint(newer_files.pages)
    app.register_blueprint(plan_page.pages)
    api_of(app).register_blueprint(api.blueprint)
    api_of(app).register_blueprint(app_tokens.blueprint)
    api_of(app).register_blueprint(external.blueprint)
    app.jinja_env.globals["failing_calendars"] = external_page.failing
    return outside_of(app)
