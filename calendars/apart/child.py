"""`python -m calendars.apart.child`: waits warm, and reads every calendar in a fork that ends with it.

What is asked comes over standard input, what was read leaves over standard output, both with their
length in front. A fork has so much time and memory and no more; it can open no file and no connection.
"""

import gc
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any, BinaryIO

import orjson

from calendars.domain.foreign_events import Terms, read
from calendars.domain.foreign_lines import NotACalendar
from calendars.domain.foreign_rules import Unclear

LENGTH = 8
"""Octets of a length, the most significant first."""
RULE_SECONDS = 0.5
"""Of work that one rule may take."""
ALL_RULES_SECONDS = 5.0
MOST_ANSWERED = 64 * 1024 * 1024


WARMING_UP = (
    b"""BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:Here
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:\xe9
DTSTART;TZID=Here:19960101T090000
RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=19970101T000000Z
END:VEVENT
END:VCALENDAR
""",
    "BEGIN:VCALENDAR\nEND:VCALENDAR\n".encode("utf-16"),
)
"""Calendars that make everything be read from disk that reading others may need: zones, codecs, modules."""


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    for warming in WARMING_UP:
        read(warming, Terms("Europe/Brussels", 0, 2**31), nullcontext)
    gc.collect()
    gc.freeze()  # what is here now is shared with every fork
    while (head := _taken(asked)) is not None:
        body = _taken(asked)
        if body is None:
            return
        _give(answers, _read_apart(orjson.loads(head), body))


def _read_apart(head: dict[str, Any], body: bytes) -> bytes:
    """What a fork makes of it; or why it came to no end."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reads)
        _be_the_fork(writes, head, body)
    os.close(writes)
    try:
        octets = _collected(reads, time.monotonic() + head["seconds"])
    finally:
        os.close(reads)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if octets is None:
        return orjson.dumps({"no": "too-long"})
    if not octets.endswith(b"\n"):
        return orjson.dumps({"no": "too-long" if os.WTERMSIG(status) == signal.SIGXCPU else "too-much"})
    return octets[:-1]


def _be_the_fork(writes: int, head: dict[str, Any], body: bytes) -> None:
    """Read within limits, say it, and end; never returns."""
    try:
        _limit(head["seconds"], head["memory"])
        octets = _said(Terms(head["zone"], head["since"], head["until"]), body)
        view = memoryview(octets + b"\n")
        while view:
            view = view[os.write(writes, view) :]
    finally:
        os._exit(0)


def _said(terms: Terms, body: bytes) -> bytes:
    try:
        return orjson.dumps(read(body, terms, _in_time()))
    except NotACalendar as error:
        return orjson.dumps({"no": error.code})
    except MemoryError:
        return b'{"no":"too-much"}'
    except Exception as error:  # noqa: BLE001  whatever a foreign calendar brings about is a no, and ends here
        return orjson.dumps({"no": "not-understood", "why": type(error).__name__})


def _limit(seconds: int, memory: int) -> None:
    soft = max(1, int(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (soft, soft + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))


def _in_time() -> Any:
    """A guard that ends a rule after half a second of work, and all of them after five."""
    left = ALL_RULES_SECONDS

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Unclear("bad-rule")

    signal.signal(signal.SIGVTALRM, ring)

    @contextmanager
    def guard() -> Iterator[None]:
        nonlocal left
        if left <= 0:
            raise Unclear("bad-rule")
        began = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, RULE_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            left -= time.process_time() - began

    return guard


def _collected(reads: int, ends: float) -> bytes | None:
    """Everything the fork says; None when it takes too long or says too much."""
    pieces: list[bytes] = []
    size = 0
    while (left := ends - time.monotonic()) > 0 and size <= MOST_ANSWERED:
        if not select.select([reads], [], [], left)[0]:
            return None
        piece = os.read(reads, 1 << 20)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    return None


def _taken(source: BinaryIO) -> bytes | None:
    """The next message; None when there is none any more."""
    length = source.read(LENGTH)
    if len(length) < LENGTH:
        return None
    size = int.from_bytes(length)
    octets = source.read(size)
    return octets if len(octets) == size else None


def _give(target: BinaryIO, octets: bytes) -> None:
    target.write(len(octets).to_bytes(LENGTH) + octets)
    target.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks; this ends with its input
    serve(sys.stdin.buffer, sys.stdout.buffer)
