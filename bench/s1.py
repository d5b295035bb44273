"""S1: create a booking over HTTP; 8 clients, PostgreSQL, 2 web processes, next to its floor."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import orjson

from bench import clients, floors
from bench.servers import Server, production, serving
from bench.worlds import Member, Slot, World, booking_request

CLIENTS = 8
Write = Callable[[Member, Slot], bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """One size of database: rates per second of each round, ours and the floor's."""

    bookings: int
    loading: float
    ours: list[float]
    floor: list[float]
    typical: float
    slow: float
    """Median and 99th percentile of our latency, in seconds."""

    @property
    def ratio(self) -> float:
        """The median of each round's own ratio: neighbours in time share the machine's mood."""
        return median(ours / floor for ours, floor in zip(self.ours, self.floor, strict=True))


def measure(worlds: Sequence[World], folder: Path, *, rounds: int, seconds: float) -> list[Result]:
    """Rounds of `seconds` each, all sizes in turn: the floor, then the service."""
    sizes = [Size(world, world.slots(seed=world.bookings)) for world in worlds]
    with ExitStack() as stack:
        for size in sizes:
            floors.prepare(size.world.url)
            size.below = stack.enter_context(
                serving("bench.floors:create_app", folder, {"DATABASE_URL": size.world.url})
            )
            size.service = stack.enter_context(serving("wsgi:create_app", folder, production(size.world.url)))
        for n in range(rounds + 1):
            for size in sizes:
                size.round(seconds, is_warming=n == 0)
    return [size.result() for size in sizes]


@dataclass
class Size:
    """One database with its two servers, and what was measured so far."""

    world: World
    slots: Iterator[Slot]
    below: Server | None = None
    service: Server | None = None
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def round(self, seconds: float, *, is_warming: bool) -> None:
        """One after the other; the first round is not counted."""
        below = self._run(self.below, _bare_request, seconds)
        ours = self._run(self.service, booking_request, seconds)
        if not is_warming:
            self.floor.append(below.rate(201))
            self.ours.append(ours.rate(201))
            self.latencies += ours.latencies

    def result(self) -> Result:
        """What came of all rounds."""
        typical, slow = median(self.latencies), quantiles(self.latencies, n=100)[98]
        return Result(self.world.bookings, self.world.loading, self.ours, self.floor, typical, slow)

    def _run(self, server: Server | None, write: Write, seconds: float) -> clients.Run:
        if server is None:
            raise ValueError("not started")
        run = clients.run(server.port, _each(self.world, self.slots, write), seconds=seconds)
        if set(run.statuses) != {201}:
            raise ValueError(f"expected 201 only, got {dict(run.statuses)}: something else was measured")
        return run


def _each(world: World, slots: Iterator[Slot], write: Write) -> list[Iterator[bytes]]:
    """For each client the requests of a member of its own, written as they are sent (some 5 µs each)."""
    return [map(partial(write, member), slots) for member in world.members[:CLIENTS]]


def _bare_request(member: Member, slot: Slot) -> bytes:
    body = {"resource": slot.resource_id, "start": slot.start.isoformat(), "end": slot.end.isoformat()}
    return clients.request("POST", "/bookings", headers=member.headers(), body=orjson.dumps(body))
