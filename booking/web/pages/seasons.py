"""Seasons of opening hours as a form: which days, which hours, for which places, and what would fall outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed, Refusal, Stale
from booking.domain.rules import WEEKDAYS
from booking.domain.wall_clock import DAY
from booking.services import catalogue, seasons
from booking.services.catalogue import ResourceFilter
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.context import database, now
from booking.web.pages import rules_in_words
from booking.web.pages.blueprint import pages
from booking.web.pages.settings_form import digest, hours_of_week, read_week
from booking.web.pages.setup import manager_of, of_house
from booking.web.pages.typed import Typed
from booking.web.refusals import problem_of

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One season as the form shows it: its first and its last day, and the hours of each weekday."""

    number: int
    first: str = ""
    last: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed. `wanted`: None where something makes no sense; `outside`: what would fall outside, once that
    was looked at; `seen`: sent along by whoever has read it."""

    lines: Sequence[Line]
    revision: str
    also: Sequence[str] = ()
    wanted: Sequence[Mapping[str, Any]] | None = None
    outside: Sequence[BookingRow] | None = None

    @property
    def seen(self) -> str:
        """Another one for other bookings."""
        return digest([str(row.id) for row in self.outside or ()])


@pages.get("/desk/<venue>/setup/<code>/seasons")
def seasons_of(venue: str, code: str) -> str:
    """The seasons of one resource, and a line for one more."""
    manager_of(venue)
    return _page(venue, code)


@pages.post("/desk/<venue>/setup/<code>/seasons")
def set_seasons(venue: str, code: str) -> Response | tuple[str, int]:
    """Look at what would fall outside; or save, at once where nothing does or it was read what does."""
    person, at, sent = manager_of(venue), now(), _read(request.form)
    codes = list(dict.fromkeys([code, *sent.also]))
    if sent.wanted is None:
        return _page(venue, code, sent=sent), 422
    wanted = sent.wanted
    try:
        with database().read() as connection:
            of_house(connection, venue, code)
            found = seasons.outside(connection, person, codes, wanted, at=at)
    except Malformed as refusal:
        return _page(venue, code, sent=sent, refused=refusal), 422
    looked = replace(sent, outside=found)
    if request.form.get("step") == "preview":
        return _page(venue, code, sent=looked), 200
    if found and request.form.get("seen") != looked.seen:
        return _page(venue, code, sent=looked), 409

    def work(connection: Connection) -> None:
        seasons.replace_all(
            connection, person, codes, wanted, at=at, is_current=lambda row: _revision(row) == sent.revision
        )

    try:
        database().write(work)
    except Stale as refusal:
        return _page(venue, code, sent=looked, refused=refusal), 412
    flash(gettext("The seasons are saved."))
    return redirect(f"/desk/{venue}/setup/{code}/seasons", 303)


def _page(venue: str, code: str, *, sent: Sent | None = None, refused: Refusal | None = None) -> str:
    with database().read() as connection:
        found = of_house(connection, venue, code)
        others = [
            each for each in catalogue.resources(connection, ResourceFilter(venue=venue)) if each.code != code
        ]
    shown = sent or Sent(_lines_of(found.row), _revision(found.row))
    if isinstance(refused, Stale):
        shown = replace(shown, revision=_revision(found.row))
    return render_template(
        "desk-seasons.html",
        place=found.row,
        sent=shown,
        others=others,
        weekdays=list(zip(WEEKDAYS, rules_in_words.WEEKDAYS, strict=True)),
        stored=_said(found.row) if isinstance(refused, Stale) else (),
        problem=problem_of(refused) if refused else None,
        has_errors=any(line.errors for line in shown.lines),
    )


def _said(row: CatalogueRow) -> list[str]:
    """What somebody else set meanwhile."""
    return [
        f"{line.first} – {line.last}: {', '.join(filter(None, line.hours.values()))}"
        for line in _lines_of(row)[:-1]
    ]


def _revision(row: CatalogueRow) -> str:
    return digest(row.rules.get("seasons", []))


def _lines_of(row: CatalogueRow) -> list[Line]:
    """What is set, by its first day, and one line for more."""
    known = sorted(row.rules.get("seasons", []), key=lambda each: str(each["start"]))
    shown = [
        Line(
            number,
            each["start"],
            (date.fromisoformat(each["end"]) - DAY).isoformat(),
            hours_of_week(each["opening"]),
        )
        for number, each in enumerate(known)
    ]
    return [*shown, Line(len(shown))]


def _read(form: Any) -> Sent:
    typed = Typed(form)
    lines: list[Line] = []
    wanted: list[dict[str, Any]] = []
    for number in range(MOST_LINES):
        if f"first-{number}" not in form:
            break
        line, season = _read_line(typed, number)
        if season is not None and not line.errors and _overlaps(season, wanted):
            line = replace(line, errors={"first": ["overlaps"]})
        if season is not None:
            wanted.append(season)
        lines.append(line)
    if not lines or lines[-1].first:
        lines.append(Line(len(lines)))
    errors = any(line.errors for line in lines)
    return Sent(lines, form.get("revision", ""), form.getlist("also"), None if errors else wanted)


def _read_line(typed: Typed, number: int) -> tuple[Line, dict[str, Any] | None]:
    names = {name: f"{name}-{number}" for name in ("first", "last", *WEEKDAYS)}
    first, last = typed.day(names["first"]), typed.day(names["last"])
    opening = read_week(typed, {day: names[day] for day in WEEKDAYS})
    raw = {name: typed.raw(full) for name, full in names.items()}
    if any(raw.values()):
        for name, day in (("first", first), ("last", last)):
            if day is None and names[name] not in typed.errors:
                typed.refuse(names[name], "required")
    if first and last and last < first:
        typed.refuse(names["last"], "not-after-start")
    errors = {name: typed.errors[full] for name, full in names.items() if full in typed.errors}
    line = Line(number, raw["first"], raw["last"], {day: raw[day] for day in WEEKDAYS}, errors)
    if first is None or last is None or errors:
        return line, None
    return line, {"start": first.isoformat(), "end": (last + DAY).isoformat(), "opening": opening}


def _overlaps(season: Mapping[str, str], others: Sequence[Mapping[str, str]]) -> bool:
    return any(season["start"] < each["end"] and each["start"] < season["end"] for each in others)
