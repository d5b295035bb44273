"""Changing a booking by its form: filled in with the booking as it is, or as it was moved in the plan."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Stale
from booking.domain.states import Side
from booking.domain.wall_clock import DAY
from booking.services import bookings, changing, drafts, series, standing, undoing
from booking.services.series import SCOPES
from booking.services.standing import NOTHING
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import kept_forms
from booking.web.pages.asking import Answer, pressed_way, refused, show
from booking.web.pages.blueprint import pages
from booking.web.pages.booking_form import BookingForm, read_form
from booking.web.pages.kept_forms import keep_typed, typed_in
from booking.web.pages.lines import typed_of
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT, Typed
from booking.web.pages.undoing import remember


@pages.get("/bookings/<uuid:booking_id>/change")
def change_form(booking_id: UUID) -> Answer:
    """The same form, filled in with the booking as it is."""
    person = signed_in()
    with database().read() as connection:
        row = bookings.find(connection, person, booking_id)
        if not changing.may_change(row, person):
            raise Forbidden
        code, typed = typed_of(row)
        draft = None if request.args else kept_forms.find(connection, person, "change", str(booking_id))
        filled = typed_in(draft).to_dict() or typed | words_of(row)
        form = read_form(connection, person, *moved(filled.get("resource", code), filled, request.args))
        return show(connection, person, form, fresh=True, booking=row, draft=draft)


def moved(code: str, typed: Mapping[str, str], args: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The form as a hand moved the booking in the plan: `shift` days later, `longer` by days, `to` another place.

    Every line goes along; what ends with the first line ends later with it.
    """
    shift, longer = _days(args.get("shift")), _days(args.get("longer"))
    if "minutes" in args:
        return args.get("to") or code, _moved_by_minutes(typed, args)
    end, form = typed.get("last"), dict(typed)
    for name, value in typed.items():
        day = read_date(value) if name.endswith(("first", "last")) else None
        if day is not None:
            grows = longer if name.endswith("last") and value == end else DAY * 0
            form[name] = (day + shift + grows).isoformat()
    return args.get("to") or code, form


def _moved_by_minutes(typed: Mapping[str, str], args: Mapping[str, str]) -> dict[str, str]:
    """The same by the clock of the house: `minutes` later, and `longer_minutes` at its end."""
    shift, longer = (timedelta(minutes=_whole(args.get(name))) for name in ("minutes", "longer_minutes"))
    form = dict(typed)
    for day_name, time_name, by in (("first", "from_time", shift), ("last", "to_time", shift + longer)):
        for name in [each for each in typed if each.endswith(time_name)]:
            beside = name.removesuffix(time_name) + day_name
            day, hour = read_date(typed.get(beside)), Typed({name: typed[name]}).hour(name)
            if day is not None and hour is not None:
                moment = datetime.combine(day, hour) + by
                form |= {beside: moment.date().isoformat(), name: f"{moment:%H:%M}"}
    return form


def _days(text: str | None) -> timedelta:
    """A whole number of days, not further than anybody could book; anything else is none."""
    return timedelta(days=_whole(text))


def _whole(text: str | None) -> int:
    """A whole number of at most four digits; 0 for anything else."""
    sign, digits = (-1, text[1:]) if text and text.startswith("-") else (1, text or "")
    return sign * int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len("1096") else 0


@pages.post("/bookings/<uuid:booking_id>/change")
def change_booking(booking_id: UUID) -> Answer:
    """Make the change, and show the booking; or the form again."""
    person, at, way = signed_in(), now(), pressed_way()
    with database().read() as connection:
        row = bookings.find(connection, person, booking_id)
        form = read_form(connection, person, request.form.get("resource", ""), request.form)
        page = show(connection, person, form, booking=row) if form.errors or not form.is_asking else None
    if page is not None:
        keep_typed(person, "change", str(booking_id))
        return page, 422
    wanted = change_of(form, moves=changing.may_move_claims(row, person))
    if way:
        wanted = replace(wanted, claims=tuple(ClaimChange(each) for each in way[0]), force=False)
    revision = form.typed.whole("revision")
    seen = None if revision is None else [revision]

    def work(connection: Connection) -> tuple[BookingRow, undoing.Offer | None]:
        drafts.throw_away(connection, person, "change", str(booking_id))

        def do() -> BookingRow:
            scope = scope_of(request.form)
            return series.change(connection, person, booking_id, wanted, scope, at=at, if_match=seen)

        if wanted.claims is None or not person.decides_for(row.venue):
            return do(), None
        return undoing.Press.of(person, at).move(connection, booking_id, do)

    try:
        changed, offer = database().write(work)
    except (CannotBeHad, Malformed, Stale) as refusal:
        keep_typed(person, "change", str(booking_id))
        return refused(person, form, refusal, booking=row)
    with database().read() as connection:
        stands = standing.of(connection, [changed], at=at).get(changed.id, NOTHING)
    waits = stands.waits_for is Side.HOUSE
    remember(offer)
    flash(
        gettext("Asked. The house accepts or refuses.") if waits else gettext("Changed. The other side is told.")
    )
    return redirect(f"/bookings/{booking_id}", 303)


def scope_of(form: Mapping[str, str]) -> str:
    """Which dates of a series are meant: this one unless it says more."""
    scope = form.get("scope", "")
    return scope if scope in SCOPES else "one"


def change_of(form: BookingForm, *, moves: bool) -> Change:
    """What should be different, from the form. `moves`: days and places may be changed too."""
    terms = form.terms
    reason = terms.reason or form.typed.text("reason", longest=LONGEST_TEXT)
    fields = {
        "title": terms.title,
        "purpose": terms.purpose.value,
        "people": terms.people,
        "note": terms.note,
        "refer_consent": terms.refer_consent,
    }
    return Change(fields, tuple(form.asked.claims) if moves else None, force=terms.force, reason=reason)


def words_of(row: BookingRow) -> dict[str, str]:
    """The words of a booking, as they would be typed."""
    return {
        "title": row.title,
        "purpose": row.purpose,
        "people": str(row.people or ""),
        "note": row.note or "",
        "organisation": str(row.organisation or ""),
        "refer_consent": "1" if row.refer_consent else "",
    }
