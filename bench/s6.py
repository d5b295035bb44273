"""S6: a feed of about 1,000 events: warm GET, 304, and a revoked address in every process."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import orjson

from bench import clients
from bench.servers import Server, production, serving
from bench.worlds import World

CLIENTS = 8
ASKED_AFTER = 40
"""How often a revoked address is asked, over so many connections: both processes are met."""


@dataclass(frozen=True, slots=True)
class Result:
    """Rates per second, medians of interleaved rounds; ratios are medians of each round's own."""

    events: int
    octets: int
    get: float
    get_floor: float
    get_ratio: float
    unchanged: float
    unchanged_floor: float
    unchanged_ratio: float
    revoked_at_once: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Feed:
    """One address, as clients ask for it."""

    path: str
    body: bytes
    tag: str


def measure(world: World, folder: Path, *, rounds: int, seconds: float) -> Result:
    """The floor, then the service, for GET and for 304, again and again."""
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        identity, feed = _make(service, world)
        kept = folder / "feed.ics"
        kept.write_bytes(feed.body)
        environment = {"DATABASE_URL": world.url, "FLOOR_FEED": str(kept)}
        with serving("bench.floors:create_app", folder, environment) as below:
            rates = [_round(service, below, feed, seconds) for _ in range(rounds + 1)][1:]
        revoked = _revoke(service, world, identity, feed)
    get, get_floor, same, same_floor = ([each[n] for each in rates] for n in range(4))
    return Result(
        feed.body.count(b"BEGIN:VEVENT"),
        len(feed.body),
        median(get),
        median(get_floor),
        median(ours / floor for ours, floor in zip(get, get_floor, strict=True)),
        median(same),
        median(same_floor),
        median(ours / floor for ours, floor in zip(same, same_floor, strict=True)),
        revoked,
        feed.body,
    )


def _make(service: Server, world: World) -> tuple[str, Feed]:
    member = world.members[0]
    wanted = orjson.dumps({"scope": "organisation", "code": str(member.organisation), "detail": "full"})
    post = clients.request("POST", "/api/v1/feeds", headers=member.headers(), body=wanted)
    made = orjson.loads(clients.run(service.port, [[post]], keep=True).bodies[0])
    path = urlsplit(made["url"]).path
    answers = clients.run(service.port, [[clients.request("GET", path)] for _ in range(CLIENTS)], keep=True)
    if set(answers.statuses) != {200} or len(set(answers.bodies)) != 1:
        raise ValueError(f"the feed is not the same for everybody: {dict(answers.statuses)}")
    return made["id"], Feed(path, answers.bodies[0], _tag(service, path))


def _tag(service: Server, path: str) -> str:
    run = clients.run(service.port, [[clients.request("HEAD", path)]], heads=True)
    for line in run.bodies[0].split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"etag":
            return value.strip().decode()
    raise ValueError("the feed has no ETag")


def _round(service: Server, below: Server, feed: Feed, seconds: float) -> tuple[float, float, float, float]:
    bare = f'"{hashlib.sha256(feed.body).hexdigest()[:24]}"'
    return (
        _rate(service, feed.path, None, seconds),
        _rate(below, feed.path, None, seconds),
        _rate(service, feed.path, feed.tag, seconds),
        _rate(below, feed.path, bare, seconds),
    )


def _rate(server: Server, path: str, tag: str | None, seconds: float) -> float:
    headers = {"If-None-Match": tag} if tag else {}
    asked = clients.request("GET", path, headers=headers)
    run = clients.run(server.port, [clients.repeated(asked)] * CLIENTS, seconds=seconds)
    status = 304 if tag else 200
    if set(run.statuses) != {status}:
        raise ValueError(f"expected {status} only, got {dict(run.statuses)}")
    return run.rate()


def _revoke(service: Server, world: World, identity: str, feed: Feed) -> bool:
    """Whether nobody gets the feed once its deletion has been answered."""
    gone = clients.request("DELETE", f"/api/v1/feeds/{identity}", headers=world.members[0].headers())
    clients.run(service.port, [[gone]])
    asked = clients.request("GET", feed.path)
    return set(clients.run(service.port, [[asked]] * ASKED_AFTER).statuses) == {404}
