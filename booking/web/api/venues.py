"""GET /venues, and their inventories."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.services import catalogue
from booking.web.answers import item_answer
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer
from booking.web.api.documents import venue_document
from booking.web.context import database

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
        return item_answer(venue_document(catalogue.venue(connection, code)))
