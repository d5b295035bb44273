"""S2: many clients want the same: one slot at nine o'clock, fresh slots, three resources in any order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median

import psycopg

from bench import clients
from bench.servers import Server, production, serving
from bench.worlds import Member, Slot, World, booking_request

CROWD = 500
TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Rush:
    """Everybody wants the same. `ratio`: answers per second against distinct slots for as many clients."""

    name: str
    clients: int
    attempts: int
    wanted: int
    """How many bookings can be made at all."""

    won: int
    refused: int
    other: int
    slowest: float
    ratio: float

    @property
    def is_right(self) -> bool:
        """Each was sold exactly once, and everybody else got a clean no."""
        return self.won == self.wanted and self.refused == self.attempts - self.won and not self.other


@dataclass(frozen=True, slots=True)
class Result:
    """All rushes, and how many deadlocks the database saw meanwhile."""

    rushes: Sequence[Rush]
    deadlocks: int


def measure(world: World, folder: Path, *, rounds: int, crowd: int = CROWD) -> Result:
    """On the server of S1, several rounds each."""
    slots = world.slots(seed=2)
    before = _deadlocks(world)
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        clients.run(service.port, [_distinct(world, slots, 50, 0)] * 8)
        rushes = [
            _rush(f"{crowd} clients, one slot", service, world, slots, crowd, 1, rounds),
            _rush("2 clients, fresh slots", service, world, slots, 2, 150, rounds),
            _rush("4 clients, fresh slots", service, world, slots, 4, 100, rounds),
            _together(service, world, rounds),
        ]
    return Result(rushes, _deadlocks(world) - before)


def _rush(
    name: str, service: Server, world: World, slots: Iterator[Slot], many: int, each: int, rounds: int
) -> Rush:
    """`many` clients run through the same slots at once; then through as many that differ."""
    contested, ratios = [], []
    for _ in range(rounds):
        same = list(islice(slots, each))
        run = clients.run(service.port, [_wanting(world, same, n) for n in range(many)])
        alone = clients.run(service.port, [_distinct(world, slots, each, n) for n in range(many)])
        contested.append(run)
        ratios.append(run.rate() / alone.rate())
    return _summed(name, contested, many, many * each * rounds, each * rounds, median(ratios))


def _together(service: Server, world: World, rounds: int) -> Rush:
    """8 clients, each asking three rooms of one house at the same hour, the rooms in an order of its own."""
    draw = Random(3)
    trios = _trios(world.slots(seed=3))
    contested, ratios = [], []
    each = 40
    for _ in range(rounds):
        same = list(islice(trios, each))
        run = clients.run(service.port, [_wanting_all(world, same, n, draw) for n in range(8)])
        alone = clients.run(
            service.port, [_wanting_all(world, list(islice(trios, each)), n, draw) for n in range(8)]
        )
        contested.append(run)
        ratios.append(run.rate() / alone.rate())
    name = f"8 clients, {TOGETHER} rooms in any order"
    return _summed(name, contested, 8, 8 * each * rounds, each * rounds, median(ratios))


def _summed(name: str, runs: Sequence[clients.Run], many: int, attempts: int, wanted: int, ratio: float) -> Rush:
    won = sum(run.statuses[201] for run in runs)
    refused = sum(run.statuses[409] for run in runs)
    other = sum(run.statuses.total() for run in runs) - won - refused
    return Rush(name, many, attempts, wanted, won, refused, other, max(run.slowest for run in runs), ratio)


def _member(world: World, n: int) -> Member:
    return world.members[n % len(world.members)]


def _wanting(world: World, slots: Sequence[Slot], n: int) -> list[bytes]:
    return [booking_request(_member(world, n), slot) for slot in slots]


def _distinct(world: World, slots: Iterator[Slot], each: int, n: int) -> list[bytes]:
    return [booking_request(_member(world, n), slot) for slot in islice(slots, each)]


def _wanting_all(world: World, trios: Sequence[Sequence[Slot]], n: int, draw: Random) -> list[bytes]:
    requests = []
    for trio in trios:
        claims = [
            {"resource": slot.resource, "start": slot.start.isoformat(), "end": slot.end.isoformat()}
            for slot in draw.sample(trio, len(trio))
        ]
        requests.append(booking_request(_member(world, n), trio[0], claims=claims))
    return requests


def _trios(slots: Iterator[Slot]) -> Iterator[list[Slot]]:
    """Three free rooms of one house at one hour."""
    waiting: dict[tuple[int, str], list[Slot]] = {}
    for slot in slots:
        found = waiting.setdefault((slot.venue_id, slot.start.isoformat()), [])
        found.append(slot)
        if len(found) == TOGETHER:
            yield found
            del waiting[slot.venue_id, slot.start.isoformat()]


def _deadlocks(world: World) -> int:
    with psycopg.connect(world.url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0
