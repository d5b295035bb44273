"""Legs that would mend the gaps of a chain: which vehicle, on which day, asked of the same rules as a booking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.claims import Asked, ClaimTerms, Held, Place, resolve
from booking.domain.conflicts import Asker, broken_rules, obstacles, options_under
from booking.domain.distances import USUAL, Point, Roads, great_circle
from booking.domain.people import Person
from booking.domain.spans import Span
from booking.domain.trajectories import Gap, LegTerms
from booking.domain.wall_clock import DAY, at_venue, instant
from booking.services.chains import Chain
from booking.services.holding import atom_ids
from booking.storage import occupancies, trajectories
from booking.storage.locks import places

LEAVES, ARRIVES = timedelta(hours=9), timedelta(hours=18)
"""When people usually drive."""

HALF_HOUR = 30
MOST = 3
MOST_DAYS = 21


@dataclass(frozen=True, slots=True)
class Mend:
    """A leg that can be had, or `leg.resource` None: by the company's own means."""

    gap: Gap
    leg: LegTerms
    zone: str
    name: Mapping[str, str]


def suggestions(
    connection: Connection, person: Person, chain: Chain, *, at: datetime, roads: Roads = USUAL
) -> list[Mend]:
    """For every gap the first few legs that are free, soonest first, and at last the company's own means.

    Five statements, however many gaps there are. Legs that would stand behind somebody's option are left out.
    """
    gaps = chain.gaps
    if not gaps:
        return []
    houses = trajectories.houses(connection, {code for gap in gaps for code in (gap.origin, gap.destination)})
    names = dict(trajectories.all_vehicles(connection))
    vans = places(connection, names)
    asker = Asker(
        chain.row.organisation_name,
        is_house=False,
        is_programme_company=chain.row.organisation in person.programme,
    )
    outer = Span(min(gap.after for gap in gaps) - DAY, max(gap.before for gap in gaps) + DAY)
    held = _held(connection, list(vans.values()), outer)
    found: list[Mend] = []
    for gap in gaps:
        least = _minutes(gap, houses, roads)
        days = list(_days(gap, houses, least))
        days = [*days[1:], *days[:1]]  # the last day of the stay before is still its own
        free = [
            Mend(gap, leg, houses[gap.origin].zone, names[code])
            for day in days
            for code in _nearest(gap, vans)
            for leg in _free(gap, day, vans[code], held, asker, at, least)
        ]
        found += free[:MOST]
        if days:
            own = LegTerms(gap.origin, gap.destination, days[0].start, days[0].end)
            found.append(Mend(gap, own, houses[gap.origin].zone, {}))
    return found


def _held(connection: Connection, vans: Sequence[Place], outer: Span) -> list[Held]:
    if not vans:
        return []
    asked = [Asked(ClaimTerms(van.code, outer.start, outer.end), van, outer) for van in vans]
    return occupancies.held(connection, atom_ids(asked), outer)


def _nearest(gap: Gap, vans: Mapping[str, Place]) -> list[str]:
    """The vehicles of the two houses first, then those of others."""
    return sorted(vans, key=lambda code: (vans[code].venue not in (gap.origin, gap.destination), code))


def _minutes(gap: Gap, houses: Mapping[str, Row[Any]], roads: Roads) -> timedelta:
    """How long the road is, rounded up to half hours; an hour at least, to load."""
    one, other = (Point(houses[code].latitude, houses[code].longitude) for code in (gap.origin, gap.destination))
    minutes = roads.minutes(great_circle(one, other))
    return timedelta(minutes=max(60, -(-minutes // HALF_HOUR) * HALF_HOUR))


def _days(gap: Gap, houses: Mapping[str, Row[Any]], least: timedelta) -> Iterator[Span]:
    """From nine to six on every day of the gap, as far as it reaches into that day."""
    zone = houses[gap.origin].zone
    first = at_venue(gap.span.start, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for n in range(MOST_DAYS):
        day = first + DAY * n
        start, end = (
            max(instant(day + LEAVES, zone), gap.span.start),
            min(instant(day + ARRIVES, zone), gap.before),
        )
        if start > gap.before:
            return
        if end - start >= least:
            yield Span(start, end)


def _free(
    gap: Gap, day: Span, van: Place, held: Sequence[Held], asker: Asker, at: datetime, least: timedelta
) -> Iterator[LegTerms]:
    """The whole day, or what is left of it once the vehicle is back."""
    atoms = {atom.id for atom in van.atoms}
    back = sorted({_up(each.occupied.end) for each in held if each.atom_id in atoms and each.force == "hard"})
    for start in (day.start, *(moment for moment in back if day.start < moment)):
        if day.end - start < least:
            return
        asked = resolve(ClaimTerms(van.code, start, day.end), van)
        soft = options_under([asked], held)
        if not (obstacles([asked], held) or broken_rules([asked], asker, at) or soft):
            yield LegTerms(gap.origin, gap.destination, start, day.end, van.code)
            return


def _up(moment: datetime) -> datetime:
    over = timedelta(minutes=moment.minute % HALF_HOUR, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=HALF_HOUR) - over if over else timedelta())
