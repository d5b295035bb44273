"""The answers of a search in words: what fits, what does not and by how much, and why in this order."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from booking.domain.finding import Answer
from booking.domain.needs import FEATURES, Lack, Need
from booking.domain.wall_clock import DAY
from booking.services.candidates import Candidate
from booking.web.context import roads
from booking.web.languages import language
from booking.web.wording import days_in_words, explained

LACK_WORDS: Mapping[str, Callable[[Lack], str]] = {
    "width_m": lambda lack: gettext("%(by)s m too narrow", by=_number(lack.short)),
    "depth_m": lambda lack: gettext("%(by)s m not deep enough", by=_number(lack.short)),
    "clear_height_m": lambda lack: gettext("%(by)s m too low", by=_number(lack.short)),
    "seats": lambda lack: ngettext("%(num)s seat too few", "%(num)s seats too few", round(lack.short or 0)),
    "power_amps": lambda lack: gettext("%(by)s A short", by=_number(lack.short)),
    "quantity": lambda lack: gettext(
        "%(short)s short: there are %(has)s", short=_number(lack.short), has=lack.has
    ),
    "sprung_floor": lambda lack: gettext("no sprung floor") if lack.asked else gettext("has a sprung floor"),
    "three_phase": lambda lack: (
        gettext("no three-phase power") if lack.asked else gettext("has three-phase power")
    ),
    "dance_vinyl": lambda lack: gettext("no dance vinyl") if lack.asked else gettext("has dance vinyl"),
}

NAMES: Mapping[str, Callable[[], str]] = {
    "width_m": lambda: gettext("width"),
    "depth_m": lambda: gettext("depth"),
    "clear_height_m": lambda: gettext("height"),
    "seats": lambda: gettext("seats"),
    "power_amps": lambda: gettext("power"),
    "sprung_floor": lambda: gettext("sprung floor"),
    "three_phase": lambda: gettext("three-phase power"),
    "dance_vinyl": lambda: gettext("dance vinyl"),
    "quantity": lambda: gettext("that many"),
}


def _number(value: float | None) -> str:
    return str(format_decimal(value or 0, "#,##0.###"))


def need_in_words(need: Need) -> str:
    """What is asked of a resource, in a line: `at least 10 × 10 m · sprung floor`."""
    said = []
    width, depth = need.min_width_m, need.min_depth_m
    if width is not None and depth is not None:
        said.append(gettext("at least %(width)s × %(depth)s m", width=_number(width), depth=_number(depth)))
    elif width is not None or depth is not None:
        words = gettext("at least %(by)s m wide") if width is not None else gettext("at least %(by)s m deep")
        said.append(words % {"by": _number(width or depth)})
    if need.min_clear_height_m is not None:
        said.append(gettext("at least %(by)s m high", by=_number(need.min_clear_height_m)))
    if need.min_seats is not None:
        said.append(ngettext("at least %(num)s seat", "at least %(num)s seats", need.min_seats))
    if need.min_power_amps is not None:
        said.append(gettext("at least %(by)s A", by=_number(need.min_power_amps)))
    said += [NAMES[name]() for name in FEATURES if getattr(need, name)]
    if need.quantity > 1:
        said.append(f"× {_number(need.quantity)}")
    said += [text for text in (need.resource, need.region, need.q) if text]
    return " · ".join(said)


def last_day(end: date) -> date:
    """The last day, included, of what ends before `end`."""
    return end - DAY


def lack_in_words(lack: Lack) -> str:
    """By how much it does not fit."""
    return LACK_WORDS[lack.name](lack)


UNITS = {"width_m": "m", "depth_m": "m", "clear_height_m": "m", "power_amps": "A"}


def figure_in_words(name: str, value: Any) -> str:
    """What a sheet says, or what is asked of it: `11 m`, `63 A`, yes."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if not isinstance(value, int | float):
        return "–"
    return f"{_number(value)} {UNITS[name]}" if name in UNITS else _number(value)


def name_in_words(name: str) -> str:
    """What a requirement is about."""
    return NAMES[name]()


def unknown_in_words(names: tuple[str, ...]) -> str:
    """What nobody wrote down."""
    return str(gettext("The sheet does not say: %(what)s.", what=", ".join(NAMES[name]() for name in names)))


def answer_in_words(candidate: Candidate) -> str:
    """The answer as people say it."""
    return _said(candidate.answer, candidate.rank)


def _said(answer: Answer, rank: int | None) -> str:
    return ANSWER_WORDS[answer](rank)


ANSWER_WORDS: Mapping[Answer, Callable[[int | None], str]] = {
    Answer.FREE: lambda _: gettext("free"),
    Answer.OPTION: lambda rank: gettext("option %(rank)s", rank=rank),
    Answer.TAKEN: lambda _: gettext("taken"),
    Answer.UNKNOWN: lambda _: gettext("unknown"),
    Answer.UNFIT: lambda _: gettext("does not fit"),
}


def reasons(candidate: Candidate) -> list[dict[str, Any]]:
    """Why it is not simply free: `code`, `detail` in the reader's language, and facts. Never whose it is."""
    if candidate.answer is Answer.FREE:
        return []
    found: list[dict[str, Any]] = [lack_document(lack) for lack in candidate.fit.lacks]
    if candidate.fit.unknown:
        names = list(candidate.fit.unknown)
        found.append({"code": "unknown", "names": names, "detail": unknown_in_words(candidate.fit.unknown)})
    finding = candidate.finding
    if finding is None or finding.possible:
        return [*found, *_queue(candidate)]
    for conflict in finding.conflicts:
        short = {"short": conflict.short} if conflict.short else {}
        rule = {"rule": conflict.facts["rule"]} if "rule" in conflict.facts else {}
        days = [day.isoformat() for day in conflict.days]
        found.append({"code": conflict.kind, "days": days, "detail": explained(conflict), **short, **rule})
    if finding.holidays:
        days = [day.isoformat() for day in finding.holidays]
        detail = gettext("School holidays rule out %(days)s.", days=days_in_words(finding.holidays))
        found.append({"code": "school-holidays", "days": days, "detail": detail})
    if finding.holidays_unknown:
        detail = gettext("The school holidays of that year are not known yet.")
        found.append({"code": "school-holidays-unknown", "detail": detail})
    return found


def lack_document(lack: Lack) -> dict[str, Any]:
    """What lacks, as machines are told."""
    short = {"short": lack.short} if lack.short is not None else {}
    return {"code": lack.name, "asked": lack.asked, "has": lack.has, **short, "detail": lack_in_words(lack)}


def _queue(candidate: Candidate) -> list[dict[str, Any]]:
    if candidate.answer is not Answer.OPTION:
        return []
    detail = gettext("An option is held there; yours would be option %(rank)s.", rank=candidate.rank)
    return [{"code": "option", "rank": candidate.rank, "detail": detail}]


def order_in_words(candidate: Candidate, spoken: str | None = None) -> str:
    """Why it stands where it stands: what the order looks at, in its order. `spoken`: the language, if known."""
    together = candidate.complete if candidate.beside else None
    cents = candidate.row.day_rate_cents
    way = None if candidate.km is None else way_in_words(candidate.km)
    return _order(spoken or language(), candidate.answer, candidate.rank, together, way, cents)


@lru_cache(maxsize=4096)
def _order(
    _language: str, answer: Answer, rank: int | None, together: bool | None, way: str | None, cents: int
) -> str:
    said = [_said(answer, rank)]
    if together is not None:
        said.append(gettext("everything in one house") if together else gettext("not everything in one house"))
    if way is not None:
        said.append(way)
    said.append(gettext("€ %(price)s a day", price=format_decimal(cents / 100, "#,##0.00")))
    return " · ".join(said)


def way_in_words(km: float) -> str:
    """How far, and how long by road."""
    words = gettext(
        "%(km)s km, about %(minutes)s minutes by road",
        km=format_decimal(round(roads().kilometres(km))),
        minutes=format_decimal(roads().minutes(km)),
    )
    return str(words)
