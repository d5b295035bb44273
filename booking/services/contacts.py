"""Whom to call about a booking, as its company is today: nothing is written into bookings when somebody leaves."""

from sqlalchemy import Connection

from booking.domain.contacts import Contact, Left, Member, contact_of
from booking.storage import teams
from booking.storage.registers import BookingRow


def of_booking(connection: Connection, row: BookingRow) -> Contact | None:
    """For whoever may know the booking. None: the house's own, or nobody is left at the company.

    One statement while whoever asked is of the company; else one more.
    """
    if row.organisation is None:
        return None
    asker, here = teams.asker_and_members(connection, row.id)
    members = [Member(*each) for each in here]
    if any(each.id == asker for each in members):
        return contact_of(asker, members, {})
    gone = teams.last_left(connection, row.organisation)
    return contact_of(asker, members, {person: Left(at, successor) for person, at, successor in gone})
