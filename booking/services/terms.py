"""The terms of what is stored, as they were typed."""

from booking.domain.claims import ClaimTerms
from booking.storage.registers import ClaimRow


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
    )
