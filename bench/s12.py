"""S12: from a clean clone to a page, the second start, and the memory of a web process."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import clients
from bench.servers import production, serving
from bench.worlds import World
from booking.settings import ROOT
from tests.support.postgresql import free_port

PATIENCE = 600
BUSY_FOR = 300
"""Requests after which a web process has imported and kept what it will."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds. `packages`: an environment with the locked packages alone; `first`: all of `make run`."""

    packages: float
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Result:
    """`memory`: MiB of one web process, with its fair share of what several share."""

    start: Start | None
    memory: float


def measure(world: World, folder: Path, *, from_a_clone: bool) -> Result:
    """Clone what is committed and do what the README says; then look at a web process."""
    return Result(_from_a_clone(folder) if from_a_clone else None, _memory(world, folder))


def _from_a_clone(folder: Path) -> Start:
    packages = _install(folder / "packages")
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
    first, second = _start(clone), _start(clone)
    shutil.rmtree(clone)
    return Start(packages, first, second)


def _install(target: Path) -> float:
    """The least that `make run` has to do: an environment with the locked packages."""
    begun = clients.clock()
    subprocess.run([sys.executable, "-m", "venv", str(target)], check=True)  # noqa: S603 -- our own program
    pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run([*pip, "-r", str(ROOT / "requirements.lock")], check=True)  # noqa: S603 -- our own program
    seconds = clients.clock() - begun
    shutil.rmtree(target)
    return seconds


def _start(clone: Path) -> float:
    """Seconds from `make run` to the first answer; then Ctrl-C."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"PORT": str(port), "PYTHON": sys.executable}
    environment.pop("VIRTUAL_ENV", None)
    with (clone.parent / "make-run.log").open("ab") as log:
        begun = clients.clock()
        process = subprocess.Popen(
            ["make", "run"],  # noqa: S607 -- the make on the path, as people use it
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(process, port)
            return clients.clock() - begun
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE
    asked = clients.request("GET", "/")
    while time.monotonic() < until and process.poll() is None:
        try:
            if clients.run(port, [[asked]]).statuses[200]:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("make run did not answer")


def _memory(world: World, folder: Path) -> float:
    """The largest web process after some hundred pages and answers."""
    member = world.members[0]
    asked = [
        clients.request("GET", "/"),
        clients.request("GET", "/venues"),
        clients.request("GET", "/api/v1/resources", headers=member.headers()),
        clients.request("GET", "/api/v1/bookings", headers=member.headers()),
    ]
    with serving("wsgi:create_app", folder, production(world.url)) as service:
        clients.run(service.port, [asked * (BUSY_FOR // len(asked))] * 8)
        return max(_proportional_set(each) for each in service.workers())


def _proportional_set(pid: int) -> float:
    """PSS in MiB: private pages, and a fair share of the shared ones."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            return int(value.split()[0]) / 1024
    raise LookupError(pid)
