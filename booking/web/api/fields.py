"""Fields that machines send: strict, bounded, and with errors as codes that `wording.py` puts in words."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import marshmallow as ma

from booking.domain.texts import UNKEPT, straightened

EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
"""A span may be widened by set-up and buffers without leaving the calendar."""

MOST_MINUTES = 7 * 24 * 60
MOST_PIECES = 1_000_000
LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?")


class Text(ma.fields.String):
    """Text that can be kept, straightened; `longest` characters at most; `required_text`: not blank."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong-type"}

    def __init__(self, *, longest: int = LONGEST_TITLE, required_text: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.required_text = required_text

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = straightened(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > self.longest:
            raise ma.ValidationError("too-long")
        if UNKEPT.search(text):
            raise ma.ValidationError("control-characters")
        if self.required_text and not text.strip():
            raise ma.ValidationError("required")
        return text


class Whole(ma.fields.Integer):
    """A whole number from `least` to `most`; neither text nor true counts as one."""

    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong-type"}

    def __init__(self, *, least: int = 0, most: int = MOST_PIECES, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ma.ValidationError("wrong-type")
        if not self.least <= value <= self.most:
            raise ma.ValidationError("too-few" if value < self.least else "too-many")
        return value


class Flag(ma.fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    truthy = {True}
    falsy = {False}
    default_error_messages = {"required": "required", "null": "required", "invalid": "wrong-type"}

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError("wrong-type")
        return value


class Moment(ma.fields.Field[Any]):
    """An instant: RFC 3339 with an offset, which is never guessed. `days`: a plain date is fine too."""

    default_error_messages = {"required": "required", "null": "required"}

    def __init__(self, *, days: bool = False, **kwargs: Any) -> None:
        example = "2027-03-08" if days else "2027-03-08T09:00:00+01:00"
        super().__init__(metadata={"type": "string", "example": example}, **kwargs)
        self.days = days

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> datetime | date:
        if not isinstance(value, str):
            raise ma.ValidationError("wrong-type")
        return read_moment(value, days=self.days)


class Day(ma.fields.Field[Any]):
    """A plain date at the venue."""

    default_error_messages = {"required": "required", "null": "required"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "date", "example": "2027-03-08"}, **kwargs)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            raise ma.ValidationError("not-a-time")
        return _in_range(_read(date.fromisoformat, value))


def read_moment(text: str, *, days: bool) -> datetime | date:
    """A date (when `days`) or an instant in UTC. ValidationError with a code."""
    if days and DATE.fullmatch(text):
        return _in_range(_read(date.fromisoformat, text))
    if not RFC3339.fullmatch(text):
        raise ma.ValidationError("not-a-time")
    moment = _read(datetime.fromisoformat, text.upper())
    if moment.tzinfo is None:
        raise ma.ValidationError("naive-time")
    return _in_range(moment).astimezone(UTC)


Read = TypeVar("Read", bound=date)


def _read(reader: Callable[[str], Read], text: str) -> Read:
    try:
        return reader(text)
    except ValueError as error:
        raise ma.ValidationError("not-a-time") from error


def _in_range(moment: Read) -> Read:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ma.ValidationError("out-of-range")
    return moment


class Choice(Text):
    """One of a few words."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        self.choices = [str(choice) for choice in choices]
        super().__init__(metadata={"enum": self.choices}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.choices:
            raise ma.ValidationError("unknown")
        return text


class Id(ma.fields.UUID):
    """An opaque id."""

    default_error_messages = {"required": "required", "null": "required", "invalid_uuid": "unknown"}


class Strict(ma.Schema):
    """A body in which unknown fields are refused."""

    class Meta:
        """Nothing is read past."""

        unknown = ma.RAISE

    error_messages = {"unknown": "unknown-field", "type": "wrong-type"}


def check_span(data: Mapping[str, Any]) -> None:
    """Both ends of a kind, the end after the start. ValidationError at `end`."""
    start, end = data["start"], data["end"]
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise ma.ValidationError("mixed-ends", "end")
    if end <= start:
        raise ma.ValidationError("not-after-start", "end")
