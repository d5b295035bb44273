"""Connections and transactions on SQLite and PostgreSQL.

Reading takes a snapshot and writes nothing. Writing is one transaction around a function, run
again when the database says that it lost a race of its own (deadlock, serialization failure).
On SQLite every write begins IMMEDIATE, behind a lock file: SQLite's own busy handler lets
unlucky writers wait for seconds, the file lock wakes one as soon as another ends.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import uniform
from threading import Lock
from typing import Any, TypeVar, cast

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from booking.storage.direct import Direct
from booking.storage.pulse import Pulse

Result = TypeVar("Result")

RETRIED_SQLSTATES = {"40P01", "40001"}
"""deadlock_detected, serialization_failure (PostgreSQL, appendix A)"""

GUARDS = ("occupancy_taken", "occupancy_stock")
"""The guards of the first migration. Whoever runs into one lost a race; a second look will say to whom."""

ATTEMPTS = 6
DATABASE, READS = "emerge_database", "emerge_reads"
"""The execution options of a connection that name its database, and tell that it only reads."""


class StartOver(Exception):
    """These houses are wanted whole by whoever holds a part of them: there is no order for that any more.

    The transaction starts again and has `lock` take all of them first.
    """

    def __init__(self, houses: frozenset[int], lock: Callable[[Connection, frozenset[int]], Any]) -> None:
        super().__init__(houses)
        self.houses = houses
        self.lock = lock

    def before(self, work: Callable[[Connection], Result]) -> Callable[[Connection], Result]:
        """The same work, once the houses are locked."""

        def prepared(connection: Connection) -> Result:
            self.lock(connection, self.houses)
            return work(connection)

        return prepared


class Database:
    """One engine, with its ways to read and to write."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._reader: Engine
        self._writer: Engine
        self._remembered: dict[type, Any] = {}
        self._remembering = Lock()
        if self.is_sqlite:
            self._reader = self.engine.execution_options(**{DATABASE: self, READS: True})
            self._writer = self.engine.execution_options(begin="IMMEDIATE", **{DATABASE: self})
        else:
            self._reader = self.engine.execution_options(
                isolation_level="AUTOCOMMIT", **{DATABASE: self, READS: True}
            )
            self._writer = self.engine.execution_options(**{DATABASE: self})
        self.pulse = Pulse(self.engine)
        self.direct = None if self.is_sqlite else Direct(self.engine, self._reader)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; on PostgreSQL each statement sees the newest committed state."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """The same for a few statements that everybody runs: on PostgreSQL past the pool (`direct.py`)."""
        if self.direct is not None:
            yield self.direct.as_connection()
            return
        with self.read() as connection:
            yield connection

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction and commit; again, from the start, after a lost race or a StartOver.

        `work` must not touch anything but the database, since it may run more than once.
        """
        houses: frozenset[int] = frozenset()
        prepared = work
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._write_once(prepared)
            except StartOver as again:
                houses |= again.houses
                prepared = StartOver(houses, again.lock).before(work)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not lost_race(error):
                    raise
                time.sleep(uniform(0.001, 0.01) * attempt)
        raise AssertionError("unreachable")

    def _write_once(self, work: Callable[[Connection], Result]) -> Result:
        with self._turn(), self._writer.connect() as connection, connection.begin():
            return work(connection)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer at a time on SQLite, over all processes of this machine."""
        if not self.is_sqlite or self.url.database in (None, "", ":memory:"):
            yield
            return
        with Path(f"{self.url.database}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def remembers(self, kind: type[Result], make: Callable[[], Result]) -> Result:
        """What this process remembers of it; one of each kind, made for whoever asks first."""
        return cast(Result, self._remembered.setdefault(kind, None) or self._remember(kind, make))

    def _remember(self, kind: type[Result], make: Callable[[], Result]) -> Result:
        with self._remembering:
            found = self._remembered[kind] or make()
            self._remembered[kind] = found
        return cast(Result, found)

    def dispose(self) -> None:
        """Close every pooled connection (before a fork, after a test)."""
        self.pulse.close()
        if self.direct is not None:
            self.direct.close()
        self.engine.dispose()


def database_of(connection: Connection) -> Database:
    """The database that a connection came from."""
    found: Database = connection.get_execution_options()[DATABASE]
    return found


def only_reads(connection: Connection) -> bool:
    """Whether it is a connection for reading, and no transaction that may have changed something."""
    return bool(connection.get_execution_options().get(READS))


def lost_race(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed if it is simply run again."""
    return getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES or guarded(error)


def guarded(error: DBAPIError) -> bool:
    """Whether one of the guards refused it."""
    return broken_constraint(error) in GUARDS


def broken_constraint(error: DBAPIError) -> str | None:
    """The name of the constraint that refused, on either database."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    return str(error.orig)


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=20,
        connect_args={"check_same_thread": False, "timeout": 30},
        **_for_both(),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=8,
        max_overflow=16,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": 10,
            "options": "-c lock_timeout=10s -c timezone=UTC",
        },
        **_for_both(),
    )


def _for_both() -> dict[str, Any]:
    return {
        "hide_parameters": True,  # what people typed, and tokens, have no business in a log
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
