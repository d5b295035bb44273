"""What a house opens: resources added, retired, opened again; and who changed what of one."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from booking.domain.people import Person
from booking.domain.refusals import StillToCome
from booking.domain.resources import MOST_PIECES, Kind, NewResource
from booking.services import catalogue, changes, new_resources, retiring, settling
from booking.services.retiring import Decision, Remaining
from booking.web.answers import item_answer, json_answer, wanted_revisions
from booking.web.api.blueprint import Created, create_once
from booking.web.api.closures import MOST_DECISIONS
from booking.web.api.documents import booking_document, detail_document, local
from booking.web.api.fields import LONGEST_TEXT, Choice, Flag, Id, Strict, Text, Whole
from booking.web.api.resources import ResourceAnswer, a_document, blueprint, codes, revision
from booking.web.context import database, now, require_viewer
from booking.web.languages import language


class ResourcePost(Strict):
    """A new resource. `code`: that of the house, a dash, and its own; texts by language; rates in cents."""

    venue = Text(required=True)
    code = Text(longest=50, required=True)
    kind = Choice(Kind, required=True)
    name = ma.fields.Dict(required=True, error_messages={"null": "required", "invalid": "wrong-type"})
    capacity = Whole(least=1, most=MOST_PIECES, load_default=1)
    unit = Text(longest=20, load_default=None, allow_none=True)
    technical_sheet = a_document()
    rules = a_document()
    notes = a_document()
    rates = a_document()
    parts = codes()
    noise = codes()


class RemainingSchema(Strict):
    """What becomes of one booking that is still to come."""

    booking = Id(required=True)
    decision = Choice(Decision, required=True)


class RetirePost(Strict):
    """Why, and what becomes of what is still to come: confirmed and pending bookings need a decision."""

    reason = Text(longest=LONGEST_TEXT, required=True, required_text=True)
    preview = Flag(load_default=False)
    decisions = ma.fields.List(
        ma.fields.Nested(RemainingSchema),
        load_default=list,
        validate=ma.validate.Length(max=MOST_DECISIONS, error="too-many"),
    )


@blueprint.on("POST")
@blueprint.takes(ResourcePost)
@blueprint.gives(201, ResourceAnswer)
def post_resource(body: dict[str, Any]) -> Response:
    """Open something new at a house that you manage."""
    person, at = require_viewer(), now()
    venue, sheet = body.pop("venue"), body.pop("technical_sheet", {})
    new = NewResource(sheet=sheet, **body)

    def make(connection: Any) -> Created:
        new_resources.add(connection, person, venue, new, at=at)
        found = catalogue.resource(connection, new.code)
        return detail_document(found), f"/api/v1/resources/{new.code}", revision(found, language())

    return create_once(person, make)


@blueprint.on("POST", "/<code>/retire")
@blueprint.takes(RetirePost)
@blueprint.gives(200, ResourceAnswer)
def retire_resource(body: dict[str, Any], code: str) -> Response:
    """Nobody can book it any more; what was booked stays, or ends as decided. `preview`: only say what there is
    still to come; `If-Match` with its ETag refuses what changed since."""
    person, at = require_viewer(), now()
    decisions = {each["booking"]: Decision(each["decision"]) for each in body["decisions"]}
    if body["preview"]:
        settling.settle_due(database(), at=at)
        with database().read() as connection:
            left = retiring.preview(connection, person, code, decisions, at=at)
        return item_answer(remaining_document(left, person), revision=left.revision)
    seen = wanted_revisions()

    def work(connection: Any) -> None:
        try:
            retiring.retire(connection, person, code, body["reason"], decisions, at=at, seen=seen)
        except StillToCome as refusal:
            refusal.document = remaining_document(refusal.preview, person)
            raise

    database().write(work)
    return _answer(code)


@blueprint.on("POST", "/<code>/reopen")
@blueprint.gives(200, ResourceAnswer)
def reopen_resource(code: str) -> Response:
    """It can be booked again."""
    person, at = require_viewer(), now()
    database().write(lambda connection: retiring.reopen(connection, person, code, at=at))
    return _answer(code)


class ChangeList(ma.Schema):
    """What was done, the newest first; `members` with what they were and became."""

    items = ma.fields.List(ma.fields.Dict())
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET", "/<code>/history")
@blueprint.gives(200, ChangeList)
def resource_history(code: str) -> Response:
    """Who changed what of it, for those who work there."""
    person = require_viewer()
    with database().read() as connection:
        zone = catalogue.resource(connection, code).row.zone
        found = changes.of_resource(connection, person, code)
    items = [
        {
            "at": local(each.at, zone),
            "by": each.by,
            "kind": each.kind,
            "why": each.why,
            "members": [{"name": name, "old": old, "new": new} for name, old, new in each.members],
        }
        for each in found
    ]
    return json_answer({"items": items, "next": None})


def remaining_document(left: Remaining, person: Person) -> dict[str, Any]:
    """What is still to come."""
    decided: dict[UUID, Decision] = dict(left.decisions)
    return {
        "bookings": [{**booking_document(row, person), "decision": decided.get(row.id)} for row in left.bookings]
    }


def _answer(code: str) -> Response:
    with database().read() as connection:
        found = catalogue.resource(connection, code)
    return item_answer(detail_document(found), revision=revision(found, language()))
