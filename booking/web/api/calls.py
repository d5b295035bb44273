"""Calls of the programme."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms
from booking.domain.needs import MOST_PERIODS, Need, Period
from booking.domain.people import Person
from booking.services import calls, settling
from booking.services.calls import (
    CRITERIA,
    MOST_CRITERIA,
    ApplicationTerms,
    ApplicationView,
    ByHand,
    CallTerms,
    View,
)
from booking.storage import calls as stored
from booking.web.answers import item_answer
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.fields import LONGEST_TEXT, Id, Strict, Text, Whole
from booking.web.api.fields import Moment as MomentField
from booking.web.api.schemas import ClaimSchema
from booking.web.api.search import NeedSchema, PeriodSchema, some
from booking.web.context import database, now, require_viewer
from booking.web.seats import why_in_words

blueprint = ApiBlueprint(
    "calls", "Calls of the programme: applied to by need, scored, proposed, granted in one go."
)

MOST_VENUES, MOST_PLACES = 50, 200


class CallPost(Strict):
    """A call: a period (dates, `to` excluded), houses, criteria; companies apply until `closes_at`."""

    title = Text(required=True, required_text=True)
    description = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    period = ma.fields.Nested(PeriodSchema, required=True)
    closes_at = MomentField(required=True)
    venues = some(Text(longest=40), MOST_VENUES, least=1, required=True)
    criteria = some(Text(longest=40, required_text=True), MOST_CRITERIA, load_default=list(CRITERIA))

    @ma.validates_schema
    def _check_days(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if isinstance(data["period"]["from_"], datetime):
            raise ma.ValidationError("not-here", "period.from")


class ApplicationPost(Strict):
    """A company's answer: what it needs, for how many days, in which periods, the best first."""

    organisation = Id(required=True)
    title = Text(required=True, required_text=True)
    people = Whole(least=1, most=10_000, allow_none=True, load_default=None)
    note = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    need = ma.fields.Nested(NeedSchema, required=True)
    days = Whole(least=1, most=366, required=True)
    beds = Whole(most=1000, load_default=0)
    periods = some(ma.fields.Nested(PeriodSchema), MOST_PERIODS, least=1, required=True)

    @ma.validates_schema
    def _check_days(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        for n, period in enumerate(data["periods"]):
            if isinstance(period["from_"], datetime):
                raise ma.ValidationError("not-here", f"periods.{n}.from")


class ScorePost(Strict):
    """What a planner gives: criterion → points, from 0 to 10."""

    application = Id(required=True)
    scores = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Length(max=40, error="too-long")),
        values=Whole(most=10),
        required=True,
        error_messages={"required": "required", "null": "required", "invalid": "wrong-type"},
    )


class PlacePost(Strict):
    """Where one company goes, chosen by hand; no claims: nowhere."""

    application = Id(required=True)
    claims = some(ma.fields.Nested(ClaimSchema), MOST_PLACES, load_default=[])


class ProposalPost(Strict):
    """Without `places` the proposal is worked out; with them it is as the coordinator says."""

    places = some(ma.fields.Nested(PlacePost), MOST_PLACES, load_default=None, allow_none=True)


class GrantPost(Strict):
    """Nothing to say: the proposal as it stands."""


class CallAnswer(ma.Schema):
    """A call. `applications`: all for its houses and the coordinator, for a company its own."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    description = ma.fields.String(allow_none=True)
    period = ma.fields.Dict()
    closes_at = ma.fields.String()
    venues = ma.fields.List(ma.fields.String())
    criteria = ma.fields.List(ma.fields.String())
    state = ma.fields.String(metadata={"enum": ["open", "granted"]})
    actions = ma.fields.List(ma.fields.String())
    applications = ma.fields.List(ma.fields.Dict())
    proved = ma.fields.Boolean(metadata={"description": "of a proposal: none serves more, or better"})


class CallList(ma.Schema):
    """One page of calls."""

    items = ma.fields.List(ma.fields.Nested(CallAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(CallPost)
@blueprint.gives(201, CallAnswer)
def post_call(body: dict[str, Any]) -> Response:
    """The coordinator opens a call."""
    person, at = require_viewer(), now()
    wanted = CallTerms(
        body["title"],
        _period(body["period"]),
        body["closes_at"],
        tuple(body["venues"]),
        tuple(body["criteria"]) or CRITERIA,
        body["description"],
    )

    def work(connection: Connection) -> Created:
        call_id = calls.make(connection, person, wanted, at=at)
        return _document(connection, person, call_id, at), f"/api/v1/calls/{call_id}", 1

    return create_once(person, work)


@blueprint.on("GET")
@blueprint.takes(PageArgs, location="query")
@blueprint.gives(200, CallList)
def list_calls(asked: dict[str, Any]) -> Response:
    """Every call, the newest first."""
    person, at, limit = require_viewer(), now(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        rows = stored.listing(connection, limit=limit + 1, before=before)
        items = [_document(connection, person, row.id, at) for row in rows]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("GET", "/<call_id>")
@blueprint.gives(200, CallAnswer)
def get_call(call_id: str) -> Response:
    """One call."""
    person = require_viewer()
    with database().read() as connection:
        return item_answer(_document(connection, person, read_id(call_id), now()))


@blueprint.on("POST", "/<call_id>/applications")
@blueprint.takes(ApplicationPost)
@blueprint.gives(201, CallAnswer)
def post_application(body: dict[str, Any], call_id: str) -> Response:
    """A company applies, once."""
    person, at = require_viewer(), now()
    wanted = ApplicationTerms(
        body["title"],
        Need(**body["need"]),
        body["days"],
        tuple(_period(period) for period in body["periods"]),
        body["beds"],
        body["people"],
        body["note"],
    )

    def work(connection: Connection) -> Created:
        call = read_id(call_id)
        calls.apply(connection, person, call, body["organisation"], wanted, at=at)
        return _document(connection, person, call, at), f"/api/v1/calls/{call}", None

    return create_once(person, work)


@blueprint.on("POST", "/<call_id>/scores")
@blueprint.takes(ScorePost)
@blueprint.gives(200, CallAnswer)
def post_scores(body: dict[str, Any], call_id: str) -> Response:
    """A planner scores an application; the last word of each planner counts."""
    person, at = require_viewer(), now()

    def work(connection: Connection) -> Response:
        call = read_id(call_id)
        calls.score(connection, person, call, body["application"], body["scores"], at=at)
        return item_answer(_document(connection, person, call, at))

    return database().write(work)


@blueprint.on("POST", "/<call_id>/proposal")
@blueprint.takes(ProposalPost)
@blueprint.gives(200, CallAnswer)
def post_proposal(body: dict[str, Any], call_id: str) -> Response:
    """Who would go where: worked out, or as the coordinator says. Nothing is held by it."""
    person, at = require_viewer(), now()
    by_hand = None
    if body["places"] is not None:
        by_hand = [ByHand(place["application"], _claims(place)) for place in body["places"]]
    settling.settle_due(database(), at=at)

    def work(connection: Connection) -> Response:
        call = read_id(call_id)
        proved = calls.propose(connection, person, call, by_hand, at=at)
        return item_answer({**_document(connection, person, call, at), "proved": proved})

    return database().write(work)


@blueprint.on("POST", "/<call_id>/grant")
@blueprint.takes(GrantPost)
@blueprint.gives(200, CallAnswer)
def post_grant(_body: dict[str, Any], call_id: str) -> Response:
    """Every seat of the proposal becomes an option, all or none."""
    person, at = require_viewer(), now()

    def work(connection: Connection) -> Response:
        call = read_id(call_id)
        calls.grant(connection, person, call, at=at)
        return item_answer(_document(connection, person, call, at))

    return database().write(work)


def _period(body: Mapping[str, Any]) -> Period:
    return Period(body["from_"], body["to"])


def _claims(place: Mapping[str, Any]) -> Any:
    return tuple(ClaimTerms(**claim) for claim in place["claims"])


def _document(connection: Connection, person: Person, call_id: UUID, at: datetime) -> dict[str, Any]:
    return call_document(calls.read(connection, person, call_id, at=at))


def call_document(view: View) -> dict[str, Any]:
    """A call, as far as its reader may know."""
    row = view.row
    return {
        "id": str(row.id),
        "title": row.title,
        "description": row.description,
        "period": {"from": row.starts.isoformat(), "to": row.ends.isoformat()},
        "closes_at": row.closes_at.isoformat(),
        "venues": row.venues,
        "criteria": row.criteria,
        "state": row.state,
        "actions": list(view.may),
        "applications": [_application(each) for each in view.applications],
    }


def _application(each: ApplicationView) -> dict[str, Any]:
    row = each.row
    scored = {"scores": [{"criterion": one.criterion, "points": one.points} for one in each.scores]}
    return {
        "id": str(row.id),
        "organisation": str(row.organisation_id),
        "organisation_name": row.organisation_name,
        "title": row.title,
        "people": row.people,
        "note": row.note,
        "need": row.need,
        "days": row.days,
        "beds": row.beds,
        "periods": row.periods,
        **(scored | {"score": each.score} if each.scores else {}),
        **({"place": _place(each.seat, len(row.periods))} if each.seat is not None else {}),
    }


def _place(seat: Any, wishes: int) -> dict[str, Any]:
    return {
        "claims": [{name: value for name, value in claim.items() if name != "id"} for claim in seat.claims],
        "wish": seat.wish,
        "code": seat.why,
        "why": why_in_words(seat.why, seat.wish, wishes),
        "booking": str(seat.booking_id) if seat.booking_id else None,
    }
