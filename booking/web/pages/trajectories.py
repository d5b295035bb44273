"""Chains: the form that builds one, and one chain as a picture over weeks with what it needs next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext, ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.bookings import ClaimChange, Moment
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, NotFound, Refusal, WrongState
from booking.domain.states import ENDS, State
from booking.domain.trajectories import ChainRule, ChainState, LegTerms
from booking.services import composing, drafts, mending, reshaping, standing, threads, trajectories
from booking.services.drafts import Draft
from booking.services.reshaping import ChainChange, PartChange
from booking.services.standing import NOTHING
from booking.services.trajectories import View
from booking.storage.registers import BookingRow
from booking.web.context import database, now, roads
from booking.web.pages import formats, kept_forms, words
from booking.web.pages.blueprint import pages
from booking.web.pages.chain_form import ChainForm, asked, carried, read_form
from booking.web.pages.chain_ways import Line, mended, pressed
from booking.web.pages.conversations import NOTHING_UNKEPT, Talk, Unkept
from booking.web.pages.hats import wear
from booking.web.pages.kept_forms import keep_typed, typed_in
from booking.web.pages.once import SENT_ALREADY, SENT_BEFORE, SentBefore, make_once
from booking.web.pages.sign_in import signed_in
from booking.web.pages.trains import draw, rooms_of, shown_stays
from booking.web.pages.ways_out import Offer, offered, read_way
from booking.web.refusals import problem_of
from booking.web.wording import explained

Answer = str | Response | tuple[str, int]
WRITTEN = frozenset({"title", "people", "rule", "organisation"})
"""What of a draft stays when other stays come with the address."""

DONE: Mapping[str, Any] = {
    "withdraw": lazy_gettext("Taken back. Every house is told."),
    "keep-the-rest": lazy_gettext("The rest is kept. Every house is told."),
}


@pages.get("/trajectories/new")
def new_trajectory() -> Answer:
    """The form; stays travel here in the address (`stay=BUD-S1~2027-03-08~2027-03-20`)."""
    person = signed_in()
    if not person.organisations:
        raise Forbidden
    form = {**carried(request.args.getlist("stay"), request.args), **_lines(request.args)}
    with database().read() as connection:
        draft = kept_forms.find(connection, person, "trajectory")
        left = typed_in(draft).to_dict()
        if request.args:  # other stays: what was written stays
            left = {name: value for name, value in left.items() if name in WRITTEN}
        return _form(person, read_form(connection, person, left | form), draft=draft)


def _lines(args: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in args.items() if name != "stay"}


@pages.post("/trajectories")
def create_trajectory() -> Answer:
    """Ask for the whole chain, and go to it; or the form again, with everything that was typed."""
    person, at = signed_in(), now()
    with database().read() as connection:
        form = read_form(connection, person, pressed(request.form))
        if "more" in request.form:
            return _form(person, form)
        form = asked(form)
    if form.terms is None or form.organisation is None:
        keep_typed(person, "trajectory")
        return _form(person, form), 422
    terms, organisation = form.terms, form.organisation

    def work(connection: Connection) -> View:
        drafts.throw_away(connection, person, "trajectory", "")
        return composing.make(connection, person, organisation, terms, at=at)

    try:
        answered = make_once(person, work, lambda view: f"/trajectories/{view.row.id}")
    except SentBefore:
        return _form(person, form, said=str(SENT_BEFORE)), 409
    except (CannotBeHad, Malformed) as refusal:
        keep_typed(person, "trajectory")
        with database().read() as connection:
            lines = mended(connection, person, form, at=at) if isinstance(refusal, CannotBeHad) else {}
        return _form(person, form, refusal, lines), problem_of(refusal).status
    sent = gettext("Sent. Every house of the chain is told.")
    flash(sent if answered.made else str(SENT_ALREADY))
    return redirect(answered.address, 303)


def _form(
    person: Person,
    form: ChainForm,
    refused: Refusal | None = None,
    lines: Mapping[str, Line] | None = None,
    *,
    draft: Draft | None = None,
    said: str | None = None,
) -> str:
    """`draft`: what the form is filled with, when that is one; `said`: why it could not be sent as it is."""
    wear(person, form.organisation)
    by_house: dict[str, list[Any]] = {}
    for row in form.rooms:
        by_house.setdefault(row.venue_name, []).append(row)
    kit: dict[str, list[Any]] = {}
    for row in form.kit:
        kit.setdefault(row.venue_name, []).append(row)
    names = {row.code: words.name(row.name) for row in (*form.rooms, *form.beds.values(), *form.kit)}
    return render_template(
        "trajectory-form.html",
        form=form,
        errors=form.errors,
        rooms=by_house,
        kit=kit,
        companies=list(person.organisations.items()),
        why_not=[said] if said else _why_not(refused, names),
        lines=lines or {},
        because=lambda line: list(dict.fromkeys(explained(each, names) for each in line.conflicts)),
        draft=draft,
        once="" if said else form.value("once"),
        rules=[(rule.value, RULES[rule]) for rule in ChainRule],
    )


RULES: Mapping[ChainRule, Any] = {
    ChainRule.ALL_OR_NOTHING: lazy_gettext("All or nothing"),
    ChainRule.EACH: lazy_gettext("Each house for itself"),
}


def _why_not(refused: Refusal | None, names: Mapping[str, str]) -> list[str]:
    if isinstance(refused, CannotBeHad):
        return list(dict.fromkeys(explained(each, names) for each in refused.conflicts))
    return [problem_of(refused).detail] if refused else []


@pages.get("/trajectories/<uuid:trajectory_id>")
def one_trajectory(trajectory_id: UUID) -> str:
    """The chain: how it stands, weeks down and houses across, and what is missing."""
    return show(signed_in(), trajectory_id)


@pages.post("/trajectories/<uuid:trajectory_id>/<verb>")
def move_trajectory(trajectory_id: UUID, verb: str) -> Answer:
    """Take it back, keep the rest, plan a leg, or ask another period."""
    if verb not in DEEDS:
        raise NotFound
    person, at = signed_in(), now()
    try:
        said = DEEDS[verb](person, trajectory_id, at)
    except (CannotBeHad, Malformed, WrongState) as refusal:
        return show(person, trajectory_id, refusal), problem_of(refusal).status
    flash(str(said))
    return redirect(f"/trajectories/{trajectory_id}", 303)


def _perform(verb: str) -> Any:
    def do(person: Person, trajectory_id: UUID, at: datetime) -> Any:
        reason = request.form.get("reason", "").strip() or None
        database().write(
            lambda connection: reshaping.perform(connection, person, trajectory_id, verb, at=at, reason=reason)
        )
        return DONE[verb]

    return do


def _plan_leg(person: Person, trajectory_id: UUID, at: datetime) -> Any:
    """One leg more, as its button says; the others stay."""
    leg = read_leg(request.form.get("leg"))

    def work(connection: Connection) -> None:
        view = trajectories.read(connection, person, trajectory_id, at=at)
        legs = (*view.chain.legs, leg)
        reshaping.change(connection, person, trajectory_id, ChainChange(legs=legs), at=at)

    database().write(work)
    return gettext("The transport is planned. The houses are told.")


def _other_period(person: Person, trajectory_id: UUID, at: datetime) -> Any:
    """The same stay in another period, as a way out says."""
    ways, part = read_way(request.form.get("way")), _id(request.form.get("part"))
    wanted = PartChange(tuple(ClaimChange(claim) for claim in ways[0]), part)
    database().write(
        lambda connection: reshaping.change(connection, person, trajectory_id, ChainChange(parts=(wanted,)), at=at)
    )
    return gettext("Asked again. What was agreed is held once more.")


DEEDS: Mapping[str, Any] = {
    "withdraw": _perform("withdraw"),
    "keep-the-rest": _perform("keep-the-rest"),
    "legs": _plan_leg,
    "periods": _other_period,
}


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise NotFound from error


def show(
    person: Person, trajectory_id: UUID, refused: Refusal | None = None, *, unkept: Unkept = NOTHING_UNKEPT
) -> str:
    """The page of a chain. `refused`: why the press just now was refused; `unkept`: a message or a file that could
    not be kept."""
    at = now()
    with database().read() as connection:
        view = trajectories.read(connection, person, trajectory_id, at=at)
        known = [part for part in view.chain.parts if trajectories.knows_part(person, part)]
        stands = standing.of(connection, known, at=at)
        own = person.speaks_for(view.row.organisation)
        wear(person, view.row.organisation)
        mends = mending.suggestions(connection, person, view.chain, at=at, roads=roads()) if own else []
        ways = _ways_by_stay(connection, view)
        conversation = threads.of_trajectory(connection, person, view.chain)
    ranks = {part.id: stands.get(part.id, NOTHING).rank for part in view.chain.parts}
    return render_template(
        "trajectory.html",
        view=view,
        headline=headline(view),
        follows=follows(view),
        train=draw(view),
        stays=shown_stays(view),
        rooms_of=rooms_of,
        knows=lambda part: trajectories.knows_part(person, part),
        ranks=ranks,
        moments_of=moments_of,
        answer_of=lambda part: answer_of(part, ranks.get(part.id)),
        gaps=view.chain.gaps,
        mends=[(mend, sign_leg(mend.leg)) for mend in mends],
        ways=ways,
        why_not=_why_not(refused, {}),
        rule=RULES[view.row.rule],
        is_own=own,
        kit=_kit(view, known),
        talk=Talk(conversation, view.row.organisation_name, view.row.zone or "Europe/Brussels", unkept),
    )


def _ways_by_stay(connection: Connection, view: View) -> list[tuple[BookingRow, list[Offer]]]:
    """The stays about which the company has to decide, each with its ways out as buttons."""
    offers = offered(connection, view.ways)
    pairs = list(zip(view.ways, offers, strict=True))
    return [
        (part, [offer for way, offer in pairs if way.facts["part"] == part.id])
        for part in view.chain.wanting
        if view.ways
    ]


def _kit(view: View, known: Sequence[BookingRow]) -> list[Any]:
    """The equipment of the chain, as far as the reader knows it, with the booking that holds it."""
    return [
        (claim, part)
        for part in known
        if part.id not in view.chain.vans and part.state not in ENDS
        for claim in part.claims
        if claim.kind == "equipment"
    ]


def headline(view: View) -> str:
    """How a chain stands, in one sentence: the rule, who has answered, and what is missing."""
    if view.state in OVER:
        return str(OVER[view.state])
    if view.state is ChainState.BROKEN:
        return str(BROKEN[view.row.broken_why or "no"])
    live = [stay for stay in view.chain.stays if stay.state not in ENDS]
    yes = sum(stay.agreed_at is not None or stay.state in (State.CONFIRMED, State.COMPLETED) for stay in live)
    waits, gaps = len(live) - yes, len(view.chain.gaps)
    pieces = [ngettext("%(num)d yes", "%(num)d yeses", yes)] if yes else []
    if waits:
        pieces.append(ngettext("%(num)d answer to come", "%(num)d answers to come", waits))
    if gaps:
        pieces.append(ngettext("%(num)d transport missing", "%(num)d transports missing", gaps))
    return str(gettext("%(rule)s: %(pieces)s.", rule=RULES[view.row.rule], pieces=", ".join(pieces)))


OVER: Mapping[ChainState, Any] = {
    ChainState.WITHDRAWN: lazy_gettext("The company took this chain back."),
    ChainState.CONFIRMED: lazy_gettext("The whole chain is confirmed."),
}
BROKEN: Mapping[str, Any] = {
    "no": lazy_gettext("A house said no."),
    "deadline": lazy_gettext("Time ran out before every house had answered."),
}


def follows(view: View) -> str:
    """What comes of it, and until when."""
    row = view.row
    if row.state is ChainState.BROKEN:
        said = gettext("What was agreed stays an option for five days. Ask another period, or keep the rest.")
    elif row.deadline is not None:
        when = formats.moment(row.deadline, row.zone or "UTC", year=True)
        said = gettext("The houses have until %(when)s: ten working days from the first yes.", when=when)
    elif row.rule is ChainRule.ALL_OR_NOTHING and row.state is ChainState.OPEN:
        if any(part.state is State.OPTION for part in view.chain.parts):
            said = gettext(
                "Options are held until their day. A yes is held for ten working days, until all answer."
            )
        else:
            said = gettext(
                "Nothing is held yet. The first yes is held for ten working days, until the others answer."
            )
    else:
        said = ""
    return str(said)


def moments_of(part: BookingRow) -> list[str]:
    """What happens inside a stay, a line each."""
    return [
        str(gettext("%(what)s: %(how)s", what=words.MOMENTS[each.kind], how=formats.moment(each.start, part.zone)))
        for each in (Moment.read(document) for document in part.moments)
    ]


def answer_of(part: BookingRow, rank: int | None) -> str:
    """What a house answered, in one sentence."""
    tell = ANSWERS.get((part.state, part.agreed_at is not None))
    moment = part.due_at if part.state is State.PENDING else part.expires_at
    when = formats.moment(moment, part.zone, year=True) if moment else ""
    return str(tell(when)) if tell else words.state(part.state.value, rank)


ANSWERS: Mapping[tuple[State, bool], Any] = {
    (State.REQUESTED, False): lambda _: gettext("Asked; no answer yet."),
    (State.OPTION, False): lambda when: gettext("An option until %(when)s.", when=when),
    (State.OPTION, True): lambda when: gettext("The house had said yes; an option until %(when)s.", when=when),
    (State.PENDING, False): lambda _: gettext("The company has committed; the house has the last word."),
    (State.PENDING, True): lambda when: gettext("The house says yes; held until %(when)s.", when=when),
    (State.DECLINED, False): lambda _: gettext("The house said no."),
}
"""By state, and whether the house has said yes."""


def sign_leg(leg: LegTerms) -> str:
    """A leg as its button sends it: signed, so that what comes back is what was offered."""
    ends = (leg.start.isoformat(), leg.end.isoformat())
    return str(_signer().dumps([leg.origin, leg.destination, *ends, leg.resource]))


def read_leg(text: str | None) -> LegTerms:
    """What a button sent. Malformed when it is not one of ours."""
    try:
        origin, destination, start, end, resource = _signer().loads(text or "")
    except BadSignature as error:
        raise Malformed({"leg": ["unknown"]}) from error
    return LegTerms(origin, destination, datetime.fromisoformat(start), datetime.fromisoformat(end), resource)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="leg")
