"""What the programme looks at as a whole: how many bookings stand where, and which of them cross the border."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from booking.domain.states import IN_LINE, State
from booking.storage.bookings import Booking, Claim
from booking.storage.people import Organisation
from booking.storage.places import Venue

SETTLED = (State.CONFIRMED, State.COMPLETED)


def by_month(connection: Connection, edges: Sequence[datetime]) -> dict[str, tuple[int, ...]]:
    """Of every house that has any, by code: how many bookings of companies lie in each stretch between two edges,
    settled or held as options; one that lies in two counts in both."""
    stretches = [
        func.count(case(((Claim.starts < end) & (Claim.ends > start), Booking.id)).distinct())
        for start, end in pairwise(edges)
    ]
    query = (
        select(Venue.code, *stretches)
        .select_from(Claim)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .join(Venue, Venue.id == Booking.venue_id)
        .where(Claim.ended_at.is_(None), Claim.starts < edges[-1], Claim.ends > edges[0])
        .where(Booking.organisation_id.is_not(None), Booking.state.in_((*SETTLED, *IN_LINE)))
        .group_by(Venue.code)
    )
    return {code: tuple(counts) for code, *counts in connection.execute(query)}


def houses(connection: Connection, *, start: datetime, end: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of every house over a period: bookings of companies that are `requested`, held as `options`, `confirmed`
    (completed ones too), how many of those are `across` the border, and `oldest`, since when a request waits."""
    inside = (
        select(Claim.booking_id)
        .where(Claim.ended_at.is_(None), Claim.starts < end, Claim.ends > start)
        .distinct()
        .subquery()
    )
    settled = Booking.state.in_(SETTLED)
    waits = Booking.state == State.REQUESTED

    def count(which: Any) -> Any:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    company = Booking.organisation_id.is_not(None)
    counted = (
        select(
            Booking.venue_id,
            count(waits & company).label("requested"),
            count(Booking.state.in_(IN_LINE) & company).label("options"),
            count(settled & company).label("confirmed"),
            count(settled & company & (Organisation.country != Venue.country)).label("across"),
            func.min(case((waits & company, Booking.created_at))).label("oldest"),
        )
        .join(inside, inside.c.booking_id == Booking.id)
        .join(Venue, Venue.id == Booking.venue_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .group_by(Booking.venue_id)
        .subquery()
    )
    query = (
        select(
            Venue.code,
            Venue.name,
            Venue.town,
            Venue.country,
            Venue.zone,
            func.coalesce(counted.c.requested, 0).label("requested"),
            func.coalesce(counted.c.options, 0).label("options"),
            func.coalesce(counted.c.confirmed, 0).label("confirmed"),
            func.coalesce(counted.c.across, 0).label("across"),
            counted.c.oldest,
        )
        .outerjoin(counted, counted.c.venue_id == Venue.id)
        .order_by(Venue.name)
    )
    return connection.execute(query).all()
