"""How often a booking repeats: as it is typed, as a rule (RFC 5545), and as people say it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext, lazy_gettext, ngettext

from booking.domain.series import LEFT_OUT, Recurrence
from booking.web.languages import LOCALES, language
from booking.web.pages import formats
from booking.web.pages.typed import Typed

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_INTERVAL = 99

REPEATS: Mapping[str, Any] = {
    "": lazy_gettext("It does not repeat"),
    "WEEKLY": lazy_gettext("Every week, or every so many weeks"),
    "MONTHLY": lazy_gettext("Every month, on the same weekday of the month"),
    "DAILY": lazy_gettext("Every day, or every so many days"),
}

LEFT_OUT_WORDS: Mapping[str, Any] = {
    "school-holidays": lazy_gettext("School holidays of the house"),
    "public-holidays": lazy_gettext("Public holidays"),
    "closures": lazy_gettext("Days on which the house is closed"),
}

SKIPPED_WORDS: Mapping[str, Any] = {
    "school-holidays": lazy_gettext("school holidays"),
    "public-holidays": lazy_gettext("public holiday"),
    "closures": lazy_gettext("closed that day"),
    "closed": lazy_gettext("closed that day"),
    "time-taken": lazy_gettext("taken"),
    "capacity": lazy_gettext("too few left"),
    "external-busy": lazy_gettext("used by the house"),
    "buffer": lazy_gettext("too close to another booking"),
    "outside-hours": lazy_gettext("outside opening hours"),
    "queue-jump": lazy_gettext("an option is running"),
    "rule": lazy_gettext("against a rule of the house"),
}
"""Why a date is not in the series, in a few words."""


def repeats(form: Mapping[str, str]) -> bool:
    """Whether the form asks for more than one date."""
    return form.get("repeat", "") in REPEATS and bool(form.get("repeat"))


def read_recurrence(typed: Typed, first: date) -> Recurrence | None:
    """The rule that was typed, for a series whose first date is `first`; errors go beside their fields."""
    frequency = typed.raw("repeat")
    if frequency not in REPEATS or not frequency:
        typed.refuse("repeat", "unknown")
        return None
    interval = typed.whole("interval", least=1, most=MOST_INTERVAL) or 1
    until = typed.day("until")
    if until is None:
        if "until" not in typed.errors:
            typed.refuse("until", "required")
        return None
    if until < first:
        typed.refuse("until", "until-before-start")
        return None
    rule = f"FREQ={frequency};INTERVAL={interval}{_days(typed, frequency, first)};UNTIL={until:%Y%m%d}"
    besides = tuple(name for name in LEFT_OUT if typed.ticked(f"except-{name}"))
    return Recurrence(rule, besides, skips=typed.raw("on_conflict") != "refuse")


def _days(typed: Typed, frequency: str, first: date) -> str:
    own = WEEKDAYS[first.weekday()]
    if frequency == "MONTHLY":
        return f";BYDAY={(first.day - 1) // 7 + 1}{own}"
    if frequency == "WEEKLY":
        chosen = [day for day in WEEKDAYS if typed.ticked(f"on-{day}") or day == own]
        return f";BYDAY={','.join(chosen)}"
    return ""


def rule_in_words(rule: str) -> str:
    """`every 2 weeks on Tuesday, until Tue 27 Jun 2028`."""
    parts = dict(piece.split("=", 1) for piece in rule.upper().removeprefix("RRULE:").split(";") if "=" in piece)
    interval = int(parts.get("INTERVAL", "1"))
    often = {
        "DAILY": lambda: ngettext("every day", "every %(num)s days", interval),
        "WEEKLY": lambda: ngettext("every week", "every %(num)s weeks", interval),
        "MONTHLY": lambda: ngettext("every month", "every %(num)s months", interval),
        "YEARLY": lambda: ngettext("every year", "every %(num)s years", interval),
    }[parts["FREQ"]]()
    said = [str(often)]
    if "BYDAY" in parts:
        said.append(gettext("on %(days)s", days=", ".join(_named(day) for day in parts["BYDAY"].split(","))))
    if "UNTIL" in parts:
        last = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()  # noqa: DTZ007 -- a wall-clock date
        said.append(gettext("until %(day)s", day=formats.day(last, year=True)))
    if "COUNT" in parts:
        said.append(ngettext("%(num)s time", "%(num)s times", int(parts["COUNT"])))
    return ", ".join(said)


def weekday_names() -> list[tuple[str, str]]:
    """The codes of RFC 5545 with the names of the days, Monday first."""
    names = get_day_names("wide", locale=LOCALES[language()])
    return [(code, names[n]) for n, code in enumerate(WEEKDAYS)]


def _named(day: str) -> str:
    number, code = day[:-2], day[-2:]
    name = dict(weekday_names()).get(code, code)
    return f"{number.lstrip('+')}. {name}" if number else name
