"""`python -m bench`: all figures, and the page that holds them. `--quick`: small, and only printed."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from traceback import print_exc

from bench import lines, peers, report, s1, s2, s3, s4, s5, s6, s7, s8, s8_stored, s9, s10, s12, statements
from bench.report import Figure
from bench.worlds import World, fill, world
from booking.clock import utc_now
from booking.settings import ROOT
from tests.support import postgresql


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured, and for how long (seconds)."""

    few: int
    many: int
    rounds: int
    seconds: float
    crowd: int
    with_peers: bool
    from_a_clone: bool
    thinned: int
    """What the world of S4 is divided by: 200 bookings a resource when it is 1."""


FULL = Size(10_000, 1_000_000, 5, 3.0, 500, with_peers=True, from_a_clone=True, thinned=1)
QUICK = Size(2_000, 50_000, 3, 1.5, 100, with_peers=False, from_a_clone=False, thinned=10)
SOAKED = (
    ("tests/booking/services/test_any_sequence.py", 400),
    ("tests/races/test_everything_at_once.py", 800),
    ("tests/platform/test_generated_requests.py", 300),
    ("tests/calendars/apart/test_reader.py", 100_000),
    ("tests/races/test_letters_once.py", 10_000),
    ("tests/booking/domain/test_search_reference.py", 2_000),
)
"""Tests that go on for longer, with how much of each."""
SEARCHED = ((1_000, 200_000, True), (10_000, 2_000_000, True), (100_000, 2_000_000, False))
"""Resources, bookings, and whether on SQLite too."""

FEW_ENOUGH = 1_000
"""SQLite takes minutes for the anti-join of more."""
FEED_WORLD = {"bookings": 9_000, "resources": 40, "venues": 2}
"""Each of four companies has about a thousand events in its feed."""

HOUSE_WORLD = {"bookings": 22_500, "resources": 110, "venues": 1}
"""The one house has about ten thousand events in its feed."""


ROOMY_WORLD = {"bookings": 8, "resources": 12, "venues": 1}
"""A house with rooms that nobody has booked."""


def main() -> None:
    """Measure, print, and write the page (not when quick)."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="emerge-bench-") as name:
        folder = Path(name)
        try:
            server = postgresql.find_or_start(folder)
        except postgresql.NoPostgreSQL as error:
            sys.exit(f"bench: {error}")
        try:
            if asked.soak:
                _soak(server, folder)
                return
            size = QUICK if asked.quick else FULL
            figures: list[Figure] = []
            for each in _measure(server, folder, size, set(asked.only)):
                figures.append(each)
                _say(each)
                if not asked.quick and not asked.only:  # as it goes, so that a broken end does not lose the rest
                    mode = f"{size.rounds} rounds of {size.seconds:g} s"
                    report.write(figures, server, at=utc_now(), mode=mode)
            if any(each.distance == report.BROKEN for each in figures):
                sys.exit(1)
        finally:
            postgresql.stop(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, short rounds, nothing written")
    parser.add_argument(
        "--soak",
        action="store_true",
        help="sequences, crowds, generated requests and the rushes of S2, for a night",
    )
    numbers = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S12"]
    parser.add_argument("--only", action="append", default=[], choices=numbers)
    return parser.parse_args()


def _say(each: Figure) -> None:
    words = f"{each.what}: {each.measured}; {each.floor}; ratio {each.ratio}; {each.distance}"
    print(f"{each.number:4} {words}", flush=True)  # noqa: T201


def _measure(server: str, folder: Path, size: Size, only: set[str]) -> Iterator[Figure]:
    def wanted(number: str) -> bool:
        return not only or number in only

    with_peers = size.with_peers and peers.ready()
    with ExitStack() as stack:
        few = stack.enter_context(world(server, size.few))
        beside_few = {
            "S1": lambda: _s1(few, server, folder, size, with_peers=with_peers),
            "S2": lambda: lines.s2(s2.measure(few, folder, rounds=size.rounds, crowd=size.crowd)),
            "S12": lambda: lines.s12(s12.measure(few, folder, from_a_clone=size.from_a_clone)),
        }
        for number, measured in beside_few.items():
            if wanted(number):
                yield from _to_its_end(number, measured)
    alone = {
        "S3": lambda: _s3(server, folder, size),
        "S4": lambda: _s4(server, folder, size),
        "S5": lambda: _s5(server, folder, size),
        "S9": lambda: _s9(server, folder, size),
        "S10": lambda: lines.s10(s10.measure(folder)),
        "S6": lambda: _s6(server, folder, size, with_peers=with_peers),
        "S7": lambda: _s7(server, folder, size),
        "S8": lambda: _s8(server, size),
    }
    for number, measured in alone.items():
        if wanted(number):
            yield from _to_its_end(number, measured)


def _to_its_end(number: str, measured: Callable[[], Iterator[Figure]]) -> Iterator[Figure]:
    """What breaks off is a line of the page too, and takes no other figure with it."""
    try:
        yield from measured()
    except Exception as error:  # noqa: BLE001 -- whatever it is, an hour of other figures is worth more
        print_exc()
        yield report.broken(number, error)


def _s1(few: World, server: str, folder: Path, size: Size, *, with_peers: bool) -> Iterator[Figure]:
    with world(server, size.many) as many:
        results = s1.measure([few, many], folder, rounds=size.rounds, seconds=size.seconds)
    yield from lines.s1(*results, statements=statements.of_a_booking(few, folder))
    if with_peers:
        yield lines.s1_peer(results[0], peers.libres(server))


def _s3(server: str, folder: Path, size: Size) -> Iterator[Figure]:
    for resources, bookings, on_both in SEARCHED if size.thinned == 1 else SEARCHED[:1]:
        venues, many = max(100, resources // 20), bookings // size.thinned
        with world(server, many, resources=resources, venues=venues) as searched:
            yield from lines.s3(_searched(searched, folder, resources, size))
        if on_both:
            file = folder / f"search-{resources}.db"
            filled = fill(f"sqlite:///{file}", many, resources=resources, venues=venues)
            yield from lines.s3(_searched(filled, folder, resources, size))
            file.unlink()


def _searched(filled: World, folder: Path, resources: int, size: Size) -> s3.Result:
    joined = not filled.url.startswith("sqlite") or resources <= FEW_ENOUGH
    seconds = min(size.seconds, 2.0)
    return s3.measure(filled, folder, resources=resources, rounds=size.rounds, seconds=seconds, joined=joined)


def _s4(server: str, folder: Path, size: Size) -> Iterator[Figure]:
    with world(server, 200 * s4.RESOURCES // size.thinned, resources=s4.RESOURCES, venues=s4.VENUES) as rooms:
        yield from lines.s4(s4.measure(rooms, folder))


def _s5(server: str, folder: Path, size: Size) -> Iterator[Figure]:
    for houses in (100,) if size.thinned > 1 else (100, 1_000):
        resources = houses * s5.RESOURCES_EACH
        with world(server, 20 * resources, resources=resources, venues=houses) as rooms:
            yield from lines.s5(s5.measure(rooms, folder, houses=houses))


def _s9(server: str, folder: Path, size: Size) -> Iterator[Figure]:
    with world(server, s9.BOOKINGS, resources=s9.RESOURCES, venues=s9.VENUES) as house:
        yield from lines.s9(s9.measure(house, folder, rounds=size.rounds))


def _s6(server: str, folder: Path, size: Size, *, with_peers: bool) -> Iterator[Figure]:
    with world(server, **FEED_WORLD) as calendar:
        result = s6.measure(calendar, folder, rounds=size.rounds, seconds=size.seconds / 2)
    yield from lines.s6(result)
    if with_peers:
        yield lines.s6_peer(result, peers.radicale(folder, result.body, rounds=2, seconds=size.seconds))


def _s7(server: str, folder: Path, size: Size) -> Iterator[Figure]:
    with world(server, **HOUSE_WORLD) as house:
        yield from lines.s7(s7.measure(house, folder, rounds=size.rounds))


def _s8(server: str, size: Size) -> Iterator[Figure]:
    read = s8.measure(rounds=size.rounds)
    yield from lines.s8(read)
    with world(server, **ROOMY_WORLD) as rooms:
        yield from lines.s8_stored(s8_stored.measure(rooms, rounds=2), read)


def _soak(server: str, folder: Path) -> None:
    for name, much in SOAKED:
        print(name, much, flush=True)  # noqa: T201
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", name]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "EMERGE_SOAK": str(much)})  # noqa: S603
    with world(server, FULL.few) as few:
        for each in lines.s2(s2.measure(few, folder, rounds=200)):
            print(each)  # noqa: T201


if __name__ == "__main__":
    main()
