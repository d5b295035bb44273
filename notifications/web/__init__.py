"""What is seen of this package from outside."""

from flask import Flask

from booking.web.api import api_of
from notifications.web.api import notifications as api
from notifications.web.pages import notifications as page


def install(app: Flask) -> None:
    """Messages on pages and in the API, and `unread_messages()` for the templates."""
    api_of(app).register_blueprint(api.blueprint)
    app.register_blueprint(page.pages)
    app.jinja_env.globals["unread_messages"] = page.unread_messages
