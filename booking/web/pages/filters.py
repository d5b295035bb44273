"""The need of a search, read from the address: the URL is the view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from booking.services.catalogue import ResourceFilter
from booking.web.pages.words import COUNTRIES, FIGURES, KINDS

WORDS = ("venue", "region", "q")
METRES = ("min_width_m", "min_depth_m", "min_clear_height_m")
COUNTS = ("min_seats", "min_power_amps")
LARGEST = 100_000
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Refused:
    """A figure that makes no sense, as it was typed; `code` of `wording.py`."""

    typed: str
    code: str


def read_filter(args: Mapping[str, str]) -> ResourceFilter:
    """What is asked, from the query string; what makes no sense is left out, as an empty field is."""
    asked: dict[str, Any] = {name: _word(args.get(name)) for name in WORDS}
    asked["kind"] = _one_of(args.get("kind"), KINDS)
    asked["country"] = _one_of(args.get("country"), COUNTRIES)
    asked |= {name: figure(args.get(name)) for name in METRES}
    asked |= {name: whole(args.get(name)) for name in COUNTS}
    asked["sprung_floor"] = True if args.get("sprung_floor") in ("1", "true", "on") else None
    return ResourceFilter(**asked)


def refused_in(args: Mapping[str, str], names: Iterable[str] = FIGURES) -> dict[str, Refused]:
    """The figures of an address that are none, by name. Nothing typed, and 0, ask nothing."""
    found = {name: code for name in names if (code := _why_not(name, args.get(name, "").strip()))}
    return {name: Refused(args[name].strip()[:LONGEST], code) for name, code in found.items()}


def _why_not(name: str, text: str) -> str | None:
    try:
        value = float(text.replace(",", ".") or 0)
    except ValueError:
        value = -1
    if 0 <= value < LARGEST:
        return None
    if value >= LARGEST:
        return "too-many"
    return "not-a-number" if name in METRES else "not-a-whole-number"


def _word(text: str | None) -> str | None:
    cleaned = "".join(each for each in text or "" if each.isprintable()).strip()
    return cleaned[:LONGEST] or None


def _one_of(text: str | None, known: Mapping[str, Any]) -> str | None:
    return text if text in known else None


def figure(text: str | None) -> float | None:
    """Metres with a comma or a point."""
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < LARGEST else None


def whole(text: str | None) -> int | None:
    """A whole number above nothing, or None."""
    value = figure(text)
    return round(value) if value else None
