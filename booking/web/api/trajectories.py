"""Chains of stays over several houses."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.domain.trajectories import ChainRule, ChainState, Gap, LegTerms, TrajectoryTerms
from booking.domain.wall_clock import at_venue
from booking.services import composing, reshaping, standing, trajectories
from booking.services.reshaping import ChainChange, PartChange
from booking.services.standing import NOTHING, Standing
from booking.services.trajectories import LegView, View
from booking.storage.registers import BookingRow
from booking.web.answers import item_answer, wanted_revisions
from booking.web.api.blueprint import ApiBlueprint, Created, PageArgs, create_once, page_answer, read_id
from booking.web.api.documents import booking_document, local
from booking.web.api.fields import LONGEST_TEXT, Choice, Id, Strict, Text, check_span
from booking.web.api.fields import Moment as MomentField
from booking.web.api.schemas import BookingPost, claim_changes_of, claims_field, terms_of
from booking.web.context import database, now, require_viewer
from booking.web.refusals import way_out_document

blueprint = ApiBlueprint("trajectories", "Chains of stays over several houses, decided together or each alone.")

MOST_PARTS = 20


class LegPost(Strict):
    """Transport from house to house. `resource`: the vehicle to book; none, by the company's own means."""

    from_ = Text(data_key="from", required=True, required_text=True, longest=40)
    to = Text(required=True, required_text=True, longest=40)
    resource = Text(longest=40, allow_none=True, load_default=None)
    start = MomentField(required=True)
    end = MomentField(required=True)

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)


class PartPost(BookingPost):
    """What is asked of one house of the chain."""

    class Meta:
        """The chain names the company and the clock; what a planner may choose is no part of it."""

        exclude = ("organisation", "state", "recurrence", "force", "reason")

    venue = Text(required=True, required_text=True, longest=40)
    title = Text(load_default=None, allow_none=True)


class PartPatch(Strict):
    """A part as it should be: with its `id` other claims, without it one more."""

    id = Id(allow_none=True, load_default=None)
    venue = Text(longest=40, allow_none=True, load_default=None)
    title = Text(allow_none=True, load_default=None)
    purpose = Text(longest=40, allow_none=True, load_default=None)
    claims = claims_field(required=True)


def _many(schema: type[ma.Schema], most: int = MOST_PARTS, **kwargs: Any) -> Any:
    return ma.fields.List(
        ma.fields.Nested(schema),
        error_messages={"required": "required", "null": "required", "invalid": "wrong-type"},
        validate=[ma.validate.Length(max=most, error="too-many"), *kwargs.pop("checks", [])],
        **kwargs,
    )


class TrajectoryPost(Strict):
    """A chain: bookings of several houses, and the transport between them."""

    organisation = Id(required=True)
    title = Text(required=True, required_text=True)
    rule = Choice(ChainRule, load_default=ChainRule.ALL_OR_NOTHING)
    bookings = _many(PartPost, required=True, checks=[ma.validate.Length(min=1, error="required")])
    legs = _many(LegPost, load_default=list)


class TrajectoryPatch(Strict):
    """What should be different; `legs`: all of them as they should be."""

    title = Text(required_text=True, load_default=None)
    legs = _many(LegPost, load_default=None)
    bookings = _many(PartPatch, load_default=list)
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)


class TrajectoryVerbPost(Strict):
    """Why, if anybody wants to say."""

    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)


class TrajectoryQuery(PageArgs):
    """Which chains."""

    venue = ma.fields.String()


class TrajectoryAnswer(ma.Schema):
    """A chain. Of parts in other houses a house reads `venue`, `state`, `start` and `end` alone."""

    id = ma.fields.UUID()
    organisation = ma.fields.UUID()
    organisation_name = ma.fields.String()
    title = ma.fields.String()
    rule = ma.fields.String(metadata={"enum": [str(rule) for rule in ChainRule]})
    state = ma.fields.String(metadata={"enum": [str(state) for state in ChainState]})
    deadline = ma.fields.String(allow_none=True)
    broken_at = ma.fields.String(allow_none=True)
    broken_why = ma.fields.String(allow_none=True, metadata={"enum": ["no", "deadline", None]})
    bookings = ma.fields.List(ma.fields.Dict())
    legs = ma.fields.List(ma.fields.Dict())
    missing_legs = ma.fields.List(ma.fields.Dict(), metadata={"description": "from, to, after, before, kit"})
    alternatives = ma.fields.List(ma.fields.Dict())
    actions = ma.fields.List(ma.fields.String())
    created_at = ma.fields.String()
    revision = ma.fields.Integer()
    url = ma.fields.String()


class TrajectoryList(ma.Schema):
    """One page of chains."""

    items = ma.fields.List(ma.fields.Nested(TrajectoryAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("POST")
@blueprint.takes(TrajectoryPost)
@blueprint.gives(201, TrajectoryAnswer)
def post_trajectory(body: dict[str, Any]) -> Response:
    """Ask for a whole chain: every booking and every van in one transaction over all houses, or none."""
    person, at = require_viewer(), now()
    wanted = TrajectoryTerms(
        body["title"],
        ChainRule(body["rule"]),
        tuple((part["venue"], _part_terms(part, body)) for part in body["bookings"]),
        tuple(_leg_terms(leg) for leg in body["legs"]),
    )

    def work(connection: Connection) -> Created:
        view = composing.make(connection, person, body["organisation"], wanted, at=at)
        return _document(connection, person, view), f"/api/v1/trajectories/{view.row.id}", view.revision

    return create_once(person, work)


@blueprint.on("GET")
@blueprint.takes(TrajectoryQuery, location="query")
@blueprint.gives(200, TrajectoryList)
def list_trajectories(asked: dict[str, Any]) -> Response:
    """The chains you may know, newest first."""
    person, limit = require_viewer(), asked["limit"]
    before = read_id(asked["cursor"]) if "cursor" in asked else None
    with database().read() as connection:
        views = trajectories.listing(connection, person, limit=limit + 1, before=before, venue=asked.get("venue"))
        stand = _standings(connection, person, views)
    items = [trajectory_document(view, person, stand) for view in views]
    return page_answer(items, limit=limit, cursor=lambda item: str(item["id"]))


@blueprint.on("GET", "/<trajectory_id>")
@blueprint.gives(200, TrajectoryAnswer)
def get_trajectory(trajectory_id: str) -> Response:
    """One chain, with what is missing, and other periods where a house said no."""
    person = require_viewer()
    with database().read() as connection:
        view = trajectories.read(connection, person, read_id(trajectory_id), at=now())
        return _answer(connection, person, view)


@blueprint.on("PATCH", "/<trajectory_id>")
@blueprint.takes(TrajectoryPatch)
@blueprint.gives(200, TrajectoryAnswer)
def patch_trajectory(body: dict[str, Any], trajectory_id: str) -> Response:
    """Other legs, other claims of a part, one part more. What a house had refused is asked anew."""
    person, at, revision = require_viewer(), now(), wanted_revisions()
    wanted = ChainChange(
        body["title"],
        tuple(_leg_terms(leg) for leg in body["legs"]) if body["legs"] is not None else None,
        tuple(_part_change(part) for part in body["bookings"]),
        body["reason"],
    )

    def work(connection: Connection) -> Response:
        view = reshaping.change(connection, person, read_id(trajectory_id), wanted, at=at, if_match=revision)
        return _answer(connection, person, view)

    return database().write(work)


@blueprint.on("POST", "/<trajectory_id>/<verb>")
@blueprint.takes(TrajectoryVerbPost)
@blueprint.gives(200, TrajectoryAnswer)
def post_trajectory_verb(body: dict[str, Any], trajectory_id: str, verb: str) -> Response:
    """The company: withdraw (everything that is not confirmed), keep-the-rest (without what was refused)."""
    if verb not in trajectories.VERBS:
        raise NotFound
    person, at, revision = require_viewer(), now(), wanted_revisions()

    def work(connection: Connection) -> Response:
        view = reshaping.perform(
            connection, person, read_id(trajectory_id), verb, at=at, reason=body["reason"], if_match=revision
        )
        return _answer(connection, person, view)

    return database().write(work)


def _part_terms(part: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    blank = {"state": None, "force": False, "reason": None}
    return terms_of(
        {**blank, **part, "organisation": body["organisation"], "title": part["title"] or body["title"]}
    )


def _leg_terms(leg: Mapping[str, Any]) -> LegTerms:
    return LegTerms(leg["from_"], leg["to"], leg["start"], leg["end"], leg["resource"])


def _part_change(part: Mapping[str, Any]) -> PartChange:
    return PartChange(claim_changes_of(part["claims"]), part["id"], part["venue"], part["title"], part["purpose"])


def _answer(connection: Connection, person: Person, view: View) -> Response:
    return item_answer(_document(connection, person, view), revision=view.revision)


def _document(connection: Connection, person: Person, view: View) -> dict[str, Any]:
    return trajectory_document(view, person, _standings(connection, person, [view]))


def _standings(connection: Connection, person: Person, views: list[View]) -> dict[UUID, Standing]:
    rows = [part for view in views for part in view.chain.parts if trajectories.knows_part(person, part)]
    return standing.of(connection, rows, at=now())


def trajectory_document(view: View, person: Person, stand: Mapping[UUID, Standing]) -> dict[str, Any]:
    """A chain as far as this person may know: of other houses' parts, dates and states alone."""
    row, chain = view.row, view.chain
    zone = row.zone or (chain.stays[0].zone if chain.stays else "UTC")
    zones = {part.venue: part.zone for part in chain.parts}
    return {
        "id": str(row.id),
        "organisation": str(row.organisation),
        "organisation_name": row.organisation_name,
        "title": row.title,
        "rule": row.rule,
        "state": view.state,
        "deadline": local(row.deadline, zone) if row.deadline else None,
        "broken_at": local(row.broken_at, zone) if row.broken_at else None,
        "broken_why": row.broken_why,
        "bookings": [
            booking_document(part, person, stand.get(part.id, NOTHING))
            if trajectories.knows_part(person, part)
            else _outline(part)
            for part in chain.stays
        ],
        "legs": [_leg_document(leg, person) for leg in view.legs],
        "missing_legs": [_gap_document(gap, zones) for gap in chain.gaps],
        "alternatives": [{**way_out_document(way), "part": str(way.facts["part"])} for way in view.ways],
        "actions": list(view.verbs),
        "created_at": local(row.created_at, zone) if row.created_at else None,
        "revision": view.revision,
        "url": f"{request.url_root}trajectories/{row.id}",
    }


def _outline(part: BookingRow) -> dict[str, Any]:
    return {
        "venue": part.venue,
        "state": part.state,
        "start": local(part.starts, part.zone),
        "end": local(part.ends, part.zone),
    }


def _leg_document(leg: LegView, person: Person) -> dict[str, Any]:
    van = leg.van if leg.van is not None and trajectories.knows_part(person, leg.van) else None
    return {
        "id": str(leg.id),
        "from": leg.origin,
        "to": leg.destination,
        "resource": van.claims[0].resource if van is not None and van.claims else None,
        "start": local(leg.starts, leg.zone),
        "end": local(leg.ends, leg.destination_zone),
        "state": leg.van.state if leg.van is not None else None,
        "booking": str(van.id) if van is not None else None,
    }


def _gap_document(gap: Gap, zones: Mapping[str, str]) -> dict[str, Any]:
    return {
        "from": gap.origin,
        "to": gap.destination,
        "after": at_venue(gap.after, zones.get(gap.origin, "UTC")).isoformat(),
        "before": at_venue(gap.before, zones.get(gap.destination, "UTC")).isoformat(),
        "kit": list(gap.kit),
    }
