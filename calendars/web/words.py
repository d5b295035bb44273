"""The words of feeds, in each language: a calendar app has no language of its own, its feed does."""

from functools import lru_cache

from flask_babel import force_locale, gettext

from booking.domain.bookings import Purpose
from booking.domain.options import DueKind
from booking.web.languages import LOCALES
from calendars.domain.showing import Words


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """What stands in the feeds of that language (nl, fr, en). What `%` marks is filled in later."""
    with force_locale(LOCALES.get(language, "en_GB")):
        return Words(
            language=language,
            taken=gettext("Taken"),
            nearly=gettext("Nearly confirmed"),
            closed=gettext("Closed"),
            option=gettext("OPT"),
            counted=gettext("%(title)s (%(quantity)s of %(capacity)s)"),
            people=gettext("People: %(number)s"),
            setup=gettext("Set-up: %(minutes)s min before"),
            strike=gettext("Strike: %(minutes)s min after"),
            crew=gettext("Crew: %(name)s"),
            house=gettext("The house's own programme"),
            mine=gettext("EMERGE · %(name)s"),
            crews=gettext("Set-up and strike · %(name)s"),
            clocks=gettext("Options that run out · %(name)s"),
            tails={"set-up": gettext("Set-up"), "strike": gettext("Strike")},
            runs_out={
                DueKind.EXPIRY: gettext("Option runs out"),
                DueKind.CHALLENGE: gettext("Answer to the challenge due"),
                DueKind.COMMIT: gettext("Commit by now"),
            },
            purposes=_purposes(),
            moments=_moments(),
        )


def _purposes() -> dict[str, str]:
    return {
        Purpose.RESIDENCY: gettext("Residency"),
        Purpose.REHEARSAL: gettext("Rehearsal"),
        Purpose.TECHNICAL_RESIDENCY: gettext("Technical residency"),
        Purpose.GET_IN: gettext("Get-in"),
        Purpose.SHOWING: gettext("Showing"),
        Purpose.PERFORMANCE: gettext("Performance"),
        Purpose.WORKSHOP: gettext("Workshop"),
        Purpose.ADVICE: gettext("Advice"),
        Purpose.CLOSED: gettext("Closed to everyone"),
    }


def _moments() -> dict[str, str]:
    return {
        "get-in": gettext("Get-in"),
        "showing": gettext("Showing"),
        "performance": gettext("Performance"),
        "arrival": gettext("Arrival of kit"),
        "departure": gettext("Departure of kit"),
        "strike": gettext("Strike"),
        "rehearsal": gettext("Rehearsal"),
        "other": gettext("Also"),
    }
