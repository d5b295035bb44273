"""What calendars show under another name: a company, a house or a place is called otherwise from now on."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update

from booking.storage.bookings import Booking, Claim, Closure
from booking.storage.places import Resource

SECOND = timedelta(seconds=1)


def houses_of(connection: Connection, organisation_id: UUID) -> set[int]:
    """Where that company ever asked for anything."""
    query = select(Booking.venue_id).where(Booking.organisation_id == organisation_id).distinct()
    return set(connection.execute(query).scalars())


def of_company(connection: Connection, organisation_id: UUID, *, at: datetime) -> None:
    """Its bookings, and the places whose calendars show them, are other ones. Its houses are locked."""
    mine = Booking.organisation_id == organisation_id
    _again(connection, Booking, mine, at)
    asked = select(Claim.resource_id).join(
        Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id)
    )
    raised = update(Resource).where(Resource.id.in_(asked.where(mine))).values(revision=Resource.revision + 1)
    connection.execute(raised)


def of_house(connection: Connection, venue_id: int, *, at: datetime) -> None:
    """Whatever lies there says where it is. The house is locked, and its places have other revisions already."""
    _again(connection, Booking, Booking.venue_id == venue_id, at)
    _again(connection, Closure, Closure.venue_id == venue_id, at)


def of_places(connection: Connection, resources: Collection[int], *, at: datetime) -> None:
    """The same of some places of a house."""
    asked = select(Claim.booking_id).where(Claim.resource_id.in_(resources))
    _again(connection, Booking, Booking.id.in_(asked), at)
    _again(connection, Closure, Closure.resource_id.in_(resources), at)


def _again(
    connection: Connection, table: type[Booking] | type[Closure], which: ColumnElement[bool], at: datetime
) -> None:
    """Another revision, SEQUENCE and LAST-MODIFIED, which rises by at least a second (see `entries.alter`)."""
    raised = {"sequence": table.sequence + 1}
    if table is Booking:
        raised["revision"] = Booking.revision + 1
    lately = table.modified_at > at - SECOND
    late = connection.execute(select(table.id, table.modified_at).where(which, lately)).all()
    connection.execute(update(table).where(which, ~lately).values(modified_at=at, **raised))
    for row in late:
        connection.execute(
            update(table).where(table.id == row.id).values(modified_at=row.modified_at + SECOND, **raised)
        )
