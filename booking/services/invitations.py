"""Invitations: a signed link at which somebody chooses their first password.

The link holds who it is for, which hats they wore, and until when, signed with the deployment's secret. It works
while the person has no password, so it works once; and while they wear those hats and no others, so that whoever
was given a link to one team can never come in to another with it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.services import people
from booking.storage import accounts

LIFETIME = timedelta(days=14)


def make(secret: str, person: Person, *, at: datetime) -> str:
    """A token for an address: letters, digits, `-`, `_` and `.`."""
    return _signer(secret).dumps([person.id.hex, _hats(person), int((at + LIFETIME).timestamp())])


def invited(connection: Connection, secret: str, token: str, *, at: datetime) -> Person:
    """Whom the token invites. NotFound when it is not ours, too old, taken up, or for other hats."""
    try:
        person_id, hats, until = _signer(secret).loads(token)
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    person = people.of_id(connection, UUID(hex=person_id))
    if person is None or at >= datetime.fromtimestamp(until, UTC) or not is_awaited(connection, person.email):
        raise NotFound
    if hats != _hats(person):
        raise NotFound
    return person


def accept(connection: Connection, secret: str, token: str, password: str, *, at: datetime) -> Person:
    """Set the first password. NotFound as above; Malformed when the password is too short."""
    person = invited(connection, secret, token, at=at)
    people.set_password(connection, person.id, password)
    return person


def is_awaited(connection: Connection, email: str) -> bool:
    """Whether somebody with that address is known, and has no password yet."""
    row = accounts.password_hash(connection, email)
    return row is not None and row.password_hash is None


def _hats(person: Person) -> str:
    """Another one whenever a hat is given or taken."""
    worn = [sorted(person.manages), sorted(person.assists), sorted(each.hex for each in person.organisations)]
    return hashlib.sha256(repr([worn, person.coordinator, person.admin]).encode()).hexdigest()[:16]


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="invitation")
