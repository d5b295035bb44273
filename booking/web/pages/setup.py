"""What a house sets for what it opens: the list of its resources, and the page of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, Refusal, Stale
from booking.domain.resources import SPACES
from booking.domain.rule_documents import SHEET, SHEETS
from booking.domain.rules import WEEKDAYS, Audience, Policy
from booking.services import catalogue, resources, windows
from booking.services.catalogue import ResourceDetail, ResourceFilter
from booking.services.resources import Broken, Wanted
from booking.storage.catalogues import CatalogueRow
from booking.web.context import database, now
from booking.web.pages import rules_in_words
from booking.web.pages.blueprint import pages
from booking.web.pages.conflicts import told
from booking.web.pages.settings_form import (
    COUNTS,
    FLAGS,
    MEASURES,
    PURPOSES,
    Change,
    Settings,
    digest,
    read_settings,
    settings_of,
)
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import revisions_in
from booking.web.pages.windows import lines_of, read_lines
from booking.web.refusals import problem_of

AUDIENCES: Mapping[Audience, Any] = {
    Audience.ANYONE: lazy_gettext("Every company may ask."),
    **rules_in_words.AUDIENCES,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent of the settings, shown again. `stored`: what somebody else set meanwhile;
    `broken`: what it would break; `seen`: sent along by whoever has read that.

    `revision`, `shown`: what the form was filled in with, so that it is outdated however often it comes back."""

    values: Mapping[str, str]
    revision: str
    shown: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)
    broken: Broken | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a resource may be made of, and what it may disturb."""

    parts: Sequence[CatalogueRow]
    noise: Sequence[CatalogueRow]


@pages.get("/desk/<venue>/setup")
def setup(venue: str) -> str:
    """Everything that the house opens, each with its page of settings."""
    manager_of(venue)
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        places = catalogue.resources(connection, ResourceFilter(venue=venue, retired=True))
    return render_template("desk-setup.html", house=house, places=places)


@pages.get("/desk/<venue>/setup/<code>")
def setup_resource(venue: str, code: str) -> str:
    """The settings of one resource."""
    manager_of(venue)
    return resource_page(venue, code)


@pages.post("/desk/<venue>/setup/<code>")
def set_resource(venue: str, code: str) -> Response | tuple[str, int]:
    """Other settings: at once when nothing breaks by them, else when it was read what does."""
    person, at = manager_of(venue), now()
    with database().read() as connection:
        current = settings_of(connection, of_house(connection, venue, code), at=at)
    change = read_settings(request.form, current)
    typed, wanted = change.typed, change.wanted
    values = {**current.shown, **{name: typed.raw(name) for name in current.shown if name in typed.form}}
    sent = Sent(values, request.form.get("revision", ""), request.form.get("shown", ""))
    if wanted is None:
        return resource_page(venue, code, sent=replace(sent, errors=typed.errors)), 422
    try:
        broken = database().write(lambda connection: _save(connection, person, code, wanted))
    except Malformed as refusal:
        errors = {name: list(codes) for name, codes in refusal.errors.items()}
        return resource_page(venue, code, sent=replace(sent, errors=errors)), 422
    except Stale as refusal:
        return resource_page(venue, code, refused=refusal, sent=_beside(venue, code, change)), 412
    if broken is not None:
        return resource_page(venue, code, sent=replace(sent, broken=broken, seen=_seen(broken))), 409
    flash(gettext("The settings are saved."))
    return redirect(f"/desk/{venue}/setup/{code}", 303)


@pages.post("/desk/<venue>/setup/<code>/windows")
def set_windows(venue: str, code: str) -> Response | tuple[str, int]:
    """When companies may ask for it."""
    person, at = manager_of(venue), now()
    with database().read() as connection:
        zone = catalogue.resource(connection, code).row.zone
    wanted, lines = read_lines(request.form, zone)
    if any(line.errors for line in lines):
        return resource_page(venue, code, lines=lines), 422
    seen = revisions_in(request.form.get("revision", "")) or None
    try:
        database().write(
            lambda connection: windows.replace(connection, person, code, wanted, at=at, if_match=seen)
        )
    except Stale as refusal:
        return resource_page(venue, code, lines=lines, refused=refusal), problem_of(refusal).status
    flash(gettext("The windows are saved."))
    return redirect(f"/desk/{venue}/setup/{code}", 303)


def manager_of(venue: str) -> Person:
    """Whoever decides for the house. NotFound for everybody else."""
    person = signed_in()
    if not person.decides_for(venue):
        raise NotFound
    return person


def of_house(connection: Connection, venue: str, code: str) -> ResourceDetail:
    """A resource of that house. NotFound."""
    found = catalogue.resource(connection, code)
    if found.row.venue_code != venue:
        raise NotFound
    return found


def _save(connection: Connection, person: Person, code: str, wanted: Wanted) -> Broken | None:
    """Written down; or what it would break, when that was not read yet. Stale."""
    at = now()

    def is_current(found: ResourceDetail) -> bool:
        return request.form.get("revision") == settings_of(connection, found, at=at).revision

    if not is_current(catalogue.resource(connection, code)):
        raise Stale(0)
    broken = resources.preview(connection, person, code, wanted, at=at)
    if (broken.conflicts or broken.suspended) and request.form.get("seen") != _seen(broken):
        return broken
    resources.change(connection, person, code, wanted, at=at, is_current=is_current)
    return None


def _seen(broken: Broken) -> str:
    conflicts = sorted((str(row.booking_id), row.kind, row.days) for row in broken.conflicts)
    return digest((conflicts, sorted(str(row.id) for row in broken.suspended)))


def _beside(venue: str, code: str, change: Change) -> Sent:
    """What was typed, with what somebody else set meanwhile beside it; what was not touched follows them."""
    with database().read() as connection:
        current = settings_of(connection, of_house(connection, venue, code), at=now())
    values = {**current.shown, **change.touched(current)}
    return replace(_as_set(current), values=values, stored=change.crossed(current))


def _as_set(current: Settings) -> Sent:
    return Sent(current.shown, current.revision, json.dumps(current.shown))


def resource_page(
    venue: str, code: str, *, refused: Refusal | None = None, sent: Sent | None = None, **typed: Any
) -> str:
    """Its settings; `refused`: why something was not done; `lines`, `chosen`: what was typed of windows, parts."""
    with database().read() as connection:
        found = of_house(connection, venue, code)
        offered = windows.listing(connection, code)
        current = settings_of(connection, found, at=now())
        around = surroundings(connection, found)
    return render_template(
        "desk-resource.html",
        place=found.row,
        detail=found,
        current=current,
        sent=sent or _as_set(current),
        told=told,
        choices=_choices(),
        purposes=PURPOSES,
        purposes_open=_about_purposes(sent or _as_set(current)),
        weekdays=list(zip(WEEKDAYS, rules_in_words.WEEKDAYS, strict=True)),
        offered=offered,
        lines=typed.get("lines") or lines_of(offered, now()),
        fields=[name for name in SHEET if name in sheet_of(found.row)],
        measures=MEASURES + COUNTS,
        around=around,
        chosen=typed.get("chosen")
        or Wanted(parts=[each.code for each in found.parts], noise=[each.code for each in found.noise]),
        problem=problem_of(refused) if refused else None,
    )


def surroundings(connection: Connection, found: ResourceDetail) -> Surroundings:
    """What it may be made of, and what it may disturb: the other spaces of its house."""
    row = found.row
    places = [
        each
        for each in catalogue.resources(connection, ResourceFilter(venue=row.venue_code))
        if each.kind in SPACES and each.id != row.id
    ]
    wholes = set(catalogue.parts(connection, row.venue_id))
    may_be_whole = row.kind in SPACES and not found.wholes
    parts = [each for each in places if each.id not in wholes] if may_be_whole else []
    return Surroundings(parts, places if row.kind in SPACES else [])


def sheet_of(row: CatalogueRow) -> set[str]:
    """What the sheet of its kind asks, and whatever else somebody set."""
    return {*SHEETS.get(row.kind, ()), *row.technical_sheet}


def _choices() -> dict[str, list[tuple[str, Any]]]:
    """The fields with a few answers: name → what may be chosen, and how it reads."""
    flag = [("", gettext("The sheet does not say.")), ("yes", gettext("yes")), ("no", gettext("no"))]
    return {
        **{f"technical_sheet.{name}": flag for name in FLAGS},
        "rules.policy": [(each.value, rules_in_words.POLICIES[each]) for each in Policy],
        "rules.audience": [(each.value, AUDIENCES[each]) for each in Audience],
        "rules.whole_days_only": [("", gettext("no")), ("yes", gettext("yes"))],
    }


def _about_purposes(sent: Sent) -> bool:
    """Whether something is set, or was refused, of one purpose."""
    names = [f"{path}.{side}" for path in PURPOSES.values() for side in ("before", "after")]
    return any(sent.values.get(name) or name in sent.errors for name in names)
