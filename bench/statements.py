"""How many SQL statements a booking takes: counted in one process, BEGIN and COMMIT left out."""

from pathlib import Path

import orjson

from bench.servers import SECRET
from bench.worlds import World
from booking.settings import Settings
from tests.support.statements import counted
from wsgi import create_app


def of_a_booking(world: World, folder: Path) -> int:
    """Token, rules, claims, event."""
    app = create_app(Settings(database_url=world.url, secret_key=SECRET, instance=folder, log_level="WARNING"))
    member, slot = world.members[0], next(world.slots(seed=9))
    body = {
        "organisation": str(member.organisation),
        "title": "Marées",
        "claims": [{"resource": slot.resource, "start": slot.start.isoformat(), "end": slot.end.isoformat()}],
    }
    with counted() as seen:
        answer = app.test_client().post(
            "/api/v1/bookings",
            data=orjson.dumps(body),
            content_type="application/json",
            headers=member.headers(),
        )
    app.extensions["booking"].database.dispose()
    if answer.status_code != 201:
        raise ValueError(answer.get_data(as_text=True))
    return len(seen)
