"""Web server and worker as one: what `make run` does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from booking.settings import ROOT
from tests.support.postgresql import free_port

PATIENCE = 60


class Running:
    """`flask serve` with what it prints so far."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.database = folder / "emerge.db"
        self.printed = folder / "printed"
        self.output = self.printed.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PORT": str(self.port), "DATABASE_URL": f"sqlite:///{self.database}"},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
        )

    @property
    def text(self) -> str:
        return self.printed.read_text(errors="replace")

    def children(self) -> dict[int, str]:
        """Every process below this one: id → command."""
        parents: dict[int, list[int]] = {}
        names = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                _name, rest = stat.read_text().rsplit(")", 1)
                names[int(stat.parent.name)] = (stat.parent / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if rest.split()[0] != "Z":
                parents.setdefault(int(rest.split()[1]), []).append(int(stat.parent.name))
        found, waiting = {}, [self.process.pid]
        while waiting:
            for child in parents.get(waiting.pop(), []):
                found[child] = names[child]
                waiting.append(child)
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def until(condition: Callable[[], bool], running: Running) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, running.text
        time.sleep(0.05)


def answers(running: Running) -> bool:
    try:
        url = f"http://127.0.0.1:{running.port}/readyz"
        return urllib3.request("GET", url, retries=False, timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path)
    yield started
    if started.process.poll() is None:
        started.stop()
    started.output.close()


def test_it_fills_an_empty_database_answers_and_ends_without_a_trace(running: Running) -> None:
    until(lambda: "Demo logins" in running.text, running)
    assert answers(running)
    assert f"http://localhost:{running.port}" in running.text
    assert "camille@lisiere.example" in running.text
    assert "new bookings" in running.text
    children = running.children()
    assert any("granian" in command for command in children.values())
    assert any("worker" in command for command in children.values())

    assert running.stop() == 0
    assert [pid for pid in children if alive(pid)] == []
    assert not answers(running)
    assert "Traceback" not in running.text


def test_what_is_killed_comes_back(running: Running) -> None:
    until(lambda: "Demo logins" in running.text, running)
    before = running.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    until(lambda: answers(running) and not set(before) & set(running.children()), running)
    assert [pid for pid in before if alive(pid)] == []


def test_nothing_outlives_it_even_when_it_is_killed(running: Running) -> None:
    until(lambda: "Demo logins" in running.text, running)
    children = running.children()

    running.process.kill()
    running.process.wait()
    until(lambda: not any(alive(pid) for pid in children), running)


def test_a_taken_port_is_told_in_words(running: Running, tmp_path: Path) -> None:
    until(lambda: answers(running), running)
    second = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": str(running.port), "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"},
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert f"Port {running.port} cannot be used" in second.stderr
