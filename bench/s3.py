"""S3: a search for ten free days in a quarter, against a hello on the same server and an anti-join in SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
from sqlalchemy import text

from bench import clients
from bench.servers import Server, production, serving
from bench.worlds import World
from booking.clock import utc_now
from booking.domain.free_days import has_run
from booking.services import free_days
from booking.storage.database import Database

CLIENTS, TIMES = 4, 3
DAYS, QUARTER, AHEAD = 10, 90, 60
WIDE = 10

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
    """Rates per second over HTTP; milliseconds in this process. Ratios are medians of each round's own."""

    resources: int
    bookings: int
    database: str
    search: float
    hello: float
    ratio: float
    afresh: float
    scan: float
    anti_join: float
    found: int


def measure(world: World, folder: Path, *, resources: int, rounds: int, seconds: float) -> Result:
    """Hello and the search in turns, then what could be done instead."""
    database = Database(world.url)
    free_days.keep_due(database, at=utc_now())
    first = utc_now().date() + timedelta(days=AHEAD)
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        asking = _request(world, first)
        [body] = clients.run(service.port, [[asking]], keep=True).bodies
        found = len(orjson.loads(body)["periods"][0]["needs"][0]["candidates"])
        hello = clients.request("GET", "/healthz")
        afresh = _afresh(service, database, asking)
        rates = [(_rate(service, hello, seconds), _rate(service, asking, seconds)) for _ in range(rounds + 1)][1:]
    result = Result(
        resources,
        world.bookings,
        "SQLite" if database.is_sqlite else "PostgreSQL",
        median(rate for _, rate in rates),
        median(floor for floor, _ in rates),
        median(rate / floor for floor, rate in rates),
        afresh,
        _milliseconds(lambda: _scan(database, first)),
        _milliseconds(lambda: _anti_join(database, first)),
        found,
    )
    database.dispose()
    return result


def _request(world: World, first: date) -> bytes:
    body = {
        "periods": [{"from": first.isoformat(), "to": (first + timedelta(days=QUARTER)).isoformat()}],
        "days": DAYS,
        "needs": [{"kind": "studio", "min_width_m": WIDE, "sprung_floor": True}],
        "limit": 50,
    }
    return clients.request("POST", "/api/v1/search", headers=world.members[0].headers(), body=orjson.dumps(body))


def _rate(service: Server, request: bytes, seconds: float) -> float:
    run = clients.run(service.port, [clients.repeated(request)] * CLIENTS, seconds=seconds)
    if set(run.statuses) != {200}:
        raise ValueError(f"expected 200 only, got {dict(run.statuses)}")
    return run.rate()


def _afresh(service: Server, database: Database, asking: bytes) -> float:
    """Milliseconds of a search when something changed since it was last asked: nothing that is kept will do."""
    taken = []
    for _ in range(2 * TIMES + 1):
        database.write(lambda connection: connection.execute(text(CHANGE)))
        run = clients.run(service.port, [[asking]])
        taken.append(1000 * run.latencies[0])
    return median(taken[1:])


CHANGE = "UPDATE resource SET revision = revision + 1 WHERE id = (SELECT min(id) FROM resource)"


def _milliseconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        begun = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - begun))
    return median(taken)


def _scan(database: Database, first: date) -> int:
    """The least: the bits of every atom, looked through for a run."""
    query = text("SELECT bits FROM free_days WHERE year = :year")
    with database.read() as connection:
        rows = connection.execute(query, {"year": first.year}).all()
    return sum(has_run(int.from_bytes(row.bits, "little"), DAYS) for row in rows)


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
