"""A resource as its house describes it: what kinds there are, what a code looks like, what it costs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from booking.domain.rule_documents import name_errors, note_errors, rule_errors, sheet_errors

CODE = re.compile(r"[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,3}")
"""What follows the code of the house and a dash."""

MOST_PIECES = 100_000
MOST_CENTS = 100_000_00
LONGEST_UNIT = 20


class Kind(StrEnum):
    """What can be booked."""

    STAGE = "stage"
    STUDIO = "studio"
    ROOM = "room"
    EQUIPMENT = "equipment"
    ACCOMMODATION = "accommodation"
    EXPERTISE = "expertise"


SPACES = frozenset({Kind.STAGE, Kind.STUDIO, Kind.ROOM})
"""Where people work: there is one of each, and it may be a whole or a part."""

RATES = ("slot", "half_day", "day", "week")
"""For what length a resource has a price."""


@dataclass(frozen=True, slots=True)
class NewResource:
    """One that does not exist yet. `name`, `notes`: by language; `rates`: cents by `RATES`, None where there is
    none. A space is one of its kind; of anything else there are `capacity` pieces."""

    code: str
    kind: str
    name: Mapping[str, str]
    capacity: int = 1
    unit: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    sheet: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    rates: Mapping[str, int | None] = field(default_factory=dict)
    parts: Sequence[str] = ()
    noise: Sequence[str] = ()

    @property
    def exclusive(self) -> bool:
        """Whether at most one can have it at a time; else it is stock that is counted."""
        return self.kind in SPACES


def new_errors(new: NewResource, venue: str) -> dict[str, list[str]]:
    """What is wrong with it, by field: everything that needs no look at what there is already."""
    found = {
        **name_errors(new.name),
        **note_errors(new.notes),
        **sheet_errors(new.sheet),
        **rule_errors(new.rules),
        **rate_errors(new.rates),
    }
    if not is_code(new.code, venue):
        found["code"] = ["not-a-code"]
    if new.kind not in set(Kind):
        found["kind"] = ["unknown"]
    if not 1 <= new.capacity <= MOST_PIECES or (new.exclusive and new.capacity != 1):
        found["capacity"] = ["too-few" if new.capacity < 1 else "too-many"]
    if new.unit is not None and not (new.unit.isprintable() and 0 < len(new.unit) <= LONGEST_UNIT):
        found["unit"] = ["too-long"]
    if new.parts and not new.exclusive:
        found["parts"] = ["not-here"]
    return found


def is_code(code: str, venue: str) -> bool:
    """Codes begin with the code of their house, so that two houses never want the same.

    >>> is_code("BUD-S3", "BUD"), is_code("S3", "BUD"), is_code("BUD-", "BUD"), is_code("BUD-s3", "BUD")
    (True, False, False, False)
    """
    before, _, own = code.partition(f"{venue}-")
    return not before and CODE.fullmatch(own) is not None


def rate_errors(rates: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with rates: `rates.week` → codes."""
    found = {}
    for name, cents in rates.items():
        if name not in RATES:
            found[f"rates.{name}"] = ["unknown-field"]
        elif cents is not None and (not isinstance(cents, int) or isinstance(cents, bool)):
            found[f"rates.{name}"] = ["wrong-type"]
        elif cents is not None and not 0 <= cents <= MOST_CENTS:
            found[f"rates.{name}"] = ["too-few" if cents < 0 else "too-many"]
    return found


def part_error(whole: str, parts: Sequence[str], places: Mapping[str, Any]) -> str | None:
    """Why a resource cannot be made of these: the code of what is wrong, or None. `places`: those of its house.

    A part is itself made of nothing, and whoever is a part has none: what is really held has one depth.
    """
    if len(set(parts)) != len(parts):
        return "twice"
    if whole in parts or any(part not in places for part in parts):
        return "unknown"
    atoms = {code: {atom.code for atom in place.atoms} for code, place in places.items()}
    is_part = any(whole in made_of for code, made_of in atoms.items() if code != whole)
    if parts and (is_part or any(atoms[part] != {part} for part in parts)):
        return "part-of-a-part"
    return None
