"""The bodies and answers of bookings, as marshmallow checks them and OpenAPI tells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import marshmallow as ma

from booking.domain.bookings import Change, ClaimChange, Moment, Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.domain.options import DueKind
from booking.domain.series import LEFT_OUT
from booking.domain.states import State
from booking.services.deeds import Answer
from booking.services.series import SCOPES
from booking.web.api.blueprint import PageArgs
from booking.web.api.fields import (
    LONGEST_TEXT,
    MOST_MINUTES,
    Choice,
    Flag,
    Id,
    Strict,
    Text,
    Whole,
    check_span,
)
from booking.web.api.fields import Moment as MomentField

MOST_CLAIMS = 100
MOMENTS = ("get-in", "showing", "performance", "arrival", "departure", "strike", "rehearsal", "other")
PLANNER_STATES = (State.REQUESTED, State.OPTION, State.CONFIRMED)


class ClaimSchema(Strict):
    """A resource, a half-open span, a quantity. Both ends dates: whole days at the venue."""

    resource = Text(required=True, required_text=True, longest=40)
    start = MomentField(days=True, required=True)
    end = MomentField(days=True, required=True)
    quantity = Whole(least=1, load_default=1)
    setup_minutes = Whole(most=MOST_MINUTES, load_default=0)
    strike_minutes = Whole(most=MOST_MINUTES, load_default=0)
    crew = Text(longest=40, allow_none=True, load_default=None)

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)


class ClaimChangeSchema(ClaimSchema):
    """A claim as it should be; with its `id` it stays the same one in calendars."""

    id = Id(allow_none=True, load_default=None)


class MomentSchema(Strict):
    """Something inside the booking that holds nothing: a showing, the arrival of kit."""

    kind = Choice(MOMENTS, required=True)
    start = MomentField(required=True)
    end = MomentField(required=True)

    @ma.validates_schema
    def _check_span(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        check_span(data)


def claims_field(**kwargs: Any) -> Any:
    """Claims as they should be, one at least."""
    return ma.fields.List(
        ma.fields.Nested(ClaimChangeSchema),
        validate=[
            ma.validate.Length(min=1, error="required"),
            ma.validate.Length(max=MOST_CLAIMS, error="too-many"),
        ],
        error_messages={"required": "required", "null": "required", "invalid": "wrong-type"},
        **kwargs,
    )


def _moments(**kwargs: Any) -> Any:
    return ma.fields.List(
        ma.fields.Nested(MomentSchema), validate=ma.validate.Length(max=50, error="too-many"), **kwargs
    )


class RecurrencePost(Strict):
    """How a booking repeats: an RFC 5545 rule with COUNT or UNTIL, at the house's own clock.

    `except`: what is left out. `on_conflict`: skip what cannot be had, or refuse the series. `preview`: say what
    would be saved, and save nothing; `preview_digest`, sent back: save just that, or refuse.
    """

    rule = Text(required=True, required_text=True, longest=300)
    besides = ma.fields.List(
        Choice(LEFT_OUT), data_key="except", load_default=list, validate=ma.validate.Length(max=3)
    )
    on_conflict = Choice(("skip", "refuse"), load_default="refuse")
    preview = Flag(load_default=False)
    preview_digest = Text(longest=64, allow_none=True, load_default=None)


class BookingPost(Strict):
    """What is asked of one venue. Without `organisation`: the house's own programme."""

    organisation = Id(allow_none=True, load_default=None)
    title = Text(required=True, required_text=True)
    purpose = Choice(Purpose, load_default=Purpose.RESIDENCY)
    people = Whole(least=1, most=10_000, allow_none=True, load_default=None)
    note = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    claims = ma.fields.List(
        ma.fields.Nested(ClaimSchema),
        required=True,
        validate=[
            ma.validate.Length(min=1, error="required"),
            ma.validate.Length(max=MOST_CLAIMS, error="too-many"),
        ],
        error_messages={"required": "required", "null": "required", "invalid": "wrong-type"},
    )
    moments = _moments(load_default=list)
    refer_consent = Flag(load_default=False)
    state = Choice(PLANNER_STATES, load_default=None)
    recurrence = ma.fields.Nested(RecurrencePost, load_default=None, allow_none=True)
    force = Flag(load_default=False)
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    accept_warnings = ma.fields.List(Text(longest=40), load_default=list, validate=ma.validate.Length(max=20))


class BookingPatch(Strict):
    """What should be different; `claims`: all claims as they should be."""

    title = Text(required_text=True)
    purpose = Choice(Purpose)
    people = Whole(least=1, most=10_000, allow_none=True)
    note = Text(longest=LONGEST_TEXT, allow_none=True)
    moments = _moments()
    refer_consent = Flag()
    claims = ma.fields.List(
        ma.fields.Nested(ClaimChangeSchema),
        validate=[
            ma.validate.Length(min=1, error="required"),
            ma.validate.Length(max=MOST_CLAIMS, error="too-many"),
        ],
    )
    force = Flag(load_default=False)
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    scope = Choice(SCOPES, load_default="one")
    undoable = Flag(load_default=False)


class VerbPost(Strict):
    """What a person says with a verb. `from`, `to` (excluded), `resource`: a part, for release and challenge.

    `expires_at`: until when, for grant and extend by the house. `rank`: for order. `claims`: for counter.
    `venues`: the partner houses, for refer. `undoable` (decline, refer): nobody is told for a minute, and until
    then it can be taken back: the answer says how.
    """

    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    force = Flag(load_default=False)
    scope = Choice(SCOPES, load_default=None)
    from_ = MomentField(days=True, data_key="from", allow_none=True, load_default=None)
    to = MomentField(days=True, allow_none=True, load_default=None)
    resource = Text(longest=40, allow_none=True, load_default=None)
    expires_at = MomentField(allow_none=True, load_default=None)
    rank = Whole(least=1, most=1000, allow_none=True, load_default=None)
    claims = ma.fields.List(
        ma.fields.Nested(ClaimChangeSchema),
        load_default=None,
        validate=[
            ma.validate.Length(min=1, error="required"),
            ma.validate.Length(max=MOST_CLAIMS, error="too-many"),
        ],
    )
    venues = ma.fields.List(
        Text(longest=40, required_text=True),
        load_default=list,
        validate=ma.validate.Length(max=10, error="too-many"),
    )
    accept_warnings = ma.fields.List(Text(longest=40), load_default=list, validate=ma.validate.Length(max=20))
    note = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)
    undoable = Flag(load_default=False)

    @ma.validates_schema
    def _check_part(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        start, end = data["from_"], data["to"]
        if start is None or end is None:
            return
        if isinstance(start, datetime) != isinstance(end, datetime):
            raise ma.ValidationError("mixed-ends", "to")
        if end <= start:
            raise ma.ValidationError("not-after-start", "to")


class DuplicatePost(Strict):
    """`start`: the first day of the copy; without it the days are the same. `title`: another one."""

    start = MomentField(days=True, allow_none=True, load_default=None)
    title = Text(required_text=True, allow_none=True, load_default=None)


class ChallengeAnswerPost(Strict):
    """What a challenged holder says."""

    answer = Choice(("commit", "release"), required=True)
    reason = Text(longest=LONGEST_TEXT, allow_none=True, load_default=None)


class BookingQuery(PageArgs):
    """Which bookings."""

    state = ma.fields.String()
    resource = ma.fields.String()
    venue = ma.fields.String()
    organisation = ma.fields.UUID(error_messages={"invalid_uuid": "unknown"})
    from_ = MomentField(days=True, data_key="from")
    to = MomentField(days=True)


class ClaimAnswer(ma.Schema):
    """A claim; `start` and `end` are dates for whole days, `end` excluded."""

    id = ma.fields.UUID()
    resource = ma.fields.String()
    start = ma.fields.String()
    end = ma.fields.String()
    quantity = ma.fields.Integer()
    setup_minutes = ma.fields.Integer()
    strike_minutes = ma.fields.Integer()
    crew = ma.fields.String(allow_none=True)
    rank = ma.fields.Integer(metadata={"description": "of an option: its worst day"})


class UndoOffer(ma.Schema):
    """The way back: POST to `url` before `until`."""

    url = ma.fields.String()
    until = ma.fields.DateTime()


class BookingAnswer(ma.Schema):
    """A booking. `organisation` null: the house's own. `verbs`: what the caller may do with it now."""

    id = ma.fields.UUID()
    state = ma.fields.String(metadata={"enum": [str(state) for state in State]})
    venue = ma.fields.String()
    organisation = ma.fields.UUID(allow_none=True)
    organisation_name = ma.fields.String(allow_none=True)
    title = ma.fields.String()
    undo = ma.fields.Nested(UndoOffer)
    purpose = ma.fields.String()
    people = ma.fields.Integer(allow_none=True)
    note = ma.fields.String(allow_none=True)
    claims = ma.fields.List(ma.fields.Nested(ClaimAnswer))
    moments = ma.fields.List(ma.fields.Dict())
    refer_consent = ma.fields.Boolean()
    created_at = ma.fields.String()
    modified_at = ma.fields.String()
    ended_at = ma.fields.String(allow_none=True)
    revision = ma.fields.Integer()
    url = ma.fields.String()
    warnings = ma.fields.List(ma.fields.Dict())
    verbs = ma.fields.List(ma.fields.String())
    rank = ma.fields.Integer()
    days = ma.fields.List(ma.fields.Dict(), metadata={"description": "of an option: date, resource, rank"})
    due_at = ma.fields.String(allow_none=True)
    due_kind = ma.fields.String(allow_none=True, metadata={"enum": [str(kind) for kind in DueKind]})
    expires_at = ma.fields.String(allow_none=True)
    series = ma.fields.UUID(allow_none=True)
    trajectory = ma.fields.UUID(allow_none=True)
    challenge = ma.fields.Dict(metadata={"description": "id, state, answers_due; never whose booking"})
    proposal = ma.fields.Dict(metadata={"description": "kind, by, claims: waits for accept or refuse"})
    reinstatement = ma.fields.Dict(metadata={"description": "due_at: waits for accept or refuse"})
    lost = ma.fields.List(ma.fields.Dict(), metadata={"description": "resource, start, end, why, at"})
    referrals = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "venue, state (asked, sent, refused), booking for its company"}
    )
    referred_from = ma.fields.Dict(metadata={"description": "venue; booking for those who may know it"})


class BookingList(ma.Schema):
    """One page of bookings."""

    items = ma.fields.List(ma.fields.Nested(BookingAnswer))
    next = ma.fields.String(allow_none=True)


class ContactAnswer(ma.Schema):
    """Whom to call about a booking. `left_at`: since when whoever asked is not of the company any more."""

    name = ma.fields.String(allow_none=True)
    email = ma.fields.String(allow_none=True)
    left_at = ma.fields.String(allow_none=True)


class HistoryItemAnswer(ma.Schema):
    """One thing that happened; `by` null: time itself."""

    at = ma.fields.String()
    by = ma.fields.String(allow_none=True)
    kind = ma.fields.String()
    old = ma.fields.Dict()
    new = ma.fields.Dict()
    why = ma.fields.String(allow_none=True)


class HistoryAnswer(ma.Schema):
    """Everything that happened to one booking, oldest first."""

    items = ma.fields.List(ma.fields.Nested(HistoryItemAnswer))
    next = ma.fields.String(allow_none=True)


def terms_of(body: Mapping[str, Any]) -> Terms:
    """The terms that a checked body asks."""
    return Terms(
        title=body["title"],
        purpose=Purpose(body["purpose"]),
        claims=tuple(ClaimTerms(**claim) for claim in body["claims"]),
        organisation=body["organisation"],
        people=body["people"],
        note=body["note"],
        moments=_read_moments(body["moments"]),
        refer_consent=body["refer_consent"],
        state=State(body["state"]) if body["state"] else None,
        force=body["force"],
        reason=body["reason"],
        accept_warnings=tuple(body["accept_warnings"]),
    )


def change_of(body: Mapping[str, Any]) -> Change:
    """The change that a checked body wants."""
    words = {name: body[name] for name in ("title", "purpose", "people", "note", "refer_consent") if name in body}
    if "moments" in body:
        words["moments"] = _read_moments(body["moments"])
    claims = claim_changes_of(body["claims"]) if "claims" in body else None
    return Change(words, claims, force=body["force"], reason=body["reason"])


def answer_of(body: Mapping[str, Any]) -> Answer:
    """What a checked body says with a verb."""
    return Answer(
        reason=body["reason"],
        force=body["force"],
        start=body["from_"],
        end=body["to"],
        resource=body["resource"],
        expires_at=body["expires_at"],
        rank=body["rank"],
        claims=claim_changes_of(body["claims"]) if body["claims"] else None,
        venues=tuple(body["venues"]),
        accept_warnings=tuple(body["accept_warnings"]),
        note=body["note"],
    )


def claim_changes_of(claims: Sequence[Mapping[str, Any]]) -> tuple[ClaimChange, ...]:
    """Claims out of a checked body, as they should be."""
    return tuple(
        ClaimChange(ClaimTerms(**{name: value for name, value in claim.items() if name != "id"}), claim["id"])
        for claim in claims
    )


def _read_moments(moments: list[Mapping[str, Any]]) -> tuple[Moment, ...]:
    return tuple(Moment(**moment) for moment in moments)
