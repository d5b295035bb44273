"""Enquiries: a need sent to several houses, their answers, and taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response, request
from sqlalchemy import Connection

from booking.domain.bookings import Purpose
from booking.domain.claims import ClaimTerms
from booking.domain.enquiries import MOST_HOUSES, AnswerKind, EnquiryState, EnquiryTerms, HouseState
from booking.domain.needs import MOST_PERIODS
from booking.domain.people import Person
from booking.domain.threads import Subject
from booking.services import enquiries, standing
from booking.services.enquiries import AnswerView, HouseAnswer, View
from booking.web.answers import item_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.documents import booking_document
from booking.web.api.fields import LONGEST_TEXT, Choice, Flag, Id, Strict, Text, Whole
from booking.web.api.schemas import ClaimSchema
from booking.web.api.search import NeedsSchema, PeriodSchema, read_needs, read_periods, some
from booking.web.api.threads import add_thread
from booking.web.context import database, now, require_viewer

blueprint = ApiBlueprint("enquiries", "A need with ranked periods, sent to chosen houses. It holds nothing.")

MOST_CLAIMS = 100


class EnquiryPost(NeedsSchema):
    """What is needed, when it is liked best, and which houses are asked. `days`: in a row, in each period."""

    organisation = Id(required=True)
    title = Text(required=True, required_text=True)
    purpose = Choice(Purpose, load_default=Purpose.RESIDENCY)
    people = Whole(least=1, most=10_000, allow_none=True, load_default=None)
    beds = Whole(most=10_000, allow_none=True, load_default=None)
    note = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    venues = some(Text(longest=40), MOST_HOUSES, least=1, required=True)
    refer_consent = Flag(load_default=False)


class Declining(ma.fields.Field[Any]):
    """true, or the reason in words."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool | str:
        if value is True or (isinstance(value, str) and len(value) <= LONGEST_TEXT):
            return value
        raise ma.ValidationError("wrong-type")


class AnswerPost(Strict):
    """One of three: `claims` (an option on them), `periods` (when the house could instead), or `decline`."""

    venue = Text(longest=40, load_default=None)
    claims = some(ma.fields.Nested(ClaimSchema), MOST_CLAIMS, load_default=[])
    periods = some(ma.fields.Nested(PeriodSchema), MOST_PERIODS, load_default=[])
    decline = Declining(load_default=None, metadata={"type": ["boolean", "string"]})
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    force = Flag(load_default=False)

    @ma.validates_schema
    def _check_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        said = [name for name in ("claims", "periods", "decline") if data.get(name)]
        if not said:
            raise ma.ValidationError("required", "claims")
        if len(said) > 1:
            raise ma.ValidationError("not-here", said[1])


class WithdrawPost(Strict):
    """Why, if anybody wants to say."""

    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)


class EnquiryQuery(PageArgs):
    """Which enquiries."""

    venue = Text(longest=40)
    state = Choice(EnquiryState)


class EnquiryAnswer(ma.Schema):
    """An enquiry with its answers; a house reads its own alone. An offer is a booking in state option."""

    id = ma.fields.UUID()
    organisation = ma.fields.UUID()
    organisation_name = ma.fields.String()
    title = ma.fields.String()
    purpose = ma.fields.String()
    people = ma.fields.Integer(allow_none=True)
    beds = ma.fields.Integer(allow_none=True)
    days = ma.fields.Integer(allow_none=True)
    note = ma.fields.String(allow_none=True)
    needs = ma.fields.List(ma.fields.Dict())
    periods = ma.fields.List(ma.fields.Dict())
    refer_consent = ma.fields.Boolean()
    state = ma.fields.String(metadata={"enum": [str(state) for state in EnquiryState]})
    created_at = ma.fields.String()
    venues = ma.fields.List(ma.fields.String())
    houses = ma.fields.List(
        ma.fields.Dict(), metadata={"description": f"venue and state: {', '.join(HouseState)}"}
    )
    answers = ma.fields.List(ma.fields.Dict(), metadata={"description": f"kind: {', '.join(AnswerKind)}"})
    actions = ma.fields.List(ma.fields.String())


class EnquiryList(ma.Schema):
    """Enquiries, newest first."""

    items = ma.fields.List(ma.fields.Nested(EnquiryAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET")
@blueprint.takes(EnquiryQuery, location="query")
@blueprint.gives(200, EnquiryList)
def list_enquiries(asked: dict[str, Any]) -> Response:
    """Those of your companies, and those that were sent to your houses."""
    person, limit, cursor = require_viewer(), asked["limit"], asked.get("cursor")
    state = EnquiryState(asked["state"]) if "state" in asked else None
    with database().read() as connection:
        views = enquiries.listing(
            connection,
            person,
            venue=asked.get("venue"),
            state=state,
            after=read_id(cursor) if cursor else None,
            limit=limit + 1,
        )
        items = documents(connection, person, views)
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("POST")
@blueprint.takes(EnquiryPost)
@blueprint.gives(201, EnquiryAnswer)
def create_enquiry(body: dict[str, Any]) -> Response:
    """Send a need to several houses in one step."""
    person, at = require_viewer(), now()

    def make(connection: Connection) -> Created:
        view = enquiries.send(connection, person, body["organisation"], _terms(body), body["venues"], at=at)
        return _created(connection, person, view)

    return create_once(person, make)


@blueprint.on("GET", "/<enquiry_id>")
@blueprint.gives(200, EnquiryAnswer)
def get_enquiry(enquiry_id: str) -> Response:
    """One enquiry with its answers."""
    person = require_viewer()
    with database().read() as connection:
        view = enquiries.find(connection, person, read_id(enquiry_id))
        [document] = documents(connection, person, [view])
    return item_answer(document, revision=view.revision)


@blueprint.on("POST", "/<enquiry_id>/answers")
@blueprint.takes(AnswerPost)
@blueprint.gives(201, EnquiryAnswer)
def answer_enquiry(body: dict[str, Any], enquiry_id: str) -> Response:
    """A house offers an option on concrete claims, names another period, or declines."""
    person, at, wanted, about = require_viewer(), now(), wanted_revisions(), read_id(enquiry_id)
    declined = body["decline"] if isinstance(body["decline"], str) else None
    says = HouseAnswer(
        tuple(ClaimTerms(**claim) for claim in body["claims"]),
        read_periods(body),
        body["reason"] or declined or None,
        body["force"],
    )

    def make(connection: Connection) -> Created:
        view = enquiries.answer(connection, person, about, says, venue=body["venue"], at=at, if_match=wanted)
        return _created(connection, person, view)

    return create_once(person, make)


@blueprint.on("POST", "/<enquiry_id>/withdraw")
@blueprint.takes(WithdrawPost)
@blueprint.gives(200, EnquiryAnswer)
def withdraw_enquiry(body: dict[str, Any], enquiry_id: str) -> Response:
    """The company takes it back; offers that live are released."""
    person, at, wanted, about = require_viewer(), now(), wanted_revisions(), read_id(enquiry_id)

    def work(connection: Connection) -> tuple[dict[str, Any], int]:
        view = enquiries.withdraw(connection, person, about, reason=body["reason"], at=at, if_match=wanted)
        return documents(connection, person, [view])[0], view.revision

    document, revision = database().write(work)
    return item_answer(document, revision=revision)


add_thread(blueprint, Subject.ENQUIRY)


def _terms(body: Mapping[str, Any]) -> EnquiryTerms:
    return EnquiryTerms(
        body["title"],
        Purpose(body["purpose"]),
        read_needs(body),
        read_periods(body),
        body["days"],
        body["people"],
        body["beds"],
        body["note"],
        body["refer_consent"],
    )


def _created(connection: Connection, person: Person, view: View) -> Created:
    [document] = documents(connection, person, [view])
    return document, f"{request.script_root}/api/v1/enquiries/{view.row.id}", view.revision


def documents(connection: Connection, person: Person, views: Sequence[View]) -> list[dict[str, Any]]:
    """Enquiries as machines are told; the offers with their ranks by now."""
    offers = [
        answer.booking
        for view in views
        for house in view.houses
        for answer in house.answers
        if answer.booking is not None
    ]
    standings = standing.of(connection, offers, at=now()) if offers else {}
    return [_document(person, view, standings) for view in views]


def _document(person: Person, view: View, standings: Mapping[Any, Any]) -> dict[str, Any]:
    row, terms = view.row, view.row.terms
    stored = terms.document()
    return {
        "id": str(row.id),
        "organisation": str(row.organisation),
        "organisation_name": row.organisation_name,
        "title": terms.title,
        **{name: stored[name] for name in ("purpose", "people", "beds", "days", "note", "needs", "periods")},
        "refer_consent": terms.refer_consent,
        "state": row.state,
        "created_at": row.created_at.isoformat(),
        "venues": [house.code for house in view.houses],
        "houses": [{"venue": house.code, "state": house.state} for house in view.houses],
        "answers": [
            _answer(person, house.code, each, standings) for house in view.houses for each in house.answers
        ],
        "actions": list(view.verbs),
    }


def _answer(person: Person, venue: str, each: AnswerView, standings: Mapping[Any, Any]) -> dict[str, Any]:
    offer = {}
    if each.booking is not None:
        offer = {
            "booking": booking_document(each.booking, person, standings.get(each.booking.id, standing.NOTHING))
        }
    return {
        "venue": venue,
        "kind": each.row.kind,
        "at": each.row.at.isoformat(),
        "reason": each.row.reason,
        **({"periods": each.row.periods} if each.row.periods else {}),
        **offer,
    }
