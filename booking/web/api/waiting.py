"""POST, GET and DELETE /waiting-list."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms
from booking.services import waiting
from booking.services.waiting import WaitingRow
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.documents import local
from booking.web.api.fields import Id, Moment, Strict, Text, Whole, check_span
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("waiting-list", "To hear when what is taken becomes free. It holds nothing.")


class WaitingPost(Strict):
    """What would be wanted; dates are whole days, `end` excluded. `organisation`: else the first of your own."""

    resource = Text(required=True, required_text=True, longest=40)
    start = Moment(days=True, required=True)
    end = Moment(days=True, required=True)
    quantity = Whole(least=1, load_default=1)
    organisation = Id(allow_none=True, load_default=None)

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)


class WaitingAnswer(ma.Schema):
    """`behind`: what stood there when it was noted. `told_at`: when you were told that it is gone."""

    id = ma.fields.UUID()
    resource = ma.fields.String()
    venue = ma.fields.String()
    organisation = ma.fields.UUID()
    start = ma.fields.String()
    end = ma.fields.String()
    quantity = ma.fields.Integer()
    behind = ma.fields.String(metadata={"enum": ["hard", "option", "free"]})
    created_at = ma.fields.String()
    told_at = ma.fields.String(allow_none=True)


class WaitingList(ma.Schema):
    """What you wait for, in the order in which you asked."""

    items = ma.fields.List(ma.fields.Nested(WaitingAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(WaitingPost)
@blueprint.gives(201, WaitingAnswer)
def post_waiting(body: dict[str, Any]) -> Response:
    """Be told, once, when it frees."""
    person, at = require_viewer(), now()
    terms = ClaimTerms(body["resource"], body["start"], body["end"], body["quantity"])

    def make(connection: Connection) -> Created:
        row = waiting.add(connection, person, terms, body["organisation"], at=at)
        return document(row), f"/api/v1/waiting-list/{row.id}", None

    return create_once(person, make)


@blueprint.on("GET")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, WaitingList)
def list_waiting(asked: dict[str, Any]) -> Response:
    """What your companies wait for."""
    person, limit = require_viewer(), asked["limit"]
    after = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        rows = waiting.listing(connection, person, at=now(), after=after, limit=limit + 1)
    return page_answer([document(row) for row in rows], limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("DELETE", "/<waiting_id>")
@blueprint.gives(204)
def delete_waiting(waiting_id: str) -> Response:
    """Wait no more."""
    person = require_viewer()
    database().write(lambda connection: waiting.remove(connection, person, read_id(waiting_id)))
    return Response(status=204)


def document(row: WaitingRow) -> dict[str, Any]:
    """One of them."""
    return {
        "id": str(row.id),
        "resource": row.resource,
        "venue": row.venue,
        "organisation": str(row.organisation_id),
        "start": str(row.start_date or local(row.starts, row.zone)),
        "end": str(row.end_date or local(row.ends, row.zone)),
        "quantity": row.quantity,
        "behind": row.behind,
        "created_at": local(row.created_at, row.zone),
        "told_at": local(row.told_at, row.zone) if row.told_at else None,
    }
