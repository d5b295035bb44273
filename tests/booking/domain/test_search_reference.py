"""A search against a reference: small, slow, obviously right. Random worlds, among them the days when clocks move.

The reference knows nothing of `domain/finding.py`: it walks through every first day and looks at the world every
half hour, since in these worlds everything begins and ends on the half hour.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from booking.domain.claims import Atom, Held, Place
from booking.domain.finding import Asking, Near, find, find_free
from booking.domain.free_days import Holder, bits_of_year, cut, runs
from booking.domain.needs import Period
from booking.domain.rules import read_rules
from booking.domain.spans import Span
from booking.domain.wall_clock import planning_days
from tests.support.places import BRUSSELS, COMPANY, when

WORLDS = int(os.environ.get("EMERGE_SOAK", "150"))
HALF = timedelta(minutes=30)
DAY = timedelta(days=1)
AT = when("2026-11-23 09:00")
MOST_RANK = 3
SEASONS = (date(2027, 3, 24), date(2027, 10, 27), date(2027, 6, 1), date(2027, 12, 28))
"""Around the days when clocks move, in summer, and over the year's end."""


@dataclass
class World:
    place: Place
    held: list[Held]
    period: Period
    days: int
    quantity: int


def a_world(seed: int) -> World:
    dice = Random(seed)
    day_line = dice.choice((0, 360, 420))
    atoms = tuple(Atom(n, f"A{n}", 1, exclusive=True) for n in range(1, dice.choice((2, 2, 4))))
    stock = dice.random() < 0.4
    if stock:
        atoms = (Atom(1, "A1", dice.randint(2, 6), exclusive=False),)
    rules = {
        "lead_minutes": dice.choice((0, 0, 130 * 1440)),
        "longest_minutes": dice.choice((None, None, 4 * 1440)),
    }
    exclusive = not stock
    place = Place(
        1 if len(atoms) == 1 else 9,
        "P",
        "studio",
        atoms[0].capacity if stock else 1,
        exclusive,
        read_rules({name: value for name, value in rules.items() if value is not None}),
        1,
        "V",
        BRUSSELS,
        day_line,
        atoms,
    )
    first = dice.choice(SEASONS)
    length = dice.randint(1, 12)
    period = Period(first, first + DAY * length)
    held = [_held(dice, n, atoms, first) for n in range(dice.randint(0, 12))]
    quantity = dice.randint(1, place.capacity + 1)
    return World(place, held, period, dice.randint(1, length), quantity)


def _held(dice: Random, n: int, atoms: Sequence[Atom], first: date) -> Held:
    atom = dice.choice(atoms)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) + HALF * dice.randint(-96, 14 * 48)
    core = Span(start, start + HALF * dice.choice((1, 2, 6, 16, 48, 100, 200)))
    occupied = core.widened(before=HALF * dice.randint(0, 3), after=HALF * dice.randint(0, 3))
    force = dice.choice(("hard", "soft", "soft"))
    source = dice.choice(("claim", "claim", "closure", "external")) if force == "hard" else "claim"
    pieces = atom.capacity if source == "closure" else dice.randint(1, atom.capacity)
    booking = UUID(int=n) if source == "claim" else None
    presence = core if source == "claim" else occupied
    return Held(
        atom.id, occupied, presence, pieces, force, source, booking, UUID(int=1000 + n), dice.randint(1, 99)
    )


def reference(world: World) -> dict[date, int]:
    """Every first day from which it can be had throughout, with the rank of an option."""
    found = {}
    for n in range((world.period.end - world.period.start).days - world.days + 1):
        first = world.period.start + DAY * n
        spans = [_day(world, first + DAY * k) for k in range(world.days)]
        ranks = [_rank(world, *each) for each in spans]
        if None not in ranks and not _breaks_a_rule(world, spans[0][0], spans[-1][1]):
            found[first] = max(rank for rank in ranks if rank is not None)
    return found


def _day(world: World, day: date) -> tuple[datetime, datetime]:
    ends = []
    for each in (day, day + DAY):
        wall = datetime(each.year, each.month, each.day) + timedelta(minutes=world.place.day_line)
        ends.append(wall.replace(tzinfo=ZoneInfo(BRUSSELS)).astimezone(UTC))
    return ends[0], ends[1]


def _breaks_a_rule(world: World, start: datetime, end: datetime) -> bool:
    rules = world.place.rules
    too_long = rules.longest is not None and end - start > timedelta(minutes=rules.longest)
    line, zone = timedelta(minutes=world.place.day_line), ZoneInfo(BRUSSELS)
    ahead = (AT + timedelta(minutes=rules.lead)).astimezone(zone).replace(tzinfo=None) - line
    return too_long or start.astimezone(zone).date() < ahead.date()


def _rank(world: World, start: datetime, end: datetime) -> int | None:
    """Of one planning day: None when it cannot be had, else the worst rank on any atom."""
    if world.place.exclusive and world.quantity > world.place.capacity:
        return None
    worst = 1
    for atom in world.place.atoms:
        asked = world.quantity if len(world.place.atoms) == 1 else atom.capacity
        here = [each for each in world.held if each.atom_id == atom.id]
        blockers: set[UUID | None] = set()
        moment = start
        while moment < end:
            now = [each for each in here if each.occupied.start <= moment < each.occupied.end]
            hard = [each for each in now if each.force == "hard"]
            soft = sorted(
                (each for each in now if each.force == "soft"), key=lambda each: (each.order, each.booking_id)
            )
            if atom.exclusive:
                if hard:
                    return None
                blockers |= {each.booking_id for each in soft}
            else:
                whole = any(each.source in ("closure", "external") and not _is_broken(each, atom) for each in hard)
                left = atom.capacity - sum(
                    each.quantity for each in hard if each.source == "claim" or _is_broken(each, atom)
                )
                if whole or left < asked:
                    return None
                left = atom.capacity - sum(each.quantity for each in hard)
                for each in soft:
                    left -= each.quantity
                    if left < asked:
                        blockers.add(each.booking_id)
            moment += HALF
        worst = max(worst, 1 + len(blockers))
    return None if world.place.exclusive and worst > MOST_RANK else worst


def _key(held: Held) -> tuple[int, int]:
    return held.order or 0, held.booking_id.int if held.booking_id else 0


def _is_broken(held: Held, atom: Atom) -> bool:
    return held.source == "closure" and held.quantity < atom.capacity


@pytest.mark.parametrize("part", range(10))
def test_the_same_answers_as_the_reference(part: int):
    for seed in range(part, WORLDS, 10):
        world = a_world(seed)
        asking = Asking(COMPANY, AT, MOST_RANK)
        found = find(world.place, world.period, world.days, world.quantity, world.held, asking)
        expected = reference(world)
        assert {start.start: start.rank for start in found.starts} == expected, f"world {seed}"
        free = _free(world)
        assert not expected or runs(free, world.days), f"the filter hides what is free in world {seed}"
        if world.quantity <= world.place.capacity:  # who asks for more than there is, is not looked for
            quick = find_free(world.place, world.days, world.quantity, _near(world, free), asking)
            assert (quick.starts if quick else ()) == found.starts, f"world {seed}"
            assert (quick.windows if quick else ()) == found.windows, f"world {seed}"


def _near(world: World, free: int) -> Near:
    """What a search knows beforehand: free days, and by day what does not take a room away altogether."""
    exclusive = {atom.id: atom.exclusive for atom in world.place.atoms}
    held: dict[int, list[Held]] = {}
    for each in world.held:
        if each.force == "soft" or not exclusive[each.atom_id]:
            for day in planning_days(each.occupied, BRUSSELS, world.place.day_line):
                held.setdefault(day.toordinal(), []).append(each)
    return Near(world.period.start, len(world.period.days), free, held, {}, {})


def _free(world: World) -> int:
    """What a search asks the free days first."""
    first, end = world.period.start, world.period.end
    bits = -1
    for atom in world.place.atoms:
        hard = [
            Holder(each.occupied, each.quantity)
            for each in world.held
            if each.atom_id == atom.id and each.force == "hard"
        ]
        years = {
            year: bits_of_year(
                year,
                hard,
                capacity=atom.capacity,
                exclusive=atom.exclusive,
                zone=BRUSSELS,
                day_line=world.place.day_line,
            )
            for year in range(first.year, end.year + 1)
        }
        bits &= cut(years, first, end)
    return bits
