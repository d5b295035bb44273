"""A clock that stands still until a test moves it; also across processes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

MONDAY = "2026-11-23T09:00:00+01:00"
"""Today, unless a test says otherwise: Monday 23 November 2026, nine in the morning in Kortrijk."""


class StoppedClock:
    """Call it for the time. `file`: where other processes read the same time (see `FileClock`)."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.set(MONDAY)

    def __call__(self) -> datetime:
        return self._now

    def set(self, moment: str) -> None:
        """From now on it is `moment` (ISO 8601 with an offset)."""
        now = datetime.fromisoformat(moment)
        if now.tzinfo is None:
            raise ValueError(f"{moment} needs an offset")
        self._show(now)

    def advance(self, **by: float) -> None:
        """Move on: `advance(days=1, hours=2)`."""
        self._show(self._now + timedelta(**by))

    def _show(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        if self._file is not None:
            fresh = self._file.with_suffix(".fresh")
            fresh.write_text(self._now.isoformat(), encoding="ascii")
            fresh.rename(self._file)


class FileClock:
    """Reads the time that a `StoppedClock` of another process shows."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text(encoding="ascii"))
