"""The queue of one resource: who stands in line, rank by day, clocks, challenges, and what the house may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext, ngettext

from booking.domain.refusals import NotFound
from booking.domain.states import State
from booking.domain.wall_clock import DAY
from booking.services import queue
from booking.services.granting import DayRank
from booking.services.queue import InLine
from booking.services.timeline import TimelineItem, timelines_of
from booking.web.context import database, now, parts
from booking.web.pages import days
from booking.web.pages.blueprint import pages
from booking.web.pages.days import Day, Place, Stretch, Strip
from booking.web.pages.house import House
from booking.web.pages.sign_in import signed_in

LONGEST_AXIS = 182
"""Days up to which a line is drawn in full: half a year. What goes on beyond is told in words."""
HARD = ("confirmed", "pending", "closed", "external")


@dataclass(frozen=True, slots=True)
class Queued:
    """One in line, drawn. `hits`: how many others would lose days if it were confirmed now."""

    each: InLine
    strip: Strip
    hits: int
    answers: Sequence["Challenged"]


@dataclass(frozen=True, slots=True)
class Challenged:
    """One holder whom it challenged, by name; this page is for the house alone."""

    who: str
    due_at: Any
    answer: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Those whose days meet, with what is hard on the same days. `until`: its last day, drawn or not."""

    axis: Sequence[Day]
    held: Strip
    until: date
    queued: Sequence[Queued]


@pages.get("/desk/<venue>/queue/<code>")
def queue_of(venue: str, code: str) -> str:
    """The queue, in lines of those whose days meet."""
    person = signed_in()
    with database().read() as connection:
        house = House.read(connection, person, venue)
        place = next((each for each in house.places if each.code == code), None)
        if place is None:
            raise NotFound
        found = queue.of_resource(connection, person, venue, code, at=now())
        items: Sequence[TimelineItem] = ()
        if found:
            first, end = min(each.row.starts for each in found), max(each.row.ends for each in found)
            items = timelines_of(connection, person, [code], start=first, end=end, names=parts().names)[code]
    return render_template(
        "desk-queue.html",
        house=house,
        place=place,
        lines=lines_of(found, items, Place.of(place), today=house.today),
        headline=headline(found),
        decides=person.decides_for(venue),
        back=f"/desk/{venue}/queue/{code}",
    )


def headline(found: Sequence[InLine]) -> str:
    """The sentence at the head of the page."""
    if not found:
        return str(gettext("Nobody stands in line."))
    return str(ngettext("One option stands in line.", "%(num)s options stand in line.", len(found)))


def lines_of(found: Sequence[InLine], items: Sequence[TimelineItem], place: Place, *, today: date) -> list[Line]:
    """Those whose days meet together, the soonest first; within a line in the order of the queue."""
    held = [each for each in days.taken(items, place) if each.state in HARD]
    together: list[list[InLine]] = []
    last: date | None = None
    for each in sorted(found, key=lambda each: min(each.days)):
        if last is None or min(each.days) > last:
            together.append([])
        together[-1].append(each)
        last = max(each.days) if last is None or len(together[-1]) == 1 else max(last, *each.days)
    return [_line([each for each in found if each in line], held, today) for line in together]


def _line(found: Sequence[InLine], held: Sequence[Stretch], today: date) -> Line:
    asked = [day for each in found for day in each.days]
    first = days.monday(min(asked))
    count = ((max(asked) - first).days // days.WEEK + 1) * days.WEEK
    axis = days.axis(first, min(count, LONGEST_AXIS), today=today)
    names = {each.row.id: each.row.organisation_name or each.row.venue_name for each in found}
    return Line(
        axis,
        days.strip(axis, held),
        max(asked),
        [
            Queued(each, days.strip(axis, _stretches(each)), _hits(each, found), _answers(each, names))
            for each in found
        ],
    )


def _hits(each: InLine, found: Iterable[InLine]) -> int:
    mine = set(each.days)
    return sum(other is not each and bool(mine & set(other.days)) for other in found)


def _answers(each: InLine, names: Mapping[UUID, str]) -> list[Challenged]:
    challenge = each.stands.challenge
    if challenge is None or not challenge.mine:
        return []
    return [Challenged(names.get(one.booking, "–"), one.due_at, one.answer) for one in challenge.asked]


def _stretches(each: InLine) -> list[Stretch]:
    """Its days as runs of one rank; without ranks (suspended, pending) as they are."""
    ranks = each.ranks if each.row.state is State.OPTION else {}
    return runs({day: ranks.get(day) for day in (ranks or each.days)}, each.row.state.value)


def runs(ranks: Mapping[date, int | None], state: str) -> list[Stretch]:
    """Days as runs of one rank."""
    found: list[Stretch] = []
    for day, rank in sorted(ranks.items()):
        if found and found[-1].rank == rank and found[-1].last + DAY == day:
            found[-1] = Stretch(found[-1].first, day, state, rank=rank)
        else:
            found.append(Stretch(day, day, state, rank=rank))
    return found


def rank_weeks(ranked: Iterable[DayRank], *, today: date) -> dict[str, list[Strip]]:
    """The ranks of one option, week by week: resource → its weeks."""
    by_place: dict[str, dict[date, int | None]] = {}
    for each in ranked:
        by_place.setdefault(each.resource, {})[each.date] = each.rank
    return {code: _weeks(ranks, today) for code, ranks in by_place.items()}


def _weeks(ranks: Mapping[date, int | None], today: date) -> list[Strip]:
    first = days.monday(min(ranks))
    count = ((max(ranks) - first).days // days.WEEK + 1) * days.WEEK
    axis = days.axis(first, count, today=today)
    strips = days.weeks(axis, runs(ranks, State.OPTION.value))
    return [strip for strip in strips if strip.bars]
