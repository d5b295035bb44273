"""Public holidays, by the calendar of a house."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

WORDS = {("BE", "nl"): "nl", ("BE", "fr"): "fr", ("BE", "en"): "en_US", ("FR", "fr"): "fr", ("FR", "en"): "en_US"}
"""The languages in which the source knows a country's holidays; else the country's own."""

OWN = {"BE": "nl", "FR": "fr"}


def public_holidays(calendar: str, first: date, last: date, language: str) -> Mapping[date, str]:
    """The holidays from `first` to `last` (both included) with their names. `calendar`: `BE` or `FR`."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in _of_year(calendar, year, language).items()
        if first <= day <= last
    }


@lru_cache(maxsize=256)
def _of_year(calendar: str, year: int, language: str) -> Mapping[date, str]:
    words = WORDS.get((calendar, language), OWN.get(calendar))
    return dict(country_holidays(calendar, years=year, language=words))
