"""The conflict desk of a house."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.services import conflicts
from booking.services.conflicts import ConflictRow
from booking.services.undoing import Offer, Press
from booking.web.answers import json_answer
from booking.web.api.blueprint import ApiBlueprint, PageArgs, page_answer, read_id
from booking.web.api.documents import local
from booking.web.api.fields import LONGEST_TEXT, Choice, Flag, Strict, Text
from booking.web.api.schemas import UndoOffer
from booking.web.api.undoing import undo_document
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("conflicts", "What arose later over something that was settled.")

IS_OPEN = {"open": True, "resolved": False, None: None}


class ConflictQuery(PageArgs):
    """Which conflicts: of one house, or of all that you work for."""

    venue = Text(longest=40)
    state = Choice(("open", "resolved"))


class ConflictAnswer(ma.Schema):
    """One conflict; `end` is excluded, `cause` is what brought it."""

    id = ma.fields.UUID()
    venue = ma.fields.String()
    state = ma.fields.String(metadata={"enum": ["open", "resolved"]})
    kind = ma.fields.String()
    booking = ma.fields.UUID()
    title = ma.fields.String()
    organisation = ma.fields.UUID(allow_none=True)
    organisation_name = ma.fields.String(allow_none=True)
    claim = ma.fields.UUID()
    resource = ma.fields.String()
    cause = ma.fields.String()
    cause_id = ma.fields.UUID(allow_none=True)
    start = ma.fields.String()
    end = ma.fields.String()
    days = ma.fields.List(ma.fields.String())
    undo = ma.fields.Nested(UndoOffer)
    facts = ma.fields.Dict()
    opened_at = ma.fields.String()
    resolved_at = ma.fields.String(allow_none=True)
    resolved_by = ma.fields.String(allow_none=True)
    why = ma.fields.String(allow_none=True)


class ConflictList(ma.Schema):
    """One page of conflicts, oldest first."""

    items = ma.fields.List(ma.fields.Nested(ConflictAnswer))
    next = ma.fields.String(allow_none=True)


class ResolvePost(Strict):
    """How it was settled."""

    reason = Text(longest=LONGEST_TEXT, required=True, required_text=True)
    undoable = Flag(load_default=False)


@blueprint.on("GET")
@blueprint.takes(ConflictQuery, location="query")
@blueprint.gives(200, ConflictList)
def list_conflicts(asked: dict[str, Any]) -> Response:
    """What stands on the desks of the houses that you work for."""
    person, limit = require_viewer(), asked["limit"]
    with database().read() as connection:
        rows = conflicts.listing(
            connection,
            person,
            venue=asked.get("venue"),
            is_open=IS_OPEN[asked.get("state")],
            after=read_id(asked["cursor"]) if "cursor" in asked else None,
            limit=limit + 1,
        )
    items = [conflict_answer(row) for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("POST", "/<conflict_id>/resolve")
@blueprint.takes(ResolvePost)
@blueprint.gives(200, ConflictAnswer)
def post_resolve(body: dict[str, Any], conflict_id: str) -> Response:
    """One action with a reason, by a manager of the house."""
    person, at = require_viewer(), now()
    conflict = read_id(conflict_id)

    def work(connection: Connection) -> tuple[ConflictRow, Offer | None]:
        def do() -> ConflictRow:
            return conflicts.resolve_one(connection, person, conflict, reason=body["reason"], at=at)

        return Press.of(person, at).resolve(connection, conflict, do) if body["undoable"] else (do(), None)

    row, offer = database().write(work)
    return json_answer({**conflict_answer(row), **undo_document(offer)})


def conflict_answer(row: ConflictRow) -> dict[str, Any]:
    """One conflict, for those who work in the house."""
    return {
        "id": str(row.id),
        "venue": row.venue,
        "state": "open" if row.is_open else "resolved",
        "kind": row.kind,
        "booking": str(row.booking_id),
        "title": row.title,
        "organisation": str(row.organisation) if row.organisation else None,
        "organisation_name": row.organisation_name,
        "claim": str(row.claim_id),
        "resource": row.resource,
        "cause": row.cause,
        "cause_id": str(row.cause_id) if row.cause_id else None,
        "start": local(row.starts, row.zone),
        "end": local(row.ends, row.zone),
        "days": row.days,
        "facts": row.facts,
        "opened_at": local(row.opened_at, row.zone),
        "resolved_at": local(row.resolved_at, row.zone) if row.resolved_at else None,
        "resolved_by": row.resolved_by,
        "why": row.why,
    }
