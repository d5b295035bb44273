"""Which letters and messages are about a team: those that its people read on its side."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from booking.domain.states import Side
from booking.storage.bookings import Booking
from booking.storage.teams import Team


def of_team(team: Team, venue_id: Any, booking_id: Any, side: Any, company: Any) -> ColumnElement[bool]:
    """The condition on columns of theirs. `company`: the id, as text, that the facts name, if there is no booking.

    Somebody may be on both sides of one booking, and hands over one side of it alone.
    """
    if team.venue_id is not None:
        return and_(venue_id == team.venue_id, side == Side.HOUSE)
    its = select(Booking.id).where(Booking.organisation_id == team.organisation_id)
    return and_(side == Side.COMPANY, or_(booking_id.in_(its), company == str(team.organisation_id)))
