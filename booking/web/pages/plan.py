"""The plan of a house: rows are rooms, parts under their whole; columns are planning days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from booking.services.timeline import TimelineItem
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow
from booking.web.pages import days
from booking.web.pages.days import Day, Place, Stretch, Strip

NOT_AS_A_WHOLE = "partly"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One room with what lies on its days. `depth` 1: a part of the whole above it."""

    place: CatalogueRow
    strip: Strip
    depth: int = 0


def plan_rows(
    places: Sequence[CatalogueRow],
    parts: Mapping[int, Sequence[str]],
    items: Mapping[str, Sequence[TimelineItem]],
    ranks: Mapping[str, Mapping[UUID, Mapping[date, int]]],
    requests: Iterable[BookingRow],
    axis: Sequence[Day],
    *,
    today: date,
) -> list[PlanRow]:
    """Every room of the house in order, each whole followed by its parts. `ranks`: see `services/plan.py`."""
    asked = requested(requests)
    rows = []
    for place, depth in in_order(places, parts):
        whole_of = parts.get(place.id, ())
        held = [_with_ranks(each, ranks.get(place.code, {})) for each in stretches(place, items, whole_of, axis)]
        requested_here = asked.get(place.code, ())
        free = days.gaps(axis, [*held, *requested_here], since=today) if place.exclusive else ()
        rows.append(PlanRow(place, days.strip(axis, [*held, *requested_here, *free]), depth))
    return rows


def requested(rows: Iterable[BookingRow]) -> dict[str, list[Stretch]]:
    """What is only asked, by resource: it holds nothing, so timelines do not know it."""
    found: dict[str, list[Stretch]] = {}
    for row in rows:
        for claim in row.claims:
            item = TimelineItem(
                claim.starts,
                claim.ends,
                "requested",
                claim.quantity,
                (claim.start_date, claim.end_date) if claim.start_date and claim.end_date else None,
                row.id,
                row.title,
                row.organisation_name,
                row.state,
            )
            place = Place(row.zone, row.day_line, 1, exclusive=True)
            found.setdefault(claim.resource, []).extend(days.taken([item], place))
    return found


def _with_ranks(stretch: Stretch, ranks: Mapping[UUID, Mapping[date, int]]) -> Stretch:
    claim = stretch.item.claim if stretch.item else None
    if stretch.state != "option" or claim is None:
        return stretch
    found = ranks.get(claim, {})
    return replace(stretch, ranks=found or {stretch.first: 1}, rank=max(found.values(), default=1))


def in_order(places: Sequence[CatalogueRow], parts: Mapping[int, Sequence[str]]) -> list[tuple[CatalogueRow, int]]:
    """Each whole with its parts below it, at depth 1; a part whose whole is not among the places stands alone."""
    by_code = {place.code: place for place in places}
    inside = {code for place in places for code in parts.get(place.id, ())}
    ordered: list[tuple[CatalogueRow, int]] = []
    for place in places:
        if place.code in inside:
            continue
        ordered.append((place, 0))
        ordered += [(by_code[code], 1) for code in parts.get(place.id, ()) if code in by_code]
    return ordered


def stretches(
    place: CatalogueRow,
    items: Mapping[str, Sequence[TimelineItem]],
    whole_of: Sequence[str],
    axis: Sequence[Day],
    *,
    rails: bool = True,
) -> list[Stretch]:
    """What holds one room, as runs of days; of a whole: what takes all of it, and when a part is gone."""
    drawn = Place.of(place)
    own = items.get(place.code, ())
    if not place.exclusive:
        return [*days.levels(axis, own, drawn, since=axis[0].date), *days.taken(own, drawn)]
    if whole_of:
        everywhere = set.intersection(*({_key(item) for item in items.get(code, ())} for code in whole_of))
        taken = days.taken([item for item in own if _key(item) in everywhere], drawn, rails=rails)
        partly = days.taken([item for item in own if _key(item) not in everywhere], drawn)
        blocked = [Stretch(first, last, NOT_AS_A_WHOLE) for first, last in _joined(partly)]
        return [*taken, *blocked]
    return days.taken(own, drawn, rails=rails)


def _key(item: TimelineItem) -> tuple[object, ...]:
    return item.booking, item.start, item.end, item.force


def _joined(stretches: Iterable[Stretch]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for each in sorted(stretches, key=lambda stretch: stretch.first):
        if runs and each.first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], each.last))
        else:
            runs.append((each.first, each.last))
    return runs
