"""Asks the child: octets of a calendar in, its busy time out, or a reason why not."""

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import orjson

from calendars.apart.child import LENGTH
from calendars.domain.foreign_events import ForeignEvent, Reading, Terms
from calendars.domain.foreign_lines import NotACalendar

SECONDS = 14
"""That reading one calendar may take, of work and of waiting."""
MEMORY = 480 * 1024 * 1024
"""Octets of address space that it may use."""
GRACE = 5
"""Seconds after which a child that should have given up is not waited for any longer."""
HOME = Path(__file__).resolve().parents[2]


class Reader:
    """Reads calendars apart from this process. Safe to share between threads: one is read at a time.

    The child is started at the first question and stays warm; it ends when this process does.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._one_at_a_time = threading.Lock()

    def __call__(self, body: bytes, terms: Terms) -> Reading:
        """What the calendar says. NotACalendar, with the reasons too-long, too-much and not-understood besides."""
        head = orjson.dumps(
            {
                "zone": terms.zone,
                "since": terms.since,
                "until": terms.until,
                "seconds": self._seconds,
                "memory": self._memory,
            }
        )
        with self._one_at_a_time:
            answer = self._ask(head, body) or self._ask(
                head, body
            )  # a child may have died since the last question
        if answer is None:
            raise NotACalendar("not-understood")
        if "no" in answer:
            raise NotACalendar(answer["no"])
        events = [ForeignEvent.of(each) for each in answer.pop("events")]
        return Reading(events=events, **answer)

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        child.wait()

    def _ask(self, head: bytes, body: bytes) -> Any:
        child = self._running()
        asks, answers = _pipes(child)
        bell = threading.Timer(self._seconds + GRACE, child.kill)
        bell.daemon = True
        bell.start()
        try:
            for message in (head, body):
                asks.write(len(message).to_bytes(LENGTH) + message)
            asks.flush()
            octets = answers.read(int.from_bytes(answers.read(LENGTH)))
            return orjson.loads(octets)
        except (OSError, ValueError):
            self.close()
            return None
        finally:
            bell.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        self.close()
        self._owner = os.getpid()
        atexit.register(self.close)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "calendars.apart.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=HOME,
            env={"LANG": "C.UTF-8"},  # nothing of ours: no address of a database, no key
        )
        return self._child


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("a child has pipes")
    return child.stdin, child.stdout


READER = Reader()
"""The one of this process; its child is started when the first calendar comes."""
