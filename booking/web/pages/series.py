"""Series: the dates seen before they are saved, saved as seen, and afterwards read and tried again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Malformed, Refusal, Stale
from booking.domain.series import LEFT_OUT, Recurrence
from booking.domain.states import ENDS
from booking.domain.wall_clock import at_venue
from booking.services import series
from booking.services.series import Occurrence, Preview
from booking.web.context import database, now
from booking.web.pages import words
from booking.web.pages.asking import Answer, show
from booking.web.pages.blueprint import pages
from booking.web.pages.booking_form import BookingForm, read_form
from booking.web.pages.recurrences import SKIPPED_WORDS, read_recurrence, rule_in_words
from booking.web.pages.sign_in import signed_in
from booking.web.pages.verdicts import note_errors
from booking.web.refusals import problem_of
from booking.web.wording import explained


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a preview. `why`: what keeps it out, in sentences; nothing when it would be made."""

    occurrence: Occurrence
    code: str | None
    why: Sequence[str]


@pages.post("/bookings/series")
def ask_for_series() -> Answer:
    """The dates that would be booked, and those that would not; sent again with what was seen: all of them."""
    person, at = signed_in(), now()
    with database().read() as connection:
        form = read_form(connection, person, request.form.get("resource", ""), request.form)
        recurrence = read_recurrence(form.typed, _first_day(form)) if form.is_asking else None
        if form.errors or recurrence is None:
            return show(connection, person, form), 422
    digest = request.form.get("digest")
    if not digest:
        return _previewed(person, form, recurrence)
    try:
        made = database().write(
            lambda connection: series.save(connection, person, form.terms, recurrence, at=at, digest=digest)
        )
    except (CannotBeHad, Malformed, Stale) as refusal:
        return _previewed(person, form, recurrence, refusal)
    flash(gettext("Saved as you saw it. The other side is told."))
    return redirect(f"/series/{made.id}", 303)


@pages.get("/series/<uuid:series_id>")
def one_series(series_id: UUID) -> str:
    """Every date of it, and those that were skipped with their reasons."""
    person, at = signed_in(), now()
    with database().read() as connection:
        row, bookings, skipped = series.read(connection, person, series_id)
    return render_template(
        "series.html",
        row=row,
        rule=rule_in_words(row.rule),
        first=bookings[0],
        coming=[each for each in bookings if each.starts > at and each.state not in ENDS],
        bookings=bookings,
        skipped=skipped,
        may_retry=any(each.code not in LEFT_OUT and each.starts > at for each in skipped)
        and bool(person.sides(bookings[0].venue, bookings[0].organisation)),
        skipped_words=SKIPPED_WORDS,
    )


@pages.post("/series/<uuid:series_id>/retry")
def retry_series(series_id: UUID) -> Response:
    """Make those skipped dates that can be had by now."""
    person, at = signed_in(), now()
    made = database().write(lambda connection: series.retry(connection, person, series_id, at=at))
    flash(
        gettext("Some dates could be had now; they are in the series.") if made else gettext("Still none of them.")
    )
    return redirect(f"/series/{series_id}", 303)


def _previewed(
    person: Person, form: BookingForm, recurrence: Recurrence, refused: Refusal | None = None
) -> Answer:
    """The page of the dates. `refused`: why they were not saved just now."""
    with database().read() as connection:
        try:
            seen = series.preview(connection, person, form.terms, recurrence, at=now())
        except Malformed as refusal:
            note_errors(form, refusal)
            form.typed.errors.setdefault("until", []).extend(form.typed.errors.pop("recurrence", []))
            return show(connection, person, form), 422
    page = render_template(
        "series-preview.html",
        form=form,
        fields=[(name, value) for name, value in request.form.items() if name not in ("csrf_token", "digest")],
        seen=seen,
        dates=_dates(form, seen),
        rule=rule_in_words(recurrence.rule),
        may_save=bool(seen.possible) and (recurrence.skips or not any(each.conflicts for each in seen.skipped)),
        skipped_words=SKIPPED_WORDS,
        said=_said(refused),
        crosses=len({at_venue(each.start, seen.zone).utcoffset() for each in seen.possible}) > 1,
    )
    return (page, problem_of(refused).status) if refused else page


def _first_day(form: BookingForm) -> date:
    start = form.terms.claims[0].start
    return at_venue(start, form.main.zone).date() if isinstance(start, datetime) else start


def _said(refused: Refusal | None) -> str | None:
    if refused is None:
        return None
    if isinstance(refused, Stale):
        return str(gettext("Something changed since you looked: these are the dates as they are now."))
    return problem_of(refused).detail


def _dates(form: BookingForm, seen: Preview) -> list[Date]:
    names = {line.place.code: words.name(line.place.name) for line in form.lines}
    return [
        Date(each, each.code, list(dict.fromkeys(explained(conflict, names) for conflict in each.conflicts)))
        for each in seen.occurrences
    ]
