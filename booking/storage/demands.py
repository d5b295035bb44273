"""What companies asked, with what became of it: read for the report of unmet need."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from booking.domain.states import State
from booking.storage.bookings import Booking, Claim, Enquiry, EnquiryHouse
from booking.storage.places import Resource, Venue

Rows = Sequence[Row[*tuple[Any, ...]]]


def requests(connection: Connection, start: datetime, end: datetime) -> Rows:
    """The first claim of every booking of a company that begins between these instants, with its resource.

    What answers an enquiry counts with the enquiry; what was taken back, or belongs to no company, not at all.
    """
    claims = (
        select(
            Booking.id,
            Booking.state,
            Resource.kind,
            Resource.technical_sheet,
            Venue.region,
            Venue.zone,
            Claim.starts,
            func.row_number().over(partition_by=Booking.id, order_by=Claim.position).label("place"),
        )
        .join(Claim, (Claim.booking_id == Booking.id) & (Claim.venue_id == Booking.venue_id))
        .join(Resource, (Resource.id == Claim.resource_id) & (Resource.venue_id == Claim.venue_id))
        .join(Venue, Venue.id == Booking.venue_id)
        .where(
            Booking.organisation_id.is_not(None),
            Booking.enquiry_id.is_(None),
            Booking.state != State.WITHDRAWN,
            Claim.starts >= start,
            Claim.starts < end,
        )
        .subquery()
    )
    return connection.execute(select(claims).where(claims.c.place == 1).order_by(claims.c.id)).all()


def enquiries(connection: Connection) -> Rows:
    """Every enquiry with its terms, the regions that it was sent to, and the states of its offers: a row each."""
    query = (
        select(Enquiry.id, Enquiry.state, Enquiry.terms, Venue.region, Booking.state.label("offer"))
        .join(EnquiryHouse, EnquiryHouse.enquiry_id == Enquiry.id)
        .join(Venue, Venue.id == EnquiryHouse.venue_id)
        .outerjoin(Booking, (Booking.enquiry_id == Enquiry.id) & (Booking.venue_id == Venue.id))
        .order_by(Enquiry.id)
    )
    return connection.execute(query).all()
