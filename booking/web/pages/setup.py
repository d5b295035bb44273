"""What a house sets for what it opens: the list of its resources, and the page of one."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import NotFound, Refusal, Stale
from booking.services import catalogue, windows
from booking.services.catalogue import ResourceFilter
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.sign_in import signed_in
from booking.web.pages.windows import in_words, lines_of, read_lines
from booking.web.refusals import problem_of


@pages.get("/desk/<venue>/setup")
def setup(venue: str) -> str:
    """Everything that the house opens, each with its page of settings."""
    _manager(venue)
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        places = catalogue.resources(connection, ResourceFilter(venue=venue))
    return render_template("desk-setup.html", house=house, places=places)


@pages.get("/desk/<venue>/setup/<code>")
def setup_resource(venue: str, code: str) -> str:
    """The settings of one resource."""
    _manager(venue)
    return _page(venue, code)


@pages.post("/desk/<venue>/setup/<code>/windows")
def set_windows(venue: str, code: str) -> Response | tuple[str, int]:
    """When companies may ask for it."""
    person, at = _manager(venue), now()
    with database().read() as connection:
        zone = catalogue.resource(connection, code).row.zone
    wanted, lines = read_lines(request.form, zone)
    if any(line.errors for line in lines):
        return _page(venue, code, lines=lines), 422
    seen = [int(seen)] if (seen := request.form.get("revision", "")).isdigit() else None
    try:
        database().write(
            lambda connection: windows.replace(connection, person, code, wanted, at=at, if_match=seen)
        )
    except Stale as refusal:
        return _page(venue, code, lines=lines, refused=refusal), problem_of(refusal).status
    flash(gettext("The windows are saved."))
    return redirect(f"/desk/{venue}/setup/{code}", 303)


def _manager(venue: str) -> Person:
    """Whoever decides for the house. NotFound for everybody else."""
    person = signed_in()
    if not person.decides_for(venue):
        raise NotFound
    return person


def _page(venue: str, code: str, *, refused: Refusal | None = None, **typed: Any) -> str:
    with database().read() as connection:
        found = catalogue.resource(connection, code)
        offered = windows.listing(connection, code)
    if found.row.venue_code != venue:
        raise NotFound
    return render_template(
        "desk-resource.html",
        place=found.row,
        detail=found,
        offered=offered,
        offered_words=in_words(offered, now()),
        lines=typed.get("lines") or lines_of(offered, now()),
        problem=problem_of(refused) if refused else None,
    )
