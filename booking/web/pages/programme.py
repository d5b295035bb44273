"""The programme: its houses at a glance, and its companies."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from booking.domain.organisations import LONGEST_REGION, REGIONS, Company, SizeClass
from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound, Stale
from booking.domain.wall_clock import day_start
from booking.services import organisations, programme
from booking.web.context import database, now
from booking.web.pages.blueprint import pages
from booking.web.pages.meanwhile import Beside, as_stored, as_typed, beside
from booking.web.pages.resources import read_date
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed, revisions_in
from booking.web.pages.words import COUNTRIES, LANGUAGES
from booking.web.refusals import problem_of

ZONE, DAY_LINE = "Europe/Brussels", 0
HALF_YEAR = 6
SIZES: Mapping[str, Any] = {
    SizeClass.MICRO: lazy_gettext("micro (under 10 people)"),
    SizeClass.SMALL: lazy_gettext("small (under 50)"),
    SizeClass.MEDIUM: lazy_gettext("medium (under 250)"),
    SizeClass.LARGE: lazy_gettext("large"),
}


LABELS = {
    "name": lazy_gettext("Name"),
    "legal_form": lazy_gettext("Legal form"),
    "country": lazy_gettext("Country"),
    "region": lazy_gettext("Region"),
    "town": lazy_gettext("Town"),
    "language": lazy_gettext("Language"),
    "enterprise_number": lazy_gettext("Registration number"),
    "vat": lazy_gettext("VAT number"),
    "size": lazy_gettext("Size"),
    "non_profit": lazy_gettext("non-profit"),
    "programme_company": lazy_gettext("programme company"),
}
"""Everything that the form asks, and that somebody else may have set meanwhile."""
FLAGS = ("non_profit", "programme_company")
IN_WORDS: Mapping[str, Mapping[str, Any]] = {
    "country": COUNTRIES,
    "language": LANGUAGES,
    "size": SIZES,
    **{name: {"1": lazy_gettext("yes"), "": lazy_gettext("no")} for name in FLAGS},
}


@pages.get("/programme")
def programme_overview() -> str:
    """Every house over a semester: what waits, what is held, what is settled, what crosses the border."""
    person = _overseer()
    first = _semester(request.args.get("from"))
    following = _half_year_after(first)
    months = [first.replace(month=first.month + n) for n in range(HALF_YEAR)]
    edges = [day_start(day, ZONE, DAY_LINE) for day in (*months, following)]
    with database().read() as connection:
        found = programme.overview(connection, person, edges)
    return render_template(
        "programme.html",
        overview=found,
        months=months,
        first=first,
        last=following - timedelta(days=1),
        following=following,
        before=_half_year_before(first),
    )


@pages.get("/programme/companies")
def list_companies() -> str:
    """Every company, and a form for a new one."""
    return _companies(Typed({}))


@pages.post("/programme/companies")
def add_company() -> Response | tuple[str, int]:
    """Bring a company in; then its people are let in."""
    person, typed = _overseer(), Typed(request.form)
    company = _read(typed)
    if company is not None:
        try:
            made = database().write(lambda connection: organisations.add(connection, person, company))
            flash(gettext("The company is in. Now let its people in."))
            return redirect(f"/companies/{made}", 303)
        except Malformed as refusal:
            typed.errors.update({key: list(codes) for key, codes in refusal.errors.items()})
    return _companies(typed), 422


@pages.get("/programme/companies/<uuid:organisation_id>")
def company_form(organisation_id: UUID) -> str:
    """What is known of a company, to be corrected."""
    person = _overseer()
    with database().read() as connection:
        row = organisations.find(connection, person, organisation_id)
    return _company(row, as_stored(_shown(row), organisations.revision(row)), {})


@pages.post("/programme/companies/<uuid:organisation_id>")
def correct_company(organisation_id: UUID) -> Response | tuple[str, int]:
    """Other facts of a company."""
    person, at, typed = _overseer(), now(), Typed(request.form)
    company, said, status = _read(typed), None, 422
    seen = set(revisions_in(typed.raw("revision")))
    if company is not None:
        try:
            database().write(
                lambda connection: organisations.alter(
                    connection, person, organisation_id, company, at=at, seen=seen
                )
            )
            flash(gettext("Corrected."))
            return redirect(f"/companies/{organisation_id}", 303)
        except Malformed as refusal:
            typed.errors.update({key: list(codes) for key, codes in refusal.errors.items()})
        except Stale as refusal:
            said, status = problem_of(refusal).detail, 412
    with database().read() as connection:
        row = organisations.find(connection, person, organisation_id)
    stored = _shown(row)
    form = beside(typed, stored, organisations.revision(row)) if said else as_typed(typed, stored)
    return _company(row, form, typed.errors, said), status


def _overseer() -> Person:
    person = signed_in()
    if not person.sees_everything:
        raise NotFound
    return person


def _companies(typed: Typed) -> str:
    person = _overseer()
    q = request.args.get("q", "").strip()
    with database().read() as connection:
        rows = organisations.listing(connection, person, q=q or None)
    return render_template(
        "programme-companies.html", rows=rows, q=q, typed=typed.form, errors=typed.errors, **_choices()
    )


def _company(row: Any, form: Beside, errors: Mapping[str, Sequence[str]], said: str | None = None) -> str:
    """The form. `said`: somebody changed the company meanwhile, and nothing of this was saved."""
    stored = _shown(row)
    return render_template(
        "programme-company.html",
        row=row,
        typed=form.values,
        errors=errors,
        said=said,
        meanwhile=[
            (label, IN_WORDS.get(name, {}).get(stored[name], stored[name]))
            for name, label in LABELS.items()
            if name in form.meanwhile
        ],
        form=form,
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    return {"sizes": list(SIZES.items()), "regions": sorted({each for some in REGIONS.values() for each in some})}


def _read(typed: Typed) -> Company | None:
    """The company of a form, or None with errors beside its fields."""
    texts = {name: typed.text(name, required=True) for name in ("name", "legal_form", "town")}
    region = typed.text("region", longest=LONGEST_REGION, required=True)
    country = typed.raw("country").upper()
    if not (len(country) == len("BE") and country.isascii() and country.isalpha()):
        typed.refuse("country", "unknown")
    size, language = typed.raw("size"), typed.raw("language")
    if size not in set(SizeClass):
        typed.refuse("size", "unknown")
    if language not in LANGUAGES:
        typed.refuse("language", "unknown")
    number, vat = typed.text("enterprise_number", longest=40), typed.text("vat", longest=20)
    if typed.errors:
        return None
    return Company(
        name=texts["name"] or "",
        legal_form=texts["legal_form"] or "",
        non_profit=typed.raw("non_profit") == "1",
        country=country,
        region=region or "",
        town=texts["town"] or "",
        language=language,
        vat=vat,
        enterprise_number=number,
        size=SizeClass(size),
        programme_company=typed.raw("programme_company") == "1",
    )


def _shown(row: Any) -> dict[str, str]:
    """A stored company as its form would have been typed."""
    facts = {name: getattr(row, name) for name in LABELS}
    flags = {name: "1" if facts[name] else "" for name in FLAGS}
    return {**{name: "" if value is None else str(value) for name, value in facts.items()}, **flags}


def _semester(wanted: str | None) -> date:
    """The first day of the semester that is asked for, or of the one that runs."""
    day = read_date(wanted) or now().date()
    return date(day.year, 7 if day.month > HALF_YEAR else 1, 1)


def _half_year_after(first: date) -> date:
    return date(first.year + (first.month > HALF_YEAR), 1 if first.month > HALF_YEAR else 7, 1)


def _half_year_before(first: date) -> date:
    return date(first.year - (first.month <= HALF_YEAR), 1 if first.month > HALF_YEAR else 7, 1)
