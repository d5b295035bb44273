"""S3: a search for ten free days in a quarter, against a hello on the same server and an anti-join in SQL.

Asked in four ways, all over HTTP: the very same question while nothing changes (which the service remembers); a
question that nobody asked before, each time; the same while bookings come in between any two; and alone, one after
another, each after a change, for what one costs then.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
from sqlalchemy import Connection, text

from bench import clients
from bench.servers import Server, production, serving
from bench.worlds import Member, World
from booking.clock import utc_now
from booking.domain.free_days import runs
from booking.services import free_days
from booking.storage.database import Database

CLIENTS, TIMES = 4, 3
DAYS, QUARTER, AHEAD = 10, 90, 60
WIDE = 10
CHANGES = 25
"""Searches, each after a change."""

STARTS = f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {QUARTER - DAYS})"  # noqa: S608 -- our own numbers
FITS = {
    "postgresql": "r.technical_sheet ->> 'sprung_floor' = 'true'"
    f" AND CAST(r.technical_sheet ->> 'width_m' AS float) >= {WIDE}",
    "sqlite": f"r.technical_sheet ->> 'sprung_floor' AND r.technical_sheet ->> 'width_m' >= {WIDE}",
}
FROM = {
    "postgresql": "CAST(:first AS timestamptz) + make_interval(days => s.n + {more})",
    "sqlite": "CAST(:first AS integer) + (s.n + {more}) * 86400000000",
}


@dataclass(frozen=True, slots=True)
class Result:
    """Rates per second over HTTP, four clients; milliseconds of one alone (`afresh`, `scan`, `anti_join`).

    `ratios`: of hello-world, medians of each round's own: asked again, and asked differently each time.
    `loaded`: milliseconds of the first search of a process, which reads everything.
    """

    resources: int
    bookings: int
    database: str
    hello: float
    again: float
    differently: float
    ratios: tuple[float, float]
    afresh: float
    loaded: float
    scan: float
    anti_join: float | None
    found: int


def measure(world: World, folder: Path, *, resources: int, rounds: int, seconds: float, joined: bool) -> Result:
    """Hello and the searches in turns, then what could be done instead. `joined`: the anti-join too."""
    database = Database(world.url)
    free_days.keep_due(database, at=utc_now())
    first = utc_now().date() + timedelta(days=AHEAD)
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        member = world.members[0]
        asking = _request(member, first)
        begun = clients.run(service.port, [[asking]], keep=True)
        others = _different(member, first)
        clients.run(service.port, [others] * CLIENTS, seconds=seconds / 2)  # every process has read everything
        answer = orjson.loads(clients.run(service.port, [[asking]], keep=True).bodies[0])
        if "note" in answer:
            raise ValueError("there was no time to look at everything")
        found = len(answer["periods"][0]["needs"][0]["candidates"])
        hello = clients.repeated(clients.request("GET", "/healthz"))
        rates = [
            [_rate(service, each, seconds) for each in (hello, clients.repeated(asking), others)]
            for _ in range(rounds + 1)
        ][1:]
        afresh = _afresh(service, database, others)
    result = Result(
        resources=resources,
        bookings=world.bookings,
        database="SQLite" if database.is_sqlite else "PostgreSQL",
        hello=median(floor for floor, _, _ in rates),
        again=median(again for _, again, _ in rates),
        differently=median(differently for _, _, differently in rates),
        ratios=(
            median(again / floor for floor, again, _ in rates),
            median(differently / floor for floor, _, differently in rates),
        ),
        afresh=afresh,
        loaded=1000 * begun.latencies[0],
        scan=_milliseconds(lambda: _scan(database, first)),
        anti_join=_milliseconds(lambda: _anti_join(database, first), times=1) if joined else None,
        found=found,
    )
    database.dispose()
    return result


def _request(member: Member, first: date, *, days: int = DAYS, wide: float = WIDE) -> bytes:
    body = {
        "periods": [{"from": first.isoformat(), "to": (first + timedelta(days=QUARTER)).isoformat()}],
        "days": days,
        "needs": [{"kind": "studio", "min_width_m": wide, "sprung_floor": True}],
        "limit": 50,
    }
    return clients.request("POST", "/api/v1/search", headers=member.headers(), body=orjson.dumps(body))


def _different(member: Member, first: date) -> Iterator[bytes]:
    """Another width each time, so that no two are alike, and another beginning of the quarter, and more days."""
    for n in count():
        yield _request(member, first + timedelta(days=n % 60), days=DAYS + n % 5, wide=WIDE + n % 1000 / 10_000)


def _rate(service: Server, requests: Iterator[bytes], seconds: float) -> float:
    run = clients.run(service.port, [requests] * CLIENTS, seconds=seconds)
    if set(run.statuses) != {200}:
        raise ValueError(f"expected 200 only, got {dict(run.statuses)}")
    return run.rate()


def _afresh(service: Server, database: Database, others: Iterator[bytes]) -> float:
    """Milliseconds of a search when some room that fits changed since the last one."""
    taken = []
    with database.read() as connection:
        rooms = connection.execute(
            text("SELECT id FROM resource WHERE kind = 'studio' ORDER BY day_rate_cents")
        ).all()
    for n in range(CHANGES):
        database.write(partial(_change, room=rooms[n % len(rooms)].id))
        run = clients.run(service.port, [[next(others)]])
        taken.append(1000 * run.latencies[0])
    return median(taken[1:])


def _change(connection: Connection, *, room: int) -> None:
    connection.execute(text(CHANGE), {"room": room})


CHANGE = "UPDATE resource SET revision = revision + 1 WHERE id = :room"


def _milliseconds(work: Callable[[], object], *, times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - begun))
    return median(taken)


def _scan(database: Database, first: date) -> int:
    """The least: the bits of every room that fits, looked through for a run."""
    name = "sqlite" if database.is_sqlite else "postgresql"
    query = text(
        "SELECT f.bits FROM free_days f JOIN resource r ON r.venue_id = f.venue_id AND r.id = f.resource_id"  # noqa: S608 -- our own words
        f" WHERE f.year = :year AND r.kind = 'studio' AND {FITS[name]}"
    )
    with database.read() as connection:
        rows = connection.execute(query, {"year": first.year}).all()
    return sum(runs(int.from_bytes(row.bits, "little"), DAYS) > 0 for row in rows)


def _anti_join(database: Database, first: date) -> int:
    """Without them: every ten days of every room that fits, over which nothing hard lies."""
    name = "sqlite" if database.is_sqlite else "postgresql"
    start, end = (FROM[name].format(more=more) for more in (0, DAYS))
    query = text(
        f"{STARTS} SELECT count(DISTINCT r.id) FROM resource r CROSS JOIN s"  # noqa: S608 -- our own words
        f" WHERE r.kind = 'studio' AND {FITS[name]} AND NOT EXISTS (SELECT 1 FROM occupancy o"
        f" WHERE o.atom_id = r.id AND o.force = 'hard' AND o.starts < {end} AND o.ends > {start})"
    )
    moment = datetime.combine(first, time(6), UTC)
    value: Any = int(moment.timestamp()) * 1_000_000 if database.is_sqlite else moment.isoformat()
    with database.read() as connection:
        return int(connection.execute(query, {"first": value}).scalar_one())
