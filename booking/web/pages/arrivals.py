"""Who comes: written down by the company, read and printed by the house."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed
from booking.domain.wall_clock import DAY
from booking.services import arrivals, bookings
from booking.web.context import database, now
from booking.web.pages import days
from booking.web.pages.blueprint import pages
from booking.web.pages.house import House
from booking.web.pages.resources import first_shown
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import LONGEST_TEXT, Typed

EMPTY_LINES = 3
SHOWN_DAYS = 14
FIELDS = ("name", "arrives", "leaves", "access", "diet")


@pages.get("/bookings/<uuid:booking_id>/arrivals")
def arrivals_form(booking_id: UUID) -> str:
    """The list as it is, with some empty lines."""
    person = signed_in()
    with database().read() as connection:
        people = arrivals.read(connection, person, booking_id)
    lines = [{name: _shown(getattr(each, name)) for name in FIELDS} for each in people]
    return _form(booking_id, lines, {})


@pages.post("/bookings/<uuid:booking_id>/arrivals")
def write_arrivals(booking_id: UUID) -> Response | tuple[str, int]:
    """This list instead of the one before; lines without a name are left out."""
    person, at = signed_in(), now()
    typed = Typed(request.form)
    numbers = [n for n in range(arrivals.MOST + EMPTY_LINES) if typed.raw(f"name.{n}")]
    people = [_person(typed, n) for n in numbers]
    errors = {numbers.index(int(name.rpartition(".")[2])): codes for name, codes in typed.errors.items()}
    if not errors:
        try:
            database().write(lambda connection: arrivals.write(connection, person, booking_id, people, at=at))
        except Malformed as refusal:
            errors = {int(path.split(".")[1]): list(codes) for path, codes in refusal.errors.items()}
    if errors:
        lines = [{name: typed.raw(f"{name}.{n}") for name in FIELDS} for n in numbers]
        return _form(booking_id, lines, errors), 422
    flash(gettext("Written down. The other side is told."))
    return redirect(f"/bookings/{booking_id}#arrivals", 303)


@pages.get("/desk/<venue>/arrivals")
def arrivals_of_house(venue: str) -> str:
    """Two weeks of arrivals with what people need, to be printed."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        first = first_shown(request.args.get("from"), house.today)
        shown = days.window(
            first, SHOWN_DAYS, days.Place(house.venue.zone, house.venue.day_line, 1, exclusive=True)
        )
        stays = arrivals.of_house(connection, person, venue, start=shown.start, end=shown.end)
    return render_template(
        "desk-arrivals.html",
        house=house,
        stays=stays,
        first=first,
        last=first + DAY * (SHOWN_DAYS - 1),
        earlier=first - DAY * SHOWN_DAYS,
        later=first + DAY * SHOWN_DAYS,
        printed_at=now(),
    )


def _form(booking_id: UUID, lines: Sequence[Mapping[str, str]], errors: Mapping[int, list[str]]) -> str:
    person = signed_in()
    with database().read() as connection:
        row = bookings.find(connection, person, booking_id)
    empty: Mapping[str, str] = dict.fromkeys(FIELDS, "")
    return render_template("arrivals.html", row=row, lines=[*lines, *[empty] * EMPTY_LINES], errors=errors)


def _person(typed: Typed, n: int) -> dict[str, Any]:
    return {
        "name": typed.text(f"name.{n}"),
        "arrives": typed.day(f"arrives.{n}"),
        "leaves": typed.day(f"leaves.{n}"),
        "access": typed.text(f"access.{n}", longest=LONGEST_TEXT),
        "diet": typed.text(f"diet.{n}", longest=LONGEST_TEXT),
    }


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
