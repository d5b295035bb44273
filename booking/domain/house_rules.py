"""What a house chose for its options, challenges and answers; where it chose nothing, as every house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_DAYS = 365
MOST_CLOSING_DAYS = 400


@dataclass(frozen=True, slots=True)
class HouseRules:
    """Working days are counted by `working_days.py`; `option_days` are plain days.

    An option that starts in less than `short_notice_days` runs for `short_notice_working_days` alone.
    `most_rank`: how far down a queue for something exclusive may go; `most_options`: live options of one
    organisation at once. `closing_days`: the house's own days off, which no clock counts.
    """

    option_days: int = 14
    extensions: int = 2
    short_notice_days: int = 21
    short_notice_working_days: int = 2
    challenge_working_days: int = 3
    commit_working_days: int = 2
    answer_working_days: int = 5
    most_rank: int = 3
    most_options: int = 3
    closing_days: frozenset[date] = frozenset()


NUMBERS = {
    "option_days": (1, MOST_DAYS),
    "extensions": (0, 20),
    "short_notice_days": (0, MOST_DAYS),
    "short_notice_working_days": (1, 60),
    "challenge_working_days": (1, 60),
    "commit_working_days": (1, 60),
    "answer_working_days": (1, 60),
    "most_rank": (1, 50),
    "most_options": (1, 1000),
}
"""What a house may set, and from where to where."""


def setting_errors(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with what a house would set (None: as in every house): `settings.option_days` → codes."""
    found = {}
    for name, value in document.items():
        if value is None and name in {*NUMBERS, "closing_days"}:
            continue
        wrong = _closing_error(value) if name == "closing_days" else _number_error(name, value)
        if wrong is not None:
            found[f"settings.{name}"] = [wrong]
    return found


def _number_error(name: str, value: Any) -> str | None:
    if name not in NUMBERS:
        return "unknown-field"
    if not isinstance(value, int) or isinstance(value, bool):
        return "wrong-type"
    least, most = NUMBERS[name]
    return None if least <= value <= most else "too-few" if value < least else "too-many"


def _closing_error(value: Any) -> str | None:
    if not isinstance(value, list) or len(value) > MOST_CLOSING_DAYS:
        return "wrong-type" if not isinstance(value, list) else "too-many"
    try:
        days = {date.fromisoformat(each) for each in value}
    except (TypeError, ValueError):
        return "not-a-day"
    return None if len(days) == len(value) else "twice"


def read_house_rules(document: Mapping[str, Any]) -> HouseRules:
    """From what is stored of a house. ValueError when a day is none."""
    numbers = {name: document[name] for name in NUMBERS if name in document}
    days = frozenset(date.fromisoformat(day) for day in document.get("closing_days", ()))
    return HouseRules(**numbers, closing_days=days)
