"""People: signing in, tokens for their machines, invitations, hats."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from booking.domain.people import Person, Role, refuse_another
from booking.domain.refusals import Malformed, NotFound
from booking.storage import accounts, tokens
from booking.storage.tokens import TokenRow

HASHER = PasswordHasher()
"""Argon2id with the library's defaults, which follow RFC 9106 §4."""

NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$V9L1Ak0Mr8vHDcd5wTqHNc6gSKNtc2hbFDcbl2CmzsQ"
"""Verified when the address is unknown, so that both answers take as long."""

SHORTEST_PASSWORD = 10


def token_hash(token: str) -> str:
    """What is kept of a token: tokens are random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_token(connection: Connection, token: str) -> Person | None:
    """Whose machine this is, or None."""
    return accounts.by_token(connection, token_hash(token))


def of_id(connection: Connection, person_id: UUID) -> Person | None:
    """The person, with the hats they wear now, or None."""
    return accounts.by_id(connection, person_id)


def of_email(connection: Connection, email: str) -> Person:
    """The person with that address. NotFound."""
    person = accounts.by_email(connection, email)
    if person is None:
        raise NotFound
    return person


def sign_in(connection: Connection, email: str, password: str) -> Person | None:
    """The person, or None: an unknown address and a wrong password answer alike, and as slowly."""
    found = accounts.password_hash(connection, email)
    known = found is not None and found.password_hash is not None
    if not verifies(found.password_hash if found is not None and known else NOBODY, password) or not known:
        return None
    return accounts.by_email(connection, email)


def verifies(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def set_password(connection: Connection, person_id: UUID, password: str) -> None:
    """Malformed when it is shorter than ten characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Malformed({"password": ["too-short"]})
    accounts.set_password(connection, person_id, HASHER.hash(password))


def set_language(connection: Connection, person_id: UUID, language: str) -> None:
    """The language of pages, letters and feeds from now on: nl, fr or en."""
    accounts.set_language(connection, person_id, language)


def set_shortcuts(connection: Connection, person_id: UUID, *, on: bool) -> None:
    """Whether letters of the keyboard act on the desk of a house."""
    accounts.set_shortcuts(connection, person_id, on=on)


def refuse_one_too_many(connection: Connection, person_id: UUID, count: Callable[[Connection, UUID], int]) -> None:
    """TooMany when the person has as many as one may have; two at once count one after the other."""
    accounts.hold(connection, person_id)
    refuse_another(count(connection, person_id))


def new_token(connection: Connection, person_id: UUID, name: str, *, at: datetime) -> str:
    """A new token, in clear for the only time. TooMany."""
    refuse_one_too_many(connection, person_id, tokens.count)
    token = f"emb_{secrets.token_urlsafe(32)}"
    tokens.add(connection, person_id, name, token_hash(token), at=at)
    return token


def tokens_of(connection: Connection, person_id: UUID) -> Sequence[TokenRow]:
    """`id, name, created_at` of the tokens that still work."""
    return tokens.of_person(connection, person_id)


def revoke_token(connection: Connection, person_id: UUID, token_id: UUID, *, at: datetime) -> None:
    """NotFound unless it is one of this person's and still works."""
    if not tokens.revoke(connection, person_id, token_id, at=at):
        raise NotFound


def create(connection: Connection, *, email: str, name: str, language: str, at: datetime) -> UUID:
    """A person without a password or a hat; the one with that address when there is one already."""
    return accounts.add(connection, email=email, name=name, language=language, at=at)


def give_hat(
    connection: Connection,
    person_id: UUID,
    role: Role,
    *,
    venue: str | None = None,
    organisation: str | None = None,
) -> None:
    """Let a person wear a hat; wearing it already is fine.

    NotFound for an unknown venue (by code) or organisation (by name). Malformed when the role wants
    another kind of place, or none.
    """
    wanted = {
        Role.MEMBER: "organisation",
        Role.MANAGER: "venue",
        Role.TECHNICIAN: "venue",
    }.get(role)
    given = {name for name, value in (("venue", venue), ("organisation", organisation)) if value}
    if given != ({wanted} if wanted else set()):
        raise Malformed({wanted or "role": ["required" if wanted else "unknown"]})
    if not accounts.give_hat(connection, person_id, role, venue=venue, organisation=organisation):
        raise NotFound
