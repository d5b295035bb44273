"""What is seen of this package from outside."""

from flask import Flask

from booking.web.api import api_of
from booking.web.context import parts_of
from notifications.office import Office
from notifications.post import domain_of, post_of
from notifications.web.api import notifications as api
from notifications.web.api import preferences as preferences_api
from notifications.web.letters.writing import KEY, Writer
from notifications.web.pages import acting, letters, preferences
from notifications.web.pages import notifications as page


def install(app: Flask) -> Office:
    """Messages on pages and in the API, and `unread_messages()` for the templates; returns who writes letters."""
    api_of(app).register_blueprint(api.blueprint)
    api_of(app).register_blueprint(preferences_api.blueprint)
    for each in (page, acting, letters):
        app.register_blueprint(each.pages)
    preferences.install(app)
    app.jinja_env.globals["unread_messages"] = page.unread_messages
    settings = parts_of(app).settings
    writer = app.extensions[KEY] = Writer(app, settings)
    return Office(
        write=writer,
        unsubscribe=writer.links.unsubscribe,
        post=post_of(settings),
        sender=settings.mail_from,
        domain=domain_of(settings),
    )
