"""The fixed cast, as values: Camille asks, Joris decides, Wout must see nothing."""

from uuid import UUID

from booking.domain.bookings import Change, ClaimChange, Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.services import demo, people
from booking.storage.database import Database
from tests.support.places import typed

ADDRESSES = {each["email"].partition("@")[0]: each["email"] for each in demo.read_world()["people"]}


def person(database: Database, name: str) -> Person:
    """A demo person by the first part of their address, with their hats."""
    with database.read() as connection:
        return people.of_email(connection, ADDRESSES[name])


def company_of(member: Person) -> UUID:
    """The one organisation of a member."""
    [organisation] = member.organisations
    return organisation


def claim(resource: str, start: str, end: str, quantity: int = 1, **more: int) -> ClaimTerms:
    """What is asked, in local time: `claim("BUD-S1", "2027-03-08", "2027-03-20")`."""
    return ClaimTerms(resource, typed(start), typed(end), quantity, **more)


def terms(*claims: ClaimTerms, member: Person | None = None, title: str = "Marées", **more: object) -> Terms:
    """The terms of a booking; without a `member`: the house's own."""
    organisation = company_of(member) if member else None
    return Terms(title, Purpose.RESIDENCY, claims, **{"organisation": organisation, **more})  # type: ignore[arg-type]


def becoming(*claims: ClaimTerms, **fields: object) -> Change:
    """A change to these claims and these words."""
    return Change(fields, tuple(ClaimChange(each) for each in claims) or None)
