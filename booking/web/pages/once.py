"""A form is answered once: a double press, the back button or another tab make nothing twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import uuid4

from flask import request
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from booking.domain.people import Person
from booking.storage import kept_answers
from booking.web.context import database, now

Made = TypeVar("Made")
FIELD = "once"
LONGEST_KEY = 64
NOT_TYPED = ("csrf_token", "draft_at", FIELD)

SENT_ALREADY = lazy_gettext("This was sent already; nothing has been made twice.")
SENT_BEFORE = lazy_gettext(
    "This form was sent before, and what it made then stays as it is. Send it again if you want this as well."
)


@dataclass(frozen=True, slots=True)
class Answered(Generic[Made]):
    """What became of a form. `made`: None when it had been sent before; `address`: of what was made."""

    address: str
    made: Made | None


class SentBefore(Exception):
    """The form was sent before, with something else in it. `address`: of what it made then."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def once_field(key: str = "") -> Markup:
    """The hidden field by which a form is known again; `key`: the one that it has already."""
    return Markup('<input type="hidden" name="once" value="{}">').format(key or uuid4().hex)


def is_answered(connection: Connection, person: Person) -> bool:
    """Whether the form of this request has made something already."""
    key = request.form.get(FIELD, "")
    return bool(key) and kept_answers.find(connection, person.id, kept_answers.OF_A_FORM + key) is not None


def make_once(
    person: Person, make: Callable[[Connection], Made], address: Callable[[Made], str]
) -> Answered[Made]:
    """Make it in one transaction; the same form sent again only tells where it is. SentBefore."""
    key = request.form.get(FIELD, "")
    if not key or len(key) > LONGEST_KEY:
        made = database().write(make)
        return Answered(address(made), made)

    def work(connection: Connection) -> Answered[Made]:
        return _made(connection, person, kept_answers.OF_A_FORM + key, make, address)

    try:
        return database().write(work)
    except IntegrityError:  # the same form, at the same moment: what the other one made is there now
        return database().write(work)


def _made(
    connection: Connection,
    person: Person,
    key: str,
    make: Callable[[Connection], Made],
    address: Callable[[Made], str],
) -> Answered[Made]:
    fingerprint = _fingerprint()
    before = kept_answers.find(connection, person.id, key)
    if before is not None and before.fingerprint != fingerprint:
        raise SentBefore(before.address)
    if before is not None:
        return Answered(before.address, None)
    made = make(connection)
    there = address(made)
    kept_answers.keep(connection, person.id, key, fingerprint, body={}, address=there, revision=None, at=now())
    return Answered(there, made)


def _fingerprint() -> str:
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED)
    return hashlib.sha256(repr((request.path, typed)).encode()).hexdigest()
