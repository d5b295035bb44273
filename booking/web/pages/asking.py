"""Asking for a booking, and changing one: the form, the verdict beside it, the deed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Stale
from booking.domain.states import State
from booking.domain.wall_clock import DAY
from booking.services import asking, bookings, catalogue, changing, drafts, organisations, ways_out
from booking.services.asking import Asking
from booking.services.drafts import Draft
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import kept_forms
from booking.web.pages.blueprint import pages
from booking.web.pages.booking_form import BookingForm, read_form
from booking.web.pages.cells import cells_of
from booking.web.pages.histories import since
from booking.web.pages.kept_forms import keep_typed, typed_in
from booking.web.pages.once import SENT_ALREADY, SENT_BEFORE, SentBefore, make_once
from booking.web.pages.recurrences import LEFT_OUT_WORDS, REPEATS, repeats, weekday_names
from booking.web.pages.resources import asking_address, read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.verdicts import (
    DEEDS,
    DEEDS_OF_THE_HOUSE,
    Judged,
    judge,
    judged,
    note_errors,
)
from booking.web.pages.ways_out import Offer, offered, read_way
from booking.web.refusals import problem_of

Answer = str | Response | tuple[str, int]
SETTLED = frozenset({State.CONFIRMED, State.PENDING})
"""More of these is asked of the house."""

CARRIED = ("title", "purpose", "people", "quantity", "organisation", "state", "from_time", "to_time")
"""Fields that an address may fill in."""
REFUSED = {CannotBeHad: 409, Malformed: 422, Stale: 412}


@pages.get("/bookings/new")
def new_booking() -> Answer:
    """The form for a resource; the days travel here in the address."""
    person = signed_in()
    code = request.args.get("resource")
    if not code:
        return redirect("/resources")
    with database().read() as connection:
        form, draft = begun(connection, person, code)
        address = asking_address(person, form.main.venue_code)
        if address is None:
            raise Forbidden
        if address != request.path:
            return redirect(f"{address}?{request.query_string.decode()}")
        return show(connection, person, form, fresh=True, draft=draft)


def begun(connection: Connection, person: Person, code: str) -> tuple[BookingForm, Draft | None]:
    """The form for a resource: as it was left, and with what the address says."""
    draft = kept_forms.find(connection, person, "booking", code)
    left = typed_in(draft).to_dict()
    form = read_form(connection, person, code, left | carried(request.args))
    if form.main.kind == "accommodation":
        form = read_form(connection, person, code, left | carried(request.args, nights=True))
    return form, draft


@pages.post("/bookings/check")
def check_booking() -> Answer:
    """The verdict on what is typed so far; as a fragment while typing, as a whole page without script."""
    person = signed_in()
    with database().read() as connection:
        form = read_form(connection, person, request.form.get("resource", ""), request.form)
        booking, proposes = _changed(connection, person), request.form.get("proposes") == "1"
        return show(connection, person, form, fresh=True, booking=booking, proposes=proposes)


@pages.post("/bookings")
def create_booking() -> Answer:
    """Ask, and go to the booking; or the form again, with everything that was typed."""
    return ask_with(signed_in())


def ask_with(person: Person) -> Answer:
    """Read the form and ask; the same for a company and for a planner. What repeats shows its dates first."""
    at, way = now(), pressed_way()
    if repeats(request.form) and not way:
        return redirect("/bookings/series", 307)  # the same form, sent there
    with database().read() as connection:
        form = read_form(connection, person, request.form.get("resource", ""), request.form)
        page = show(connection, person, form) if form.errors or not form.is_asking else None
    if page is not None:
        keep_typed(person, "booking", form.main.code)
        return page, 422

    def work(connection: Connection) -> list[Asking]:
        made = (
            ways_out.take(connection, person, form.terms, way, at=at)
            if way
            else [asking.ask(connection, person, form.terms, at=at)]
        )
        drafts.throw_away(connection, person, "booking", form.main.code)
        return made

    try:
        answered = make_once(person, work, where_made)
    except (CannotBeHad, Malformed) as refusal:
        keep_typed(person, "booking", form.main.code)
        return refused(person, form, refusal)
    except SentBefore:
        return sent_before(person, form)
    words = MADE_BY_THE_HOUSE if form.by_house else MADE
    for state in dict.fromkeys(each.verdict.state.value for each in answered.made or ()):
        flash(str(words[state]()))
    if answered.made is None:
        flash(str(SENT_ALREADY))
    return redirect(answered.address, 303)


def where_made(made: Sequence[Asking]) -> str:
    """Where to see what was made."""
    return f"/bookings/{made[0].id}" if len(made) == 1 else "/bookings"


def sent_before(person: Person, form: BookingForm) -> Answer:
    """The form with what was typed: it made a booking already, with something else in it."""
    again = {name: value for name, value in form.typed.form.items() if name != "once"}
    with database().read() as connection:
        anew = read_form(connection, person, form.main.code, again)
        return show(connection, person, anew, said=[str(SENT_BEFORE)]), 409


def pressed_way() -> list[tuple[ClaimTerms, ...]]:
    """The way out that was pressed; nothing when it was the button of the form."""
    return read_way(request.form["way"]) if "way" in request.form else []


MADE = {
    "confirmed": lambda: gettext("Booked. The house and everybody who is concerned are told."),
    "option": lambda: gettext("The option is yours. The house is told."),
    "requested": lambda: gettext("Sent. The house will answer."),
}

MADE_BY_THE_HOUSE = {
    "confirmed": lambda: gettext("Booked. It stands in the plan."),
    "option": lambda: gettext("The option is given. The company is told."),
    "requested": lambda: gettext("Entered. It waits among the requests."),
}


def carried(args: Mapping[str, str], *, nights: bool = False) -> dict[str, str]:
    """The form as the address fills it in: `from` and `to` (excluded, as everywhere) become first and last day.

    Of `nights` the end is the day of departure, which a form names. `also`: further places for the same days;
    `from_time`, `to_time`: hours of the house's clock.
    """
    form = {name: args[name] for name in CARRIED if name in args}
    form |= {f"more-{code}-quantity": "1" for code in args.get("also", "").split(",") if code}
    if "from_time" in form:
        form["mode"] = "hours"
    first, end = read_date(args.get("from")), read_date(args.get("to"))
    if first is not None:
        form["first"] = first.isoformat()
        last = end if end and end > first else first + DAY
        form["last"] = (last if nights else last - DAY).isoformat()
    return form


def refused(
    person: Person,
    form: BookingForm,
    refusal: CannotBeHad | Malformed | Stale,
    *,
    booking: BookingRow | None = None,
    proposes: bool = False,
) -> Answer:
    """The form once more, with what was refused at its line and everything typed still there."""
    said = [problem_of(refusal).detail]
    if isinstance(refusal, Malformed):
        note_errors(form, refusal)
    with database().read() as connection:
        if isinstance(refusal, Stale) and booking is not None:
            booking = bookings.find(connection, person, booking.id)
            said += since(bookings.history(connection, person, booking.id), booking)
        found = judge(connection, person, form, now(), booking=booking)
        if isinstance(refusal, CannotBeHad) and found is not None:
            found = judged(form, found.state, refusal.conflicts)
            said = [sentence for line in found.lines for sentence in line.problems] or said
        page = show(connection, person, form, booking=booking, found=found, said=said, proposes=proposes)
        return page, REFUSED[type(refusal)]


def show(
    connection: Connection,
    person: Person,
    form: BookingForm,
    *,
    fresh: bool = False,
    booking: BookingRow | None = None,
    found: Judged | None = None,
    said: Sequence[str] = (),
    proposes: bool = False,
    draft: Draft | None = None,
) -> str:
    """The page, or only its verdict when the form asks for that. `fresh`: not sent yet, so nothing is missing.

    `proposes`: the house proposes other claims for `booking`, which its company accepts or refuses;
    `draft`: what the form is filled with, when that is one.
    """
    if found is None:
        found = judge(connection, person, form, now(), booking=booking)
    is_fragment = bool(request.headers.get("HX-Request"))
    mended = next((line.line.key for line in found.lines if line.problems), None) if found else None
    return render_template(
        "booking-verdict.html" if is_fragment else "booking-form.html",
        form=form,
        errors={} if fresh else form.errors,
        late_errors=_while_typing(form) if fresh else {},
        found=found,
        cells=cells_of(connection, person, form, found, now(), booking=booking.id if booking else None),
        booking=booking,
        proposes=proposes,
        repeats=REPEATS if booking is None else {},
        left_out=LEFT_OUT_WORDS,
        weekdays=() if is_fragment else weekday_names(),
        asks_house=booking is not None and not form.by_house and booking.state in SETTLED,
        may_move=booking is None or changing.may_move_claims(booking, person),
        companies=() if is_fragment or not form.by_house else organisations.everyone(connection, person),
        house=None if is_fragment or form.by_house else catalogue.venue(connection, form.main.venue_code),
        said=said,
        mended=mended,
        ways=_ways(connection, person, form, found, booking) if found and mended is not None else (),
        deeds=DEEDS_OF_THE_HOUSE if form.by_house else DEEDS,
        action=_address(form, booking, proposes=proposes),
        draft=draft,
        draft_of=None if proposes else ("change", str(booking.id)) if booking else ("booking", form.main.code),
    )


def _while_typing(form: BookingForm) -> dict[str, list[str]]:
    """Errors worth telling before the form is sent: what is wrong, not what is still empty."""
    told = {name: [each for each in errors if each != "required"] for name, errors in form.errors.items()}
    return {name: errors for name, errors in told.items() if errors}


def _address(form: BookingForm, booking: BookingRow | None, *, proposes: bool) -> str:
    """Where the form goes."""
    if booking is not None:
        return f"/bookings/{booking.id}/{'counter' if proposes else 'change'}"
    return f"/desk/{form.main.venue_code}/book" if form.by_house else "/bookings"


def _ways(
    connection: Connection, person: Person, form: BookingForm, found: Judged, booking: BookingRow | None
) -> list[Offer]:
    """The ways out of what the form asks; a booking that is changed stays one booking of its house."""
    besides = booking.id if booking else None
    ways = ways_out.of_terms(connection, person, form.terms, found.conflicts, at=now(), besides=besides)
    if booking is not None:
        ways = [way for way in ways if [venue for venue, _ in way.bookings] == [booking.venue]]
    return offered(connection, ways)


def _changed(connection: Connection, person: Person) -> BookingRow | None:
    """The booking that the form changes, when it changes one."""
    raw = request.form.get("booking", "")
    try:
        return bookings.find(connection, person, UUID(raw)) if raw else None
    except ValueError:
        return None
