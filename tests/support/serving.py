"""The real thing on a free port: granian with two web processes, and a clock that tests move."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3
from flask import Flask

from booking.cli.processes import end_with_parent
from booking.settings import ROOT, Settings
from tests.support.api import Api, over_the_wire
from tests.support.clocks import FileClock, StoppedClock
from tests.support.postgresql import free_port
from tests.support.worlds import token_of
from wsgi import create_app as roof

CLOCK = "EMERGE_TEST_CLOCK"
SECRET = "only-for-tests-only-for-tests-only"
ALIVE = "web-"
"""Each web process leaves a file of this name when it is there."""

PATIENCE = 60
"""Seconds until the server must have answered."""


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    database_url: str
    clock: StoppedClock
    log: Path
    pool: urllib3.PoolManager

    def api(self, name: str | None) -> Api:
        """The API as one demo person, over the wire; `None`: as nobody."""
        return Api(over_the_wire(self.pool, self.url), token_of(name) if name else None)


def create_app() -> Flask:
    """What granian starts in each process: the whole service with the time of the test."""
    clock = Path(os.environ[CLOCK])
    app = roof(Settings.from_environment(), clock=FileClock(clock))
    clock.with_name(f"{ALIVE}{os.getpid()}").touch()
    return app


@contextmanager
def served(
    database_url: str,
    folder: Path,
    *,
    processes: int = 2,
    threads: int = 4,
    factory: str = "tests.support.serving:create_app",
) -> Iterator[Served]:
    """Start it, wait until it answers, stop it. What it logs is kept in `folder`."""
    port, clock_file, log = free_port(), folder / "clock", folder / "server.log"
    clock = StoppedClock(clock_file)
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "BASE_URL": url,
        "PYTHONPATH": str(ROOT),
        CLOCK: str(clock_file),
    }
    arguments = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory"),
        *("--port", str(port), "--workers", str(processes), "--blocking-threads", str(threads)),
        *("--backlog", "2048", "--log-level", "warning", factory),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- one system call
        )
        pool = urllib3.PoolManager(maxsize=64, timeout=urllib3.Timeout(60))
        try:
            _wait_until_alive(process, pool, url, log, processes)
            yield Served(url, database_url, clock, log, pool)
        finally:
            pool.clear()
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # web processes outlive a granian that was killed
            process.wait()


def _wait_until_alive(
    process: subprocess.Popen[bytes], pool: urllib3.PoolManager, url: str, log: Path, processes: int
) -> None:
    """Every process: one that is told to stop while it still loads the app never hears of it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
        if len(list(log.parent.glob(f"{ALIVE}*"))) < processes:
            continue
        with suppress(urllib3.exceptions.HTTPError):
            if pool.request("GET", f"{url}/healthz", retries=False).status == 200:
                return
    raise AssertionError(f"the server did not answer:\n{log.read_text(errors='replace')}")
