"""GET /resources and their timelines."""

from datetime import date, datetime
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.refusals import Malformed
from booking.domain.wall_clock import day_start
from booking.services import catalogue, equipment
from booking.services.catalogue import ResourceFilter
from booking.services.timeline import timeline
from booking.web.answers import item_answer, json_answer
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer
from booking.web.api.documents import resource_document, timeline_document
from booking.web.api.fields import Moment, Strict, Text, Whole
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("resources", "What can be booked.")

LONGEST_TIMELINE_DAYS = 4 * 366


class ResourceQuery(PageArgs):
    """What a resource must be. Metres, amperes, seats; an unknown figure never counts as one that fits."""

    venue = Text()
    kind = Text()
    country = Text()
    region = Text()
    min_width_m = ma.fields.Float(allow_nan=False)
    min_depth_m = ma.fields.Float(allow_nan=False)
    min_clear_height_m = ma.fields.Float(allow_nan=False)
    min_seats = ma.fields.Integer(validate=ma.validate.Range(0, 10**6, error="out-of-range"))
    min_power_amps = ma.fields.Integer(validate=ma.validate.Range(0, 10**6, error="out-of-range"))
    sprung_floor = ma.fields.Boolean()
    q = Text()


class ResourceAnswer(ma.Schema):
    """A resource; `name` in the caller's language, `parts` empty unless it is a whole."""

    code = ma.fields.String()
    name = ma.fields.String()
    venue = ma.fields.String()
    kind = ma.fields.String()
    capacity = ma.fields.Integer()
    unit = ma.fields.String(allow_none=True)
    parts = ma.fields.List(ma.fields.String())
    technical_sheet = ma.fields.Dict()
    notes = ma.fields.String(allow_none=True)
    rules = ma.fields.Dict()
    day_rate_cents = ma.fields.Integer()
    in_programme_area = ma.fields.Boolean()


class ResourceList(ma.Schema):
    """One page of resources, by code."""

    items = ma.fields.List(ma.fields.Nested(ResourceAnswer))
    next = ma.fields.String(allow_none=True)


class TimelineQuery(ma.Schema):
    """From when to when (excluded): dates of planning days, or instants."""

    from_ = Moment(days=True, required=True, data_key="from")
    to = Moment(days=True, required=True)


class TimelineItemAnswer(ma.Schema):
    """One thing that holds the resource; `booking`, `title`, `organisation` for those who may know."""

    start = ma.fields.String()
    end = ma.fields.String()
    force = ma.fields.String(metadata={"enum": ["confirmed", "pending", "option", "closed", "external"]})
    quantity = ma.fields.Integer()
    booking = ma.fields.UUID()
    title = ma.fields.String()
    organisation = ma.fields.String(allow_none=True)


class TimelineAnswer(ma.Schema):
    """Who has it when."""

    items = ma.fields.List(ma.fields.Nested(TimelineItemAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.takes(ResourceQuery, location="query")
@blueprint.gives(200, ResourceList)
def list_resources(asked: dict[str, Any]) -> Response:
    """The resources that fit, by code."""
    limit, after = asked.pop("limit"), asked.pop("cursor", None)
    with database().read() as connection:
        rows = catalogue.page(connection, ResourceFilter(**asked), after=after, limit=limit + 1)
        parts = catalogue.parts(connection)
    items = [resource_document(row, parts.get(row.id, [])) for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["code"]))


class ResourcePatch(Strict):
    """Counted stock: how many pieces there are, and how many of them are out of order from now on."""

    capacity = Whole(least=1, most=100_000)
    out_of_order = Whole(least=0, most=100_000)


@blueprint.on("PATCH", "/<code>")
@blueprint.takes(ResourcePatch)
@blueprint.gives(200, ResourceAnswer)
def patch_resource(body: dict[str, Any], code: str) -> Response:
    """Other stock. What is confirmed and can no longer be served goes to the conflict desk."""
    person, at = require_viewer(), now()
    capacity, broken = body.get("capacity"), body.get("out_of_order")
    database().write(
        lambda connection: equipment.change_stock(
            connection, person, code, capacity=capacity, out_of_order=broken, at=at
        )
    )
    return get_resource(code)


@blueprint.on("GET", "/<code>")
@blueprint.gives(200, ResourceAnswer)
def get_resource(code: str) -> Response:
    """One resource with its technical sheet and its rules."""
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    return item_answer(resource_document(found.row, [part.code for part in found.parts]))


@blueprint.on("GET", "/<code>/timeline")
@blueprint.takes(TimelineQuery, location="query")
@blueprint.gives(200, TimelineAnswer)
def get_timeline(asked: dict[str, Any], code: str) -> Response:
    """What holds the resource, set-up, strike and buffers included."""
    person = require_viewer()
    with database().read() as connection:
        row = catalogue.resource(connection, code).row
        start, end = _at(asked["from_"], row), _at(asked["to"], row)
        if end <= start:
            raise Malformed({"to": ["not-after-start"]})
        if (end - start).days > LONGEST_TIMELINE_DAYS:
            raise Malformed({"to": ["out-of-range"]})
        items = timeline(connection, person, code, start=start, end=end)
    return json_answer({"items": [timeline_document(item, row.zone) for item in items], "next": None})


def _at(moment: date, row: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return day_start(moment, row.zone, row.day_line)
