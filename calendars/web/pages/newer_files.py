"""A newer file of a calendar that was sent: sent, looked at beside the one in force, and let count."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.refusals import NotFound, Stale
from booking.fetching import MOST_OCTETS
from booking.web.context import database, now
from booking.web.files import takes_up_to
from booking.web.pages.sign_in import signed_in
from booking.web.refusals import problem_of
from calendars.apart.reader import READER
from calendars.domain.blocking import Blocking, Run, runs
from calendars.domain.foreign_lines import NotACalendar
from calendars.services import copies, external, replacing
from calendars.services.replacing import HasAddress
from calendars.services.taking_in import NotBelieved
from calendars.web.pages.external import BLOCKS, MOST_RUNS, is_not_yet, one_page, own_house, sent_file
from calendars.web.problems import problem_in_words

pages = Blueprint("newer_files", __name__)


@pages.post("/desk/<venue>/calendars/<uuid:calendar_id>/file")
@takes_up_to(MOST_OCTETS)
def send_newer_file(venue: str, calendar_id: UUID) -> ResponseReturnValue:
    """A newer file of a calendar that was sent: kept until somebody has looked at what it changes."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = own_house(connection, person, venue)
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
    body, name = sent_file()
    try:
        copy = copies.copied(body, name, house.venue.zone, READER, at=at)
        database().write(lambda connection: replacing.offer(connection, row, copy))
    except NotACalendar as error:
        return one_page(house, person, row, [problem_in_words(error.code)]), 422
    except HasAddress:
        raise NotFound from None
    return redirect(f"/desk/{venue}/calendars/{calendar_id}/newer", 303)


@pages.get("/desk/<venue>/calendars/<uuid:calendar_id>/newer")
def look_at_newer_file(venue: str, calendar_id: UUID) -> str:
    """What it would change, before it counts."""
    person, at = signed_in(), now()
    with database().read() as connection:
        house = own_house(connection, person, venue)
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
        copy = replacing.offered(connection, row, READER, at=at)
        if copy is None:
            raise NotFound
        blocks = {} if is_not_yet(row) else row.blocks
        found = replacing.changes(connection, row, copy.reading, READER, blocks=blocks, at=at)
    zone, line = house.venue.zone, house.venue.day_line
    parts = {
        "fresh": _runs_of(found.difference.fresh, zone, line),
        "other": _runs_of(found.difference.other, zone, line),
        "gone": _runs_of(found.difference.gone, zone, line),
    }
    return render_template(
        "calendars/external-newer.html",
        house=house,
        row=row,
        found=found,
        digest=copy.digest,
        parts=parts,
        most=MOST_RUNS,
        not_yet=is_not_yet,
        problem=problem_in_words,
        blocks=BLOCKS,
        names={place.code: place.name for place in house.places},
    )


@pages.post("/desk/<venue>/calendars/<uuid:calendar_id>/newer")
def decide_on_newer_file(venue: str, calendar_id: UUID) -> ResponseReturnValue:
    """Let it count, in the place of the one before; or leave everything as it is."""
    person, at, form = signed_in(), now(), request.form
    with database().read() as connection:
        row = external.find(connection, person, calendar_id, venue=venue, change=True)
        copy = replacing.offered(connection, row, READER, at=at)
    if copy is None:
        raise NotFound
    here = f"/desk/{venue}/calendars/{calendar_id}"
    if form.get("step") == "drop":
        database().write(lambda connection: replacing.drop(connection, row))
        return redirect(here, 303)
    believe, digest = form.get("believe") == "1", form.get("digest", "")

    def work(connection: Connection) -> None:
        fresh = external.find(connection, person, calendar_id, venue=venue, change=True)
        replacing.accept(connection, fresh, copy, digest, at=at, believe=believe)

    try:
        database().write(work)
    except NotBelieved:
        return redirect(f"{here}/newer", 303)
    except Stale as refusal:
        flash(problem_of(refusal).detail, "error")
        return redirect(f"{here}/newer", 303)
    flash(gettext("The newer file counts."))
    return redirect(here, 303)


def _runs_of(found: Sequence[Blocking], zone: str, day_line: int) -> list[Run]:
    stretches = ((each.event.title, str(each.block), each.targets, span) for each in found for span in each.spans)
    return runs(stretches, zone, day_line)
