"""The devices that are told by web push."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.addresses import Reach
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, read_id
from booking.web.api.fields import Strict, Text
from booking.web.context import database, now, parts, require_viewer
from notifications.services import pushing
from notifications.services.pushing import Subscription
from notifications.storage.devices import DeviceRow

blueprint = ApiBlueprint(
    "devices", "Browsers that are told what happens, also when no page is open.", under="me/devices"
)

LONGEST_ADDRESS, LONGEST_NAME = 2000, 80


class KeysSchema(Strict):
    """As `PushSubscription.toJSON()` has them, in base64url."""

    p256dh = Text(required=True, longest=200)
    auth = Text(required=True, longest=100)


class DevicePost(Strict):
    """A push subscription, and what its owner calls the device."""

    endpoint = Text(required=True, required_text=True, longest=LONGEST_ADDRESS)
    keys = ma.fields.Nested(KeysSchema, required=True)
    name = Text(longest=LONGEST_NAME, load_default="")


class DeviceAnswer(ma.Schema):
    """One device; its keys are not told again."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    created_at = ma.fields.String()


class DeviceList(ma.Schema):
    """Newest first. `application_server_key`: with which a browser subscribes."""

    items = ma.fields.List(ma.fields.Nested(DeviceAnswer))
    application_server_key = ma.fields.String()
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.gives(200, DeviceList)
def list_devices() -> Response:
    """Yours, and the key that another one needs."""
    person = require_viewer()
    with database().read() as connection:
        rows = pushing.listing(connection, person)
    key = pushing.server_key(parts().settings.secret_key)
    return json_answer({"items": [_document(row) for row in rows], "application_server_key": key, "next": None})


@blueprint.on("POST")
@blueprint.takes(DevicePost)
@blueprint.gives(201, DeviceAnswer)
def post_device(body: dict[str, Any]) -> Response:
    """Tell this device from now on."""
    person, at, reach = require_viewer(), now(), Reach.of(parts().settings.fetch_allow)
    keys = body["keys"]
    asked = Subscription(body["endpoint"], keys["p256dh"], keys["auth"], body["name"])

    def make(connection: Connection) -> Created:
        row = pushing.subscribe(connection, person, asked, reach=reach, at=at)
        return _document(row), f"/api/v1/me/devices/{row.id}", None

    return create_once(person, make)


@blueprint.on("DELETE", "/<device_id>")
@blueprint.gives(204)
def delete_device(device_id: str) -> Response:
    """Tell it nothing any more."""
    person, wanted = require_viewer(), read_id(device_id)
    database().write(lambda connection: pushing.unsubscribe(connection, person, wanted))
    return Response(status=204)


def _document(row: DeviceRow) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "created_at": row.created_at.isoformat()}
