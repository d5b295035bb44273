"""The only module that asks what time it is; everything else is handed a `Clock` or an instant."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers with the present instant, aware."""


def utc_now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)
