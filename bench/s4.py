"""S4: a conflict's ways out over 1,000 resources, next to a search over the same."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import orjson

from bench import clients
from bench.servers import production, serving
from bench.worlds import Member, Slot, World, booking_request
from booking.clock import utc_now

RESOURCES, VENUES = 1_000, 50
EACH = 40


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in seconds: a refusal whose ways out are new, one whose ways out are known, and a search."""

    fresh: float
    shared: float
    search: float
    ways: float
    """How many ways out a refusal had, on average."""

    @property
    def ratio(self) -> float:
        """A refusal against a search."""
        return self.fresh / self.search


def measure(world: World, folder: Path) -> Result:
    """One client, one request after another: what one costs."""
    first, second = world.members[:2]
    slots = list(islice(world.slots(seed=4), EACH))
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        _run(service.port, [booking_request(first, slot) for slot in slots])
        search = _run(service.port, [_search(second, slot) for slot in slots])
        fresh = _run(service.port, [booking_request(second, slot) for slot in slots])
        shared = _run(service.port, [booking_request(second, slot) for slot in slots for _ in range(3)])
    ways = [len(orjson.loads(body).get("alternatives", ())) for body in fresh.bodies]
    return Result(fresh.typical, shared.typical, search.typical, sum(ways) / len(ways))


def _run(port: int, requests: list[bytes]) -> clients.Run:
    return clients.run(port, [iter(requests)], keep=True)


def _search(member: Member, slot: Slot) -> bytes:
    """Ten free days in the quarter around that hour, at least 10 m wide, sprung."""
    start = max(slot.start.date() - timedelta(days=45), utc_now().date() + timedelta(days=2))
    document = {
        "periods": [{"from": start.isoformat(), "to": (start + timedelta(days=90)).isoformat()}],
        "days": 10,
        "needs": [{"kind": "studio", "sprung_floor": True, "min_width_m": 10, "quantity": 1}],
    }
    return clients.request("POST", "/api/v1/search", headers=member.headers(), body=orjson.dumps(document))
