"""What a person typed into a form: read field by field, with errors kept beside the field they concern."""

import re
from collections.abc import Mapping
from datetime import date, time
from uuid import UUID

from flask_babel import gettext

from booking.domain.texts import UNKEPT, straightened

EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
HOUR = re.compile(r"([01]?\d|2[0-4])(?:[:.h]([0-5]\d))?h?")


def revisions_in(raw: str) -> list[int]:
    """The revision that a form carries, as the only one that was seen; none where it carries no number.

    >>> revisions_in("12"), revisions_in(""), revisions_in("²")
    ([12], [], [])
    """
    return [int(raw)] if raw.isascii() and raw.isdigit() and len(raw) < len(str(2**63)) else []


class Typed:
    """The fields of one form. `errors`: name of the field → codes or sentences of `wording.field_error`."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: dict[str, list[str]] = {}

    def raw(self, name: str) -> str:
        """The text as it was typed, without spaces around it."""
        return self.form.get(name, "").strip()

    def refuse(self, name: str, error: str) -> None:
        """Note an error beside a field."""
        self.errors.setdefault(name, []).append(error)

    def text(self, name: str, *, longest: int = LONGEST_TITLE, required: bool = False) -> str | None:
        """A text that can be kept, or None when the field is empty."""
        value = straightened(self.raw(name).replace("\r\n", "\n"))
        if not value:
            if required:
                self.refuse(name, "required")
            return None
        if len(value) > longest:
            self.refuse(name, "too-long")
        elif UNKEPT.search(value):
            self.refuse(name, "control-characters")
        return value

    def whole(self, name: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        """A whole number within bounds, or None."""
        value = self.raw(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit()) or len(value) > len(str(most)) + 1:
            self.refuse(name, gettext("Give a whole number."))
            return None
        if not least <= int(value) <= most:
            self.refuse(name, "too-few" if int(value) < least else "too-many")
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        """A date as browsers send it (`2027-03-08`), or None."""
        value = self.raw(name)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.refuse(name, gettext("Give a date, such as 2027-03-08."))
            return None
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            self.refuse(name, "out-of-range")
            return None
        return day

    def hour(self, name: str) -> time | None:
        """A wall-clock time: `14:00`, `14.30`, `14h30` or `14`; `24:00` is midnight at the end of the day."""
        value = self.raw(name)
        if not value:
            return None
        match = HOUR.fullmatch(value)
        if match is None or (match[1] == "24" and match[2] not in (None, "00")):
            self.refuse(name, gettext("Give a time, such as 14:30."))
            return None
        return time(int(match[1]) % 24, int(match[2] or 0))

    def id(self, name: str) -> UUID | None:
        """An id of ours, or None; what is none was not typed by a person."""
        try:
            return UUID(self.raw(name)) if self.raw(name) else None
        except ValueError:
            self.refuse(name, "unknown")
            return None

    def ticked(self, name: str) -> bool:
        """A box."""
        return self.raw(name) == "1"
