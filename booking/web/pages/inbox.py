"""Requests that wait, grouped by what they want: who overlaps on a place is one decision, not several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask_babel import gettext, ngettext

from booking.domain.refusals import Conflict
from booking.domain.wall_clock import DAY, planning_day
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow, ClaimRow
from booking.web.pages import days, words
from booking.web.pages.days import Stretch, Strip
from booking.web.pages.formats import week
from booking.web.wording import explained

LONGEST_AXIS = 42
BEDS = "accommodation"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request in the inbox. `strip`: its days on the axis of its group; `said`: why it does not fit.

    `behind`: nothing but options of others stand in the way.
    """

    row: BookingRow
    claim: ClaimRow
    beds: int
    first: date
    last: date
    said: Sequence[str]
    behind: bool = False
    strip: Strip | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that want the same place at overlapping times, or one that stands alone."""

    heading: str
    axis: Sequence[days.Day]
    waiting: Sequence[Waiting]


def groups(
    rows: Iterable[BookingRow],
    outlook: Mapping[UUID, Sequence[Conflict]],
    places: Sequence[CatalogueRow],
    *,
    today: date,
) -> list[Group]:
    """The inbox: what overlaps together, larger groups first, then by the first day."""
    names = {place.code: words.name(place.name) for place in places}
    waiting = sorted(
        (_waiting(row, outlook.get(row.id, ()), names) for row in rows if row.claims),
        key=lambda each: (each.claim.resource, each.first),
    )
    found: list[list[Waiting]] = []
    for each in waiting:
        if found and _overlaps(found[-1], each):
            found[-1].append(each)
        else:
            found.append([each])
    found.sort(key=lambda together: (-len(together), together[0].first))
    return [_group(together, names, today) for together in found]


def _waiting(row: BookingRow, conflicts: Sequence[Conflict], names: Mapping[str, str]) -> Waiting:
    claim = next((each for each in row.claims if each.kind != BEDS), row.claims[0])
    first = claim.start_date or planning_day(claim.starts, row.zone, row.day_line)
    last = claim.end_date - DAY if claim.end_date else planning_day(claim.ends, row.zone, row.day_line)
    beds = sum(each.quantity for each in row.claims if each.kind == BEDS)
    said = list(dict.fromkeys(explained(each, names) for each in conflicts))
    behind = bool(conflicts) and not any(each.hard for each in conflicts)
    return Waiting(row, claim, beds, first, max(first, last), said, behind)


def _overlaps(together: Sequence[Waiting], each: Waiting) -> bool:
    return together[0].claim.resource == each.claim.resource and any(
        other.first <= each.last and each.first <= other.last for other in together
    )


def _group(together: Sequence[Waiting], names: Mapping[str, str], today: date) -> Group:
    first, last = min(each.first for each in together), max(each.last for each in together)
    count = (last - first).days + 1
    axis = days.axis(first, count, today=today) if count <= LONGEST_AXIS else []
    return Group(
        _heading(together, names, first, last),
        axis,
        [_drawn(each, axis) for each in together],
    )


def _drawn(each: Waiting, axis: Sequence[days.Day]) -> Waiting:
    if not axis:
        return each
    strip = days.strip(axis, [Stretch(each.first, each.last, "requested")])
    return replace(each, strip=strip)


def _heading(together: Sequence[Waiting], names: Mapping[str, str], first: date, last: date) -> str:
    place = names.get(together[0].claim.resource, together[0].claim.resource)
    count = len(together)
    if week(first) == week(last):
        text = ngettext(
            "%(num)s wants %(place)s, week %(week)s",
            "%(num)s want %(place)s, week %(week)s",
            count,
            place=place,
            week=week(first),
        )
        return str(text)
    text = ngettext(
        "%(num)s wants %(place)s, weeks %(first)s–%(last)s",
        "%(num)s want %(place)s, weeks %(first)s–%(last)s",
        count,
        place=place,
        first=week(first),
        last=week(last),
    )
    return str(text)


def opened_of(every: Sequence[Waiting], wanted: str | None) -> Waiting | None:
    """The request that is open beside the list: the one that the address names, else the first."""
    return next((each for each in every if str(each.row.id) == wanted), every[0] if every else None)


def what_waits(count: int, decisions: int) -> str:
    """The sentence at the head of the desk."""
    if not count:
        return str(gettext("Nothing waits."))
    asked = ngettext("One request waits for your answer.", "%(num)s requests wait for your answer.", count)
    if decisions == count:
        return str(asked)
    asks = ngettext("They ask for one decision.", "They ask for %(num)s decisions.", decisions)
    return f"{asked} {asks}"
