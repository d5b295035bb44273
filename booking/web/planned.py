"""Why there is no chain, in words: the same for pages and API."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from booking.domain.planning import Blocked

WORDS: Mapping[str, Callable[[Blocked], str]] = {
    "nothing": lambda blocked: gettext(
        "Nothing can be had for need %(num)d in this period.", num=blocked.need + 1
    ),
    "gap": lambda blocked: gettext(
        "Need %(num)d cannot follow the one before it within these days.", num=blocked.need + 1
    ),
    "house": lambda blocked: gettext(
        "No chain goes to another house each time; need %(num)d stands in the way.", num=blocked.need + 1
    ),
    "border": lambda blocked: gettext(
        "No chain touches every country that is asked; need %(num)d stands in the way.", num=blocked.need + 1
    ),
    "distance": lambda blocked: gettext(
        "Every chain is further than that: %(km)d km at least. Need %(num)d stands in the way.",
        km=round(blocked.least_km or 0),
        num=blocked.need + 1,
    ),
}


def blocked_in_words(blocked: Blocked) -> str:
    """One sentence, with the need that blocks (from 1)."""
    return str(WORDS[blocked.why](blocked))
