"""Calls of the programme."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from sqlalchemy import Connection

from booking.domain.claims import ClaimTerms
from booking.domain.needs import MOST_PERIODS, Need, Period
from booking.domain.people import Person
from booking.services import applications, calls, seating, settling
from booking.services.applications import ApplicationTerms
from booking.services.calls import CRITERIA, MOST_CRITERIA, ApplicationView, CallTerms, View
from booking.services.seating import ByHand
from booking.web.answers import item_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.fields import LONGEST_TEXT, Id, Strict, Text, Whole
from booking.web.api.fields import Moment as MomentField
from booking.web.api.schemas import ClaimSchema
from booking.web.api.search import NeedSchema, PeriodSchema, some
from booking.web.context import database, now, require_viewer
from booking.web.languages import LANGUAGES
from booking.web.seats import description_of, title_of, why_in_words

blueprint = ApiBlueprint(
    "calls", "Calls of the programme: applied to by need, scored, proposed, granted in one go."
)

MOST_VENUES, MOST_PLACES = 50, 200


class TextsSchema(Strict):
    """What a call says in one language."""

    title = Text()
    description = Text(longest=LONGEST_TEXT)


def _texts(**given: Any) -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.OneOf(LANGUAGES, error="unknown")),
        values=ma.fields.Nested(TextsSchema),
        error_messages={"null": "required", "invalid": "wrong-type"},
        **given,
    )


class CallPatch(Strict):
    """What should be different of a call."""

    title = Text(required_text=True)
    description = Text(longest=LONGEST_TEXT, allow_none=True)
    period = ma.fields.Nested(PeriodSchema)
    closes_at = MomentField()
    venues = some(Text(longest=40), MOST_VENUES, least=1)
    criteria = some(Text(longest=40, required_text=True), MOST_CRITERIA)
    texts = _texts()

    @ma.validates_schema
    def _check_days(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if "period" in data and isinstance(data["period"]["from_"], datetime):
            raise ma.ValidationError("not-here", "period.from")


class CallPost(CallPatch):
    """A call: a period (dates, `to` excluded), houses, criteria; companies apply until `closes_at`.

    `texts`: by language (nl, fr, en) a title and a description, where those of the call are not for everybody.
    """

    title = Text(required=True, required_text=True)
    description = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    period = ma.fields.Nested(PeriodSchema, required=True)
    closes_at = MomentField(required=True)
    venues = some(Text(longest=40), MOST_VENUES, least=1, required=True)
    criteria = some(Text(longest=40, required_text=True), MOST_CRITERIA, load_default=list(CRITERIA))
    texts = _texts(load_default=dict)


class CallWithdrawPost(Strict):
    """Why a call is withdrawn: everybody reads it."""

    reason = Text(longest=LONGEST_TEXT, required=True, required_text=True)


class CallVerbPost(Strict):
    """Nothing to say."""


class ApplicationChange(Strict):
    """What a company needs, for how many days, in which periods, the best first."""

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


class ApplicationPost(ApplicationChange):
    """A company's answer to a call, once."""

    organisation = Id(required=True)


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


class CallAnswer(ma.Schema):
    """A call. `applications`: all for its houses and the coordinator, for a company its own."""

    id = ma.fields.UUID()
    title = ma.fields.String()
    description = ma.fields.String(allow_none=True)
    period = ma.fields.Dict()
    closes_at = ma.fields.String()
    venues = ma.fields.List(ma.fields.String())
    criteria = ma.fields.List(ma.fields.String())
    state = ma.fields.String(metadata={"enum": ["open", "granted", "withdrawn"]})
    texts = ma.fields.Dict()
    withdrawn_why = ma.fields.String(allow_none=True)
    revision = ma.fields.Integer()
    proposal = ma.fields.Dict(metadata={"description": "of one that the worker works out: how far it is"})
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
    wanted = CallTerms(**_terms(body))

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
        views = calls.page(connection, person, at=at, limit=limit + 1, before=before)
    items = [call_document(view) for view in views]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("GET", "/<call_id>")
@blueprint.gives(200, CallAnswer)
def get_call(call_id: str) -> Response:
    """One call."""
    person = require_viewer()
    with database().read() as connection:
        return _answer(connection, person, read_id(call_id), now())


@blueprint.on("PATCH", "/<call_id>")
@blueprint.takes(CallPatch)
@blueprint.gives(200, CallAnswer)
def patch_call(body: dict[str, Any], call_id: str) -> Response:
    """The coordinator changes an open call; what companies have applied with is never cut. Honours If-Match."""
    revision = wanted_revisions()

    def deed(connection: Connection, person: Person, call: UUID, *, at: datetime) -> None:
        wanted = replace(calls.terms_of(calls.find(connection, call, lock=True)), **_terms(body))
        calls.change(connection, person, call, wanted, at=at, if_match=revision)

    return _done(call_id, deed)


@blueprint.on("POST", "/<call_id>/close")
@blueprint.takes(CallVerbPost)
@blueprint.gives(200, CallAnswer)
def post_close(_body: dict[str, Any], call_id: str) -> Response:
    """Nobody applies any more from now on. Honours If-Match."""
    return _done(call_id, partial(calls.close, if_match=wanted_revisions()))


@blueprint.on("POST", "/<call_id>/withdraw")
@blueprint.takes(CallWithdrawPost)
@blueprint.gives(200, CallAnswer)
def post_withdraw(body: dict[str, Any], call_id: str) -> Response:
    """The call will not be granted; everybody reads why. Honours If-Match."""
    return _done(call_id, partial(calls.withdraw, reason=body["reason"], if_match=wanted_revisions()))


@blueprint.on("POST", "/<call_id>/applications")
@blueprint.takes(ApplicationPost)
@blueprint.gives(201, CallAnswer)
def post_application(body: dict[str, Any], call_id: str) -> Response:
    """A company applies, once."""
    person, at = require_viewer(), now()
    wanted = _application_terms(body)

    def work(connection: Connection) -> Created:
        call = read_id(call_id)
        applications.apply(connection, person, call, body["organisation"], wanted, at=at)
        return _document(connection, person, call, at), f"/api/v1/calls/{call}", None

    return create_once(person, work)


@blueprint.on("PUT", "/<call_id>/applications/<application_id>")
@blueprint.takes(ApplicationChange)
@blueprint.gives(200, CallAnswer)
def put_application(body: dict[str, Any], call_id: str, application_id: str) -> Response:
    """What the company applies with instead, until the call closes; points are given anew."""
    application, wanted = read_id(application_id), _application_terms(body)
    return _done(call_id, partial(applications.change, application=application, wanted=wanted))


@blueprint.on("DELETE", "/<call_id>/applications/<application_id>")
@blueprint.gives(204)
def delete_application(call_id: str, application_id: str) -> Response:
    """The company takes its application back, until the call closes."""
    person, at = require_viewer(), now()
    database().write(
        lambda connection: applications.withdraw(
            connection, person, read_id(call_id), read_id(application_id), at=at
        )
    )
    return Response(status=204)


@blueprint.on("POST", "/<call_id>/scores")
@blueprint.takes(ScorePost)
@blueprint.gives(200, CallAnswer)
def post_scores(body: dict[str, Any], call_id: str) -> Response:
    """A planner scores an application; the last word of each planner counts."""
    given = {"application": body["application"], "points": body["scores"]}
    return _done(call_id, partial(applications.score, **given))


@blueprint.on("POST", "/<call_id>/proposal")
@blueprint.takes(ProposalPost)
@blueprint.gives(200, CallAnswer)
def post_proposal(body: dict[str, Any], call_id: str) -> Response:
    """Who would go where: worked out, or as the coordinator says. Nothing is held by it.

    `Prefer: respond-async` (RFC 7240) leaves it to the worker: 202, and `proposal` of the call says how far it is.
    """
    person, at, call = require_viewer(), now(), read_id(call_id)
    if body["places"] is not None:
        chosen = [ByHand(place["application"], _claims(place)) for place in body["places"]]
        database().write(lambda connection: seating.by_hand(connection, person, call, chosen))
        proved = True
    elif "respond-async" in request.headers.get("Prefer", ""):
        database().write(lambda connection: seating.ask_for(connection, person, call, at=at))
        with database().read() as connection:
            return item_answer(_document(connection, person, call, at), status=202)
    else:
        settling.settle_due(database(), at=at)
        proved = seating.propose(database(), person, call, at=at)
    with database().read() as connection:
        return _answer(connection, person, call, at, proved=proved)


@blueprint.on("POST", "/<call_id>/grant")
@blueprint.takes(CallVerbPost)
@blueprint.gives(200, CallAnswer)
def post_grant(_body: dict[str, Any], call_id: str) -> Response:
    """Every seat of the proposal becomes an option, all or none."""
    return _done(call_id, seating.grant)


def _done(call_id: str, deed: Callable[..., object]) -> Response:
    """A deed (of a connection, a person and a call, `at`), and in the same transaction the call as it is then."""
    person, at, call = require_viewer(), now(), read_id(call_id)

    def work(connection: Connection) -> Response:
        deed(connection, person, call, at=at)
        return _answer(connection, person, call, at)

    return database().write(work)


def _answer(connection: Connection, person: Person, call_id: UUID, at: datetime, **more: Any) -> Response:
    """The call with its revision as its ETag; while a worker is at it, what is answered says more than that."""
    view = calls.read(connection, person, call_id, at=at)
    is_still = view.work is None or view.work.finished_at is not None
    return item_answer({**call_document(view), **more}, revision=view.row.revision if is_still else None)


def _terms(body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a call that were sent, as services take them."""
    found = {name: body[name] for name in ("title", "closes_at", "description", "texts") if name in body}
    if "period" in body:
        found["period"] = _period(body["period"])
    if "venues" in body:
        found["venues"] = tuple(body["venues"])
    if "criteria" in body:
        found["criteria"] = tuple(body["criteria"]) or CRITERIA
    return found


def _application_terms(body: Mapping[str, Any]) -> ApplicationTerms:
    return ApplicationTerms(
        body["title"],
        Need(**body["need"]),
        body["days"],
        tuple(_period(period) for period in body["periods"]),
        body["beds"],
        body["people"],
        body["note"],
    )


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
        "title": title_of(row.title, row.texts),
        "description": description_of(row.description, row.texts),
        "texts": row.texts or {},
        "period": {"from": row.starts.isoformat(), "to": row.ends.isoformat()},
        "closes_at": row.closes_at.isoformat(),
        "venues": row.venues,
        "criteria": row.criteria,
        "state": row.state,
        "withdrawn_why": row.withdrawn_why,
        "revision": row.revision,
        **({"proposal": _work(view.work)} if view.work is not None else {}),
        "actions": list(view.may),
        "applications": [_application(each) for each in view.applications],
    }


def _work(row: Any) -> dict[str, Any]:
    state = row.outcome or ("working" if row.claimed_until else "waiting")
    return {"state": state, "done": row.done, "total": row.total, "asked_at": row.asked_at.isoformat()}


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
