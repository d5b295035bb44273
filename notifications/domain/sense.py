"""Whether news is still worth a letter when it could only be sent late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

CALLS = frozenset(
    {
        "booking.expiring",
        "booking.answer-due",
        "booking.challenge-received",
        "booking.challenge-won",
        "booking.reinstatement-offered",
        "call.opened",
        "call.closing",
    }
)
"""News that asks somebody to act before a deadline: after it, another letter tells what became of it."""


def deadline(facts: Mapping[str, Any]) -> datetime | None:
    """The deadline that an event tells, if it tells one."""
    text = facts.get("due_at") or facts.get("expires_at")
    return datetime.fromisoformat(text) if text else None


def has_passed(kind: str, facts: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether this is a call to act whose time is over.

    >>> from datetime import UTC
    >>> told, later = {"expires_at": "2026-12-07T15:00:00+00:00"}, datetime(2026, 12, 8, tzinfo=UTC)
    >>> has_passed("booking.expiring", told, at=later), has_passed("booking.granted", told, at=later)
    (True, False)
    """
    due = deadline(facts)
    return kind in CALLS and due is not None and due <= at
