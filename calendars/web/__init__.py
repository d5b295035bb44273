"""What is seen of this package from outside."""

from flask import Flask

from booking.web.api import api_of
from calendars.web import desk
from calendars.web.api import app_tokens
from calendars.web.api import feeds as api
from calendars.web.dav.doors import blueprint as dav
from calendars.web.pages import feeds as page
from calendars.web.served import SessionsForPages
from calendars.web.served import blueprint as served


def install(app: Flask) -> None:
    """Feeds for calendar apps, their pages, and their endpoints in the API."""
    desk.install(app)
    app.session_interface = SessionsForPages()
    app.register_blueprint(served)
    app.register_blueprint(dav)
    app.register_blueprint(page.pages)
    api_of(app).register_blueprint(api.blueprint)
    api_of(app).register_blueprint(app_tokens.blueprint)
