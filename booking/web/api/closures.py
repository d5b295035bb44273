"""Closures of a resource: previewed, saved with decisions, changed and removed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from booking.domain.closures import Decision
from booking.domain.people import Person
from booking.domain.refusals import DecisionsMissing
from booking.services import closures
from booking.services.closures import ClosureRow, Preview, Wanted
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, read_id
from booking.web.api.documents import booking_document, local
from booking.web.api.fields import LONGEST_TEXT, Choice, Flag, Id, Moment, Strict, Text, check_span
from booking.web.api.resources import blueprint as resources
from booking.web.api.schemas import BookingAnswer
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("closures", "When a house is closed, and what becomes of those under it.")

MOST_DECISIONS = 500


class DecisionSchema(Strict):
    """What becomes of one booking under the closure."""

    booking = Id(required=True)
    decision = Choice(Decision, required=True)


def _decisions() -> Any:
    return ma.fields.List(
        ma.fields.Nested(DecisionSchema),
        load_default=list,
        validate=ma.validate.Length(max=MOST_DECISIONS, error="too-many"),
    )


class ClosurePost(Strict):
    """From when to when (dates are whole days, `end` excluded), why, and what becomes of those under it."""

    start = Moment(days=True, required=True)
    end = Moment(days=True, required=True)
    reason = Text(longest=LONGEST_TEXT, required=True, required_text=True)
    preview = Flag(load_default=False)
    decisions = _decisions()

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)
        check_decisions(data)


class ClosurePatch(Strict):
    """What should be different; what was decided stays."""

    start = Moment(days=True, load_default=None)
    end = Moment(days=True, load_default=None)
    reason = Text(longest=LONGEST_TEXT, required_text=True, load_default=None)
    preview = Flag(load_default=False)
    decisions = _decisions()

    @ma.validates_schema
    def _check_decisions(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_decisions(data)


def check_decisions(data: Mapping[str, Any]) -> None:
    """One decision per booking. ValidationError at `decisions`."""
    named = [each["booking"] for each in data["decisions"]]
    if len(set(named)) < len(named):
        raise ma.ValidationError("twice", "decisions")


class ClosureAnswer(ma.Schema):
    """A closure, with what was decided for the bookings under it."""

    id = ma.fields.UUID()
    resource = ma.fields.String()
    start = ma.fields.String()
    end = ma.fields.String()
    reason = ma.fields.String()
    decisions = ma.fields.List(ma.fields.Dict())
    ended_at = ma.fields.String(allow_none=True)


class PreviewAnswer(ma.Schema):
    """What it would hit; `confirmed` holds pending ones too: each needs a decision."""

    confirmed = ma.fields.List(ma.fields.Nested(BookingAnswer))
    options = ma.fields.List(ma.fields.Nested(BookingAnswer))
    requests = ma.fields.List(ma.fields.Nested(BookingAnswer))


class ClosureList(ma.Schema):
    """The closures of a resource that are not over."""

    items = ma.fields.List(ma.fields.Nested(ClosureAnswer))
    next = ma.fields.String(allow_none=True)


@resources.on("GET", "/<code>/closures")
@resources.gives(200, ClosureList)
def list_closures(code: str) -> Response:
    """The closures of a resource, for those who work in its house."""
    person = require_viewer()
    with database().read() as connection:
        rows = closures.listing(connection, person, resource=code, at=now())
        items = [closure_answer(row, closures.decisions_of(connection, row)) for row in rows]
    return json_answer({"items": items, "next": None})


@resources.on("POST", "/<code>/closures")
@resources.takes(ClosurePost)
@resources.gives(201, ClosureAnswer)
def post_closure(body: dict[str, Any], code: str) -> Response:
    """Close it. `preview`: only say what that would hit; `If-Match` with its ETag refuses what changed since."""
    person, at = require_viewer(), now()
    decisions = decided(body)
    wanted = Wanted(body["start"], body["end"], body["reason"], decisions, wanted_revisions())
    if body["preview"]:
        hit = database().write(lambda connection: closures.preview(connection, person, code, wanted, at=at))
        return item_answer(preview_answer(hit, person), revision=hit.revision)

    def make(connection: Any) -> Created:
        with telling_what_it_hits(person):
            row = closures.add(connection, person, code, wanted, at=at)
        return closure_answer(row, decisions), f"/api/v1/closures/{row.id}", None

    return create_once(person, make)


@blueprint.on("PATCH", "/<closure_id>")
@blueprint.takes(ClosurePatch)
@blueprint.gives(200, ClosureAnswer)
def patch_closure(body: dict[str, Any], closure_id: str) -> Response:
    """Other days, another reason, other decisions."""
    person, at, seen = require_viewer(), now(), wanted_revisions()
    id_ = read_id(closure_id)
    given = {name: body[name] for name in ("start", "end", "reason")} | {"decisions": decided(body)}
    if body["preview"]:
        hit = database().write(lambda connection: closures.preview_change(connection, person, id_, **given, at=at))
        return item_answer(preview_answer(hit, person), revision=hit.revision)

    def work(connection: Any) -> tuple[ClosureRow, dict[UUID, Decision]]:
        with telling_what_it_hits(person):
            row = closures.change(connection, person, id_, **given, seen=seen, at=at)
        return row, closures.decisions_of(connection, row)

    return json_answer(closure_answer(*database().write(work)))


@blueprint.on("DELETE", "/<closure_id>")
@blueprint.gives(204)
def delete_closure(closure_id: str) -> Response:
    """Open again: what it suspended returns."""
    person, at = require_viewer(), now()
    database().write(lambda connection: closures.remove(connection, person, read_id(closure_id), at=at))
    return Response(status=204)


@contextmanager
def telling_what_it_hits(person: Person) -> Iterator[None]:
    """A refusal for want of decisions carries the preview."""
    try:
        yield
    except DecisionsMissing as refusal:
        refusal.document = preview_answer(refusal.preview, person)
        raise


def decided(body: Mapping[str, Any]) -> dict[UUID, Decision]:
    """Booking → decision."""
    return {each["booking"]: Decision(each["decision"]) for each in body["decisions"]}


def preview_answer(hit: Preview, person: Person) -> dict[str, Any]:
    """What it would hit, each booking with what is decided for it already."""
    return {
        "confirmed": [
            {**booking_document(row, person), "decision": hit.decisions.get(row.id)} for row in hit.confirmed
        ],
        "options": [booking_document(row, person) for row in hit.options],
        "requests": [booking_document(row, person) for row in hit.requests],
    }


def closure_answer(row: ClosureRow, decisions: Mapping[UUID, Decision]) -> dict[str, Any]:
    """One closure."""
    return {
        "id": str(row.id),
        "resource": row.resource,
        "start": _end(row.start_date, row.starts, row.zone),
        "end": _end(row.end_date, row.ends, row.zone),
        "reason": row.reason,
        "decisions": [{"booking": str(id_), "decision": word} for id_, word in decisions.items()],
        "ended_at": local(row.ended_at, row.zone) if row.ended_at else None,
    }


def _end(day: Any, moment: datetime, zone: str) -> str:
    return str(day) if day is not None else local(moment, zone)
