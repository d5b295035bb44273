"""Connections past the pool outlive the threads that asked: a web server ends its idle threads."""

import subprocess
import sys

from booking.settings import ROOT

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
