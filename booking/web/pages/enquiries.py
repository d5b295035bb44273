"""Enquiries: sent from a search to chosen houses, read by both sides, answered one by one or many at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from booking.domain.bookings import Purpose
from booking.domain.claims import ClaimTerms
from booking.domain.enquiries import EnquiryTerms, overlapping
from booking.domain.finding import Answer, Start
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, NotFound, Refusal, WrongState
from booking.domain.wall_clock import DAY
from booking.services import catalogue, drafts, enquiries, threads
from booking.services.candidates import Candidate, Found
from booking.services.drafts import Draft
from booking.services.enquiries import HouseAnswer, View
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages import kept_forms
from booking.web.pages.blueprint import pages
from booking.web.pages.conversations import NOTHING_UNKEPT, Talk, Unkept
from booking.web.pages.hats import wear
from booking.web.pages.kept_forms import keep_typed, typed_in
from booking.web.pages.needs import read_periods, read_wanted
from booking.web.pages.once import SENT_ALREADY, SENT_BEFORE, SentBefore, make_once
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT, LONGEST_TITLE, Typed
from booking.web.refusals import problem_of

Page = str | Response | tuple[str, int]
MOST = 100
CARRIED = frozenset(
    {"title", "note", "organisation", "purpose", "venue", "refer_consent", "csrf_token", "tab", "view"}
    | {"once", "draft_at"}
)
"""What the form asks itself; everything else of the address is the need, and travels with it."""

WRITTEN = frozenset({"title", "note", "organisation", "purpose", "refer_consent"})
"""What of a draft stays when another need comes with the address."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One period at one house: what it could offer for each need, best first, and when."""

    n: int
    period: Period
    needs: Sequence[tuple[Need, Sequence[Candidate]]]
    start: Start | None

    @property
    def is_possible(self) -> bool:
        """Whether there is something for every need."""
        return self.start is not None and all(offered for _, offered in self.needs)


@pages.get("/enquiries")
def list_enquiries() -> str:
    """Those of my companies, and those that were sent to my houses."""
    person = signed_in()
    with database().read() as connection:
        views = enquiries.listing(connection, person, limit=MOST)
    return render_template("enquiries.html", views=views, said=candidates)


@pages.get("/enquiries/new")
def new_enquiry() -> Page:
    """The form; the need and the chosen houses travel here in the address."""
    person = signed_in()
    if not person.organisations:
        raise Forbidden
    with database().read() as connection:
        draft = kept_forms.find(connection, person, "enquiry")
    left = typed_in(draft)
    if request.args:  # another need: what was written stays
        left = MultiDict([(name, value) for name, value in left.items(multi=True) if name in WRITTEN])
    typed = MultiDict([*request.args.items(multi=True), *left.items(multi=True)])
    return _form(person, typed, {}, draft)


@pages.post("/enquiries")
def create_enquiry() -> Page:
    """Send it, and go to it; or the form again, with everything that was typed."""
    person, at = signed_in(), now()
    typed, wanted = Typed(request.form), read_wanted(request.form)
    title = typed.text("title", longest=LONGEST_TITLE, required=True)
    note = typed.text("note", longest=LONGEST_TEXT)
    if not wanted.asked or any(each.error for each in wanted.periods):
        typed.refuse("first", "required")
    venues = list(dict.fromkeys(request.form.getlist("venue")))
    if not venues:
        typed.refuse("venue", "required")
    organisation = _organisation(person)
    wear(person, organisation)
    if typed.errors or title is None:
        keep_typed(person, "enquiry")
        return _form(person, request.form, typed.errors), 422
    terms = EnquiryTerms(
        title,
        Purpose(request.form["purpose"]) if request.form.get("purpose") in set(Purpose) else Purpose.RESIDENCY,
        wanted.needs[:1],
        wanted.asked,
        wanted.days,
        wanted.people,
        wanted.beds,
        note,
        request.form.get("refer_consent") == "1",
    )

    def work(connection: Connection) -> View:
        drafts.throw_away(connection, person, "enquiry", "")
        return enquiries.send(connection, person, organisation, terms, venues, at=at)

    try:
        answered = make_once(person, work, lambda view: f"/enquiries/{view.row.id}")
    except SentBefore:
        return _form(person, request.form, {}, said=str(SENT_BEFORE)), 409
    except Malformed as refusal:
        keep_typed(person, "enquiry")
        return _form(person, request.form, dict(refusal.errors)), 422
    sent = gettext("Sent. Each house answers for itself; nothing is held yet.")
    flash(sent if answered.made else str(SENT_ALREADY))
    return redirect(answered.address, 303)


def _organisation(person: Person) -> UUID:
    """The company that asks: the one that was chosen, or the only one."""
    chosen = request.form.get("organisation")
    known = {str(each): each for each in person.organisations}
    if not known:
        raise Forbidden
    if chosen and chosen not in known:
        raise NotFound
    if not chosen and len(known) > 1:
        raise Malformed({"organisation": ["required"]})
    return known[chosen] if chosen else next(iter(known.values()))


def _form(
    person: Person,
    typed: MultiDict[str, str],
    errors: Mapping[str, Sequence[str]],
    draft: Draft | None = None,
    *,
    said: str | None = None,
) -> str:
    """`draft`: what the form is filled with, when that is one; `said`: why it could not be sent as it is."""
    wanted = read_wanted(typed)
    with database().read() as connection:
        houses = catalogue.venues(connection)
    return render_template(
        "enquiry-form.html",
        wanted=wanted,
        houses=houses,
        chosen=set(typed.getlist("venue")),
        typed=typed,
        errors=errors,
        draft=draft,
        said_first=said,
        carried=[(name, value) for name, value in wanted.args if name not in CARRIED and value],
        companies=list(person.organisations.items()),
        said=candidates,
    )


@pages.get("/enquiries/<uuid:enquiry_id>")
def one_enquiry(enquiry_id: UUID) -> str:
    """What was asked and what was answered; a planner sees what the house could offer."""
    return show(signed_in(), enquiry_id)


def show(
    person: Person, enquiry_id: UUID, refused: Refusal | None = None, *, unkept: Unkept = NOTHING_UNKEPT
) -> str:
    """The page of an enquiry. `refused`: why the answer just now was refused; `unkept`: a message or a file that
    could not be kept."""
    with database().read() as connection:
        view = enquiries.find(connection, person, enquiry_id)
        mine = [house for house in view.houses if person.decides_for(house.code)]
        choices = _choices(connection, person, view, mine[0].code) if mine and "answers" in view.verbs else []
        conversation = threads.of_enquiry(connection, person, view)
    wear(person, view.row.organisation, mine[0].code if mine else None)
    return render_template(
        "enquiry.html",
        view=view,
        house=mine[0] if mine else None,
        choices=choices,
        said=candidates,
        refused=problem_of(refused).detail if refused is not None else None,
        talk=Talk(conversation, view.row.organisation_name, (mine or view.houses)[0].zone, unkept),
    )


def _choices(connection: Connection, person: Person, view: View, venue: str) -> list[Choice]:
    terms = view.row.terms
    found = enquiries.possible(connection, person, view, venue, at=now())
    return [
        _choice(n, period, terms.all_needs, per_need)
        for n, (period, per_need) in enumerate(zip(terms.periods, found, strict=True))
    ]


def _choice(n: int, period: Period, needs: Sequence[Need], found: Sequence[Found]) -> Choice:
    offered = [
        (need, [each for each in one.candidates if each.answer in (Answer.FREE, Answer.OPTION)])
        for need, one in zip(needs, found, strict=True)
    ]
    return Choice(n, period, offered, enquiries.best_start([each for _, each in offered]))


@pages.post("/enquiries/<uuid:enquiry_id>/answers")
def answer_enquiry_page(enquiry_id: UUID) -> Page:
    """An offer, another period, or no; a refusal comes back above the offers."""
    person, at, form = signed_in(), now(), request.form
    deed = form.get("deed", "")
    try:
        if deed not in SAYS:
            raise Malformed({"deed": ["unknown"]})
        says = SAYS[deed](form)
        venue = form.get("house") or None
        database().write(
            lambda connection: enquiries.answer(connection, person, enquiry_id, says, venue=venue, at=at)
        )
    except (CannotBeHad, Malformed, WrongState) as refusal:
        return show(person, enquiry_id, refusal), problem_of(refusal).status
    flash(str(SAID[deed]()))
    return redirect(f"/enquiries/{enquiry_id}", 303)


def _offer(form: MultiDict[str, str]) -> HouseAnswer:
    first, last = read_date(form.get("first")), read_date(form.get("last"))
    if first is None or last is None or last < first:
        raise Malformed({"first": ["not-a-day"]})
    claims = tuple(
        ClaimTerms(code, first, last + DAY, _pieces(pieces))
        for code, pieces in zip(form.getlist("resource"), form.getlist("pieces"), strict=False)
        if code
    )
    if not claims:
        raise Malformed({"resource": ["required"]})
    return HouseAnswer(claims, reason=_reason(form))


def _pieces(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= MOST_DIGITS else 1


MOST_DIGITS = 6


def _counter(form: MultiDict[str, str]) -> HouseAnswer:
    periods = [each.period for each in read_periods(form.getlist("first"), form.getlist("last"))]
    if not periods or None in periods:
        raise Malformed({"first": ["not-a-day"]})
    return HouseAnswer(periods=tuple(each for each in periods if each is not None), reason=_reason(form))


def _reason(form: MultiDict[str, str]) -> str | None:
    return form.get("reason", "").strip()[:LONGEST_TEXT] or None


SAYS: Mapping[str, Callable[[MultiDict[str, str]], HouseAnswer]] = {
    "offer": _offer,
    "counter": _counter,
    "decline": lambda form: HouseAnswer(reason=_reason(form)),
}
SAID: Mapping[str, Callable[[], Any]] = {
    "offer": lambda: gettext("The option is given. The company is told."),
    "counter": lambda: gettext("The other period is proposed. The company is told."),
    "decline": lambda: gettext("Declined, and told."),
}


@pages.post("/enquiries/<uuid:enquiry_id>/withdraw")
def withdraw_enquiry_page(enquiry_id: UUID) -> Page:
    """Take it back; offers that live are released."""
    person, at = signed_in(), now()
    reason = _reason(request.form)
    try:
        database().write(
            lambda connection: enquiries.withdraw(connection, person, enquiry_id, reason=reason, at=at)
        )
    except WrongState as refusal:
        return show(person, enquiry_id, refusal), 409
    flash(gettext("Taken back. The houses are told."))
    return redirect(f"/enquiries/{enquiry_id}", 303)


@dataclass(frozen=True, slots=True)
class Group:
    """Enquiries whose first wishes overlap: one decision."""

    first: date
    last: date
    views: Sequence[View]


@pages.get("/desk/<venue>/enquiries")
def desk_enquiries(venue: str) -> str:
    """Open enquiries of one house that it has not answered, grouped by overlap."""
    return _desk(signed_in(), venue)


def _desk(person: Person, venue: str, outcomes: Sequence[tuple[str, str]] = ()) -> str:
    if not person.may_know(venue, None):
        raise NotFound
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        views = enquiries.waiting(connection, person, venue, limit=MOST)
    return render_template(
        "desk-enquiries.html",
        house=house,
        groups=groups(views),
        count=len(views),
        decides=person.decides_for(venue),
        outcomes=outcomes,
        said=candidates,
    )


def groups(views: Sequence[View]) -> list[Group]:
    """Grouped by overlap of what is liked best, in the order of the days."""
    found = []
    for together in overlapping([view.row.terms.periods for view in views]):
        spans = [views[n].row.terms.periods[0] for n in together]
        dates = [day for span in spans for day in span.days]
        if dates:
            found.append(Group(min(dates), max(dates), [views[n] for n in together]))
        else:
            today = now().date()
            found.append(Group(today, today, [views[n] for n in together]))
    return found


@pages.post("/desk/<venue>/enquiries")
def answer_many(venue: str) -> Page:
    """Answer several at once: offer the best that there is, or say no; each outcome is told."""
    person, at, form = signed_in(), now(), request.form
    if not person.may_know(venue, None):
        raise NotFound
    if not person.decides_for(venue):
        raise Forbidden
    declines, reason = form.get("deed") == "decline", _reason(form)
    outcomes = []
    for text in dict.fromkeys(form.getlist("enquiry")):
        about = read_uuid(text)

        def work(connection: Connection, about: UUID = about) -> View:
            says = HouseAnswer(reason=reason)
            if not declines:
                says = enquiries.best_offer(connection, person, about, venue, at=at, reason=reason)
            return enquiries.answer(connection, person, about, says, venue=venue, at=at)

        try:
            view = database().write(work)
            outcomes.append((view.row.terms.title, str(SAID["decline" if declines else "offer"]())))
        except (CannotBeHad, WrongState, Malformed) as refusal:
            outcomes.append((form.get(f"title-{text}", ""), problem_of(refusal).detail))
    return _desk(person, venue, outcomes)


def read_uuid(text: str) -> UUID:
    """An id out of a form. NotFound when it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
