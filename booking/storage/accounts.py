"""People with their hats, found by token, by id or by address: one statement each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select

from booking.domain.people import Person as Someone
from booking.domain.people import Role
from booking.storage.people import Hat, Organisation, Person, Token
from booking.storage.places import Venue


def with_hats() -> Select[*tuple[Any, ...]]:
    """Every column a person's value needs, one row per hat."""
    return (
        select(
            Person.id,
            Person.email,
            Person.name,
            Person.language,
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


def by_token(connection: Connection, token_hash: str) -> Someone | None:
    """Whose machine this is, or None when the token is unknown or revoked."""
    query = with_hats().join(Token, Token.person_id == Person.id)
    return one_person(
        connection.execute(
            query.where(Token.hash == token_hash, Token.revoked_at.is_(None))
        ).all()
    )


def by_id(connection: Connection, person_id: UUID) -> Someone | None:
    """The person with that id, or None."""
    return one_person(
        connection.execute(with_hats().where(Person.id == person_id)).all()
    )


def by_email(connection: Connection, email: str) -> Someone | None:
    """The person with that address (compared in lower case), or None."""
    return one_person(
        connection.execute(
            with_hats().where(Person.email == email.strip().lower())
        ).all()
    )


def one_person(rows: Sequence[Row[Any]]) -> Someone | None:
    """One person out of the rows of `with_hats`, or None when there are none."""
    if not rows:
        return None
    first = rows[0]
    roles = {row.role for row in rows}
    return Someone(
        id=first.id,
        email=first.email,
        name=first.name,
        language=first.language,
        organisations={
            row.organisation_id: row.organisation
            for row in rows
            if row.role == Role.MEMBER
        },
        programme=frozenset(
            row.organisation_id for row in rows if row.programme_company
        ),
        manages=frozenset(row.venue for row in rows if row.role == Role.MANAGER),
        assists=frozenset(row.venue for row in rows if row.role == Role.TECHNICIAN),
        coordinator=Role.COORDINATOR in roles,
        admin=Role.ADMIN in roles,
    )
