"""Search: the need as one sentence, and under it, period by period, who has what is needed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from time import monotonic
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from booking.domain.distances import Point
from booking.domain.finding import Answer, Day
from booking.domain.needs import Period
from booking.domain.people import Person
from booking.domain.resources import SPACES
from booking.domain.rules import read_rules
from booking.services import catalogue, finding, pictures
from booking.services.candidates import Candidate, Found, Patience
from booking.storage.catalogues import CatalogueRow
from booking.web import candidates
from booking.web.context import database, now
from booking.web.pages import days, maps
from booking.web.pages.blueprint import pages
from booking.web.pages.chain_form import SEPARATOR
from booking.web.pages.hats import hatted
from booking.web.pages.maps import Pin
from booking.web.pages.needs import Typed, Wanted, read_wanted
from booking.web.pages.resources import asking_address
from booking.web.pages.rules_in_words import POLICIES
from booking.web.pages.sign_in import signed_in

PATIENCE_SECONDS = 3.0
MOST_COLUMNS = 42
MOST_UNFIT = 12
REQUIREMENTS = {
    "width_m": "min_width_m",
    "depth_m": "min_depth_m",
    "clear_height_m": "min_clear_height_m",
    "seats": "min_seats",
    "power_amps": "min_power_amps",
    "quantity": "quantity",
}
"""What a requirement is called in the address, where it has another name there."""

STATES = {"closed": "closed", "external-busy": "external", "rule": "option"}
"""How a day is drawn by what stands in its way; everything else is taken."""


@dataclass(frozen=True, slots=True)
class Run:
    """Days side by side with the same answer: column from 1, and how many."""

    column: int
    width: int
    state: str
    rank: int | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Line:
    """One resource in the timetable. `ask`: where it is asked for, with the days in the address; `join`: where a
    company puts it into a trajectory."""

    candidate: Candidate
    runs: Sequence[Run]
    beds: Candidate | None
    answers: Any
    ask: str | None
    join: str | None = None

    @property
    def row(self) -> CatalogueRow:
        """The resource."""
        return self.candidate.row


@dataclass(frozen=True, slots=True)
class Sheet:
    """One period with its answers, in the groups in which they are shown."""

    period: Period
    lines: Sequence[Line]
    unknown: Sequence[Line]
    unfit: Sequence[Line]
    more_unfit: int
    hurried: bool
    relax: tuple[str, str, int] | None

    @property
    def count(self) -> int:
        """How many can be had, free or behind an option."""
        return sum(line.candidate.answer in (Answer.FREE, Answer.OPTION) for line in self.lines)


@pages.get("/search")
def search() -> tuple[str, int]:
    """The form, and the answers when days were given. The address is the view; a senseless period or figure is a
    422."""
    person, wanted = signed_in(), _with_days(read_wanted(request.args))
    with database().read() as connection:
        houses = catalogue.venues(connection)
        sheets = _sheets(connection, person, wanted, houses) if wanted.asked and not wanted.refused else []
        shown = sheets[min(wanted.tab, len(sheets) - 1)] if sheets else None
        seen = pictures.of_resources(connection, [line.row for line in shown.lines]) if shown else {}
    page = render_template(
        "search.html",
        wanted=wanted,
        houses=houses,
        regions=sorted({house.region for house in houses}),
        sheets=sheets,
        shown=shown,
        pictures=seen,
        axis=_axis(shown.period) if shown else [],
        pins=_pins(shown, houses) if shown and wanted.view == "map" else [],
        drawn=maps,
        said=candidates,
    )
    return page, 422 if wanted.refused or any(each.error for each in wanted.periods) else 200


def _with_days(wanted: Wanted) -> Wanted:
    """The same; days that were left empty when the form was sent are asked for at their field."""
    if wanted.periods or "first" not in request.args:
        return wanted
    return replace(wanted, periods=(Typed("", "", error="required"),))


def _sheets(connection: Connection, person: Person, wanted: Wanted, houses: Sequence[CatalogueRow]) -> list[Sheet]:
    points = {house.code: Point(house.latitude, house.longitude) for house in houses}
    asked = wanted.search(points)
    patience = Patience(PATIENCE_SECONDS, monotonic)
    found = finding.search(connection, person, asked, at=now(), patience=patience, drawn=True)
    return [_sheet(person, period, needs[0]) for period, needs in zip(asked.periods, found, strict=True)]


def _sheet(person: Person, period: Period, found: Found) -> Sheet:
    groups: dict[str, list[Line]] = {"lines": [], "unknown": [], "unfit": []}
    for each in found.candidates:
        name = each.answer.value if each.answer in (Answer.UNKNOWN, Answer.UNFIT) else "lines"
        groups[name].append(_line(person, each, period))
    unfit = sorted(groups["unfit"], key=_nearest_miss)
    shown = unfit[:MOST_UNFIT]
    hidden = len(unfit) - len(shown) + found.left_out
    relax = _relaxing(found.candidates)
    return Sheet(period, groups["lines"], groups["unknown"], shown, hidden, found.hurried, relax)


def _nearest_miss(line: Line) -> tuple[Any, ...]:
    """The fewest lacks first, and among those the smallest."""
    lacks = line.candidate.fit.lacks
    return (len(lacks), sum(lack.short or 0 for lack in lacks), line.row.code)


def _line(person: Person, each: Candidate, period: Period) -> Line:
    starts = each.starts
    best = next((start for start in starts if start.rank == each.finding.rank), None) if each.finding else None
    address = asking_address(person, each.row.venue_code)
    ask = join = None
    if best is not None and person.organisations and each.row.kind in SPACES:
        days = (each.row.code, best.start.isoformat(), best.end.isoformat())
        join = hatted(f"/trajectories/new?stay={SEPARATOR.join(days)}")
    if address and best is not None:
        ask = hatted(f"{address}?resource={each.row.code}&from={best.start.isoformat()}&to={best.end.isoformat()}")
    beds = next(iter(each.beside.values()), None)
    judged = each.finding.days if each.finding else ()
    policy = POLICIES[read_rules(each.row.rules).policy]
    return Line(each, list(runs(judged, period)), beds, policy, ask, join)


def runs(judged: Sequence[Day], period: Period) -> Iterable[Run]:
    """Neighbouring days with the same answer as one; nothing when there are too many days to draw."""
    if not judged or len(judged) > MOST_COLUMNS:
        return
    first = period.days[0]
    for (state, rank), group in groupby(judged, key=_drawn):
        same = list(group)
        yield Run((same[0].date - first).days + 1, len(same), state, rank, same[0].date, same[-1].date)


def _drawn(day: Day) -> tuple[str, int | None]:
    if day.conflicts:
        return STATES.get(day.conflicts[0].kind, "confirmed"), None
    return ("option", day.rank) if day.rank > 1 else ("free", None)


def _relaxing(found: Sequence[Candidate]) -> tuple[str, str, int] | None:
    """The one requirement without which most would fit: its name in the address, in words, and how many."""
    alone = Counter(
        next(iter({lack.name for lack in each.fit.lacks}))
        for each in found
        if len({lack.name for lack in each.fit.lacks}) == 1 and not each.fit.unknown
    )
    if not alone:
        return None
    [(name, count)] = alone.most_common(1)
    return REQUIREMENTS.get(name, name), candidates.name_in_words(name), count


def _axis(period: Period) -> Sequence[days.Day]:
    length = len(period.days)
    return days.axis(period.days[0], length, today=date.min) if length <= MOST_COLUMNS else []


def _pins(sheet: Sheet, houses: Sequence[CatalogueRow]) -> list[Pin]:
    here: Mapping[str, Counter[Answer]] = {house.code: Counter() for house in houses}
    for line in sheet.lines:
        here[line.row.venue_code][line.candidate.answer] += 1
    return maps.pins([(house, here[house.code][Answer.FREE], here[house.code][Answer.OPTION]) for house in houses])
