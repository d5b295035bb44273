"""The waiting list: what my companies want to hear of, and one line more."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.domain.wall_clock import DAY
from booking.services import catalogue, waiting
from booking.services.catalogue import ResourceFilter
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.hats import hatted, wear
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed


@pages.get("/waiting-list")
def waiting_list() -> str:
    """What we wait for; the address may name a place and days, which the form then has."""
    first, end = read_date(request.args.get("from")), read_date(request.args.get("to"))
    typed = {
        "resource": request.args.get("resource", ""),
        "first": first.isoformat() if first else "",
        "last": (end - DAY).isoformat() if end else "",
        "quantity": request.args.get("quantity", ""),
    }
    return _page(signed_in(), Typed(typed))


@pages.post("/waiting-list")
def wait() -> Response | tuple[str, int]:
    """Note that we want to hear when it frees."""
    person, at, typed = signed_in(), now(), Typed(request.form)
    terms, organisation = _read(typed), typed.id("organisation")
    wear(person, organisation)
    if terms is None or typed.errors:
        return _page(person, typed), 422
    try:
        row = database().write(lambda connection: waiting.add(connection, person, terms, organisation, at=at))
    except Malformed as refusal:
        for name, codes in refusal.errors.items():
            for code in codes:
                typed.refuse("last" if name == "end" else name, code)
        return _page(person, typed), 422
    flash(gettext("It is free now.") if row.told_at else gettext("You will hear when it frees. Nothing is held."))
    return redirect(hatted("/waiting-list"), 303)


@pages.post("/waiting-list/<uuid:waiting_id>/remove")
def wait_no_more(waiting_id: UUID) -> Response:
    """We need not hear of it."""
    person = signed_in()
    database().write(lambda connection: waiting.remove(connection, person, waiting_id))
    flash(gettext("Taken off the list."))
    return redirect("/waiting-list", 303)


def _read(typed: Typed) -> ClaimTerms | None:
    resource = typed.text("resource", required=True)
    first, last = (_required(typed, name) for name in ("first", "last"))
    quantity = typed.whole("quantity", least=1) or 1
    if resource is None or first is None or last is None:
        return None
    if last < first:
        typed.refuse("last", "not-after-start")
    return ClaimTerms(resource, first, last + DAY, quantity)


def _required(typed: Typed, name: str) -> date | None:
    day = typed.day(name)
    if day is None and name not in typed.errors:
        typed.refuse(name, "required")
    return day


def _page(person: Person, typed: Typed) -> str:
    with database().read() as connection:
        rows = waiting.listing(connection, person, at=now())
        places = catalogue.resources(connection, ResourceFilter()) if person.organisations else []
    return render_template(
        "waiting-list.html", rows=rows, places=places, typed=typed, companies=list(person.organisations.items())
    )
