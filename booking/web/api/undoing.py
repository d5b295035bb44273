"""POST /undo/{id}: take back what was done with one press, within its minute."""

from functools import partial
from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.refusals import Refusal
from booking.services import undoing
from booking.services.undoing import Offer
from booking.web.answers import json_answer
from booking.web.api.blueprint import PREFIX, ApiBlueprint, read_id
from booking.web.context import database, now, require_viewer
from booking.web.refusals import problem_of

blueprint = ApiBlueprint("undo", "What was done a moment ago and nobody was told of yet goes back.")


class UndoOutcome(ma.Schema):
    """What became of one: `bookings` that it was about, and when it stays as it is the `problem`."""

    bookings = ma.fields.List(ma.fields.UUID())
    undone = ma.fields.Boolean()
    problem = ma.fields.Dict()


class UndoAnswer(ma.Schema):
    """One outcome for each thing that was done with that press."""

    items = ma.fields.List(ma.fields.Nested(UndoOutcome))


@blueprint.on("POST", "/<group>")
@blueprint.gives(200, UndoAnswer)
def post_undo(group: str) -> Response:
    """Take it back; nobody is told. 409 `wrong-state` when it is too late, or somebody has acted since."""
    person, at = require_viewer(), now()
    with database().read() as connection:
        rows = undoing.of_group(connection, person, read_id(group))
    items, refusals = [], []
    for row in reversed(rows):
        about = [each["id"] for each in row.was.get("bookings", ())]
        try:
            database().write(partial(undoing.take_back, person=person, row=row, at=at))
            items.append({"bookings": about, "undone": True})
        except Refusal as refusal:
            problem = problem_of(refusal)
            told = {"status": problem.status, "code": problem.code, "detail": problem.detail, **problem.facts}
            items.append({"bookings": about, "undone": False, "problem": told})
            refusals.append(refusal)
    if len(refusals) == len(rows):
        raise refusals[0]
    return json_answer({"items": items[::-1]})


def undo_document(offer: Offer | None) -> dict[str, Any]:
    """What an answer says of the way back: nothing when there is none."""
    if offer is None:
        return {}
    return {"undo": {"url": f"{PREFIX}/undo/{offer.group}", "until": offer.until.isoformat()}}
