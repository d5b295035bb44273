"""S5: the planner of chains over HTTP: three needs, many houses, a season; proved best, in time."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson

from bench import clients
from bench.servers import production, serving
from bench.worlds import Member, World
from booking.clock import utc_now

RESOURCES_EACH = 10
EACH = 3
SEASON = timedelta(days=120)
LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of a median request; whether each was proved; how many chains were found."""

    houses: int
    seconds: float
    proved: bool
    chains: int


def measure(world: World, folder: Path, *, houses: int) -> Result:
    """One client, one request after another."""
    requests = [_request(world.members[0]) for _ in range(EACH)]
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        run = clients.run(service.port, [iter(requests)], keep=True)
    answers = [orjson.loads(body) for body in run.bodies]
    return Result(
        houses,
        run.typical,
        all(answer["proved"] for answer in answers),
        min(len(answer["chains"]) for answer in answers),
    )


def _request(member: Member) -> bytes:
    """Five days of studio, then ten within two weeks, then five on a stage; both sides of the border."""
    start = utc_now().date() + timedelta(days=30)
    document = {
        "period": {"from": start.isoformat(), "to": (start + SEASON).isoformat()},
        "needs": [
            {"kind": "studio", "days": 5},
            {"kind": "studio", "days": 10, "max_gap_days": 14},
            {"kind": "stage", "days": 5, "max_gap_days": 14},
        ],
        "each_side_of_border": True,
        "max_travel_km": 250,
        "time_limit_seconds": LIMIT,
    }
    body = orjson.dumps(document)
    return clients.request("POST", "/api/v1/trajectories/plan", headers=member.headers(), body=body)
