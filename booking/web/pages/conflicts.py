"""The conflict desk of a house: what arose later, why, what is possible, and how it was settled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Malformed, NotFound, Refusal, WrongState
from booking.services import bookings, conflicts, verdicts
from booking.services.conflicts import ConflictRow
from booking.services.terms import terms_of
from booking.services.undoing import Press
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.house import House
from booking.web.pages.sign_in import signed_in
from booking.web.pages.undoing import remember
from booking.web.pages.ways_out import Offer, instead_of, offered
from booking.web.refusals import problem_of
from booking.web.wording import days_in_words

MOST_RESOLVED = 50
MOST_WITH_WAYS = 8
"""Ways out are looked for, for each: a longer desk is worked off from the top."""

CAUSES: Mapping[str, Callable[[ConflictRow, str, str], str]] = {
    "closure": lambda row, place, days: gettext(
        "%(place)s is closed on %(days)s: %(reason)s", place=place, days=days, reason=row.facts.get("reason", "")
    ),
    "breakage": lambda row, place, days: ngettext(
        "%(place)s: %(num)s piece too few on %(days)s, since some are out of order.",
        "%(place)s: %(num)s pieces too few on %(days)s, since some are out of order.",
        int(row.facts.get("short", 1)),
        place=place,
        days=days,
    ),
    "late-return": lambda row, place, days: ngettext(
        "%(place)s: %(num)s piece is not back in time for %(days)s.",
        "%(place)s: %(num)s pieces are not back in time for %(days)s.",
        int(row.facts.get("missing", 1)),
        place=place,
        days=days,
    ),
    "rules": lambda row, place, days: (
        gettext("%(place)s is not open at that hour on %(days)s.", place=place, days=days)
        if row.kind == "outside-hours"
        else gettext(
            "%(place)s needs its turnaround time beside another booking on %(days)s.", place=place, days=days
        )
    ),
}
"""What brought it, as a sentence: from the conflict, the name of the place and its days."""


@dataclass(frozen=True, slots=True)
class OnTheDesk:
    """One conflict. `row`: the booking; `ways`: what it may become instead."""

    conflict: ConflictRow
    row: BookingRow | None
    why: str
    ways: Sequence[Offer] = ()


@pages.get("/desk/<venue>/conflicts")
def conflict_desk(venue: str) -> str:
    """What is open, and below it what was resolved."""
    return show(signed_in(), venue)


@pages.post("/desk/<venue>/conflicts/<uuid:conflict_id>/resolve")
def resolve_conflict(venue: str, conflict_id: UUID) -> Response | tuple[str, int]:
    """Settled, with a reason."""
    person, at = signed_in(), now()
    reason = request.form.get("reason", "").strip() or None
    try:
        _, offer = database().write(
            lambda connection: Press.of(person, at).resolve(
                connection,
                conflict_id,
                lambda: conflicts.resolve_one(connection, person, conflict_id, reason=reason, at=at),
            )
        )
    except (Malformed, WrongState) as refusal:
        return show(person, venue, refused=refusal, of=conflict_id), problem_of(refusal).status
    remember(offer)
    flash(gettext("Resolved. It stands in the history, with your reason."))
    return redirect(f"/desk/{venue}/conflicts", 303)


def show(person: Person, venue: str, *, refused: Refusal | None = None, of: UUID | None = None) -> str:
    """The page. `refused`: why the conflict `of` was not resolved just now."""
    with database().read() as connection:
        house = House.read(connection, person, venue)
        waiting = [
            _on_the_desk(connection, person, row, with_ways=n < MOST_WITH_WAYS)
            for n, row in enumerate(conflicts.listing(connection, person, venue=venue, is_open=True))
        ]
        resolved = conflicts.listing(connection, person, venue=venue, is_open=False)
    return render_template(
        "desk-conflicts.html",
        house=house,
        waiting=waiting,
        resolved=[OnTheDesk(row, None, told(row)) for row in reversed(resolved[-MOST_RESOLVED:])],
        headline=headline(len(waiting)),
        decides=person.decides_for(venue),
        problem=problem_of(refused) if refused else None,
        problem_of=of,
    )


def headline(count: int) -> str:
    """The sentence at the head of the page."""
    if not count:
        return str(gettext("Nothing is to be resolved."))
    return str(ngettext("One conflict is to be resolved.", "%(num)s conflicts are to be resolved.", count))


def told(row: ConflictRow) -> str:
    """Why it is a conflict, in one sentence."""
    place = words.name(row.resource_name)
    days = days_in_words([date.fromisoformat(day) for day in row.days])
    tell = CAUSES.get(row.cause)
    return (
        tell(row, place, days)
        if tell
        else gettext("%(place)s can no longer be had on %(days)s.", place=place, days=days)
    )


def _on_the_desk(connection: Connection, person: Person, row: ConflictRow, *, with_ways: bool) -> OnTheDesk:
    try:
        booking = bookings.find(connection, person, row.booking_id)
    except NotFound:
        return OnTheDesk(row, None, told(row))
    ways = _ways(connection, person, booking, now()) if with_ways and person.decides_for(row.venue) else ()
    return OnTheDesk(row, booking, told(row), ways)


def _ways(connection: Connection, person: Person, row: BookingRow, at: datetime) -> list[Offer]:
    """Other claims that the booking may have in the house, by the rules of today."""
    found = verdicts.check(connection, person, terms_of(row), at=at, besides=row.id).conflicts
    refusal = CannotBeHad(found, terms_of(row), row.id)
    return offered(connection, instead_of(connection, person, row, refusal, None, at)) if found else []
