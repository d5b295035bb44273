"""What was typed into a form, kept: which forms that are, where each is, and how it comes back."""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit
from uuid import UUID

import orjson
from flask import flash, redirect, request
from flask_babel import gettext
from itsdangerous import Signer
from markupsafe import Markup
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from booking.domain.people import Person
from booking.services import drafts
from booking.services.drafts import Draft, Fields
from booking.web.context import database, now, parts, require_viewer
from booking.web.pages.frame import home

ADDRESSES: Mapping[str, Callable[[str], str]] = {
    "booking": lambda about: f"/bookings/new?resource={quote(about)}",
    "change": lambda about: f"/bookings/{quote(about)}/change",
    "enquiry": lambda _: "/enquiries/new",
    "trajectory": lambda _: "/trajectories/new",
    "application": lambda about: f"/calls/{quote(about)}",
}
"""Where each form is, filled; `about`: the resource, the booking that is changed, or the call."""

WHOSE = "whose"
NOT_KEPT = frozenset({"csrf_token", "way", "more", "draft_at", "proposes", WHOSE})
LONGEST_ABOUT = 100


class Kept(NamedTuple):
    """One form as it was typed. `whose`: the mark of the person to whom it was shown."""

    form: str
    about: str
    fields: Fields
    whose: str

    @property
    def address(self) -> str:
        """Where it is filled."""
        return ADDRESSES[self.form](self.about)


def fields_of(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was typed, without what only the page needs."""
    return {name: each for name, each in form.lists() if name not in NOT_KEPT and not name.startswith("way-")}


def typed_in(draft: Draft | None) -> MultiDict[str, str]:
    """The draft as the form that it was; nothing where there is none."""
    return MultiDict({name: list(values) for name, values in draft.fields.items()} if draft else {})


def find(connection: Connection, person: Person, form: str, about: str = "") -> Draft | None:
    """This person's draft of that form."""
    return drafts.find(connection, person, form, about, at=now())


def whose_field() -> Markup:
    """The hidden field that says to whom a form was shown: what is typed into it comes back to nobody else."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(WHOSE, _mark_of(require_viewer()))


def _mark_of(person: Person) -> str:
    """Another one for everybody, which says nothing about them."""
    signer = Signer(parts().settings.secret_key, salt="whose form")
    return signer.get_signature(str(person.id)).decode()


def keep(person: Person, form: str, about: str, fields: Fields) -> UUID | None:
    """Keep it for this person, whatever was kept before; its id. None when it is too much."""

    def work(connection: Connection) -> UUID | None:
        return drafts.keep(connection, person, form, about, fields, at=now())

    try:
        return database().write(work)
    except IntegrityError:  # another window kept its own at this very moment
        return database().write(work)


def keep_typed(person: Person, form: str, about: str = "") -> None:
    """What is being sent could not be done: it is kept, also where no script runs."""
    keep(person, form, about, fields_of(request.form))


def is_newer(draft: Draft | None, seen: str | None) -> bool:
    """Whether another window kept something since the window that remembers `seen`."""
    return draft is not None and str(draft.id) != seen


FORMS_OF: Mapping[str, tuple[str, str]] = {
    "pages.create_booking": ("booking", "resource"),
    "pages.enter_booking": ("booking", "resource"),
    "pages.change_booking": ("change", "booking"),
    "pages.create_enquiry": ("enquiry", ""),
    "pages.create_trajectory": ("trajectory", ""),
    "pages.apply_to_call": ("application", "call"),
}
"""By the endpoint that takes a form: which it is, and the field that says about what."""


def being_sent() -> Kept | None:
    """The form of this request, when it is one of those and comes from a page of ours."""
    endpoint = request.endpoint or ""
    if endpoint not in FORMS_OF or not _is_ours():
        return None
    form, field = FORMS_OF[endpoint]
    about = request.form.get(field, "")[:LONGEST_ABOUT]
    return Kept(form, about, fields_of(request.form), request.form.get(WHOSE, ""))


def _is_ours() -> bool:
    """Whether the browser says that the form stood on this site (Fetch Metadata; else RFC 6454)."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    return site in (None, "same-origin") and (origin is None or urlsplit(origin).netloc == request.host)


def sealed(kept: Kept) -> str:
    """A form that travels through the sign-in page."""
    return orjson.dumps(kept._asdict()).decode()


def unsealed(text: str | None) -> Kept | None:
    """What travelled; None for nothing, or for something that no page of ours wrote."""
    try:
        found: Any = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return None
    if (
        not isinstance(found, dict)
        or found.keys() != {"form", "about", "fields", "whose"}
        or not isinstance(found["whose"], str)
        or not _are_fields(found["fields"])
    ):
        return None
    is_known = isinstance(found["form"], str) and found["form"] in ADDRESSES
    is_about = (
        isinstance(found["about"], str) and len(found["about"]) <= LONGEST_ABOUT and "\0" not in found["about"]
    )
    return Kept(**found) if is_known and is_about else None


def _are_fields(fields: Any) -> bool:
    return isinstance(fields, dict) and all(
        isinstance(values, list) and all(isinstance(text, str) and "\0" not in text for text in (name, *values))
        for name, values in fields.items()
    )


def come_back(person: Person, kept: Kept) -> Response:
    """To the form, filled: it was sent from a session that is over. What somebody else typed is dropped: whoever
    signs in next on a shared computer never sees it."""
    if not compare_digest(kept.whose.encode(), _mark_of(person).encode()):
        flash(gettext("That form was somebody else’s, who is signed out. Nothing of it was sent or kept."))
        return redirect(home(person), 303)
    if keep(person, kept.form, kept.about, kept.fields):
        flash(gettext("You are signed in again. Nothing was sent yet: look it over, and send it once more."))
    return redirect(kept.address, 303)
