"""libres: each client reserves and approves slots of its own on one room, in a process of its own.

Run by the Python of the peers' environment: `libres_clients.py URL CLIENTS SLOTS_EACH`. Prints one
line of JSON: `{"seconds": …, "made": …, "abandoned": …}`.
"""

import json
import multiprocessing
import sys
import time
from datetime import datetime, timedelta

import libres  # type: ignore[import-not-found]  # only the peers' environment has it
from sqlalchemy.exc import DBAPIError

ATTEMPTS = 5
FIRST = datetime(2027, 1, 4, 8)  # noqa: DTZ001 -- libres localises naive times itself
ZONE = "Europe/Brussels"


def scheduler(url: str) -> libres.db.scheduler.Scheduler:
    """One room, with sessions of this process."""
    context = libres.registry.register_context("bench", replace=True)
    context.set_setting("dsn", url)
    return libres.new_scheduler(context, "room", ZONE)


def slot(n: int) -> tuple[datetime, datetime]:
    """The n-th hour, eight a day."""
    start = FIRST + timedelta(days=n // 8, hours=n % 8)
    return start, start + timedelta(hours=1)


def client(url: str, slots: range, ready: "multiprocessing.synchronize.Barrier") -> tuple[int, int]:
    """How many it made, and how many it gave up after losing again and again."""
    room = scheduler(url)
    made = abandoned = 0
    ready.wait()
    for n in slots:
        for _ in range(ATTEMPTS):
            try:
                token = room.reserve("camille@lisiere.example", slot(n))
                room.approve_reservations(token)
                room.commit()
            except DBAPIError:
                room.rollback()
            else:
                made += 1
                break
        else:
            abandoned += 1
    return made, abandoned


def main() -> None:
    """Prepare the room, let all clients begin at once, tell what came of it."""
    url, clients, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    room = scheduler(url)
    room.setup_database()
    room.commit()
    room.extinguish_managed_records()
    room.allocate([slot(n) for n in range(clients * each)], whole_day=False)
    room.commit()
    with multiprocessing.Manager() as manager:
        ready = manager.Barrier(clients + 1)
        with multiprocessing.Pool(clients) as pool:
            work = [(url, range(n * each, (n + 1) * each), ready) for n in range(clients)]
            results = pool.starmap_async(client, work, chunksize=1)
            ready.wait()
            begun = time.perf_counter()
            done = results.get()
            seconds = time.perf_counter() - begun
    made, abandoned = (sum(each) for each in zip(*done, strict=True))
    print(json.dumps({"seconds": seconds, "made": made, "abandoned": abandoned}))  # noqa: T201


if __name__ == "__main__":
    main()
