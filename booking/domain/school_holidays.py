"""School holidays, by the calendar of a house: kept here, since no library holds all three communities.

Sources: the Flemish government (onderwijs.vlaanderen.be, "Schoolvakanties"), the Fédération
Wallonie-Bruxelles (enseignement.be, "Calendrier scolaire") and the French ministry
(education.gouv.fr, "Calendrier scolaire"), as published by November 2026. Both dates are included.
A school year that is not here is not known: whoever asks is told so.
"""

from collections.abc import Mapping, Sequence
from datetime import date

Calendar = tuple[str, str]
"""Country and subdivision, as a house names them."""

Period = tuple[date, date]


def _periods(*texts: str) -> Sequence[Period]:
    """From `2026-11-02/2026-11-08`, both included."""
    return [
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, _, last in (t.partition("/") for t in texts)
    ]


KNOWN: Mapping[Calendar, Mapping[int, Sequence[Period]]] = {
    ("BE", "Flemish"): {
        2026: _periods(
            "2026-11-02/2026-11-08",
            "2026-12-21/2027-01-03",
            "2027-02-08/2027-02-14",
            "2027-03-29/2027-04-11",
            "2027-07-01/2027-08-31",
        ),
        2027: _periods(
            "2027-11-01/2027-11-07",
            "2027-12-27/2028-01-09",
            "2028-02-28/2028-03-05",
            "2028-04-03/2028-04-17",
            "2028-07-01/2028-08-31",
        ),
    },
    ("BE", "French"): {
        2026: _periods(
            "2026-10-19/2026-11-01",
            "2026-12-21/2027-01-03",
            "2027-02-22/2027-03-07",
            "2027-04-26/2027-05-09",
            "2027-07-03/2027-08-29",
        ),
    },
    ("FR", "Zone B"): {
        2026: _periods(
            "2026-10-17/2026-11-01",
            "2026-12-19/2027-01-03",
            "2027-02-20/2027-03-07",
            "2027-04-17/2027-05-02",
            "2027-07-03/2027-08-31",
        ),
    },
}
"""Calendar → the year in which the school year begins → its holidays."""

SEPTEMBER = 9


def is_school_holiday(calendar: Calendar, day: date) -> bool | None:
    """Whether schools are closed; None when that school year is not known."""
    year = day.year if day.month >= SEPTEMBER else day.year - 1
    periods = KNOWN.get(calendar, {}).get(year)
    if periods is None:
        return None
    return any(first <= day <= last for first, last in periods)
