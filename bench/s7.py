"""S7: a feed of about 10,000 events: the first GET after a restart, and the next one after a booking changed."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import icalendar
import orjson
from sqlalchemy import text

from bench import clients
from bench.servers import Server, production, serving
from bench.worlds import Member, World
from booking.storage.database import Database

WARMING = 16
"""So many clients at once meet both processes."""


@dataclass(frozen=True, slots=True)
class Result:
    """Milliseconds, medians; `library`: icalendar writes the same calendar."""

    events: int
    library: float
    restart: float
    change: float


def measure(world: World, folder: Path, *, rounds: int) -> Result:
    """Restart, ask; then change one booking and ask, again and again."""
    member = world.members[0]
    environment = production(world.url)
    with serving("wsgi:create_app", folder, environment) as service:
        path = _make(service, member, _venue(world))
        body = _get(service, path)[1]
    restarts = []
    for _ in range(rounds):
        with serving("wsgi:create_app", folder, environment) as service:
            restarts.append(_get(service, path)[0])
    with serving("wsgi:create_app", folder, environment) as service:
        changes = [_after_change(service, member, path, number) for number in range(rounds + 2)][2:]
    return Result(body.count(b"BEGIN:VEVENT"), _library(body), median(restarts), median(changes))


def _venue(world: World) -> str:
    database = Database(world.url)
    with database.read() as connection:
        code: str = connection.execute(text("SELECT code FROM venue ORDER BY id LIMIT 1")).scalar_one()
    database.dispose()
    return code


def _make(service: Server, member: Member, venue: str) -> str:
    return urlsplit(_ask(service, member, "POST", "/api/v1/feeds", {"scope": "venue", "code": venue})["url"]).path


def _after_change(service: Server, member: Member, path: str, number: int) -> float:
    """Both processes know the feed; a member renames a booking; how long the next GET takes."""
    for _ in range(2):
        clients.run(service.port, [[clients.request("GET", path)] for _ in range(WARMING)])
    mine = _ask(service, member, "GET", "/api/v1/bookings?state=confirmed&limit=1")["items"][0]["id"]
    _ask(service, member, "PATCH", f"/api/v1/bookings/{mine}", {"title": f"Marées {number}"})
    return _get(service, path)[0]


def _ask(service: Server, member: Member, method: str, path: str, body: Any = None) -> Any:
    sent = clients.request(method, path, headers=member.headers(), body=orjson.dumps(body) if body else b"")
    run = clients.run(service.port, [[sent]], keep=True)
    if not set(run.statuses) <= {200, 201}:
        raise ValueError(f"{method} {path}: {dict(run.statuses)}")
    return orjson.loads(run.bodies[0])


def _get(service: Server, path: str) -> tuple[float, bytes]:
    run = clients.run(service.port, [[clients.request("GET", path)]], keep=True)
    if set(run.statuses) != {200}:
        raise ValueError(f"expected the feed, got {dict(run.statuses)}")
    return run.latencies[0] * 1000, run.bodies[0]


def _library(body: bytes) -> float:
    calendar = icalendar.Calendar.from_ical(body)
    times = []
    for _ in range(3):
        begun = clients.clock()
        calendar.to_ical()
        times.append((clients.clock() - begun) * 1000)
    return median(times)
