"""The clock of a challenge, drawn: the days that count, those that do not and why, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from booking.domain.holidays import public_holidays
from booking.domain.wall_clock import DAY, at_venue
from booking.services.deadlines import Reckoning
from booking.web.languages import language
from booking.web.pages import days, words
from booking.web.pages.days import Day
from booking.web.pages.formats import clock, day


@dataclass(frozen=True, slots=True)
class Tick:
    """One day of the clock. `number`: which of the counted days it is; `note`: what happens on it, or why not."""

    day: Day
    number: int | None
    note: str
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The clock in whole weeks, and the sentence that explains it."""

    ticks: Sequence[Tick]
    why: Sequence[str]
    reckoning: Reckoning


def drawn(reckoning: Reckoning, zone: str, today: date) -> Drawn:
    """The weeks from the question to the answer."""
    first, last = (at_venue(each, zone).date() for each in (reckoning.start, reckoning.due_at))
    monday = days.monday(first)
    count = ((last - monday).days // days.WEEK + 1) * days.WEEK
    named = _holidays(reckoning, monday, monday + DAY * count)
    axis = days.axis(monday, count, today=today, holidays=named)
    ticks = [_tick(each, reckoning, first, last, zone) for each in axis]
    return Drawn(ticks, [_counted(reckoning), *_left_out(ticks)], reckoning)


def _tick(each: Day, reckoning: Reckoning, first: date, last: date, zone: str) -> Tick:
    number = reckoning.counted.index(each.date) + 1 if each.date in reckoning.counted else None
    is_inside = first <= each.date <= last
    if each.date in (first, last):
        note = clock(reckoning.start, zone)
    elif is_inside and number is None:
        note = each.holiday or (gettext("weekend") if each.is_weekend else gettext("the house is off"))
    else:
        note = ""
    return Tick(each, number, str(note), is_inside)


def _counted(reckoning: Reckoning) -> str:
    countries = sorted(str(words.COUNTRIES.get(code, code)) for code in reckoning.days.countries)
    text = ngettext(
        "%(num)s working day, as in %(countries)s: %(days)s.",
        "%(num)s working days, as in %(countries)s: %(days)s.",
        len(reckoning.counted),
        countries=" + ".join(countries),
        days=", ".join(day(each) for each in reckoning.counted).rstrip("."),
    )
    return str(text)


def _left_out(ticks: Sequence[Tick]) -> list[str]:
    off = [
        f"{day(each.day.date)} ({each.note})"
        for each in ticks
        if each.is_inside and each.number is None and each.note
    ]
    off = off[1:]  # the first is the day of the question itself
    said = [gettext("Not counted: %(days)s.", days=", ".join(off))] if off else []
    return [*said, gettext("The hour is that of the question, on the clock of the house.")]


def _holidays(reckoning: Reckoning, first: date, end: date) -> dict[date, str]:
    named: dict[date, str] = {}
    for country in sorted(reckoning.days.countries):
        named |= public_holidays(country, first, end, language())
    return named
