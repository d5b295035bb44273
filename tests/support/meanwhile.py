"""Two transactions at once, always in the same order: the second begins before the first has committed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import Connection

from booking.domain.refusals import Refusal
from booking.storage.database import Database

Work = Callable[[Connection], object]

PAUSE = 0.5
"""Seconds that the first waits for a second that does not wait for it."""


def meanwhile(database: Database, first: Work, second: Work) -> list[type[Refusal] | None]:
    """How the two end: what refused each, if anything did."""
    done, over = Event(), Event()

    def slowly(connection: Connection) -> None:
        try:
            first(connection)
        finally:
            done.set()
        over.wait(PAUSE)

    def run(work: Work) -> type[Refusal] | None:
        try:
            database.write(work)
        except Refusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, slowly)
        assert done.wait(20)
        other = pool.submit(run, second)
        other.add_done_callback(lambda _: over.set())
        return [one.result(20), other.result(20)]
