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
from booking.services.catalogue import ResourceDetail, ResourceFilter
from booking.services.resources import Broken, Wanted
from booking.services.timeline import timeline
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer
from booking.web.api.conflicts import conflict_answer
from booking.web.api.documents import booking_document, detail_document, resource_document, timeline_document
from booking.web.api.fields import Flag, Moment, Strict, Text, Whole
from booking.web.context import database, now, parts, require_viewer
from booking.web.languages import LANGUAGES, language

blueprint = ApiBlueprint("resources", "What can be booked.")

LONGEST_TIMELINE_DAYS = 4 * 366
MOST_CODES = 200


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
    retired = ma.fields.Boolean(metadata={"description": "with those that cannot be booked any more"})


class ResourceAnswer(ma.Schema):
    """A resource; `name` and `notes` in the caller's language, `parts` empty unless it is a whole.

    `rates`: cents for a slot, half a day, a day and a week. One alone has `noise` and `translations`.
    """

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
    rates = ma.fields.Dict()
    noise = ma.fields.List(ma.fields.String())
    translations = ma.fields.Dict()
    retired = ma.fields.Boolean()
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


def a_document() -> ma.fields.Dict:
    """An object of which the service says what may be in it."""
    return ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})


def codes() -> Any:
    """Codes of resources."""
    return ma.fields.List(Text(longest=50), validate=ma.validate.Length(max=MOST_CODES, error="too-many"))


class ResourcePatch(Strict):
    """What should be different. `technical_sheet`, `rules`, `name`, `notes`, `rates`: the members to change, null
    takes one away (RFC 7396); names and notes by language, rates in cents. `parts`, `noise`: all of them.

    Of counted stock: how many pieces there are, and how many of them are out of order from now on. `preview`:
    say what it would break, and change nothing.
    """

    technical_sheet = a_document()
    rules = a_document()
    name = a_document()
    notes = a_document()
    rates = a_document()
    parts = codes()
    noise = codes()
    capacity = Whole(least=1, most=100_000)
    out_of_order = Whole(least=0, most=100_000)
    preview = Flag(load_default=False)


@blueprint.on("PATCH", "/<code>")
@blueprint.takes(ResourcePatch)
@blueprint.gives(200, ResourceAnswer)
def patch_resource(body: dict[str, Any], code: str) -> Response:
    """Other sheet, rules, texts, rates, parts or stock. What is confirmed and breaks goes to the conflict desk
    (`breaks`). A whole that is held is not made of other parts (409 `in-use`)."""
    person, at = require_viewer(), now()
    given = {name: value for name, value in body.items() if name not in ("preview", "technical_sheet")}
    wanted = Wanted(sheet=body.get("technical_sheet"), **given)
    if body["preview"]:
        broken = database().write(lambda connection: resources.preview(connection, person, code, wanted, at=at))
        return json_answer(broken_document(broken, person))
    seen = wanted_revisions()

    def is_current(found: ResourceDetail) -> bool:
        return seen is None or bool(seen & revisions(found))

    broken = database().write(
        lambda connection: resources.change(connection, person, code, wanted, at=at, is_current=is_current)
    )
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    document = {**detail_document(found), **broken_document(broken, person)}
    return item_answer(document, revision=revision(found, language()))


def broken_document(broken: Broken, person: Person) -> dict[str, Any]:
    """What a change breaks: conflicts on the desk, and options that stand still."""
    return {
        "breaks": [conflict_answer(row) for row in broken.conflicts],
        "suspended": [booking_document(row, person) for row in broken.suspended],
    }


def revision(found: ResourceDetail, spoken: str) -> int:
    """A number for what is answered of a resource in one language: 31 bits, as answers are kept with it."""
    row = found.row
    told = resources.signature(found) + repr((sorted(row.name.items()), sorted(row.notes.items()), spoken))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) >> 1


def revisions(found: ResourceDetail) -> set[int]:
    """The same in every language: it may have been read in another."""
    return {revision(found, each) for each in LANGUAGES}


@blueprint.on("GET", "/<code>")
@blueprint.gives(200, ResourceAnswer)
def get_resource(code: str) -> Response:
    """One resource with its technical sheet and its rules."""
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    return item_answer(detail_document(found), revision=revision(found, language()))


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
        items = timeline(connection, person, code, start=start, end=end, names=parts().names)
    return json_answer({"items": [timeline_document(item, row.zone) for item in items], "next": None})


def _at(moment: date, row: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return day_start(moment, row.zone, row.day_line)
