"""What you were told."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.wall_clock import at_venue
from booking.web.answers import item_answer
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer, read_id
from booking.web.context import database, now, require_viewer
from notifications.services import notifications
from notifications.storage.notifications import NotificationRow
from notifications.web.sentences import sentence

blueprint = ApiBlueprint("notifications", "What happened to what is yours.")


class NotificationQuery(PageArgs):
    """Which messages."""

    unread = ma.fields.Boolean(load_default=False)


class NotificationAnswer(ma.Schema):
    """One message. `text` is in the caller's `Accept-Language`."""

    id = ma.fields.UUID()
    at = ma.fields.DateTime()
    kind = ma.fields.String()
    text = ma.fields.String()
    reason = ma.fields.String(allow_none=True)
    booking = ma.fields.UUID(allow_none=True)
    venue = ma.fields.String()
    read_at = ma.fields.DateTime(allow_none=True)


class NotificationList(ma.Schema):
    """Newest first."""

    items = ma.fields.List(ma.fields.Nested(NotificationAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.takes(NotificationQuery, location="query")
@blueprint.gives(200, NotificationList)
def list_notifications(asked: dict[str, Any]) -> Response:
    """Your messages, newest first."""
    person, limit = require_viewer(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        rows = notifications.listing(connection, person, limit=limit + 1, before=before, unread=asked["unread"])
    return page_answer([document(row) for row in rows], limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("POST", "/<notification_id>/read")
@blueprint.gives(200, NotificationAnswer)
def post_read(notification_id: str) -> Response:
    """Note that you have read it; reading it again changes nothing."""
    person, wanted, at = require_viewer(), read_id(notification_id), now()
    row = database().write(lambda connection: notifications.mark_read(connection, person, wanted, at=at))
    return item_answer(document(row))


def document(row: NotificationRow) -> dict[str, Any]:
    """One message as JSON; times with the venue's offset."""
    return {
        "id": row.id,
        "at": at_venue(row.at, row.zone),
        "kind": row.kind,
        "text": sentence(row),
        "reason": row.facts.get("why"),
        "booking": row.booking_id,
        "venue": row.venue,
        "read_at": at_venue(row.read_at, row.zone) if row.read_at else None,
    }
