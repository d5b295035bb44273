"""Search by need: over all houses, which resources fit, and when they can be had.

What a resource is and its free days (the chart, a filter that never decides) leave those that may do; the rules
of a booking decide, and only of the best of these. Reads only.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.services.candidates import Candidate, Found, Patience, Search, best_first, side_by_side
from booking.services.charts import TooSlow
from booking.services.finders import Finder
from booking.services.looking import View, looking
from booking.services.trials import CAN_BE_HAD, Trial
from booking.storage import catalogues
from booking.storage.locks import places

MOST_SHOWN = 100


def search(
    connection: Connection,
    person: Person,
    asked: Search,
    *,
    at: datetime,
    patience: Patience | None = None,
    most: int = MOST_SHOWN,
    drawn: bool = False,
) -> list[list[Found]]:
    """For each period, in order, the candidates of each need, best first. Reads only.

    `drawn`: every day of the periods is wanted, judged by itself.
    """
    with looking(connection, asked.periods, at=at, patience=patience) as view:
        return search_in(view, person, asked, at=at, patience=patience, most=most, drawn=drawn)


def search_in(
    view: View | None,
    person: Person,
    asked: Search,
    *,
    at: datetime,
    patience: Patience | None = None,
    most: int = MOST_SHOWN,
    drawn: bool = False,
) -> list[list[Found]]:
    """The same, for whoever has brought up to date what is looked at; None: there was no time for it."""
    if view is None:
        return [[Found((), hurried=True) for _ in asked.needs] for _ in asked.periods]
    finder = Finder(view, person, asked, at, patience, drawn=drawn)
    found = []
    for period in asked.periods:
        per_need = [_found(finder, need, period, most) for need in asked.needs]
        found.append(side_by_side(per_need) if len(asked.needs) > 1 else per_need)
    return found


def candidates(
    connection: Connection,
    person: Person,
    need: Need,
    period: Period,
    days: int | None = None,
    *,
    at: datetime,
    wishes: Search | None = None,
    patience: Patience | None = None,
) -> list[Candidate]:
    """For planners of chains: everything that fits `need` and can be had for `days` in a row within `period`.

    Only *free* and *option* answers come back, best first; `candidate.starts` has every possible first day in
    order, with the rank that an option would have from that day (1: free), so that nothing needs to be asked
    twice. `candidate.row` has `code`, `venue_code`, `country`, `latitude`, `longitude`, `day_rate_cents`.
    `wishes`: countries, regions, a point and school holidays as in a search. Reads only; what it says is what
    asking would say at this moment, by the same rules. TooSlow when there is no time for all of them.
    """
    asked = replace(wishes or Search((), ()), needs=(need,), periods=(period,), days=days)
    with looking(connection, [period], at=at, patience=patience) as view:
        if view is None:
            raise TooSlow
        finder = Finder(view, person, asked, at, patience)
        trial = Trial(finder, need, period, None)
        if trial.of_the_likely():
            raise TooSlow
    return sorted((each for each in trial.made if each.answer in CAN_BE_HAD), key=best_first)


def _found(finder: Finder, need: Need, period: Period, most: int) -> Found:
    trial = Trial(finder, need, period, most)
    hurried = trial.of_the_best()
    made = sorted(trial.made, key=best_first)[:most]
    return Found(tuple(made), trial.wanted.bit_count() - len(made), hurried)


def check_known(connection: Connection, needs: Sequence[Need]) -> None:
    """Malformed where a need names a resource or a house that there is not."""
    codes = {need.resource for need in needs if need.resource is not None}
    resources = places(connection, codes) if codes else {}
    named = {need.venue for need in needs if need.venue is not None}
    houses = {code for code in named if catalogues.venue(connection, code) is not None}
    errors = {}
    for n, need in enumerate(needs):
        if need.resource is not None and need.resource not in resources:
            errors[f"needs.{n}.resource"] = ["unknown"]
        if need.venue is not None and need.venue not in houses:
            errors[f"needs.{n}.venue"] = ["unknown"]
    if errors:
        raise Malformed(errors)
