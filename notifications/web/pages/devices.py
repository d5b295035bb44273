"""The devices that I am told on: added by their own browser, removed by a button; and what runs in them."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.domain.addresses import Reach
from booking.domain.refusals import Malformed, TooMany
from booking.web.context import database, now, parts
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of
from notifications.services import pushing
from notifications.services.pushing import Subscription

pages = Blueprint(
    "devices", __name__, template_folder="../templates", static_folder="../static", static_url_path="/push"
)

LONGEST_NAME = 80
HERE = "/me/preferences#devices"


@pages.post("/me/devices")
def add_device() -> ResponseReturnValue:
    """What the browser says of itself, sent by the form of its page."""
    person, at, form = signed_in(), now(), request.form
    reach = Reach.of(parts().settings.fetch_allow)
    name = form.get("name", "").strip()[:LONGEST_NAME] or gettext("A browser")
    asked = Subscription(form.get("endpoint", ""), form.get("p256dh", ""), form.get("auth", ""), name)
    try:
        database().write(lambda connection: pushing.subscribe(connection, person, asked, reach=reach, at=at))
        flash(gettext("This device is told from now on."))
    except Malformed:
        flash(gettext("This browser could not be added. Try again, or use another one."), "error")
    except TooMany as refusal:
        flash(problem_of(refusal).detail, "error")
    return redirect(HERE, 303)


@pages.post("/me/devices/<uuid:device_id>/remove")
def remove_device(device_id: UUID) -> ResponseReturnValue:
    """Tell it nothing any more."""
    person = signed_in()
    database().write(lambda connection: pushing.unsubscribe(connection, person, device_id))
    flash(gettext("This device is told nothing any more."))
    return redirect(HERE, 303)


@pages.get("/push-worker.js")
def worker() -> Response:
    """What shows a message in the browser. It stands at the root, since it may only lead to pages below itself."""
    file = pages.send_static_file("push-worker.js")
    file.headers["Cache-Control"] = "no-cache"
    file.mimetype = "text/javascript"
    return file
