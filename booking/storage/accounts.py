"""People with their hats, found by token, by id or by address: one statement each.

The statements are built once: building one costs several times what sending it costs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from booking.domain.people import Person as Someone
from booking.domain.people import Role
from booking.storage.base import new_id
from booking.storage.people import Hat, Organisation, Person, Token
from booking.storage.places import Venue

WITH_HATS: Select[*tuple[Any, ...]] = (
    select(
        Person.id,
        Person.email,
        Person.name,
        Person.language,
        Person.shortcuts,
        Hat.role,
        Venue.code.label("venue"),
        Hat.organisation_id,
        Organisation.name.label("organisation"),
        Organisation.programme_company,
    )
    .select_from(Person)
    .outerjoin(Hat, Hat.person_id == Person.id)
    .outerjoin(Venue, Venue.id == Hat.venue_id)
    .outerjoin(Organisation, Organisation.id == Hat.organisation_id)
)
"""Every column a person's value needs, one row per hat."""

BY_TOKEN = WITH_HATS.join(Token, Token.person_id == Person.id).where(
    Token.hash == bindparam("token_hash"), Token.revoked_at.is_(None)
)
BY_ID = WITH_HATS.where(Person.id == bindparam("person_id"))
BY_EMAIL = WITH_HATS.where(Person.email == bindparam("email"))


def by_token(connection: Connection, token_hash: str) -> Someone | None:
    """Whose machine this is, or None when the token is unknown or revoked."""
    return one_person(connection.execute(BY_TOKEN, {"token_hash": token_hash}).all())


def hold(connection: Connection, person_id: UUID) -> None:
    """Whoever else holds the person waits until this transaction ends."""
    connection.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def by_id(connection: Connection, person_id: UUID) -> Someone | None:
    """The person with that id, or None."""
    return one_person(connection.execute(BY_ID, {"person_id": person_id}).all())


def by_email(connection: Connection, email: str) -> Someone | None:
    """The person with that address (compared in lower case), or None."""
    return one_person(connection.execute(BY_EMAIL, {"email": email.strip().lower()}).all())


def one_person(rows: Sequence[Row[Any]]) -> Someone | None:
    """One person out of the rows of `WITH_HATS`, or None when there are none."""
    if not rows:
        return None
    first = rows[0]
    roles = {row.role for row in rows}
    return Someone(
        id=first.id,
        email=first.email,
        name=first.name,
        language=first.language,
        organisations={row.organisation_id: row.organisation for row in rows if row.role == Role.MEMBER},
        programme=frozenset(row.organisation_id for row in rows if row.programme_company),
        manages=frozenset(row.venue for row in rows if row.role == Role.MANAGER),
        assists=frozenset(row.venue for row in rows if row.role == Role.TECHNICIAN),
        coordinator=Role.COORDINATOR in roles,
        admin=Role.ADMIN in roles,
        shortcuts=first.shortcuts,
    )


def password_hash(connection: Connection, email: str) -> Row[*tuple[Any, ...]] | None:
    """`id, password_hash` of that address, or None."""
    query = select(Person.id, Person.password_hash).where(Person.email == email.strip().lower())
    return connection.execute(query).one_or_none()


def set_password(connection: Connection, person_id: UUID, new_hash: str) -> None:
    """Replace the hash."""
    connection.execute(update(Person).where(Person.id == person_id).values(password_hash=new_hash))


def set_language(connection: Connection, person_id: UUID, language: str) -> None:
    """Remember the language."""
    connection.execute(update(Person).where(Person.id == person_id).values(language=language))


def set_shortcuts(connection: Connection, person_id: UUID, *, on: bool) -> None:
    """Remember whether letters of the keyboard act."""
    connection.execute(update(Person).where(Person.id == person_id).values(shortcuts=on))


def add(connection: Connection, *, email: str, name: str, language: str, at: datetime) -> UUID:
    """A new person; the id of the one with that address when there is one."""
    address = email.strip().lower()
    found = connection.execute(select(Person.id).where(Person.email == address)).scalar()
    if found is not None:
        return found
    person_id = new_id()
    connection.execute(
        insert(Person).values(id=person_id, email=address, name=name, language=language, created_at=at)
    )
    return person_id


def give_hat(
    connection: Connection,
    person_id: UUID,
    role: str,
    *,
    venue: str | None,
    organisation: str | None,
) -> bool:
    """Whether the named venue or organisation exists; the hat is then worn."""
    venue_id = connection.execute(select(Venue.id).where(Venue.code == venue)).scalar()
    organisation_id = connection.execute(select(Organisation.id).where(Organisation.name == organisation)).scalar()
    if (venue and venue_id is None) or (organisation and organisation_id is None):
        return False
    worn = select(Hat.id).where(
        Hat.person_id == person_id,
        Hat.role == role,
        Hat.venue_id.is_not_distinct_from(venue_id),
        Hat.organisation_id.is_not_distinct_from(organisation_id),
    )
    if connection.execute(worn).first() is None:
        connection.execute(
            insert(Hat).values(
                id=new_id(),
                person_id=person_id,
                role=role,
                venue_id=venue_id,
                organisation_id=organisation_id,
            )
        )
    return True
