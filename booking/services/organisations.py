"""Companies: as the house that books for them sees them, and as the programme brings them in."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.organisations import Company, enterprise_number, vat_number
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, Stale
from booking.domain.revisions import of_contents
from booking.services.house import locked_together
from booking.storage import organisations, renaming, teams
from booking.storage.teams import Team


def everyone(connection: Connection, person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, name, town` of every company, for a planner whom one of them phoned. Forbidden to companies."""
    if not (person.manages or person.sees_everything):
        raise Forbidden
    return organisations.all_by_name(connection)


def listing(connection: Connection, person: Person, *, q: str | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every company with all that is known of it, for the programme. Forbidden to everybody else."""
    _oversee(person)
    return organisations.listing(connection, q=q)


def find(connection: Connection, person: Person, organisation_id: UUID) -> Row[*tuple[Any, ...]]:
    """One company, for its members and the programme. NotFound."""
    row = organisations.whole(connection, organisation_id)
    if row is None or not (person.speaks_for(organisation_id) or person.sees_everything):
        raise NotFound
    return row


def add(connection: Connection, person: Person, company: Company) -> UUID:
    """Bring a company in. Forbidden; Malformed when its number cannot be right or its name is taken."""
    _oversee(person)
    return organisations.add(connection, asdict(_checked(connection, company, None)))


def revision(row: Row[*tuple[Any, ...]]) -> int:
    """Another one for other facts."""
    return of_contents(row._mapping)


def alter(
    connection: Connection,
    person: Person,
    organisation_id: UUID,
    company: Company,
    *,
    at: datetime,
    seen: Collection[int] | None = None,
) -> None:
    """Correct what is known of a company. NotFound, Forbidden, Malformed; Stale: it is none of those that were
    `seen`, by `revision` (None: whatever it is).

    Under another name all its bookings are other ones, in every calendar that shows them.
    """
    find(connection, person, organisation_id)
    _oversee(person)
    teams.lock(connection, Team(organisation_id=organisation_id))
    before = find(connection, person, organisation_id)
    if seen is not None and revision(before) not in seen:
        raise Stale(revision(before))
    values = asdict(_checked(connection, company, organisation_id))
    if values["name"] != before.name:
        locked_together(connection, renaming.houses_of(connection, organisation_id), at=at)
        renaming.of_company(connection, organisation_id, at=at)
    organisations.alter(connection, organisation_id, values)


def _oversee(person: Person) -> None:
    if not person.sees_everything:
        raise Forbidden


def _checked(connection: Connection, company: Company, own: UUID | None) -> Company:
    errors: dict[str, list[str]] = {}
    if organisations.named(connection, company.name) not in (None, own):
        errors["name"] = ["twice"]
    number = company.enterprise_number
    if number:
        number = enterprise_number(company.country, number)
        if number is None:
            errors["enterprise_number"] = ["not-a-number-there"]
    vat = company.vat
    if vat:
        vat = vat_number(company.country, vat)
        if vat is None:
            errors["vat"] = ["not-a-number-there"]
    if errors:
        raise Malformed(errors)
    return replace(company, enterprise_number=number or None, vat=vat or None)
