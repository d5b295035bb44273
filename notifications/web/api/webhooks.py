"""Addresses of yours that are told what happens, and what was delivered to them."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.addresses import Reach
from booking.domain.wall_clock import at_venue
from booking.web.answers import item_answer, json_answer
from booking.web.api.blueprint import ApiBlueprint, PageArgs, create_once, page_answer, read_id
from booking.web.context import database, now, parts, require_viewer
from notifications.domain.frequency import ZONE
from notifications.services import webhooks
from notifications.storage.webhooks import DeliveryRow, WebhookRow

blueprint = ApiBlueprint("webhooks", "Addresses of yours that are told what happens, signed as Standard Webhooks.")

LONGEST_URL, MOST_EVENTS = 2000, 200


class WebhookBody(ma.Schema):
    """Where to, and which kinds of event, as histories name them."""

    url = ma.fields.String(required=True, validate=ma.validate.Length(max=LONGEST_URL, error="too-long"))
    events = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=100, error="too-long")),
        required=True,
        validate=ma.validate.Length(max=MOST_EVENTS, error="too-many"),
    )


class WebhookAnswer(ma.Schema):
    """One webhook. `secret` is told when it is made or changed, and never again."""

    id = ma.fields.UUID()
    url = ma.fields.String()
    events = ma.fields.List(ma.fields.String())
    secret = ma.fields.String()
    created_at = ma.fields.DateTime()
    failing_since = ma.fields.DateTime(allow_none=True)
    disabled_at = ma.fields.DateTime(allow_none=True)


class WebhookList(ma.Schema):
    """Newest first."""

    items = ma.fields.List(ma.fields.Nested(WebhookAnswer))
    next = ma.fields.String(allow_none=True)


class DeliveryAnswer(ma.Schema):
    """One delivery: what was sent, and what came back last."""

    id = ma.fields.UUID()
    webhook = ma.fields.UUID()
    event = ma.fields.UUID()
    kind = ma.fields.String()
    state = ma.fields.String()
    attempts = ma.fields.Integer()
    created_at = ma.fields.DateTime()
    next_at = ma.fields.DateTime(allow_none=True)
    delivered_at = ma.fields.DateTime(allow_none=True)
    request = ma.fields.String()
    status = ma.fields.Integer(allow_none=True)
    answer = ma.fields.String(allow_none=True)
    failure = ma.fields.String(allow_none=True)


class DeliveryList(ma.Schema):
    """Newest first."""

    items = ma.fields.List(ma.fields.Nested(DeliveryAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(WebhookBody)
@blueprint.gives(201, WebhookAnswer)
def post_webhook(asked: dict[str, Any]) -> Response:
    """Make one. The address is checked at once, and reached later."""
    person, at, reach = require_viewer(), now(), Reach.of(parts().settings.fetch_allow)

    def make(connection: Connection) -> tuple[dict[str, Any], str, int | None]:
        row = webhooks.create(connection, person, asked["url"], asked["events"], reach=reach, at=at)
        return {**document(row), "secret": _secret(row)}, f"/api/v1/webhooks/{row.id}", None

    return create_once(person, make)


@blueprint.on("GET")
@blueprint.gives(200, WebhookList)
def list_webhooks() -> Response:
    """Yours, newest first."""
    person = require_viewer()
    with database().read() as connection:
        rows = webhooks.listing(connection, person)
    return json_answer({"items": [document(row) for row in rows], "next": None})


@blueprint.on("GET", "/<webhook_id>")
@blueprint.gives(200, WebhookAnswer)
def get_webhook(webhook_id: str) -> Response:
    """One of yours."""
    person, wanted = require_viewer(), read_id(webhook_id)
    with database().read() as connection:
        return item_answer(document(webhooks.find(connection, person, wanted)))


@blueprint.on("DELETE", "/<webhook_id>")
@blueprint.gives(204)
def delete_webhook(webhook_id: str) -> Response:
    """Forget it, and what was delivered to it."""
    person, wanted = require_viewer(), read_id(webhook_id)
    database().write(lambda connection: webhooks.remove(connection, person, wanted))
    return Response(status=204)


@blueprint.on("POST", "/<webhook_id>/rotate")
@blueprint.gives(200, WebhookAnswer)
def post_rotate(webhook_id: str) -> Response:
    """Another secret; for a day both sign."""
    person, wanted, at = require_viewer(), read_id(webhook_id), now()
    row = database().write(lambda connection: webhooks.rotate(connection, person, wanted, at=at))
    return item_answer({**document(row), "secret": _secret(row)})


@blueprint.on("POST", "/<webhook_id>/enable")
@blueprint.gives(200, WebhookAnswer)
def post_enable(webhook_id: str) -> Response:
    """Switch it on again, after it had failed for days."""
    person, wanted = require_viewer(), read_id(webhook_id)
    row = database().write(lambda connection: webhooks.switch_on(connection, person, wanted))
    return item_answer(document(row))


@blueprint.on("GET", "/deliveries")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, DeliveryList)
def list_all_deliveries(asked: dict[str, Any]) -> Response:
    """What was sent to all of yours, newest first."""
    return _deliveries(asked, None)


@blueprint.on("GET", "/<webhook_id>/deliveries")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, DeliveryList)
def list_deliveries(asked: dict[str, Any], webhook_id: str) -> Response:
    """What was sent to one of them, newest first."""
    return _deliveries(asked, webhook_id)


@blueprint.on("POST", "/deliveries/<delivery_id>/retry")
@blueprint.gives(200, DeliveryAnswer)
def post_delivery_retry(delivery_id: str) -> Response:
    """Send it once more."""
    return _retried(delivery_id)


@blueprint.on("POST", "/<webhook_id>/deliveries/<delivery_id>/retry")
@blueprint.gives(200, DeliveryAnswer)
def post_delivery_retry_of(webhook_id: str, delivery_id: str) -> Response:
    """The same, found through its webhook."""
    read_id(webhook_id)
    return _retried(delivery_id)


def _deliveries(asked: Mapping[str, Any], webhook_id: str | None) -> Response:
    person, limit = require_viewer(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    webhook = read_id(webhook_id) if webhook_id is not None else None
    with database().read() as connection:
        rows = webhooks.deliveries(connection, person, webhook=webhook, limit=limit + 1, before=before)
    return page_answer([delivery_document(row) for row in rows], limit=limit, cursor=lambda item: str(item["id"]))


def _retried(delivery_id: str) -> Response:
    person, wanted, at = require_viewer(), read_id(delivery_id), now()
    row = database().write(lambda connection: webhooks.retry(connection, person, wanted, at=at))
    return item_answer(delivery_document(row))


def _secret(row: WebhookRow) -> str:
    return webhooks.secret_of(parts().settings.secret_key, row)


def document(row: WebhookRow) -> dict[str, Any]:
    """One webhook as JSON."""
    return {
        "id": row.id,
        "url": row.url,
        "events": row.events,
        "created_at": at_venue(row.created_at, ZONE),
        "failing_since": at_venue(row.failing_since, ZONE) if row.failing_since else None,
        "disabled_at": at_venue(row.disabled_at, ZONE) if row.disabled_at else None,
    }


def delivery_document(row: DeliveryRow) -> dict[str, Any]:
    """One delivery as JSON."""
    return {
        "id": row.id,
        "webhook": row.webhook.id,
        "event": row.event_id,
        "kind": row.kind,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": at_venue(row.created_at, ZONE),
        "next_at": at_venue(row.next_at, ZONE) if row.state == "waiting" else None,
        "delivered_at": at_venue(row.delivered_at, ZONE) if row.delivered_at else None,
        "request": row.body,
        "status": row.status,
        "answer": row.answer,
        "failure": row.failure,
    }
