"""The house itself, set up by its people; and what was set up there, when and by whom."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from booking.domain.house_rules import NUMBERS
from booking.domain.refusals import Malformed, Stale
from booking.services import catalogue, changes, venues
from booking.storage.catalogues import CatalogueRow
from booking.web.context import database, now
from booking.web.languages import LANGUAGES
from booking.web.pages.blueprint import pages
from booking.web.pages.meanwhile import as_stored, as_typed, beside
from booking.web.pages.setup import manager_of, of_house
from booking.web.pages.typed import LONGEST_TEXT, Typed
from booking.web.pages.words import SHEET
from booking.web.refusals import problem_of

LINES = ("name", "town", "address", "email", "phone")
NUMBER_WORDS: Mapping[str, Any] = {
    "option_days": lazy_gettext("An option runs (days)"),
    "extensions": lazy_gettext("Extensions, at most"),
    "short_notice_days": lazy_gettext("Short notice below (days before the start)"),
    "short_notice_working_days": lazy_gettext("At short notice it runs (working days)"),
    "challenge_working_days": lazy_gettext("To answer a challenge (working days)"),
    "commit_working_days": lazy_gettext("To commit after a challenge (working days)"),
    "answer_working_days": lazy_gettext("The house answers within (working days)"),
    "most_rank": lazy_gettext("Options behind one another, at most"),
    "most_options": lazy_gettext("Options of one company at once, at most"),
}
KINDS: Mapping[str, Any] = {
    "resource.added": lazy_gettext("Added"),
    "resource.changed": lazy_gettext("Changed"),
    "resource.stock-changed": lazy_gettext("Stock changed"),
    "resource.retired": lazy_gettext("Retired"),
    "resource.reopened": lazy_gettext("Opened again"),
    "closure.added": lazy_gettext("Closed"),
    "closure.changed": lazy_gettext("Closure changed"),
    "closure.removed": lazy_gettext("Closure removed"),
    "resource.windows-changed": lazy_gettext("Periods changed"),
    "venue.changed": lazy_gettext("Changed"),
}
MEMBERS: Mapping[str, Any] = {
    **{f"technical_sheet.{name}": label for name, label in SHEET.items()},
    **{f"settings.{name}": label for name, label in NUMBER_WORDS.items()},
}


@pages.get("/desk/<venue>/setup/house")
def house_settings(venue: str) -> str:
    """How the house is reached, what it says of itself, and how it keeps its options."""
    manager_of(venue)
    return _form(venue)


@pages.post("/desk/<venue>/setup/house")
def set_house(venue: str) -> Response | tuple[str, int]:
    """Other settings; who has an outdated form is told, and nothing is overwritten."""
    person, at, typed = manager_of(venue), now(), Typed(request.form)
    wanted = _read(typed)
    if typed.errors:
        return _form(venue, typed), 422
    try:
        database().write(
            lambda connection: venues.change(
                connection,
                person,
                venue,
                wanted,
                at=at,
                is_current=lambda row: str(venues.revision(row)) == typed.raw("revision"),
            )
        )
    except Malformed as refusal:
        typed.errors.update({name: list(codes) for name, codes in refusal.errors.items()})
        return _form(venue, typed), 422
    except Stale as refusal:
        return _form(venue, typed, said=problem_of(refusal).detail), 412
    flash(gettext("The settings are saved."))
    return redirect(f"/desk/{venue}/setup/house", 303)


@pages.get("/desk/<venue>/setup/house/history")
def history_of_house(venue: str) -> str:
    """What was set up of the house."""
    person = manager_of(venue)
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        found = changes.of_venue(connection, person, venue)
    return _history(house, found, house.name, f"/desk/{venue}/setup/house")


@pages.get("/desk/<venue>/setup/<code>/history")
def history_of_resource(venue: str, code: str) -> str:
    """What was set up of one resource."""
    person = manager_of(venue)
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        row = of_house(connection, venue, code).row
        found = changes.of_resource(connection, person, code)
    return _history(house, found, row.name, f"/desk/{venue}/setup/{code}")


def _history(house: CatalogueRow, found: list[changes.Change], name: Any, back: str) -> str:
    return render_template(
        "desk-history.html",
        house=house,
        changes=found,
        name=name,
        back=back,
        kinds=KINDS,
        members=MEMBERS,
    )


def _read(typed: Typed) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: typed.text(name, required=name in ("name", "town")) for name in LINES}
    wanted["languages"] = [each for each in typed.raw("languages").replace(",", " ").lower().split() if each]
    hour = typed.hour("planning_day_starts")
    if hour is None and "planning_day_starts" not in typed.errors:
        typed.refuse("planning_day_starts", "required")
    if hour is not None:
        wanted["day_line"] = hour.hour * 60 + hour.minute
    for name in ("about", "practical"):
        wanted[name] = {each: typed.text(f"{name}.{each}", longest=LONGEST_TEXT) for each in LANGUAGES}
    settings: dict[str, Any] = {}
    for name, (least, most) in NUMBERS.items():
        settings[name] = typed.whole(f"settings.{name}", least=least, most=most)
    closing = typed.raw("settings.closing_days").replace(",", " ").split()
    settings["closing_days"] = closing or None
    return {**wanted, "settings": settings}


def shown(row: CatalogueRow) -> dict[str, str]:
    """The house as its form shows it."""
    found = {name: getattr(row, name) or "" for name in LINES}
    found["languages"] = " ".join(row.languages)
    found["planning_day_starts"] = f"{row.day_line // 60:02}:{row.day_line % 60:02}"
    found |= {
        f"{name}.{each}": getattr(row, name).get(each, "") for name in ("about", "practical") for each in LANGUAGES
    }
    rules = venues.rules_of(row)
    found |= {f"settings.{name}": str(row.settings.get(name, "")) for name in NUMBERS}
    found["settings.closing_days"] = "\n".join(rules["closing_days"])
    return found


def _form(venue: str, typed: Typed | None = None, said: str | None = None) -> str:
    with database().read() as connection:
        row = catalogue.venue(connection, venue)
    stored, revision = shown(row), venues.revision(row)
    if typed is None:
        form = as_stored(stored, revision)
    else:
        form = beside(typed, stored, revision) if said else as_typed(typed, stored)
    return render_template(
        "desk-house.html",
        house=row,
        form=form,
        values=form.values,
        stored=stored,
        errors=typed.errors if typed else {},
        usual=venues.rules_of(row),
        numbers=NUMBER_WORDS,
        said=said,
    )
