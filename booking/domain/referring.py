"""A request passed on to a partner house: what there is like what was asked, else the nearest of its kind."""

from collections.abc import Mapping, Sequence

from booking.domain.claims import ClaimTerms
from booking.domain.resources import SPACES
from booking.domain.ways_out import Like, is_like

BY_NAME = frozenset({"equipment", "expertise"})
"""Of its kind is not enough: a lamp is no van."""


def candidates(mine: Like, likes: Mapping[str, Like], venue: str) -> list[Like]:
    """What that house has instead: what is alike first, then the rest of its kind, the larger the better."""
    there = [each for each in likes.values() if each.venue == venue and each.kind == mine.kind]
    if mine.kind in BY_NAME:
        there = [each for each in there if is_like(mine, each)]
    return sorted(there, key=lambda each: (not is_like(mine, each), -_area(each), each.code))


def _area(like: Like) -> float:
    return float((like.sheet.get("width_m") or 0) * (like.sheet.get("depth_m") or 0))


def alike_at(
    claims: Sequence[ClaimTerms], likes: Mapping[str, Like], venue: str
) -> list[tuple[ClaimTerms, list[Like]]] | None:
    """For each claim what could be asked there instead; None when there is nothing for what matters.

    A claim on beds or kit for which there is nothing is left out.
    """
    found = []
    for claim in claims:
        mine = likes[claim.resource]
        others = candidates(mine, likes, venue)
        if others:
            found.append((claim, others))
        elif mine.kind in SPACES:
            return None
    return found or None


def partners(claims: Sequence[ClaimTerms], likes: Mapping[str, Like]) -> dict[str, bool]:
    """Every other house that has something of the kind → whether it is alike."""
    mine = {likes[claim.resource].venue for claim in claims}
    found = {}
    for venue in sorted({each.venue for each in likes.values()} - mine):
        instead = alike_at(claims, likes, venue)
        if instead is not None:
            rooms = [each for each in instead if likes[each[0].resource].kind in SPACES] or instead
            found[venue] = all(is_like(likes[claim.resource], others[0]) for claim, others in rooms)
    return found
