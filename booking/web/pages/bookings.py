"""One booking with its sentence, and the verbs that move it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Malformed, NotFound, Refusal, Stale, WrongState
from booking.domain.states import ENDS, MOVES, Side, State, Verb
from booking.domain.wall_clock import DAY, planning_day
from booking.services import (
    arrivals,
    bookings,
    changing,
    contacts,
    deadlines,
    duplicating,
    series,
    standing,
    threads,
    trajectories,
    ways_out,
)
from booking.services.answering import Answer, answer_challenge
from booking.services.changing import read_claim
from booking.services.series import SCOPES
from booking.services.standing import NOTHING
from booking.services.undoing import Offer, Press
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.clocks import drawn
from booking.web.pages.conversations import NOTHING_UNKEPT, Talk, Unkept
from booking.web.pages.frame import safe_next
from booking.web.pages.hats import wear
from booking.web.pages.histories import since, told_history
from booking.web.pages.queues import rank_weeks
from booking.web.pages.resources import read_date
from booking.web.pages.sentences import told
from booking.web.pages.sign_in import signed_in
from booking.web.pages.trains import rooms_of, shown_stays
from booking.web.pages.undoing import remember
from booking.web.pages.ways_out import for_what_is_lost, instead_of, offered, read_way, where
from booking.web.refusals import problem_of
from booking.web.wording import STATE_WORDS, explained

MOST_LETTERS = 10_000

VERBS: Mapping[Verb, Any] = {
    Verb.COMMIT: lazy_gettext("Commit"),
    Verb.CHALLENGE: lazy_gettext("Challenge those before you"),
    Verb.ACCEPT: lazy_gettext("Accept"),
    Verb.REFUSE: lazy_gettext("Refuse"),
    Verb.EXTEND: lazy_gettext("Extend the option"),
    Verb.ORDER: lazy_gettext("Put it first in the queue"),
    Verb.TAKE_BACK: lazy_gettext("Take it back to an option"),
    Verb.GRANT: lazy_gettext("Give an option"),
    Verb.CONFIRM: lazy_gettext("Confirm"),
    Verb.REFER: lazy_gettext("Pass it on to partner houses"),
    Verb.DECLINE: lazy_gettext("Decline"),
    Verb.WITHDRAW: lazy_gettext("Withdraw the request"),
    Verb.RELEASE: lazy_gettext("Release the option"),
    Verb.CANCEL: lazy_gettext("Cancel the booking"),
}

DONE: Mapping[Verb, Any] = {
    Verb.COMMIT: lazy_gettext("Committed. The house has the last word."),
    Verb.CHALLENGE: lazy_gettext("They are asked to commit or to release."),
    Verb.ACCEPT: lazy_gettext("Accepted. The other side is told."),
    Verb.REFUSE: lazy_gettext("Refused. The other side is told."),
    Verb.EXTEND: lazy_gettext("Extended. The other side is told."),
    Verb.ORDER: lazy_gettext("It is the first in the queue now. Everybody concerned is told."),
    Verb.TAKE_BACK: lazy_gettext("It is an option again. The company is told why."),
    Verb.GRANT: lazy_gettext("The option is given. The company is told."),
    Verb.CONFIRM: lazy_gettext("Confirmed. The company is told."),
    Verb.REFER: lazy_gettext("Done. The company is told."),
    Verb.DECLINE: lazy_gettext("Declined. The company is told why."),
    Verb.WITHDRAW: lazy_gettext("Withdrawn. The house is told."),
    Verb.RELEASE: lazy_gettext("Released. The other side is told."),
    Verb.CANCEL: lazy_gettext("Cancelled. The other side is told why."),
}

HELD = lazy_gettext(
    "You said yes. The days are held until the other houses of its chain answer; the company is told."
)
"""After a yes to a part of an all-or-nothing chain, which confirms nothing yet."""

FIRST = (Verb.ACCEPT, Verb.CONFIRM, Verb.GRANT, Verb.COMMIT)
NOT_HERE = frozenset({Verb.COUNTER, Verb.REFER})
"""They need more than a button."""


@pages.get("/bookings/<uuid:booking_id>")
def one_booking(booking_id: UUID) -> str:
    """The booking: how it stands, what can be done, when and where, and everything that happened."""
    return show(signed_in(), booking_id)


@pages.post("/bookings/<uuid:booking_id>/<verb>")
def move_booking(booking_id: UUID, verb: str) -> Response | str | tuple[str, int]:
    """Do what the button says; a refusal comes back on the page of the booking, at the button."""
    person, at = signed_in(), now()
    if verb not in set(Verb):
        raise NotFound
    move, reason = Verb(verb), request.form.get("reason", "").strip() or None
    scope = request.form.get("scope") if request.form.get("scope") in SCOPES else None
    answer = answer_of(request.form, move, reason[:MOST_LETTERS] if reason else None)

    def work(connection: Connection) -> tuple[Offer | None, State]:
        def do() -> BookingRow:
            seen = _revision(request.form)
            return series.perform_on(connection, person, booking_id, move, answer, scope, at=at, if_match=seen)

        if move is not Verb.DECLINE:
            return None, do().state
        row, offer = Press.of(person, at).answer(connection, booking_id, move, do)
        return offer, row.state

    try:
        offer, state = database().write(work)
    except (CannotBeHad, Malformed, Stale, WrongState) as refusal:
        return show(person, booking_id, refused=refusal, verb=move, reason=reason), problem_of(refusal).status
    remember(offer)
    flash(str(HELD if move is Verb.CONFIRM and state is State.PENDING else DONE[move]))
    return redirect(_back(request.form.get("back"), booking_id), 303)


@pages.post("/bookings/<uuid:booking_id>/ways-out")
def take_way_out(booking_id: UUID) -> Response | tuple[str, int]:
    """Change the booking as a way out says, and do what was refused before; or ask again what is over."""
    person, at, form = signed_in(), now(), request.form
    way, verb = read_way(form.get("way")), Verb(form["verb"]) if form.get("verb") in set(Verb) else None

    def work(connection: Connection) -> tuple[UUID, Offer | None]:
        def do() -> UUID:
            seen = _revision(form)
            return ways_out.take_instead(connection, person, booking_id, way, verb, at=at, if_match=seen)

        row = bookings.find(connection, person, booking_id)
        if verb is not None or row.state in ENDS or not person.decides_for(row.venue):
            return do(), None
        return Press.of(person, at).move(connection, booking_id, do)

    try:
        row, offer = database().write(work)
    except (CannotBeHad, Malformed, Stale, WrongState) as refusal:
        return show(person, booking_id, refused=refusal, verb=verb), problem_of(refusal).status
    remember(offer)
    flash(str(DONE[verb]) if verb else gettext("Done. The other side is told."))
    return redirect(_back(form.get("back"), row), 303)


def answer_of(form: Mapping[str, str], verb: Verb, reason: str | None) -> Answer:
    """What the form of a verb says: a reason, force, the days of a part, the first place in the queue."""
    first, last = read_date(form.get("first")), read_date(form.get("last"))
    return Answer(
        reason,
        force=form.get("force") == "1",
        start=first,
        end=last + DAY if last else None,
        rank=_place_wanted(form.get("rank")) if verb is Verb.ORDER else None,
    )


def _place_wanted(text: str | None) -> int:
    """The place in the queue, from 1: the first when nothing is typed; 0, which nobody has, for nonsense."""
    raw = (text or "1").strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < len("1000") else 0


@pages.post("/bookings/<uuid:booking_id>/duplicate")
def duplicate_booking(booking_id: UUID) -> Response | tuple[str, int]:
    """The same again, from another day on; a refusal comes back here."""
    person, at, start = signed_in(), now(), read_date(request.form.get("start"))
    try:
        made, _ = database().write(
            lambda connection: duplicating.duplicate(connection, person, booking_id, at=at, start=start)
        )
    except (CannotBeHad, Malformed) as refusal:
        return show(person, booking_id, refused=refusal), problem_of(refusal).status
    flash(gettext("Made again, as a booking of its own."))
    return redirect(f"/bookings/{made.id}", 303)


@pages.post("/challenges/<uuid:challenge_id>/answer")
def answer_challenge_page(challenge_id: UUID) -> Response | tuple[str, int]:
    """A challenged holder commits, or gives the contested days back."""
    person, at = signed_in(), now()
    says = Verb.COMMIT if request.form.get("answer") == "commit" else Verb.RELEASE
    try:
        database().write(
            lambda connection: answer_challenge(connection, person, challenge_id, says, Answer(), at=at)
        )
    except (CannotBeHad, WrongState) as refusal:
        booking_id = read_id(request.form.get("booking"))
        return show(person, booking_id, refused=refusal), problem_of(refusal).status
    flash(str(DONE[says]))
    return redirect(f"/bookings/{read_id(request.form.get('booking'))}", 303)


def read_id(text: str | None) -> UUID:
    """A booking's id out of a form. NotFound when it is none."""
    try:
        return UUID(text or "")
    except ValueError as error:
        raise NotFound from error


def _revision(form: Mapping[str, str]) -> list[int] | None:
    raw = form.get("revision", "")
    return [int(raw)] if raw.isascii() and raw.isdigit() and len(raw) < len("1000000000") else None


def _back(wanted: str | None, booking_id: UUID) -> str:
    """Back to the desk where the answer was given, or to the booking."""
    otherwise = f"/bookings/{booking_id}"
    return safe_next(wanted, otherwise) if wanted and wanted.startswith("/desk/") else otherwise


def show(
    person: Person,
    booking_id: UUID,
    *,
    refused: Refusal | None = None,
    verb: Verb | None = None,
    reason: str | None = None,
    unkept: Unkept = NOTHING_UNKEPT,
) -> str:
    """The page of a booking. `refused`: why the verb just now was refused; `reason`: what was typed with it;
    `unkept`: a message or a file that could not be kept."""
    with database().read() as connection:
        row = bookings.find(connection, person, booking_id)
        history = bookings.history_of(connection, person, row)
        stands = standing.of(connection, [row], at=now()).get(row.id, NOTHING)
        if isinstance(refused, CannotBeHad):
            ways = instead_of(connection, person, row, refused, verb, now())
        else:
            ways = for_what_is_lost(connection, person, row, now())
        offers = offered(connection, ways)
        proposed = [read_claim(each).terms for each in stands.proposal.claims] if stands.proposal else []
        proposal = where(connection, proposed)
        conversation = threads.of_booking(connection, person, row)
        coming = arrivals.count(connection, person, row)
        reckoning = deadlines.of_challenge(connection, row, stands.challenge) if stands.challenge else None
        chain = trajectories.of_part(connection, row)
        contact = contacts.of_booking(connection, row)
        may = standing.verbs(row, person, stands)
    wear(person, row.organisation, row.venue)
    today = planning_day(now(), row.zone, row.day_line)
    verbs = [verb for verb in may if verb not in NOT_HERE]
    main = next((each for each in FIRST if each in verbs), None)
    return render_template(
        "booking.html",
        row=row,
        said=told(row, person, proposed=stands.proposal is not None and stands.waits_for is Side.COMPANY),
        contact=contact,
        history=told_history(history, row),
        stands=stands,
        states=STATE_WORDS,
        waits_for_me=stands.waits_for in person.sides(row.venue, row.organisation),
        challenged=bool(stands.challenge and not stands.challenge.mine),
        may_force=bool(
            isinstance(refused, CannotBeHad) and refused.can_be_forced and person.decides_for(row.venue)
        ),
        main=main,
        others=[each for each in verbs if each is not main],
        may_refer=Verb.REFER in may,
        verb_words=VERBS,
        needs_reason=[each for each in verbs if needs_reason(each, row, person)],
        may_change=changing.may_change(row, person),
        is_company=Side.COMPANY in person.sides(row.venue, row.organisation),
        is_house=Side.HOUSE in person.sides(row.venue, row.organisation),
        problem=problem_of(refused) if refused else None,
        why_not=_why_not(row, refused),
        may_be_challenged=isinstance(refused, CannotBeHad)
        and refused.first_code == "queue-jump"
        and row.state is State.OPTION,
        refused_verb=verb,
        ways=offers,
        proposal=proposal,
        clock=drawn(reckoning, row.zone, today) if reckoning else None,
        ranks=rank_weeks(stands.days, today=today),
        names={claim.resource: words.name(claim.resource_name) for claim in row.claims},
        may_propose=Verb.COUNTER in bookings.actions(row, person),
        typed_reason=reason,
        since_then=since(history, row) if isinstance(refused, Stale) else (),
        is_over=row.state in ENDS,
        chain=chain,
        chain_stays=shown_stays(chain) if chain else (),
        rooms_of=rooms_of,
        talk=Talk(conversation, row.organisation_name or row.venue_name, row.zone, unkept),
        may_read_people=coming is not None,
        coming=coming or 0,
    )


def _why_not(row: BookingRow, refused: Refusal | None) -> list[str]:
    """The refusal in sentences that name the places."""
    if not isinstance(refused, CannotBeHad):
        return [problem_of(refused).detail] if refused else []
    names = {claim.resource: words.name(claim.resource_name) for claim in row.claims}
    return list(dict.fromkeys(explained(each, names) for each in refused.conflicts))


def needs_reason(verb: Verb, row: BookingRow, person: Person) -> bool:
    """Whether this person has to say why."""
    acting = person.sides(row.venue, row.organisation) & MOVES[verb].sides
    return acting <= MOVES[verb].reasoned
