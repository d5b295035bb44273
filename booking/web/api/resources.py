"""GET /resources and their timelines."""

import hashlib
from datetime import date, datetime
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.domain.wall_clock import day_start
from booking.services import catalogue, resources
from booking.services.catalogue import ResourceFilter
from booking.services.resources import Broken, Wanted
from booking.services.timeline import timeline
from booking.storage.catalogues import CatalogueRow
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer
from booking.web.api.conflicts import conflict_answer
from booking.web.api.documents import booking_document, resource_document, timeline_document
from booking.web.api.fields import Flag, Moment, Strict, Text, Whole
from booking.web.context import database, now, require_viewer
from booking.web.languages import LANGUAGES, language

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
    breaks = ma.fields.List(ma.fields.Dict(), metadata={"description": "of a change: conflicts on the desk"})
    suspended = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "of a change: options that stand still by it"}
    )


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
    rank = ma.fields.Integer(metadata={"description": "of an option: its worst day"})
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
    """What should be different. `technical_sheet`, `rules`: the members to change, null takes one away (RFC 7396).

    Of counted stock: how many pieces there are, and how many of them are out of order from now on. `preview`:
    say what it would break, and change nothing.
    """

    technical_sheet = ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})
    rules = ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})
    capacity = Whole(least=1, most=100_000)
    out_of_order = Whole(least=0, most=100_000)
    preview = Flag(load_default=False)


@blueprint.on("PATCH", "/<code>")
@blueprint.takes(ResourcePatch)
@blueprint.gives(200, ResourceAnswer)
def patch_resource(body: dict[str, Any], code: str) -> Response:
    """Other sheet, rules or stock. What is confirmed and breaks by it goes to the conflict desk (`breaks`)."""
    person, at = require_viewer(), now()
    wanted = Wanted(body.get("technical_sheet"), body.get("rules"), body.get("capacity"), body.get("out_of_order"))
    if body["preview"]:
        broken = database().write(lambda connection: resources.preview(connection, person, code, wanted, at=at))
        return json_answer(broken_document(broken, person))
    seen = wanted_revisions()

    def is_current(row: CatalogueRow) -> bool:
        return seen is None or bool(seen & revisions(row))

    broken = database().write(
        lambda connection: resources.change(connection, person, code, wanted, at=at, is_current=is_current)
    )
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    document = resource_document(found.row, [part.code for part in found.parts])
    return item_answer({**document, **broken_document(broken, person)}, revision=revision(found.row, language()))


def broken_document(broken: Broken, person: Person) -> dict[str, Any]:
    """What a change breaks: conflicts on the desk, and options that stand still."""
    return {
        "breaks": [conflict_answer(row) for row in broken.conflicts],
        "suspended": [booking_document(row, person) for row in broken.suspended],
    }


def revision(row: CatalogueRow, spoken: str) -> int:
    """A number for what is answered of a resource in one language."""
    told = resources.signature(row) + repr((row.name, row.notes, spoken))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:7])


def revisions(row: CatalogueRow) -> set[int]:
    """The same in every language: it may have been read in another."""
    return {revision(row, each) for each in LANGUAGES}


@blueprint.on("GET", "/<code>")
@blueprint.gives(200, ResourceAnswer)
def get_resource(code: str) -> Response:
    """One resource with its technical sheet and its rules."""
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    document = resource_document(found.row, [part.code for part in found.parts])
    return item_answer(document, revision=revision(found.row, language()))


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
