"""The words, shapes and marks of what is shown: one table each, the same on every screen.

A state is always word + shape + mark (`/design` shows them all); a template asks here and never
spells one out itself. Words follow the glossary of the trade in three languages.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext, ngettext

STATES: Mapping[str, Any] = {
    "requested": lazy_gettext("Requested"),
    "option": lazy_gettext("Option"),
    "pending": lazy_gettext("Nearly confirmed"),
    "confirmed": lazy_gettext("Confirmed"),
    "completed": lazy_gettext("Completed"),
    "suspended": lazy_gettext("Suspended"),
    "declined": lazy_gettext("Declined"),
    "withdrawn": lazy_gettext("Withdrawn"),
    "released": lazy_gettext("Released"),
    "lapsed": lazy_gettext("Lapsed"),
    "beaten": lazy_gettext("Went to another"),
    "cancelled": lazy_gettext("Cancelled"),
    "closed": lazy_gettext("Closed"),
    "external": lazy_gettext("House planning"),
    "free": lazy_gettext("Free"),
    "conflict": lazy_gettext("Conflict"),
    "partly": lazy_gettext("Not free as a whole"),
}
"""States of a booking, and what else may fill a day."""

SEEN_BY_OTHERS: Mapping[str, Any] = {
    "confirmed": lazy_gettext("Taken"),
    "pending": lazy_gettext("Nearly confirmed"),
    "option": lazy_gettext("An option is running"),
    "closed": lazy_gettext("Closed"),
    "external": lazy_gettext("Taken"),
}
"""What those read who may not know whose it is."""

MOMENTS: Mapping[str, Any] = {
    "get-in": lazy_gettext("Get-in"),
    "showing": lazy_gettext("Showing"),
    "performance": lazy_gettext("Performance"),
    "arrival": lazy_gettext("Arrival of kit"),
    "departure": lazy_gettext("Departure of kit"),
    "strike": lazy_gettext("Strike"),
    "rehearsal": lazy_gettext("Rehearsal"),
    "other": lazy_gettext("Something else"),
}
"""What happens inside a booking and holds nothing."""

ENDED = frozenset({"declined", "withdrawn", "released", "lapsed", "beaten", "cancelled"})

FIGURES: Mapping[str, Any] = {
    "min_width_m": lazy_gettext("Width in metres, at least"),
    "min_depth_m": lazy_gettext("Depth in metres, at least"),
    "min_clear_height_m": lazy_gettext("Height in metres, at least"),
    "min_seats": lazy_gettext("Seats, at least"),
    "min_power_amps": lazy_gettext("Power in ampere, at least"),
    "people": lazy_gettext("People"),
    "beds": lazy_gettext("Beds"),
    "days": lazy_gettext("Days in a row, if fewer than the period"),
    "quantity": lazy_gettext("How many of it"),
    "within": lazy_gettext("Within so many kilometres, as the crow flies"),
}
"""Every figure that a need may hold, by its name in the address."""

FILE_KINDS: Mapping[str, Any] = {
    "project": lazy_gettext("Project text"),
    "rider": lazy_gettext("Rider"),
    "plan": lazy_gettext("Plan"),
    "picture": lazy_gettext("Picture"),
    "other": lazy_gettext("Something else"),
}
"""What a file is for."""

RANKS: Mapping[int, Any] = {
    1: lazy_gettext("1st option"),
    2: lazy_gettext("2nd option"),
    3: lazy_gettext("3rd option"),
}

CLOCKS: Mapping[str, Any] = {
    "challenge": lazy_gettext("answer to the challenge"),
    "commit": lazy_gettext("time to commit, after a challenge"),
    "expiry": lazy_gettext("the option expires"),
    "answer": lazy_gettext("the house answers"),
    "trajectory": lazy_gettext("the other houses of the chain answer"),
}
"""What happens when a clock runs out."""

KINDS: Mapping[str, Any] = {
    "stage": lazy_gettext("Stage"),
    "studio": lazy_gettext("Studio"),
    "room": lazy_gettext("Room"),
    "equipment": lazy_gettext("Equipment"),
    "accommodation": lazy_gettext("Beds"),
    "expertise": lazy_gettext("Expertise"),
}

SHEET: Mapping[str, Any] = {
    "width_m": lazy_gettext("Width (m)"),
    "depth_m": lazy_gettext("Depth (m)"),
    "clear_height_m": lazy_gettext("Clear height (m)"),
    "seats": lazy_gettext("Seats"),
    "power_amps": lazy_gettext("Power (A)"),
    "fly_bars": lazy_gettext("Fly bars"),
    "three_phase": lazy_gettext("Three-phase power"),
    "sprung_floor": lazy_gettext("Sprung floor"),
    "dance_vinyl": lazy_gettext("Dance vinyl"),
    "blackout": lazy_gettext("Black-out"),
    "step_free": lazy_gettext("Step-free access"),
    "floor": lazy_gettext("Floor"),
    "load_in": lazy_gettext("Load-in"),
    "beds": lazy_gettext("Beds in each"),
    "own_bathroom": lazy_gettext("Own bathroom"),
    "kitchen": lazy_gettext("Kitchen"),
    "weight_kg": lazy_gettext("Weight (kg)"),
    "model": lazy_gettext("Make and model"),
    "languages": lazy_gettext("Languages spoken"),
}
"""What a technical sheet says, as its form asks it."""

RATES: Mapping[str, Any] = {
    "slot": lazy_gettext("A slot (€)"),
    "half_day": lazy_gettext("Half a day (€)"),
    "day": lazy_gettext("A day (€)"),
    "week": lazy_gettext("A week (€)"),
}
"""For what there is a price."""

PLURAL_KINDS: Mapping[str, Any] = {
    "stage": lazy_gettext("Stages"),
    "studio": lazy_gettext("Studios"),
    "room": lazy_gettext("Rooms"),
    "equipment": lazy_gettext("Equipment"),
    "accommodation": lazy_gettext("Beds and bedrooms"),
    "expertise": lazy_gettext("Expertise"),
}

PURPOSES: Mapping[str, Any] = {
    "residency": lazy_gettext("Residency"),
    "rehearsal": lazy_gettext("Rehearsal"),
    "technical-residency": lazy_gettext("Technical residency"),
    "get-in": lazy_gettext("Get-in"),
    "showing": lazy_gettext("Showing"),
    "performance": lazy_gettext("Performance"),
    "workshop": lazy_gettext("Workshop"),
    "advice": lazy_gettext("Advice"),
    "closed": lazy_gettext("Closed to everyone"),
}

ROLES: Mapping[str, Any] = {
    "member": lazy_gettext("Producer of a company"),
    "manager": lazy_gettext("Planner of a house"),
    "technician": lazy_gettext("Technical manager"),
    "coordinator": lazy_gettext("Coordinator"),
    "admin": lazy_gettext("Administrator"),
}

COUNTRIES: Mapping[str, Any] = {"BE": lazy_gettext("Belgium"), "FR": lazy_gettext("France")}

LANGUAGES: Mapping[str, Any] = {
    "nl": lazy_gettext("Dutch"),
    "fr": lazy_gettext("French"),
    "en": lazy_gettext("English"),
}
"""What a house speaks, in the reader's language."""


def state(value: str, rank: int | None = None) -> str:
    """The word of a state; an option may be ranked."""
    return _state(value, rank, _wanted())


@lru_cache(maxsize=512)
def _state(value: str, rank: int | None, _language: str) -> str:
    """A plan says the same dozen words some thousand times."""
    if value == "option" and rank is not None:
        return str(RANKS.get(rank) or gettext("Option %(rank)s", rank=rank))
    return str(STATES[value])


def mark(value: str) -> str:
    """The symbol in `icons.svg`."""
    if value in ENDED:
        return "ended"
    return "closure" if value == "closed" else value


def shape(value: str, rank: int | None = None) -> str:
    """The class that gives fill and edge."""
    if value in ENDED:
        return "is-ended"
    if value == "option" and rank is not None and rank > 1:
        return "is-option-behind"
    return "is-closure" if value == "closed" else f"is-{value}"


def clock(due_kind: str | None) -> Any:
    """What a clock is for; nothing when none runs."""
    return CLOCKS[due_kind] if due_kind else ""


def moment(value: str) -> Any:
    """The word of a moment; one that has none here is told as it was given."""
    return MOMENTS.get(value, value)


def kind(value: str, *, plural: bool = False) -> Any:
    """The word of a kind of resource."""
    return (PLURAL_KINDS if plural else KINDS)[value]


def unit(value: str | None, quantity: int) -> str:
    """`4 bedrooms`; units that are their own symbol (m²) stay as they are."""
    counted = {
        "piece": lambda: ngettext("%(num)s piece", "%(num)s pieces", quantity),
        "bedroom": lambda: ngettext("%(num)s bedroom", "%(num)s bedrooms", quantity),
        "bed": lambda: ngettext("%(num)s bed", "%(num)s beds", quantity),
        "set": lambda: ngettext("%(num)s set", "%(num)s sets", quantity),
        "vehicle": lambda: ngettext("%(num)s vehicle", "%(num)s vehicles", quantity),
        "session": lambda: ngettext("%(num)s session", "%(num)s sessions", quantity),
    }
    return counted[value]() if value in counted else f"{quantity} {value or '×'}"


def name(translations: Mapping[str, str]) -> str:
    """A multilingual text in the reader's language, else marked with the one it is in: `Grote Zaal (nl)`."""
    text, language = told(translations)
    return text if language == _wanted() or not text else f"{text} ({language})"


def told(translations: Mapping[str, str]) -> tuple[str, str]:
    """A multilingual text in the reader's language or else in another, and which one that is."""
    for language in (_wanted(), "en", "fr", "nl"):
        if translations.get(language):
            return translations[language], language
    return "", _wanted()


def _wanted() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "en"
