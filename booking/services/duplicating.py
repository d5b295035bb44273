"""The same again: a new booking with the words and the claims of another, on the same days or on later ones."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Moment, Purpose, Terms
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed
from booking.domain.series import later, local_start, moved
from booking.domain.wall_clock import at_venue
from booking.services import asking
from booking.services.asking import Asking
from booking.services.bookings import find
from booking.services.terms import typed
from booking.storage.registers import BookingRow


def duplicate(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    *,
    at: datetime,
    start: date | None = None,
    title: str | None = None,
) -> tuple[Asking, Terms]:
    """Ask for it again. `start`: the first day of the copy (of an instant its day at the house).

    NotFound, Forbidden (only who stands on one of its sides asks), Malformed, CannotBeHad as for any asking.
    """
    row = find(connection, person, booking_id)
    if not person.sides(row.venue, row.organisation):
        raise Forbidden
    if not row.claims:
        raise Malformed({"claims": ["required"]})
    terms = terms_again(row, start, title)
    return asking.ask(connection, person, terms, at=at), terms


def terms_again(row: BookingRow, start: date | None = None, title: str | None = None) -> Terms:
    """The terms of the copy: everything that was typed, so many days later at the same hours."""
    claims = tuple(typed(claim) for claim in row.claims)
    moments = tuple(Moment.read(each) for each in row.moments)
    if start is not None:
        first = at_venue(start, row.zone).date() if isinstance(start, datetime) else start
        days = (first - local_start(claims, row.zone).date()).days
        claims = moved(claims, days, row.zone)
        moments = tuple(
            Moment(each.kind, later(each.start, days, row.zone), later(each.end, days, row.zone))
            for each in moments
        )
    return Terms(
        title=title or row.title,
        purpose=Purpose(row.purpose),
        claims=claims,
        organisation=row.organisation,
        people=row.people,
        note=row.note,
        moments=moments,
        refer_consent=row.refer_consent,
    )
