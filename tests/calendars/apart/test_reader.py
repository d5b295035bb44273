"""Foreign calendars are read apart: whatever they do, it happens elsewhere, and ends."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from calendars.apart.child import _read_apart
from calendars.apart.reader import Reader
from calendars.domain.foreign_events import Terms
from calendars.domain.foreign_lines import NotACalendar
from tests.support.foreign import calendar, files, mutations, period

TERMS = period("2025-01-01", "2028-01-01")
ORDINARY = calendar("UID:a\nDTSTART:20270310T090000Z\nDTEND:20270310T100000Z")
MUTATIONS = int(os.environ.get("EMERGE_SOAK", "2000"))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def told(reader: Reader, body: bytes, terms: Terms = TERMS) -> str:
    try:
        return f"{len(reader(body, terms).events)} events"
    except NotACalendar as error:
        return error.code


def test_what_was_read_apart_is_what_it_says(reader: Reader):
    found = reader(ORDINARY, TERMS)
    assert (found.events[0].uid, found.counts["events"], found.notes) == ("a", 1, [])


def test_a_body_that_is_a_path_is_no_calendar(reader: Reader, tmp_path: Path):
    file = tmp_path / "real.ics"
    file.write_bytes(ORDINARY)
    assert told(reader, str(file).encode()) == "not-a-calendar"


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_calendar_breaks_the_reader_or_holds_it_up(reader: Reader, path: Path):
    began = time.monotonic()
    assert told(reader, path.read_bytes()) != "not-understood"
    assert time.monotonic() - began < 15


def test_calendars_made_worse_are_read_or_refused_and_nothing_else(reader: Reader):
    bodies = [body for path in files() if len(body := path.read_bytes()) < 20_000]
    for body in mutations(bodies, random.Random(20261123), MUTATIONS):
        assert told(reader, body) not in ("not-understood", "too-much", "too-long"), body
    assert told(reader, ORDINARY) == "1 events"


def test_a_reader_can_open_nothing_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    reader = Reader()
    monkeypatch.setenv("SECRET_KEY", "a-secret-of-this-machine")
    told(reader, ORDINARY)
    child = reader._running().pid
    assert b"a-secret" not in Path(f"/proc/{child}/environ").read_bytes()
    reader.close()


def snooping(body: bytes, terms: Terms, guard: object) -> object:
    """Stands for a reader that was taken over."""
    try:
        with Path("/etc/hostname").open("rb"):
            raise NotACalendar("opened")
    except OSError:
        raise NotACalendar("shut") from None


def sleeping(body: bytes, terms: Terms, guard: object) -> object:
    time.sleep(60)
    return None


def working(body: bytes, terms: Terms, guard: object) -> object:
    while True:
        pass


def eating(body: bytes, terms: Terms, guard: object) -> object:
    return [bytes(64 * 1024 * 1024) for _ in range(1000)]


def dying(body: bytes, terms: Terms, guard: object) -> object:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("does", "answer"),
    [
        (snooping, b'{"no":"shut"}'),
        (sleeping, b'{"no":"too-long"}'),
        (working, b'{"no":"too-long"}'),
        (eating, b'{"no":"too-much"}'),
        (dying, b'{"no":"too-much"}'),
    ],
)
def test_whatever_a_fork_does_it_ends_within_its_limits(
    monkeypatch: pytest.MonkeyPatch, does: object, answer: bytes
):
    monkeypatch.setattr("calendars.apart.child.read", does)
    head = {"zone": "UTC", "since": 0, "until": 1, "seconds": 1, "memory": 1024 * 1024 * 1024}
    assert _read_apart(head, b"") == answer


def test_a_child_that_died_is_replaced(reader: Reader):
    told(reader, ORDINARY)
    child = reader._running()
    child.kill()
    child.wait()
    assert told(reader, ORDINARY) == "1 events"


def test_a_thousand_daily_series_are_read_in_time(reader: Reader):
    events = [
        f"UID:s{n}\nDTSTART;TZID=Europe/Brussels:20250101T{n % 24:02}0000\nDURATION:PT1H\nRRULE:FREQ=DAILY"
        for n in range(500)
    ]
    began = time.monotonic()
    found = reader(calendar(*events), TERMS)
    assert sum(len(event.spans) for event in found.events) > 500 * 1000
    assert time.monotonic() - began < 15
