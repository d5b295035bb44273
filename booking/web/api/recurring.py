"""Recurring bookings: previewed, saved, read and retried."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.bookings import Terms
from booking.domain.people import Person
from booking.domain.series import Recurrence
from booking.services import series
from booking.services.series import Occurrence, Preview
from booking.storage.registers import BookingRow
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, read_id
from booking.web.api.documents import asked_document, local
from booking.web.api.fields import Strict
from booking.web.context import database, now, require_viewer
from booking.web.refusals import conflict_document

blueprint = ApiBlueprint("series", "Bookings that repeat, with the dates that were skipped and why.")


class SeriesAnswer(ma.Schema):
    """A series; `occurrences` with the booking of each, `skipped` with code and reason."""

    id = ma.fields.UUID()
    venue = ma.fields.String()
    rule = ma.fields.String()
    occurrences = ma.fields.List(ma.fields.Dict())
    skipped = ma.fields.List(ma.fields.Dict())


class NothingPost(Strict):
    """No body."""


def post_series(person: Person, terms: Terms, body: Mapping[str, Any], at: datetime) -> Response:
    """Preview it (200), or make it (201, with the first booking)."""
    recurrence = Recurrence(body["rule"], tuple(body["besides"]), skips=body["on_conflict"] == "skip")
    if body["preview"]:
        with database().read() as connection:
            return json_answer(_preview(series.preview(connection, person, terms, recurrence, at=at)))

    def make(connection: Connection) -> Created:
        made = series.save(connection, person, terms, recurrence, at=at, digest=body["preview_digest"])
        document = asked_document(made.first, made.terms, person, at)
        more = {"series": str(made.id), "occurrences": made.count}
        return document | more, f"/api/v1/bookings/{made.first.id}", 1

    return create_once(person, make)


@blueprint.on("GET", "/<series_id>")
@blueprint.gives(200, SeriesAnswer)
def get_series(series_id: str) -> Response:
    """Every occurrence, and the dates that were skipped with their reasons."""
    person = require_viewer()
    with database().read() as connection:
        return _answer(connection, person, series_id)


@blueprint.on("POST", "/<series_id>/retry")
@blueprint.takes(NothingPost)
@blueprint.gives(200, SeriesAnswer)
def post_retry(_body: dict[str, Any], series_id: str) -> Response:
    """Make those skipped dates that can be had by now."""
    person, at = require_viewer(), now()

    def work(connection: Connection) -> Response:
        series.retry(connection, person, read_id(series_id), at=at)
        return _answer(connection, person, series_id)

    return database().write(work)


def _answer(connection: Connection, person: Person, series_id: str) -> Response:
    row, bookings, skipped = series.read(connection, person, read_id(series_id))
    return json_answer(
        {
            "id": str(row.id),
            "venue": row.venue,
            "rule": row.rule,
            "except": row.besides,
            "on_conflict": row.on_conflict,
            "occurrences": [_occurrence(each) for each in bookings],
            "skipped": [
                {"start": local(each.starts, row.zone), "code": each.code, "why": each.why, **each.facts}
                for each in skipped
            ],
        }
    )


def _occurrence(row: BookingRow) -> dict[str, Any]:
    return {
        "booking": str(row.id),
        "start": local(row.starts, row.zone),
        "end": local(row.ends, row.zone),
        "state": row.state,
    }


def _preview(seen: Preview) -> dict[str, Any]:
    unknown = [{"kind": "school-holidays-unknown", "hard": False}] if seen.unknown else []
    return {
        "occurrences": [_date(each, seen.zone) for each in seen.possible],
        "skipped": [_date(each, seen.zone) for each in seen.skipped],
        "warnings": unknown,
        "preview_digest": seen.digest,
    }


def _date(each: Occurrence, zone: str) -> dict[str, Any]:
    found = {"start": local(each.start, zone), "end": _end(each, zone)}
    if each.code is None:
        return found | {"state": each.state}
    return found | {"code": each.code, "conflicts": [conflict_document(conflict) for conflict in each.conflicts]}


def _end(each: Occurrence, zone: str) -> str:
    end = each.claims[0].end
    return local(end, zone) if isinstance(end, datetime) else end.isoformat()
