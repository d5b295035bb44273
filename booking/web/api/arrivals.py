"""Arrivals of a booking: who comes and what they need."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.services import arrivals
from booking.storage.arrivals import ArrivalRow
from booking.web.answers import json_answer
from booking.web.api.blueprint import read_id
from booking.web.api.bookings import blueprint as bookings
from booking.web.api.fields import LONGEST_TEXT, Day, Strict, Text
from booking.web.context import database, now, require_viewer


class ArrivalPost(Strict):
    """One person; `leaves` is the day of departure."""

    name = Text(required=True, required_text=True)
    arrives = Day(allow_none=True, load_default=None)
    leaves = Day(allow_none=True, load_default=None)
    access = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    diet = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)


class ArrivalsPut(Strict):
    """The whole list."""

    people = ma.fields.List(ma.fields.Nested(ArrivalPost), required=True)


class ArrivalAnswer(ma.Schema):
    """One person who comes."""

    name = ma.fields.String()
    arrives = ma.fields.String(allow_none=True)
    leaves = ma.fields.String(allow_none=True)
    access = ma.fields.String(allow_none=True)
    diet = ma.fields.String(allow_none=True)


class ArrivalList(ma.Schema):
    """Everybody who comes, in the order in which they were written down."""

    items = ma.fields.List(ma.fields.Nested(ArrivalAnswer))
    next = ma.fields.String(allow_none=True)


@bookings.on("GET", "/<booking_id>/arrivals")
@bookings.gives(200, ArrivalList)
def list_arrivals(booking_id: str) -> Response:
    """Who comes. For the company and its house alone; deleted when the stay is over."""
    person, booking = require_viewer(), read_id(booking_id)
    with database().read() as connection:
        rows = arrivals.read(connection, person, booking)
    return _answer(rows)


@bookings.on("PUT", "/<booking_id>/arrivals")
@bookings.takes(ArrivalsPut)
@bookings.gives(200, ArrivalList)
def put_arrivals(body: dict[str, Any], booking_id: str) -> Response:
    """Write down who comes: this list instead of the one before."""
    person, at, booking = require_viewer(), now(), read_id(booking_id)
    rows = database().write(lambda connection: arrivals.write(connection, person, booking, body["people"], at=at))
    return _answer(rows)


def _answer(rows: Any) -> Response:
    return json_answer({"items": [_document(row) for row in rows], "next": None})


def _document(row: ArrivalRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "arrives": row.arrives,
        "leaves": row.leaves,
        "access": row.access,
        "diet": row.diet,
    }
