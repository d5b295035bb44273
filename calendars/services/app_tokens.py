"""Keys with which calendar apps read over CalDAV: they open nothing else."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.services import people
from booking.services.people import token_hash
from booking.storage.base import new_id
from calendars.services.feeds import derived
from calendars.storage import app_tokens, collections
from calendars.storage.app_tokens import AppTokenRow


def token_of(secret: str, token_id: UUID) -> str:
    """The key itself: it follows from its id and this deployment's secret, as the address of a feed does."""
    return f"emd_{derived(secret, b'app:', token_id)}"


def new(connection: Connection, person: Person, name: str, *, secret: str, at: datetime) -> UUID:
    """A new key; returns its id. TooMany."""
    people.refuse_one_too_many(connection, person.id, app_tokens.count)
    token_id = new_id()
    app_tokens.add(connection, token_id, person.id, name, token_hash(token_of(secret, token_id)), at=at)
    return token_id


def listing(
    connection: Connection, person: Person, *, before: UUID | None = None, limit: int | None = None
) -> Sequence[AppTokenRow]:
    """The person's keys, newest first."""
    return app_tokens.of_person(connection, person.id, before=before, limit=limit)


def revoke(connection: Connection, person: Person, token_id: UUID) -> None:
    """From now on it opens nothing; with the last one goes what apps were told. NotFound unless it is theirs."""
    if not app_tokens.remove(connection, person.id, token_id):
        raise NotFound
    if not app_tokens.of_person(connection, person.id, limit=1):
        collections.forget(connection, person.id)


def visitor(connection: Connection, email: str, token: str) -> Person | None:
    """Whose app this is, with the hats they wear now; the name is their address of mail."""
    owner = app_tokens.owner(connection, token_hash(token))
    person = people.of_id(connection, owner) if owner is not None else None
    return person if person is not None and person.email.casefold() == email.strip().casefold() else None
