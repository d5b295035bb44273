"""What is seen of this package from outside."""

from dataclasses import replace

from flask import Flask

from booking.domain.addresses import Reach
from booking.fetching import Door
from booking.web.api import api_of
from booking.web.context import install_parts, parts_of
from notifications.office import Office
from notifications.post import domain_of, post_of
from notifications.services import invitations
from notifications.web.api import devices as devices_api
from notifications.web.api import notifications as api
from notifications.web.api import preferences as preferences_api
from notifications.web.api import webhooks as webhooks_api
from notifications.web.belongings import OWN
from notifications.web.letters.inviting import Inviter
from notifications.web.letters.writing import KEY, Writer
from notifications.web.pages import acting, answers, devices, letters, preferences, webhooks
from notifications.web.pages import notifications as page
from notifications.web.pushing import Sayer

CALL_SECONDS, CALL_OCTETS = 15.0, 256 * 1024
"""So long a webhook has to answer, and so much of its answer is read."""


def install(app: Flask) -> Office:
    """Messages on pages and in the API, and `unread_messages()` for the templates; returns who writes letters."""
    parts = parts_of(app)
    belongings = (*parts.belongings, *OWN)
    install_parts(app, replace(parts, belongings=belongings, send_invitation=invitations.send))
    api_of(app).register_blueprint(api.blueprint)
    api_of(app).register_blueprint(preferences_api.blueprint)
    api_of(app).register_blueprint(webhooks_api.blueprint)
    api_of(app).register_blueprint(devices_api.blueprint)
    for each in (page, acting, answers, letters, webhooks, devices):
        app.register_blueprint(each.pages)
    preferences.install(app)
    app.jinja_env.globals["unread_messages"] = page.unread_messages
    settings = parts.settings
    app.jinja_env.globals["letters_land_here"] = settings.mail_url is None and not settings.is_production
    writer = app.extensions[KEY] = Writer(app, settings)
    return Office(
        write=writer,
        invite=Inviter(app, settings),
        unsubscribe=writer.links.unsubscribe,
        say=Sayer(app),
        post=post_of(settings),
        door=Door(Reach.of(settings.fetch_allow), seconds=CALL_SECONDS, most_octets=CALL_OCTETS),
        secret=settings.secret_key,
        sender=settings.mail_from,
        domain=domain_of(settings),
    )
