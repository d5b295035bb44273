"""What every test may ask for. Everything that touches a database runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.settings import Settings
from booking.storage.database import Database
from booking.web.context import parts_of
from tests.support import chromium, serving, worlds
from tests.support.api import Api, in_process
from tests.support.builders import MakeBooking, booking_maker
from tests.support.canary import Canary, plant
from tests.support.clocks import StoppedClock
from tests.support.machine import lacking
from tests.support.postgresql import NoPostgreSQL
from tests.support.serving import Served
from tests.support.statements import Statements, counted
from wsgi import create_app

BOTH = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes the folder that all of them share."""
    if not hasattr(config, "workerinput"):
        worlds.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """And it clears up."""
    if not hasattr(config, "workerinput"):
        worlds.end_run()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skipped for want of something is not passed: say so where nobody can miss it."""
    skipped = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    if skipped:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
    for reason in sorted(set(skipped)):
        terminalreporter.line(f"{skipped.count(reason)} tests: {reason.removeprefix('Skipped: ')}", red=True)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the demo world, and a token for each of its people."""
    if request.param == "sqlite":
        with worlds.fresh_sqlite(tmp_path) as url:
            yield url
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(worlds.fresh_postgresql())
        except NoPostgreSQL as error:
            lacking(str(error))
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> StoppedClock:
    """Monday 23 November 2026, 9:00 in Kortrijk, until the test moves it: `clock.set("…")`."""
    return StoppedClock()


@pytest.fixture
def build(clock: StoppedClock, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build an app: `build(database_url, log_level="INFO")`; its connections are closed at the end."""
    with ExitStack() as stack:

        def built(url: str, **chosen: Any) -> Flask:
            usual = {
                "secret_key": serving.SECRET,
                "base_url": "http://localhost",
                "instance": tmp_path,
                "log_level": "WARNING",
            }
            app = create_app(Settings(url, **{**usual, **chosen}), clock=clock)
            app.testing = True
            stack.callback(parts_of(app).database.dispose)
            return app

        yield built


@pytest.fixture
def app(database_url: str, build: Callable[..., Flask]) -> Flask:
    """The whole service on that database, at that time."""
    return build(database_url)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without a session."""
    return app.test_client()


@pytest.fixture
def api(app: Flask) -> Callable[[str | None], Api]:
    """`api("camille")`: the API as a demo person (the first part of the address); `api(None)`: as nobody."""

    def as_person(name: str | None) -> Api:
        return Api(in_process(app.test_client()), worlds.token_of(name) if name else None)

    return as_person


@pytest.fixture
def a_booking(database: Database, clock: StoppedClock) -> MakeBooking:
    """Make a booking: `a_booking(resource="BUD-S1", start="2027-03-08", end="2027-03-20", state="confirmed")`."""
    return booking_maker(database, clock)


@pytest.fixture
def canary(database: Database, clock: StoppedClock, a_booking: MakeBooking) -> Callable[..., Canary]:
    """Plant a booking whose words nobody else may see: `canary(resource=…, start=…, end=…, state=…)`."""

    def planted(**where: str) -> Canary:
        return plant(database, a_booking, at=clock(), **where)

    return planted


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[Statements]]:
    """`with statements() as seen: …; assert len(seen) <= 8, seen.listing`"""
    return counted


@pytest.fixture
def worker(app: Flask) -> Callable[[], dict[str, int]]:
    """Do all work that is due, once: `worker()["events handled"]`."""

    def once() -> dict[str, int]:
        result = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert result.exit_code == 0, result.output
        return {name: int(number) for name, number in (line.split(": ") for line in result.stdout.splitlines())}

    return once


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The same service under granian, in two processes of four threads, with `served.clock`."""
    with serving.served(database_url, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; nothing is downloaded."""
    path = chromium.find()
    if path is None:
        lacking(chromium.HOW_TO_GET_ONE)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }
