"""The clocks that run at a house: whose time runs out when, and what happens then; reminding of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.wrappers import Response

from booking.domain.house_rules import read_house_rules
from booking.domain.options import DueKind
from booking.domain.refusals import NotFound, WrongState
from booking.domain.states import State
from booking.domain.working_days import of_countries
from booking.services import catalogue, reminding
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import formats, words
from booking.web.pages.blueprint import pages
from booking.web.pages.bookings import read_id
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of

SOON = timedelta(days=7)
IN_HOURS = 24
MOST = 12
"""So many are shown; the others are in the plan and in their queues."""

SENTENCES: Mapping[str, Any] = {
    DueKind.EXPIRY: lazy_gettext("The option expires"),
    DueKind.CHALLENGE: lazy_gettext("Challenged: it commits or gives the days back"),
    DueKind.COMMIT: lazy_gettext("Won its challenge: it has until then to commit"),
    DueKind.ANSWER: lazy_gettext("It committed; you answer"),
    DueKind.TRAJECTORY: lazy_gettext("Held for its chain; the other houses answer"),
}


@dataclass(frozen=True, slots=True)
class Running:
    """One clock. `left`: in words; `may_extend`: an option can be given more time."""

    row: BookingRow
    due_at: datetime
    left: str
    what: str
    may_extend: bool

    @property
    def is_ours(self) -> bool:
        """Whether the house is the one that has to answer."""
        return self.row.due_kind == DueKind.ANSWER


def running(
    rows: Iterable[BookingRow], venue: CatalogueRow, *, at: datetime
) -> tuple[Sequence[Running], Running | None]:
    """The clocks that run out soon, the soonest first; and the next one after them."""
    found = [
        Running(row, row.due_at, left(row, venue, at), what(row), row.state is State.OPTION)
        for row in rows
        if row.due_at is not None and row.due_kind is not None
    ]
    found.sort(key=lambda each: each.due_at)
    soon = [each for each in found if each.due_at <= at + SOON][:MOST]
    return soon, next((each for each in found if each.due_at > at + SOON), None)


@pages.post("/desk/<venue>/reminders")
def remind(venue: str) -> Response:
    """Tell the holder of an option once more until when it runs."""
    person, at, booking_id = signed_in(), now(), read_id(request.form.get("booking"))
    if not person.decides_for(venue):
        raise NotFound
    try:
        before = database().write(lambda connection: reminding.remind(connection, person, booking_id, at=at))
    except WrongState as refusal:
        flash(problem_of(refusal).detail, "error")
        return redirect(f"/desk/{venue}", 303)
    if before is None:
        flash(gettext("Reminded. The letter is on its way."))
    else:
        with database().read() as connection:
            zone = catalogue.venue(connection, venue).zone
        flash(gettext("It was reminded already, %(when)s.", when=formats.moment(before, zone)))
    return redirect(f"/desk/{venue}", 303)


def what(row: BookingRow) -> str:
    """What happens at that moment, and of what."""
    happens = str(SENTENCES.get(DueKind(row.due_kind), "")) if row.due_kind else ""
    claim = next(iter(row.claims), None)
    if claim is None:
        return happens
    return f"{happens} · {words.name(claim.resource_name)}, {formats.claim_when(claim, row.zone)}"


def left(row: BookingRow, venue: CatalogueRow, at: datetime) -> str:
    """How long it still is: in hours while it is short, else in days that are working days on both sides."""
    due_at = row.due_at or at
    hours = int((due_at - at).total_seconds() // 3600)
    if hours < 1:
        return str(gettext("less than an hour"))
    if hours < IN_HOURS:
        return str(ngettext("%(num)s more hour", "%(num)s more hours", hours))
    calendar = venue.public_holidays
    closing = read_house_rules(venue.settings).closing_days
    working = of_countries(calendar, row.organisation_country or calendar, closing=closing)
    count = working.between(at, due_at, row.zone)
    return str(ngettext("%(num)s more working day", "%(num)s more working days", count))
