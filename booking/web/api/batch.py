"""POST /bookings/answers: the same answer to many requests at once."""

from typing import Any

import marshmallow as ma
from flask import Response

from booking.domain.states import Verb
from booking.services.batch import MOST_AT_ONCE, VERBS, Outcome, answer_many
from booking.services.deeds import Answer
from booking.web.answers import json_answer
from booking.web.api.bookings import blueprint as bookings
from booking.web.api.fields import LONGEST_TEXT, Choice, Flag, Id, Strict, Text
from booking.web.api.schemas import UndoOffer
from booking.web.api.undoing import undo_document
from booking.web.context import database, now, require_viewer
from booking.web.refusals import problem_of

__all__ = ["bookings"]


class AnswersPost(Strict):
    """To which requests, and what the house says; `reason` as the verb alone would need it."""

    bookings = ma.fields.List(
        Id(),
        required=True,
        validate=[
            ma.validate.Length(min=1, error="required"),
            ma.validate.Length(max=MOST_AT_ONCE, error="too-many"),
        ],
        error_messages={"required": "required", "null": "required", "invalid": "wrong-type"},
    )
    verb = Choice(VERBS, required=True)
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    undoable = Flag(load_default=False)

    @ma.validates("bookings")
    def _check_twice(self, value: list[Any], **_kwargs: Any) -> None:
        if len(set(value)) < len(value):
            raise ma.ValidationError("twice")


class OutcomeAnswer(ma.Schema):
    """What became of one: its new state, or the problem document that the verb alone would have answered."""

    booking = ma.fields.UUID()
    done = ma.fields.Boolean()
    state = ma.fields.String()
    problem = ma.fields.Dict()


class OutcomeList(ma.Schema):
    """One outcome for each, in the order in which they were named."""

    items = ma.fields.List(ma.fields.Nested(OutcomeAnswer))
    next = ma.fields.String(allow_none=True)
    undo = ma.fields.Nested(UndoOffer)


@bookings.on("POST", "/answers")
@bookings.takes(AnswersPost)
@bookings.gives(200, OutcomeList)
def post_answers(body: dict[str, Any]) -> Response:
    """Decline, grant or confirm many requests. Each for itself: one that cannot be stops no other."""
    person, at, verb = require_viewer(), now(), Verb(body["verb"])
    said = Answer(body["reason"])
    answers = [(each, said) for each in body["bookings"]]
    outcomes = answer_many(database(), person, answers, verb, at=at, undoable=body["undoable"])
    offer = next((each.offer for each in outcomes if each.offer), None)
    items = [_document(each) for each in outcomes]
    return json_answer({"items": items, "next": None, **undo_document(offer)})


def _document(outcome: Outcome) -> dict[str, Any]:
    if outcome.refusal is None:
        state = str(outcome.row.state) if outcome.row else None
        return {"booking": str(outcome.booking), "done": True, "state": state}
    problem = problem_of(outcome.refusal)
    told = {
        "type": f"/docs/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **problem.facts,
    }
    return {"booking": str(outcome.booking), "done": False, "problem": told}
