"""The worker: a clock that ticks, and work that says itself what is due.

What is due lives in our tables; the scheduler only ticks. Of several workers one leads, the
others stand by. Every kind of work may also be done once (`worker --once`), whoever leads:
rows are claimed, so nothing is done twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Lock
from uuid import UUID

from apscheduler.schedulers.background import BackgroundScheduler
from structlog import get_logger

from booking.clock import Clock
from booking.services import (
    arrivals,
    calls,
    drafts,
    equipment,
    free_days,
    housekeeping,
    inventories,
    outbox,
    seating,
    settling,
    teams,
)
from booking.services.outbox import Handler
from booking.storage.database import Database
from booking.storage.leadership import Leadership

log = get_logger("emerge.worker")


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work. `run` does what is due and returns how much that was."""

    name: str
    every: timedelta
    run: Callable[[Database, Clock], int]


def complete_past(database: Database, clock: Clock) -> int:
    """Bookings that are over become completed, a hundred per transaction."""
    total = 0
    while done := database.write(partial(housekeeping.complete_past, at=clock())):
        total += done
    return total


def settle_due(database: Database, clock: Clock) -> int:
    """Options, challenges and offers whose time ran out, each at the instant at which it was due."""
    return settling.settle_due(database, at=clock())


def tell_overdue(database: Database, clock: Clock) -> int:
    """Equipment that should have been back."""
    return equipment.tell_overdue(database, at=clock())


def forget_kept_answers(database: Database, clock: Clock) -> int:
    """Answers to repeatable requests are kept for a day."""
    return database.write(partial(housekeeping.forget_kept_answers, at=clock()))


def keep_free_days(database: Database, clock: Clock) -> int:
    """The free days of what has changed, so that a search finds them ready."""
    return free_days.keep_due(database, at=clock())


def forget_arrivals(database: Database, clock: Clock) -> int:
    """What people needed during a stay that is over."""
    return database.write(partial(arrivals.forget, at=clock()))


def forget_drafts(database: Database, clock: Clock) -> int:
    """Forms that nobody came back to for a month."""
    return database.write(partial(drafts.forget, at=clock()))


def say_calls_closing(database: Database, clock: Clock) -> int:
    """Calls that close soon, told to the companies that have not applied."""
    return database.write(partial(calls.say_closing, at=clock()))


def work_out_calls(database: Database, clock: Clock) -> int:
    """Proposals that a coordinator left to the worker."""
    return seating.work_some(database, at=clock())


def turn_deputies(database: Database, clock: Clock) -> int:
    """Deputies whose time has come, or is over."""
    return database.write(partial(teams.turn, at=clock()))


def read_inventories(database: Database, clock: Clock) -> int:
    """Inventories that somebody sent, read and shown; and those that they approved, applied."""
    return inventories.run_due(database, at=clock())


def forget_inventories(database: Database, clock: Clock) -> int:
    """Files of inventories are kept for a month."""
    return database.write(partial(inventories.forget, at=clock()))


def jobs_with(handlers: Sequence[Handler]) -> Sequence[Job]:
    """All work of this package, in the order in which it is done once; `handlers` get every event."""
    return (
        Job("clocks settled", timedelta(seconds=5), settle_due),
        Job("equipment overdue", timedelta(minutes=1), tell_overdue),
        Job("bookings completed", timedelta(minutes=1), complete_past),
        Job("calls closing", timedelta(minutes=1), say_calls_closing),
        event_job(handlers),
        Job("calls worked out", timedelta(seconds=2), work_out_calls),
        Job("free days kept", timedelta(seconds=10), keep_free_days),
        Job("deputies turned", timedelta(minutes=1), turn_deputies),
        Job("inventories read", timedelta(seconds=1), read_inventories),
        Job("inventories forgotten", timedelta(hours=1), forget_inventories),
        Job("arrivals forgotten", timedelta(minutes=10), forget_arrivals),
        Job("drafts forgotten", timedelta(hours=1), forget_drafts),
        Job("kept answers forgotten", timedelta(hours=1), forget_kept_answers),
    )


def event_job(handlers: Sequence[Handler]) -> Job:
    """Hands every new event to all handlers."""

    def run(database: Database, clock: Clock) -> int:
        return handle_events(database, handlers, clock)

    return Job("events handled", timedelta(seconds=1), run)


def handle_events(database: Database, handlers: Sequence[Handler], clock: Clock) -> int:
    """Handle all events that wait; returns how many. Looks first: an idle worker writes nothing."""
    with database.read() as connection:
        waiting, _ = outbox.depth(connection, at=clock())
    total = 0
    failed: frozenset[UUID] = frozenset()
    while waiting:
        done = database.write(partial(outbox.handle_some, handlers=handlers, at=clock(), besides=failed))
        total += done.handled
        failed |= done.failed
        waiting = done.handled + len(done.failed)
    return total


def run_once(jobs: Sequence[Job], database: Database, clock: Clock) -> Iterator[tuple[str, int]]:
    """Do what is due of each kind; yields `(name, count)` as it goes."""
    for job in jobs:
        yield job.name, job.run(database, clock)


class Worker:
    """Runs due work until it is stopped."""

    def __init__(self, jobs: Sequence[Job], database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._leadership = Leadership(database)
        self._asking = Lock()
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for job in jobs:
            self._scheduler.add_job(
                self._tick, "interval", args=[job], seconds=job.every.total_seconds(), misfire_grace_time=None
            )

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, then let another worker lead."""
        self._scheduler.shutdown(wait=True)
        self._leadership.resign()

    def _tick(self, job: Job) -> None:
        with self._asking:  # ticks come in several threads
            if not self._leadership.held():
                return
        try:
            count = job.run(self._database, self._clock)
        except Exception:
            log.exception("work broke off", work=job.name)
            return
        if count:
            log.info("work done", work=job.name, count=count)
