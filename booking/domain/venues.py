"""What a house says of itself, as its people edit it: checked field by field."""

from collections.abc import Mapping
from typing import Any

from booking.domain.house_rules import setting_errors
from booking.domain.rule_documents import NOTES, Check

LONGEST_LINE = 200
LANGUAGES = ("nl", "fr", "en", "de")
MINUTES_A_DAY = 1440


def _line(value: Any) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return "wrong-type"
    return "too-long" if len(value) > LONGEST_LINE else None


def _needed(value: Any) -> str | None:
    return _line(value) if value else "required"


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _languages(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "required"
    return "unknown" if len(set(map(str, value))) != len(value) or not set(value) <= set(LANGUAGES) else None


def _day_line(value: Any) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "wrong-type"
    return None if 0 <= value < MINUTES_A_DAY else "not-a-clock"


COLUMNS: Mapping[str, Check] = {
    "name": _needed,
    "town": _needed,
    "address": _or_none(_line),
    "email": _or_none(_line),
    "phone": _or_none(_line),
    "languages": _languages,
    "day_line": _day_line,
}
TEXTS = ("about", "practical")


def venue_errors(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with what should be different of a house: field → codes. Texts by language, `about.fr`."""
    found = {}
    for name, value in document.items():
        if name in COLUMNS and (wrong := COLUMNS[name](value)) is not None:
            found[name] = [wrong]
        if name in TEXTS:
            found |= _text_errors(name, value)
    return {**found, **setting_errors(document.get("settings", {}))}


def _text_errors(name: str, texts: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {}
    for language, text in texts.items():
        wrong = NOTES[language](text) if language in NOTES else "unknown-field"
        if wrong is not None:
            found[f"{name}.{language}"] = [wrong]
    return found
