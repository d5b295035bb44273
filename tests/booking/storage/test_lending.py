"""Connections past the pool outlive the threads that asked: a web server ends its idle threads."""

import subprocess
import sys

from booking.settings import ROOT
from booking.storage.lending import Lendable, Lending

THREADS = """
import ctypes, sys
from sqlalchemy import func, select
from booking.storage.database import Database
from booking.storage.people import Person

database, beats = Database(sys.argv[1]), []
COUNTED = select(func.count(Person.id).label("people"))

def lent():
    beats.append(database.pulse.beat())
    assert database.direct is None or database.direct.execute(COUNTED, {}).all()[0].people > 0

start = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda _: lent())
system = ctypes.CDLL(None)
for _ in range(2):  # threads that are not of Python's making, as those of a web server
    thread = ctypes.c_ulong()
    assert system.pthread_create(ctypes.byref(thread), None, start, None) == 0
    assert system.pthread_join(thread, None) == 0
assert len(set(beats)) <= 1, beats
"""


def test_a_thread_that_ends_leaves_its_connection_to_the_next(database_url: str):
    process = subprocess.run(
        [sys.executable, "-c", THREADS, database_url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stderr) == (0, "")


class Line(Lendable):
    """A connection to nowhere."""

    def __init__(self) -> None:  # none to a database
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


def test_one_that_breaks_takes_with_it_those_that_wait_and_none_that_is_lent() -> None:
    lending = Lending(Line)
    with lending.one() as lent:
        with lending.one() as broken:
            with lending.one() as waits:
                pass
            broken.is_broken = True
        assert (lent.is_open, broken.is_open, waits.is_open) == (True, False, False)
    with lending.one() as after:
        assert after is lent
