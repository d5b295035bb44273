"""Houses: read by everybody, set up by their managers."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.services import catalogue, venues
from booking.web.answers import item_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer
from booking.web.api.documents import venue_document
from booking.web.api.fields import Strict, Text
from booking.web.context import database, now, require_viewer

CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]$"

blueprint = ApiBlueprint("venues", "The houses.")


class VenueAnswer(ma.Schema):
    """A house; `planning_day_starts` in local time, coordinates in degrees."""

    code = ma.fields.String()
    name = ma.fields.String()
    town = ma.fields.String()
    country = ma.fields.String()
    region = ma.fields.String()
    language = ma.fields.String()
    languages = ma.fields.List(ma.fields.String())
    timezone = ma.fields.String()
    planning_day_starts = ma.fields.String()
    public_holidays = ma.fields.String()
    school_holidays = ma.fields.Dict()
    latitude = ma.fields.Float()
    longitude = ma.fields.Float()
    fictional = ma.fields.Boolean()
    email = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    about = ma.fields.String(allow_none=True)
    practical = ma.fields.String(allow_none=True)
    translations = ma.fields.Dict()
    settings = ma.fields.Dict()


class VenueList(ma.Schema):
    """One page of houses."""

    items = ma.fields.List(ma.fields.Nested(VenueAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, VenueList)
def list_venues(asked: dict[str, Any]) -> Response:
    """Every house."""
    with database().read() as connection:
        rows = sorted(catalogue.venues(connection), key=lambda row: str(row.code))
    after = asked.get("cursor", "")
    items = [venue_document(row) for row in rows if row.code > after]
    return page_answer(items, limit=asked["limit"], cursor=lambda item: str(item["code"]))


@blueprint.on("GET", "/<code>")
@blueprint.gives(200, VenueAnswer)
def get_venue(code: str) -> Response:
    """One house."""
    with database().read() as connection:
        row = catalogue.venue(connection, code)
    return item_answer(venue_document(row), revision=venues.revision(row))


class VenuePatch(Strict):
    """What should be different, null for what goes. `about`, `practical`: by language; `settings`: numbers."""

    name = Text(required_text=True)
    town = Text(required_text=True)
    address = Text(allow_none=True)
    email = Text(allow_none=True)
    phone = Text(allow_none=True)
    languages = ma.fields.List(Text(longest=5), validate=ma.validate.Length(max=10, error="too-many"))
    planning_day_starts = Text(longest=5, validate=ma.validate.Regexp(CLOCK, error="not-a-clock"))
    about = ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})
    practical = ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})
    settings = ma.fields.Dict(error_messages={"null": "required", "invalid": "wrong-type"})


@blueprint.on("PATCH", "/<code>")
@blueprint.takes(VenuePatch)
@blueprint.gives(200, VenueAnswer)
def patch_venue(body: dict[str, Any], code: str) -> Response:
    """Set up a house that you manage. Another day line is refused while whole days are held."""
    person, at, seen = require_viewer(), now(), wanted_revisions()
    if "planning_day_starts" in body:
        hours, minutes = body.pop("planning_day_starts").split(":")
        body["day_line"] = int(hours) * 60 + int(minutes)
    row = database().write(
        lambda connection: venues.change(
            connection,
            person,
            code,
            body,
            at=at,
            is_current=lambda found: seen is None or venues.revision(found) in seen,
        )
    )
    return item_answer(venue_document(row), revision=venues.revision(row))
