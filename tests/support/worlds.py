"""Fresh databases for tests: copies of one that is migrated and holds the demo world.

Made once per test run and shared by all its processes; what they share lies in one folder, whose
name travels in the environment.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import Connection

import notifications.storage.tables  # noqa: F401 -- their tables join the one metadata
from booking.services import demo, people
from booking.storage import migrations, tokens
from booking.storage.database import Database
from tests.support import postgresql

FOLDER = "EMERGE_TEST_RUN"
MADE_AT = datetime.fromisoformat("2026-11-01T12:00:00+01:00")
"""When the demo world came to be: before every test's "today"."""

NUMBERS = count(1)


def begin_run() -> None:
    """Called by the first process of a test run: the others inherit its environment."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="emerge-test-")


def end_run() -> None:
    """Called by the same process at the end: nothing stays behind."""
    folder = run_folder()
    kept = folder / "server"
    if kept.exists():
        postgresql.execute(kept.read_text(encoding="utf-8"), f"DROP DATABASE IF EXISTS {_template()} WITH (FORCE)")
    postgresql.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def run_folder() -> Path:
    """What the processes of this test run share."""
    return Path(os.environ[FOLDER])


def token_of(name: str) -> str:
    """The API token of a demo person, by the first part of their address; the same in every copy."""
    return f"emb_test-{name}"


@contextmanager
def fresh_sqlite(folder: Path) -> Iterator[str]:
    """The address of a new SQLite file with the demo world."""
    with _one_process():
        template = run_folder() / "world.db"
        if not template.exists():
            _make_sqlite(template)
    path = folder / "emerge.db"
    shutil.copyfile(template, path)
    yield f"sqlite:///{path}"


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    """The address of a new PostgreSQL database with the demo world. NoPostgreSQL."""
    with _one_process():
        server = postgresql.find_or_start(run_folder())
        if not (run_folder() / "template").exists():
            _make_template(server)
    with _copy(server, _template()) as url:
        yield url


@contextmanager
def empty_postgresql() -> Iterator[str]:
    """The address of a new PostgreSQL database with nothing in it. NoPostgreSQL."""
    with _one_process():
        server = postgresql.find_or_start(run_folder())
    with _copy(server, "template0") as url:
        yield url


@contextmanager
def _copy(server: str, template: str) -> Iterator[str]:
    name = f"{_template()}_{os.getpid()}_{next(NUMBERS)}"
    postgresql.execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield postgresql.beside(server, name)
    finally:
        postgresql.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _template() -> str:
    return run_folder().name.replace("-", "_").lower()


def _make_sqlite(path: Path) -> None:
    making = path.with_suffix(".making")
    _fill(f"sqlite:///{making}")
    making.rename(path)


def _make_template(server: str) -> None:
    postgresql.execute(server, f"DROP DATABASE IF EXISTS {_template()} WITH (FORCE)")
    postgresql.execute(server, f"CREATE DATABASE {_template()} TEMPLATE template0")
    _fill(postgresql.beside(server, _template()))
    (run_folder() / "template").touch()


def _fill(url: str) -> None:
    """Migrate, load the demo world, give every demo person a token, and let go of the database."""
    database = Database(url)
    migrations.upgrade(database)
    world = demo.read_world()
    database.write(lambda connection: demo.load(connection, world, at=MADE_AT))
    database.write(lambda connection: _add_tokens(connection, [person["email"] for person in world["people"]]))
    database.dispose()  # the last connection to an SQLite file leaves all of it in that file


def _add_tokens(connection: Connection, addresses: Iterable[str]) -> None:
    for address in addresses:
        token = token_of(address.partition("@")[0])
        person = people.of_email(connection, address)
        tokens.add(connection, person.id, "tests", people.token_hash(token), at=MADE_AT)


@contextmanager
def _one_process() -> Iterator[None]:
    with (run_folder() / "lock").open("a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
