"""Under which hat somebody who has several reads a page: the address names the company, and links carry it on."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from flask import g, request
from markupsafe import Markup

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.web.context import viewer

NAME = "organisation"
"""What names the company in an address."""

DESK = "/desk/"
ELSEWHERE = (DESK, "/bookings/new")
"""Where the name is a field of the form: its house may be one of the reader's own."""


def worn(person: Person | None) -> UUID | None:
    """The company for which this page is: one of this person's, which its address names or what it shows."""
    if person is None:
        return None
    named = (request.view_args or {}).get("organisation_id") or g.get("hat") or _named()
    return next((each for each in person.organisations if str(each) == str(named)), None)


def _named() -> str | None:
    return None if request.path.startswith(DESK) else request.args.get(NAME)


def is_another_s() -> bool:
    """Whether this page was refused because its address names a company to which its reader does not belong."""
    return bool(g.get("hat_refused"))


def under_hat(person: Person) -> Person:
    """The person as this page is read: under the one hat that its address names. NotFound where it is not theirs.

    What is sent is judged by all that the person is: only reading is narrowed.
    """
    if request.method != "GET" or not request.args.get(NAME) or request.path.startswith(ELSEWHERE):
        return person
    company = worn(person)
    if company is None:
        g.hat_refused = True  # whatever else is not found has nothing to do with the company that is named
        raise NotFound
    return person.only_for(company)


def wear(person: Person, organisation: UUID | None, venue: str | None = None) -> None:
    """The page shows something of this company: whoever speaks for it, and for no house there, reads it so."""
    if organisation in person.organisations and not (venue and person.decides_for(venue)):
        g.hat = organisation


def hatted(address: str) -> str:
    """The address with the hat under which this page is read, where the reader has several.

    `/search#found` → `/search?organisation=…#found`.
    """
    person = viewer()
    company = worn(person)
    if person is None or company is None or not has_several(person):
        return address
    parts = urlsplit(address)
    query = "&".join(each for each in (parts.query, f"{NAME}={company}") if each)
    return urlunsplit(parts._replace(query=query))


def hat_field() -> Any:
    """The same for a form whose address is the view."""
    person = viewer()
    company = worn(person)
    if person is None or company is None or not has_several(person):
        return ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(NAME, company)


def without_hat() -> str:
    """The address of this page for the reader themselves."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != NAME]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def has_several(person: Person) -> bool:
    """Whether this person is here for more than one company or house."""
    return len(person.organisations) + len(person.manages | person.assists) + person.sees_everything > 1
