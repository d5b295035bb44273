"""The pages of webhooks: make one, see what was delivered to it, send again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from booking.domain.addresses import Reach
from booking.domain.people import Person
from booking.domain.refusals import Malformed, TooMany
from booking.web.context import database, now, parts
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of
from booking.web.wording import field_error
from notifications.domain.frequency import ZONE
from notifications.services import webhooks
from notifications.storage.webhooks import WebhookRow
from notifications.web.kinds import label

pages = Blueprint("webhooks", __name__, template_folder="../templates")

MOST = 100

STATES = {
    "waiting": lazy_gettext("on its way"),
    "delivered": lazy_gettext("delivered"),
    "failed": lazy_gettext("given up"),
}
FAILURES = {
    "private-address": lazy_gettext("The address is private."),
    "name-unknown": lazy_gettext("Nobody knows that name."),
    "no-connection": lazy_gettext("Nobody answers there."),
    "insecure": lazy_gettext("Its certificate is not in order."),
    "timed-out": lazy_gettext("It took too long to answer."),
    "too-large": lazy_gettext("The answer was too large."),
    "broken-answer": lazy_gettext("The answer broke off."),
}


@pages.get("/webhooks")
def webhooks_page() -> ResponseReturnValue:
    """Mine, and a form for another."""
    return _page(signed_in())


@pages.post("/webhooks")
def make_webhook() -> ResponseReturnValue:
    """A new one; its secret is shown this once."""
    person, at, reach = signed_in(), now(), Reach.of(parts().settings.fetch_allow)
    url, events = request.form.get("url", "").strip(), request.form.getlist("events")
    try:
        row = database().write(
            lambda connection: webhooks.create(connection, person, url, events, reach=reach, at=at)
        )
    except Malformed as refusal:
        return _page(person, errors=refusal.errors), 422
    except TooMany as refusal:
        flash(problem_of(refusal).detail, "error")
        return _page(person), 422
    return _one(person, row.id, secret=True)


@pages.get("/webhooks/<uuid:webhook_id>")
def webhook_page(webhook_id: UUID) -> ResponseReturnValue:
    """One, with what was delivered to it."""
    return _one(signed_in(), webhook_id)


@pages.post("/webhooks/<uuid:webhook_id>/rotate")
def rotate_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Another secret, shown this once."""
    person, at = signed_in(), now()
    database().write(lambda connection: webhooks.rotate(connection, person, webhook_id, at=at))
    return _one(person, webhook_id, secret=True)


@pages.post("/webhooks/<uuid:webhook_id>/enable")
def enable_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Switch it on again."""
    person = signed_in()
    database().write(lambda connection: webhooks.switch_on(connection, person, webhook_id))
    flash(gettext("It is switched on again. What waited goes now."))
    return redirect(f"/webhooks/{webhook_id}", 303)


@pages.post("/webhooks/<uuid:webhook_id>/delete")
def forget_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Forget it."""
    person = signed_in()
    database().write(lambda connection: webhooks.remove(connection, person, webhook_id))
    flash(gettext("Nothing is sent there any more."))
    return redirect("/webhooks", 303)


@pages.post("/webhooks/deliveries/<uuid:delivery_id>/retry")
def retry_delivery(delivery_id: UUID) -> ResponseReturnValue:
    """Send it once more."""
    person, at = signed_in(), now()
    row = database().write(lambda connection: webhooks.retry(connection, person, delivery_id, at=at))
    flash(gettext("It goes out again."))
    return redirect(f"/webhooks/{row.webhook.id}", 303)


def _page(person: Person, *, errors: Mapping[str, Sequence[str]] | None = None) -> str:
    with database().read() as connection:
        rows = webhooks.listing(connection, person)
    known = {name.partition(".")[0]: codes for name, codes in (errors or {}).items()}
    return render_template(
        "webhooks/list.html",
        rows=rows,
        kinds=[(kind, label(kind)) for kind in sorted(webhooks.KINDS)],
        chosen=request.form.getlist("events"),
        url=request.form.get("url", ""),
        errors={name: [field_error(code) for code in codes] for name, codes in known.items()},
    )


def _one(person: Person, webhook_id: UUID, *, secret: bool = False) -> str:
    with database().read() as connection:
        row: WebhookRow = webhooks.find(connection, person, webhook_id)
        deliveries = webhooks.deliveries(connection, person, webhook=webhook_id, limit=MOST)
    return render_template(
        "webhooks/one.html",
        row=row,
        deliveries=deliveries,
        states=STATES,
        failures=FAILURES,
        label=label,
        zone=ZONE,
        secret=webhooks.secret_of(parts().settings.secret_key, row) if secret else None,
    )
