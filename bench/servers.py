"""The web server as it runs in production: granian, two processes of four threads."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench import clients
from booking.settings import ROOT
from tests.support.postgresql import free_port

PROCESSES, THREADS = 2, 4
PATIENCE = 60
STOPPING = 30
SECRET = "only-for-measuring-only-for-measuring"  # noqa: S105 -- it guards nothing


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """The ids of its web processes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(each) for each in children.split()]


@contextmanager
def serving(factory: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Start an app factory, wait until `/healthz` answers, end it. What it logs is kept in `folder`."""
    port = free_port()
    log = folder / f"{factory.replace(':', '-')}-{port}.log"
    arguments = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory", factory),
        *("--port", str(port), "--workers", str(PROCESSES), "--blocking-threads", str(THREADS)),
        *("--backlog", "2048", "--log-level", "warning"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            arguments,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """As politely as time allows: a server that waits for its last thread is ended, with its children."""
    children = Server(0, process.pid).workers()
    process.terminate()
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        for each in (*children, process.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait(STOPPING)


def production(database_url: str, **more: str) -> dict[str, str]:
    """The environment of the service, with the log lines of production."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "ENVIRONMENT": "production",
        "BASE_URL": "https://bench.example",
        **more,
    }


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if clients.run(port, [[clients.request("GET", "/healthz")]]).statuses[200]:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer:\n{log.read_text(errors='replace')}")
