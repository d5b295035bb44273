"""The terms of what is stored, as they were typed."""

from typing import Any

from sqlalchemy import Row

from booking.domain.bookings import Purpose, Terms
from booking.domain.claims import ClaimTerms
from booking.storage.registers import BookingRow, ClaimRow


def terms_of(row: BookingRow) -> Terms:
    """The terms of a stored booking."""
    claims = tuple(typed(claim) for claim in row.claims)
    return Terms(row.title, Purpose(row.purpose), claims, organisation=row.organisation, people=row.people)


def typed(claim: ClaimRow) -> ClaimTerms:
    """The terms of a stored claim."""
    return ClaimTerms(
        claim.resource,
        claim.start_date or claim.starts,
        claim.end_date or claim.ends,
        claim.quantity,
        claim.setup_minutes,
        claim.strike_minutes,
        claim.crew,
        claim.purpose,
    )


def typed_loss(lost: Row[Any], purpose: str) -> ClaimTerms:
    """The terms of what an option with that purpose lost."""
    return ClaimTerms(
        lost.resource,
        lost.start_date or lost.starts,
        lost.end_date or lost.ends,
        lost.quantity,
        lost.setup_minutes,
        lost.strike_minutes,
        lost.crew,
        purpose,
    )
