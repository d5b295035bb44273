"""Who is told of an event: the other side of the booking, never the one who did it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from booking.domain.states import Side

TOLD = frozenset(
    {
        "booking.requested",
        "booking.granted",
        "booking.confirmed",
        "booking.declined",
        "booking.referred",
        "booking.referral-asked",
        "booking.withdrawn",
        "booking.released",
        "booking.cancelled",
        "booking.changed",
        "booking.committed",
        "booking.taken-back",
        "booking.agreed",
        "booking.let-go",
        "booking.extended",
        "booking.challenged",
        "booking.challenge-received",
        "booking.challenge-won",
        "booking.challenge-lost",
        "booking.challenge-void",
        "booking.lapsed",
        "booking.beaten",
        "booking.suspended",
        "booking.returned",
        "booking.moved-up",
        "booking.moved-down",
        "booking.ordered",
        "booking.countered",
        "booking.change-asked",
        "booking.accepted",
        "booking.refused",
        "booking.reinstatement-offered",
        "booking.reinstatement-refused",
        "booking.reinstatement-lapsed",
        "booking.reinstated",
        "booking.expiring",
        "booking.answer-due",
        "booking.answer-overdue",
        "conflict.opened",
        "conflict.closed",
        "conflict.resolved",
        "equipment.overdue",
        "message.posted",
        "file.added",
        "arrivals.written",
        "rider.written",
        "waiting.freed",
        "enquiry.sent",
        "enquiry.countered",
        "enquiry.declined",
        "enquiry.withdrawn",
        "enquiry.settled",
        "call.opened",
        "call.closing",
        "call.changed",
        "call.closed",
        "call.withdrawn",
        "call.applied",
        "call.granted",
        "call.not-granted",
        "calendar.failed",
        "calendar.recovered",
    }
)
"""The kinds of event that people are told of."""


def audience(*, by: UUID | None, house: Collection[UUID], company: Collection[UUID]) -> Mapping[UUID, Side]:
    """Whom to tell, each with the side on which they read it.

    `by` None is time itself. Time, an outsider (the coordinator) and somebody who stands on both
    sides are news to both; whoever stands on both sides reads it as the house.

    >>> joris, griet, camille = UUID(int=1), UUID(int=2), UUID(int=3)
    >>> audience(by=joris, house=[joris, griet], company=[camille])  # Griet learns it from Joris
    {UUID('00000000-0000-0000-0000-000000000003'): <Side.COMPANY: 'company'>}
    """
    readers = dict.fromkeys(company, Side.COMPANY) | dict.fromkeys(house, Side.HOUSE)
    told = set(Side)
    if (by in house) != (by in company):
        told = {Side.COMPANY if by in house else Side.HOUSE}
    return {person: side for person, side in readers.items() if side in told and person != by}
