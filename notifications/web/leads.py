"""Where a piece of news leads: the page of what it is about, whichever channel tells it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

THREAD = frozenset({"message.posted", "file.added"})
"""News of a conversation: it is read and answered there."""


def path_of(kind: str, facts: Mapping[str, Any], *, booking: UUID | str | None, venue: str | None) -> str | None:
    """The path of that page; None when there is none.

    >>> path_of("message.posted", {"enquiry": "01a2"}, booking=None, venue="BUD")
    '/enquiries/01a2#conversation'
    >>> path_of("calendar.failed", {}, booking=None, venue="BUD")
    '/desk/BUD/calendars'
    """
    part = "#conversation" if kind in THREAD else ""
    if kind.startswith("calendar."):
        return f"/desk/{venue}/calendars"
    if "trajectory" in facts and kind in THREAD:
        return f"/trajectories/{facts['trajectory']}{part}"
    if booking is not None:
        return f"/bookings/{booking}{part}"
    if "enquiry" in facts:
        return f"/enquiries/{facts['enquiry']}{part}"
    if "resource" in facts:
        return f"/resources/{facts['resource']}?from={facts['start'][:10]}"
    link: str | None = facts.get("link")
    return link
