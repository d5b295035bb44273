"""Equipment out and back, and stock that changes."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.services import equipment
from booking.services.equipment import STATES
from booking.storage.equipment import KitRow
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint, read_id
from booking.web.api.bookings import blueprint as bookings
from booking.web.api.documents import local
from booking.web.api.fields import LONGEST_TEXT, Choice, Id, Strict, Text, Whole
from booking.web.context import database, now, require_viewer
from booking.web.languages import localised

blueprint = ApiBlueprint("equipment", "What is out, what is due, what is overdue.")


class DamageSchema(Strict):
    """What was seen: the piece, if it has a code, and a note."""

    code = Text(longest=40, allow_none=True, load_default=None)
    note = Text(required=True, required_text=True, longest=LONGEST_TEXT)


class MovementPost(Strict):
    """How many pieces of which claim."""

    claim = Id(required=True)
    quantity = Whole(least=1, required=True)
    damage = ma.fields.List(
        ma.fields.Nested(DamageSchema), load_default=list, validate=ma.validate.Length(max=100, error="too-many")
    )


class KitQuery(Strict):
    """Which kit."""

    venue = Text(longest=40)
    state = Choice(STATES, load_default="all")


class KitAnswer(ma.Schema):
    """One claim on equipment; `end` is when it is due."""

    booking = ma.fields.UUID()
    claim = ma.fields.UUID()
    resource = ma.fields.String()
    name = ma.fields.String()
    venue = ma.fields.String()
    title = ma.fields.String()
    organisation_name = ma.fields.String(allow_none=True)
    start = ma.fields.String()
    end = ma.fields.String()
    quantity = ma.fields.Integer()
    out = ma.fields.Integer()
    back = ma.fields.Integer()
    missing = ma.fields.Integer()
    state = ma.fields.String(metadata={"enum": ["booked", "out", "overdue", "back"]})


class KitList(ma.Schema):
    """Kit, by when it is due."""

    items = ma.fields.List(ma.fields.Nested(KitAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.takes(KitQuery, location="query")
@blueprint.gives(200, KitList)
def list_equipment(asked: dict[str, Any]) -> Response:
    """The kit of the houses you work for; `state`: due, out, overdue or all."""
    person, at = require_viewer(), now()
    with database().read() as connection:
        rows = equipment.listing(connection, person, venue=asked.get("venue"), state=asked["state"], at=at)
    return json_answer({"items": [_document(row) for row in rows], "next": None})


@bookings.on("POST", "/<booking_id>/check-out")
@bookings.takes(MovementPost)
@bookings.gives(200, KitAnswer)
def post_check_out(body: dict[str, Any], booking_id: str) -> Response:
    """Hand pieces over to the company."""
    person, at, booking = require_viewer(), now(), read_id(booking_id)
    row = database().write(
        lambda connection: equipment.check_out(connection, person, booking, body["claim"], body["quantity"], at=at)
    )
    return json_answer(_document(row))


@bookings.on("POST", "/<booking_id>/check-in")
@bookings.takes(MovementPost)
@bookings.gives(200, KitAnswer)
def post_check_in(body: dict[str, Any], booking_id: str) -> Response:
    """Take pieces back, in part or all, with notes of damage."""
    person, at, booking = require_viewer(), now(), read_id(booking_id)
    row = database().write(
        lambda connection: equipment.check_in(
            connection, person, booking, body["claim"], body["quantity"], body["damage"], at=at
        )
    )
    return json_answer(_document(row))


def _document(row: KitRow) -> dict[str, Any]:
    return {
        "booking": str(row.booking),
        "claim": str(row.claim),
        "resource": row.resource,
        "name": localised(row.resource_name),
        "venue": row.venue,
        "title": row.title,
        "organisation_name": row.organisation_name,
        "start": local(row.starts, row.zone),
        "end": local(row.ends, row.zone),
        "quantity": row.quantity,
        "out": row.out,
        "back": row.back,
        "missing": row.missing,
        "state": _state(row),
    }


def _state(row: KitRow) -> str:
    if row.missing:
        return "overdue" if equipment.is_overdue(row, now()) else "out"
    return "back" if row.out else "booked"
