"""The documents that a house edits of a resource: its rules and its technical sheet, changed and checked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from booking.domain.bookings import Purpose
from booking.domain.rules import Audience, Policy, read_rules

Document = Mapping[str, Any]
Check = Callable[[Any], str | None]
"""A value → the code of what is wrong with it, or None."""

MOST_MINUTES = 366 * 1440
MOST_METRES = 1000
MOST_SEASONS = 50
MOST_LETTERS = 200
LONGEST_NOTE = 10_000
WHOLE = frozenset({"opening"})
"""Members that are one value: `mon-fri` and `sat` are not added to what was there."""


def amended(document: Document, changes: Document) -> dict[str, Any]:
    """With these changes (RFC 7396): a member that is null goes, an object changes the members that it names.

    >>> amended({"policy": "request", "quota": {"days_per_year": 9}}, {"quota": {"bookings_ahead": 3}})
    {'policy': 'request', 'quota': {'days_per_year': 9, 'bookings_ahead': 3}}
    """
    found = dict(document)
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, Mapping) and name not in WHOLE:
            before = found.get(name)
            found[name] = amended(before if isinstance(before, Mapping) else {}, value)
        else:
            found[name] = value
    return found


def _whole(least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "wrong-type"
        if not least <= value <= most:
            return "too-few" if value < least else "too-many"
        return None

    return check


def _measure(value: Any) -> str | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return "wrong-type"
    if not 0 <= value <= MOST_METRES:
        return "too-few" if value < 0 else "too-many"
    return None


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "wrong-type"


def _text(value: Any) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return "wrong-type"
    return "too-long" if len(value) > MOST_LETTERS else None


def _long_text(value: Any) -> str | None:
    """Several lines, and nothing else that cannot be read."""
    if not isinstance(value, str) or not all(line.isprintable() for line in value.replace("\t", " ").split("\n")):
        return "wrong-type"
    return "too-long" if len(value) > LONGEST_NOTE else None


def _one_of(words: Any) -> Check:
    known = {str(word) for word in words}
    return lambda value: None if isinstance(value, str) and value in known else "unknown"


def _opening(value: Any) -> str | None:
    return None if _reads({"opening": value}) else "not-hours"


def _seasons(value: Any) -> str | None:
    if not isinstance(value, list) or not all(
        isinstance(each, Mapping) and set(each) == {"start", "end", "opening"} for each in value
    ):
        return "wrong-type"
    if not _reads({"seasons": value}):
        return "not-hours"
    ends = sorted((date.fromisoformat(each["start"]), date.fromisoformat(each["end"])) for each in value)
    if not all(start < end for start, end in ends):
        return "not-after-start"
    if any(after[0] < before[1] for before, after in pairwise(ends)):
        return "overlaps"
    return "too-many" if len(ends) > MOST_SEASONS else None


def _reads(document: Document) -> bool:
    """Whether it can be read; hours of any wrong shape fail in as many ways."""
    try:
        read_rules(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


MINUTES = _whole(0, MOST_MINUTES)
BUFFERS: Mapping[str, Check] = {"before": MINUTES, "after": MINUTES}

RULES: Mapping[str, Check] = {
    "policy": _one_of(Policy),
    "audience": _one_of(Audience),
    "opening": _opening,
    "seasons": _seasons,
    "granularity_minutes": _whole(1, 1440),
    "shortest_minutes": _whole(1, MOST_MINUTES),
    "longest_minutes": _whole(1, MOST_MINUTES),
    "lead_minutes": MINUTES,
    "horizon_days": _whole(1, 3660),
    "whole_days_only": _flag,
}
GROUPS: Mapping[str, Mapping[str, Check]] = {
    "auto_confirm": {
        "at_most_days_ahead": _whole(0, 3660),
        "at_most_days": _whole(1, 366),
        "without_accommodation": _flag,
        "programme_company": _flag,
    },
    "quota": {"bookings_ahead": _whole(1, 1000), "days_per_year": _whole(1, 366)},
}
SHEET: Mapping[str, Check] = {
    "width_m": _measure,
    "depth_m": _measure,
    "clear_height_m": _measure,
    "seats": _whole(0, 100_000),
    "power_amps": _whole(0, 10_000),
    "three_phase": _flag,
    "sprung_floor": _flag,
    "dance_vinyl": _flag,
    "fly_bars": _whole(0, 1000),
    "blackout": _flag,
    "step_free": _flag,
    "floor": _text,
    "load_in": _text,
    "beds": _whole(0, 1000),
    "own_bathroom": _flag,
    "kitchen": _flag,
    "weight_kg": _measure,
    "model": _text,
    "languages": _text,
}
SPACE = (
    "width_m",
    "depth_m",
    "clear_height_m",
    "seats",
    "power_amps",
    "fly_bars",
    "three_phase",
    "sprung_floor",
    "dance_vinyl",
    "blackout",
    "step_free",
    "floor",
    "load_in",
)
SHEETS: Mapping[str, Sequence[str]] = {
    "stage": SPACE,
    "studio": SPACE,
    "room": SPACE,
    "equipment": ("model", "weight_kg", "power_amps", "three_phase"),
    "accommodation": ("beds", "own_bathroom", "kitchen", "step_free"),
    "expertise": ("languages",),
}
"""What the sheet of each kind asks, in its order; a member of another kind is kept where somebody set it."""

NAME: Mapping[str, Check] = {"en": _text, "fr": _text, "nl": _text}
NOTES: Mapping[str, Check] = {"en": _long_text, "fr": _long_text, "nl": _long_text}


def rule_errors(document: Document) -> dict[str, list[str]]:
    """What is wrong with the rules of a resource: `rules.policy` → codes."""
    plain = {name: value for name, value in document.items() if name not in {*GROUPS, "buffer_minutes"}}
    found = _errors("rules", plain, RULES)
    for name, checks in GROUPS.items():
        if name in document:
            found |= _group(f"rules.{name}", document[name], checks)
            if name == "auto_confirm" and isinstance(document[name], Mapping):
                found |= {f"rules.{name}.{each}": ["required"] for each in checks if each not in document[name]}
    if "buffer_minutes" in document:
        found |= _buffers("rules.buffer_minutes", document["buffer_minutes"])
    shortest, longest = document.get("shortest_minutes"), document.get("longest_minutes")
    if not found and shortest and longest and shortest > longest:
        found["rules.longest_minutes"] = ["too-few"]
    return found


def sheet_errors(document: Document) -> dict[str, list[str]]:
    """What is wrong with a technical sheet: `technical_sheet.width_m` → codes."""
    return _errors("technical_sheet", document, SHEET)


def name_errors(document: Document) -> dict[str, list[str]]:
    """What is wrong with a name in several languages: `name.fr` → codes; at least one has to be there.

    >>> name_errors({"nl": "Zaal", "de": "Saal"})
    {'name.de': ['unknown-field']}
    """
    return _errors("name", document, NAME) if document else {"name.en": ["required"]}


def note_errors(document: Document) -> dict[str, list[str]]:
    """What is wrong with notes in several languages: `notes.fr` → codes; there may be none."""
    return _errors("notes", document, NOTES)


def _buffers(path: str, value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        return {path: ["wrong-type"]}
    purposes = value.get("purposes", {})
    if not isinstance(purposes, Mapping):
        return {f"{path}.purposes": ["wrong-type"]}
    found = _errors(path, {name: each for name, each in value.items() if name != "purposes"}, BUFFERS)
    for purpose, each in purposes.items():
        if purpose not in set(Purpose):
            found[f"{path}.purposes.{purpose}"] = ["unknown"]
        else:
            found |= _group(f"{path}.purposes.{purpose}", each, BUFFERS)
    return found


def _group(path: str, value: Any, checks: Mapping[str, Check]) -> dict[str, list[str]]:
    return _errors(path, value, checks) if isinstance(value, Mapping) else {path: ["wrong-type"]}


def _errors(path: str, document: Document, checks: Mapping[str, Check]) -> dict[str, list[str]]:
    found = {}
    for name, value in document.items():
        wrong = checks[name](value) if name in checks else "unknown-field"
        if wrong is not None:
            found[f"{path}.{name}"] = [wrong]
    return found
