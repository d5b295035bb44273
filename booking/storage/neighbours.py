"""What soft conflicts are made of: who is in the rooms that disturb these, and where else a crew works."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, union_all

from booking.domain.spans import Span
from booking.domain.states import FORCE, Force
from booking.storage.bookings import Booking, Claim
from booking.storage.places import NoisePair, Resource

HOLDING = [state for state, force in FORCE.items() if force is not Force.NONE]


def in_noisy_rooms(
    connection: Connection, resources: Collection[int], during: Span, *, besides: UUID | None
) -> list[tuple[int, str, Span]]:
    """`(disturbed resource, code of its neighbour, presence)` of everything that holds a noise partner."""
    pairs = union_all(
        select(NoisePair.first_id.label("mine"), NoisePair.second_id.label("other")),
        select(NoisePair.second_id.label("mine"), NoisePair.first_id.label("other")),
    ).subquery()
    query = (
        select(
            pairs.c.mine,
            Resource.code,
            Claim.starts,
            Claim.ends,
            Claim.setup_minutes,
            Claim.strike_minutes,
            Claim.booking_id,
        )
        .join(Claim, Claim.resource_id == pairs.c.other)
        .join(Resource, (Resource.id == Claim.resource_id) & (Resource.venue_id == Claim.venue_id))
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(pairs.c.mine.in_(resources), Claim.ended_at.is_(None), Booking.state.in_(HOLDING))
        .where(Claim.ends > during.start - DAY, Claim.starts < during.end + DAY)
    )
    return [
        (row.mine, row.code, _presence(row))
        for row in connection.execute(query)
        if besides is None or row.booking_id != besides
    ]


DAY = timedelta(days=1)
"""Set-up and strike are never longer: who is looked for may be in before and after the span itself."""


def crew_shifts(
    connection: Connection, venue_id: int, crews: Collection[str], during: Span, *, besides: UUID | None
) -> list[tuple[str, Span]]:
    """`(crew, presence)` of what these crews of a house do around that time."""
    query = (
        select(Claim.crew, Claim.starts, Claim.ends, Claim.setup_minutes, Claim.strike_minutes, Claim.booking_id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Claim.venue_id == venue_id, Claim.crew.in_(crews), Claim.ended_at.is_(None))
        .where(Booking.state.in_(HOLDING))
        .where(Claim.ends > during.start - 2 * DAY, Claim.starts < during.end + 2 * DAY)
    )
    return [
        (row.crew, _presence(row))
        for row in connection.execute(query)
        if besides is None or row.booking_id != besides
    ]


def _presence(row: Row[*tuple[Any, ...]]) -> Span:
    return Span(row.starts, row.ends).widened(
        before=timedelta(minutes=row.setup_minutes),
        after=timedelta(minutes=row.strike_minutes),
    )
