"""The settings of a resource as one form: every field shown as text, and read back as what should be different.

A field that still reads as it was shown is not asked, so two people who change different things do not meet.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.bookings import Purpose
from booking.domain.resources import RATES
from booking.domain.rule_documents import rule_errors
from booking.domain.rules import WEEKDAYS, read_rules
from booking.services import resources
from booking.services.catalogue import ResourceDetail
from booking.services.resources import Wanted
from booking.storage.catalogues import CatalogueRow
from booking.web.pages import formats
from booking.web.pages.typed import LONGEST_TEXT, Typed

MOST = 1_000_000
Read = Callable[[Typed, str], Any]
"""The form and the name of a field → its value; None when it is empty, and a refusal when it makes no sense."""


def _whole(typed: Typed, name: str) -> int | None:
    return typed.whole(name, most=MOST)


def _measure(typed: Typed, name: str) -> float | None:
    text = typed.raw(name).replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        typed.refuse(name, gettext("Give a number, such as 7.5."))
        return None
    return int(value) if value.is_integer() else value


def _flag(typed: Typed, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(typed.raw(name))


def _text(typed: Typed, name: str) -> str | None:
    return typed.text(name)


def _note(typed: Typed, name: str) -> str | None:
    return typed.text(name, longest=LONGEST_TEXT)


def _money(typed: Typed, name: str) -> int | None:
    """Cents, typed as euros: `95`, `95,50`, `1.250,00`, `1 250`."""
    text = re.sub(r"[\s€\u00a0\u202f]", "", typed.raw(name))
    if not text:
        return None
    match = EUROS.fullmatch(text)
    if match is None:
        typed.refuse(name, gettext("Give an amount in euros, such as 95 or 95,50."))
        return None
    return int(re.sub(r"\D", "", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))


EUROS = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?")
MEASURES = ("width_m", "depth_m", "clear_height_m", "weight_kg")
COUNTS = ("seats", "power_amps", "fly_bars", "beds")
FLAGS = ("three_phase", "sprung_floor", "dance_vinyl", "blackout", "step_free", "own_bathroom", "kitchen")
WORDS = ("floor", "load_in", "model", "languages")
"""What a sheet can say: numbers of any size, whole ones, yes or no, and a few words."""

BUFFERS = "rules.buffer_minutes"
PURPOSES = {purpose.value: f"{BUFFERS}.purposes.{purpose.value}" for purpose in Purpose}
DAYS = tuple(f"rules.opening.{day}" for day in WEEKDAYS)
STOCK = ("capacity", "out_of_order")

FIELDS: Mapping[str, Read] = {
    **{f"name.{language}": _text for language in ("nl", "fr", "en")},
    **{f"notes.{language}": _note for language in ("nl", "fr", "en")},
    **{f"technical_sheet.{name}": _measure for name in MEASURES},
    **{f"technical_sheet.{name}": _whole for name in COUNTS},
    **{f"technical_sheet.{name}": _flag for name in FLAGS},
    **{f"technical_sheet.{name}": _text for name in WORDS},
    **{f"rates.{name}": _money for name in RATES},
    **dict.fromkeys(STOCK, _whole),
    "rules.policy": _text,
    "rules.audience": _text,
    "rules.whole_days_only": _flag,
    "rules.granularity_minutes": _whole,
    "rules.shortest_minutes": _whole,
    "rules.longest_minutes": _whole,
    "rules.lead_minutes": _whole,
    "rules.horizon_days": _whole,
    **{f"{group}.{side}": _whole for group in (BUFFERS, *PURPOSES.values()) for side in ("before", "after")},
    "rules.quota.bookings_ahead": _whole,
    "rules.quota.days_per_year": _whole,
}
"""By the name that a refusal gives them: what is refused finds its field by itself."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set now, as the form shows it. `revision`: another one for other settings."""

    row: CatalogueRow
    shown: Mapping[str, str]
    revision: str

    @property
    def is_counted(self) -> bool:
        """Whether it is stock of so many pieces."""
        return not self.row.exclusive


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody typed. `wanted`: None when something makes no sense."""

    typed: Typed
    wanted: Wanted | None

    @property
    def before(self) -> Mapping[str, str]:
        """What the form was filled in with."""
        try:
            before = json.loads(self.typed.raw("shown") or "{}")
        except ValueError:
            return {}
        return before if isinstance(before, dict) else {}

    def touched(self, current: Settings) -> dict[str, str]:
        """The fields that read otherwise than when the form was filled in."""
        typed = {name: _read_again(self.typed, name) for name in current.shown if name in self.typed.form}
        return {name: text for name, text in typed.items() if text != self.before.get(name)}

    def crossed(self, current: Settings) -> dict[str, str]:
        """What somebody else set meanwhile in fields that were touched here too."""
        return {
            name: current.shown[name]
            for name, text in self.touched(current).items()
            if current.shown[name] not in (text, self.before.get(name))
        }


def settings_of(connection: Connection, found: ResourceDetail, *, at: datetime) -> Settings:
    """As it stands in the database."""
    row = found.row
    broken = resources.out_of_order(connection, row, at=at)
    document = {
        "name": row.name,
        "notes": row.notes,
        "technical_sheet": row.technical_sheet,
        "rules": row.rules,
        "capacity": row.capacity,
        "out_of_order": broken,
    }
    rates = {f"rates.{name}": _euros(cents) for name, cents in resources.rates_of(row).items()}
    shown = {name: _shown(_found(document, name)) for name in FIELDS}
    shown |= {"rules.policy": row.rules.get("policy", "request")}
    shown |= {"rules.whole_days_only": "yes" if row.rules.get("whole_days_only") else ""}
    shown |= {"rules.audience": row.rules.get("audience", "anyone")}
    shown |= _hours(row.rules) | rates
    texts = (sorted(row.name.items()), sorted(row.notes.items()))
    return Settings(row, shown, digest((resources.signature(found), texts, broken)))


def digest(value: Any) -> str:
    """A short text that is another one for another value."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def read_settings(form: Mapping[str, str], current: Settings) -> Change:
    """What should be different from what is set."""
    typed = Typed(form)
    changes: dict[str, Any] = {}
    for name, read in FIELDS.items():
        if _differs(typed, current, name):
            _put(changes, name, read(typed, name))
    _read_hours(typed, current, changes)
    for name in STOCK:
        if name in changes and changes[name] is None and name not in typed.errors:
            typed.refuse(name, "required")
    if typed.errors:
        return Change(typed, None)
    wanted = Wanted(
        changes.get("technical_sheet"),
        changes.get("rules"),
        changes.get("capacity"),
        changes.get("out_of_order"),
        changes.get("name"),
        changes.get("notes"),
        changes.get("rates"),
    )
    return Change(typed, wanted)


def _found(document: Any, name: str) -> Any:
    for member in name.split("."):
        document = document.get(member) if isinstance(document, Mapping) else None
    return document


def _put(changes: dict[str, Any], name: str, value: Any) -> None:
    *above, last = name.split(".")
    for member in above:
        changes = changes.setdefault(member, {})
    changes[last] = value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return formats.number(value)
    return "" if value is None else str(value).strip()


def _euros(cents: int | None) -> str:
    """As somebody would type it: `95`, `95,50`; in English with a point."""
    if cents is None:
        return ""
    sign = formats.number(0.5)[1]
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100}{sign}{cents % 100:02}"


def _hours(rules: Mapping[str, Any]) -> dict[str, str]:
    shown = hours_of_week(rules.get("opening", "always"))
    return {name: shown[day] for day, name in zip(WEEKDAYS, DAYS, strict=True)}


def hours_of_week(document: Any) -> dict[str, str]:
    """Per weekday: `09:00-13:00, 14:00-22:00`; nothing on any day when it is always open."""
    opening = read_rules({"opening": document}).opening
    if opening is None:
        return dict.fromkeys(WEEKDAYS, "")
    return {
        name: ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in opening.hours.get(day, ()))
        for day, name in enumerate(WEEKDAYS)
    }


def _clock(minutes: int) -> str:
    past = minutes - 1440 if minutes > 1440 else minutes
    return f"{past // 60:02}:{past % 60:02}"


def _read_hours(typed: Typed, current: Settings, changes: dict[str, Any]) -> None:
    if not any(_differs(typed, current, name) for name in DAYS):
        return
    opening = read_week(typed, dict(zip(WEEKDAYS, DAYS, strict=True)))
    _put(changes, "rules.opening", opening or "always")


def read_week(typed: Typed, names: Mapping[str, str]) -> dict[str, str]:
    """The hours of a week, typed into a field for each weekday, as the rules of a house hold them; closed where a
    field is empty. What makes no sense is refused at its field."""
    opening: dict[str, str] = {}
    for day, name in names.items():
        hours = re.sub(r"\b(\d):", r"0\1:", re.sub(r"\s*[-–]\s*", "-", typed.raw(name)))
        if hours and rule_errors({"opening": {day: hours}}):
            typed.refuse(name, gettext("Give hours such as 09:00-22:00, several with a comma between them."))
        elif hours:
            opening[day] = hours
    return _together(opening)


def _together(opening: Mapping[str, str]) -> dict[str, str]:
    """Neighbouring days with the same hours as one member: `{"mon-fri": "09:00-22:00"}`."""
    runs: list[list[str]] = []
    for day in WEEKDAYS:
        if day not in opening:
            continue
        before = WEEKDAYS[WEEKDAYS.index(day) - 1]
        if runs and runs[-1][-1] == before and opening[before] == opening[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return {run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}": opening[run[0]] for run in runs}


def _differs(typed: Typed, current: Settings, name: str) -> bool:
    return name in typed.form and _read_again(typed, name) != current.shown[name]


def _read_again(typed: Typed, name: str) -> str:
    """As it was shown, if nobody touched it: browsers send other line ends than they got."""
    return typed.raw(name).replace("\r\n", "\n")
