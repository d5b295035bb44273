"""Invitations: a signed link at which somebody chooses their first password.

The link stands in a letter to the address that was invited: who takes it up has read that mailbox. Whoever
invites never sees it, else they could come in as somebody else. It is kept while its letter is under way, so
that a repeat is the same letter, and forgotten once that went.

The link holds who it is for, which hats they wore, and until when, signed with the deployment's secret. It works
while the person has no password, so it works once; and while they wear those hats and no others, so that whoever
was given a link to one team can never come in to another with it. Who is awaited by one team and invited by a
second gets a link of its own there: a hat that they put on once they have a password, signed in as themselves.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.domain.refusals import NotFound
from booking.services import people
from booking.storage import accounts, teams
from booking.storage.teams import Team

LIFETIME = timedelta(days=14)
EVERY = timedelta(hours=1)
"""To one person, of one team: nobody can fill a mailbox with our letters."""
MOST_LETTERS = 50
"""Of one team while a link lives, whoever was taken out meanwhile: nobody can have us write to any number of
people."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the letter to somebody who was let in is made of: of which `team`, called `name`, as what, and who let
    them in. `joins`: another team awaits them too, so they put this hat on themselves."""

    person: UUID
    team: Team
    name: str
    role: Role
    by: str
    at: datetime
    joins: bool = False


Send = Callable[[Connection, Invitation], datetime | None]
"""Puts the letter with everything else that is written, in the same transaction. None when a letter goes; else
when the last one left, less than `EVERY` ago: no other goes so soon. TooManyInvited after `MOST_LETTERS`."""


def unsent(_connection: Connection, _invitation: Invitation) -> datetime | None:
    """For an app that sends no letters at all."""
    return None


def token_of(secret: str, person: Person, invitation: Invitation) -> str:
    """The token of its link: made when the letter is written, and kept with its words until it went."""
    if invitation.joins:
        return to_join(secret, person.id, invitation.team, invitation.role, at=invitation.at)
    return make(secret, person, at=invitation.at)


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


@dataclass(frozen=True, slots=True)
class Joining:
    """The invitation of a second team: whom it waits for, and the hat that it gives."""

    person: Person
    role: Role
    team: Team
    awaited: bool


def to_join(secret: str, person: UUID, team: Team, role: Role, *, at: datetime) -> str:
    """A token for an address, as `make` gives them, that lets nobody choose a password."""
    of = team.organisation_id.hex if team.organisation_id else team.venue_id
    return _joiner(secret).dumps([person.hex, of, role, int((at + LIFETIME).timestamp())])


def joining(connection: Connection, secret: str, token: str, *, at: datetime) -> Joining | None:
    """What that token offers; None when it is no token of this kind. NotFound when it is too old, or its reader
    has left that team since it was made."""
    try:
        person_id, of, role, until = _joiner(secret).loads(token)
    except (BadSignature, ValueError):
        return None
    person, ends = people.of_id(connection, UUID(hex=person_id)), datetime.fromtimestamp(until, UTC)
    if person is None or at >= ends:
        raise NotFound
    team = Team(organisation_id=UUID(hex=of)) if isinstance(of, str) else Team(venue_id=of)
    if teams.has_left_since(connection, team, person.id, since=ends - LIFETIME):
        raise NotFound
    return Joining(person, Role(role), team, is_awaited(connection, person.email))


def join(connection: Connection, person: Person, offered: Joining, *, at: datetime) -> None:
    """Put the hat on. NotFound for anybody but the one who was invited."""
    if person.id != offered.person.id:
        raise NotFound
    teams.add_for_good(connection, offered.team, person.id, offered.role, at=at)


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


def _joiner(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="joining")


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="invitation")
