"""GET and PUT /resources/{code}/windows."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.windows import Window
from booking.services import windows
from booking.services.windows import Windows
from booking.web.answers import item_answer, wanted_revisions
from booking.web.api.documents import local
from booking.web.api.fields import Moment, Strict, check_span
from booking.web.api.resources import blueprint as resources
from booking.web.context import database, now, require_viewer

__all__ = ["resources"]

MOST_WINDOWS = 200


class WindowSchema(Strict):
    """A period that is open for requests; dates are whole days at the venue, `end` excluded."""

    start = Moment(days=True, required=True)
    end = Moment(days=True, required=True)

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)


def _windows() -> Any:
    return ma.fields.List(
        ma.fields.Nested(WindowSchema),
        validate=ma.validate.Length(max=MOST_WINDOWS, error="too-many"),
        error_messages={"null": "required", "invalid": "wrong-type"},
    )


class WindowsPut(Strict):
    """All windows as they should be, as `windows`, or as `items` like they were read; none: always open."""

    windows = _windows()
    items = _windows()
    next = ma.fields.Constant(None, allow_none=True)

    @ma.validates_schema
    def _check_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if ("windows" in data) == ("items" in data):
            raise ma.ValidationError("twice" if "items" in data else "required", "windows")


class WindowAnswer(ma.Schema):
    """A period that is open for requests."""

    start = ma.fields.String()
    end = ma.fields.String()


class WindowsAnswer(ma.Schema):
    """The windows of a resource, in order."""

    items = ma.fields.List(ma.fields.Nested(WindowAnswer))
    next = ma.fields.String(allow_none=True)


@resources.on("GET", "/<code>/windows")
@resources.gives(200, WindowsAnswer)
def get_windows(code: str) -> Response:
    """When companies may ask for it; no items: always."""
    with database().read() as connection:
        return _answer(windows.listing(connection, code))


@resources.on("PUT", "/<code>/windows")
@resources.takes(WindowsPut)
@resources.gives(200, WindowsAnswer)
def put_windows(body: dict[str, Any], code: str) -> Response:
    """Other windows, all at once. What was asked before stands as it is; the house itself may always book."""
    person, at, seen = require_viewer(), now(), wanted_revisions()
    wanted = [Window(each["start"], each["end"]) for each in body.get("windows", body.get("items", ()))]
    found = database().write(
        lambda connection: windows.replace(connection, person, code, wanted, at=at, if_match=seen)
    )
    return _answer(found)


def _answer(found: Windows) -> Response:
    items = [
        {
            "start": str(row.start_date or local(row.starts, found.zone)),
            "end": str(row.end_date or local(row.ends, found.zone)),
        }
        for row in found.rows
    ]
    return item_answer({"items": items, "next": None}, revision=found.revision)
