"""Other software doing a like job on this machine, in an environment of its own.

libres books slots; Radicale serves calendars. Neither is needed by anything but this comparison:
where they cannot be installed, the figures say so and go on.
"""

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from sqlalchemy.engine import make_url

from bench import clients
from booking.settings import ROOT
from tests.support import postgresql

ENVIRONMENT = ROOT / "instance" / "bench-peers"
PACKAGES = ("libres==1.4.0", "psycopg2-binary==2.9.13", "radicale==3.9.0")
CLIENTS, SLOTS_EACH = 8, 30
PATIENCE = 300
COLLECTION = "/bench/season/"
AS_BENCH = {"Authorization": f"Basic {b64encode(b'bench:bench').decode()}"}


@dataclass(frozen=True, slots=True)
class Libres:
    """Bookings per second, and how many of how many were given up after losing five times."""

    rate: float
    abandoned: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Radicale:
    """GETs per second of the same feed with as many clients, and what it answers to If-None-Match."""

    rate: float
    status_when_unchanged: int


def ready() -> bool:
    """Install the peers once; False when that cannot be done here."""
    if (ENVIRONMENT / "bin" / "radicale").exists():
        return True
    commands = (
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES],
    )
    return all(subprocess.run(command, check=False, timeout=PATIENCE).returncode == 0 for command in commands)  # noqa: S603


def libres(server: str) -> Libres:
    """Eight clients on one room, each on slots of its own."""
    name = f"bench_libres_{os.getpid()}"
    postgresql.execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        url = make_url(postgresql.beside(server, name)).set(drivername="postgresql+psycopg2")
        done = subprocess.run(  # noqa: S603 -- our own script
            [
                *(str(ENVIRONMENT / "bin" / "python"), str(Path(__file__).with_name("libres_clients.py"))),
                *(url.render_as_string(hide_password=False), str(CLIENTS), str(SLOTS_EACH)),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
    finally:
        postgresql.execute(server, f"DROP DATABASE {name} WITH (FORCE)")
    told = json.loads(done.stdout)
    return Libres(told["made"] / told["seconds"], told["abandoned"], CLIENTS * SLOTS_EACH)


def radicale(folder: Path, feed: bytes, *, rounds: int, seconds: float) -> Radicale:
    """The same calendar, served by Radicale."""
    with _radicale(folder) as port:
        tag = _put(port, feed)
        asked = clients.request("GET", COLLECTION, headers=AS_BENCH)
        rates = [
            clients.run(port, [clients.repeated(asked)] * CLIENTS, seconds=seconds).rate(200)
            for _ in range(rounds)
        ]
        again = clients.run(
            port, [[clients.request("GET", COLLECTION, headers=AS_BENCH | {"If-None-Match": tag})]]
        )
    return Radicale(median(rates), next(iter(again.statuses)))


@contextmanager
def _radicale(folder: Path) -> Iterator[int]:
    port = postgresql.free_port()
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "none",
        "rights-type": "authenticated",
        "storage-filesystem-folder": str(folder / "radicale"),
        "logging-level": "error",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with (folder / "radicale.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- the peer
            [str(ENVIRONMENT / "bin" / "radicale"), *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    clients.run(port, [[clients.request("GET", "/.well-known/caldav")]])
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _put(port: int, feed: bytes) -> str:
    """Hand it the whole calendar; returns the ETag that it gives."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("PUT", COLLECTION, feed, AS_BENCH | {"Content-Type": "text/calendar; charset=utf-8"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 201):
        raise RuntimeError(f"Radicale answered {answer.status} to the feed")
    connection.request("GET", COLLECTION, headers=AS_BENCH)
    got = connection.getresponse()
    got.read()
    return got.headers.get("ETag", '"none"')
