"""The figures as a page: `docs/figures.md`."""

import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from os import cpu_count
from pathlib import Path

import psycopg

from booking.settings import ROOT

PAGE = ROOT / "docs" / "figures.md"

HEAD = """# Figures

Written by `make bench`; do not edit. Every figure stands next to its floor, the least that could do
the same job, measured in the same run on the same machine, in turns. Only ratios mean anything:
seconds are those of this machine, and it may be shared. Medians of the rounds' own ratios.
What the distances are made of, and where they can be closed:
[decisions/0005](decisions/0005-what-a-request-costs.md).

{machine}

"""

NOTES = """
## How it was measured

- **Server**: granian, 2 processes of 4 threads, `ENVIRONMENT=production` with its log lines; the floors run on
  the same server with the same settings. PostgreSQL is on the same machine.
- **Clients**: one process with one selector and requests that were written beforehand (some 20 µs each).
  Clients, web processes and database share the same cores, so what a client takes is missing on the other side,
  for both.
- **S1's floor**: a bare Flask view that looks a token up by its hash and runs one statement that locks the
  resource row and inserts under the same exclusion constraint; plain psycopg, each statement its own
  transaction.
- **S1**: POST /api/v1/bookings, one hour of one room that confirms at once, each request another hour. The
  sizes are measured in turns; "cost" is the time per booking at the larger size over that at the smaller.
- **S2's ratio**: answers per second when all want the same, over answers per second when as many clients want
  different hours.
- **S3**: POST /api/v1/search, four clients; ten to fourteen free days in ninety, for one kind of room with a
  sprung floor of some width. Hello-world is `/healthz` of the same server. The anti-join and the scan are plain
  SQL over the same tables, without HTTP, without rules, and without anything to say of a room but yes.
- **S4**: POST /api/v1/bookings that is refused, over HTTP, with all its ways out; next to a search over HTTP in
  the same world.
- **S5**: POST /api/v1/trajectories/plan, over HTTP, one client; "proved" is what the solver says of its answer.
- **S6's floor**: a bare Flask view with one indexed look-up and the same bytes, or a 304.
- **S7**: one client; the worlds' feed of a whole house. After a change: both processes had the feed, then one
  booking gets another title, and the next GET is timed. The library writes the very calendar that was served.
- **S8**: our own reader with its child process and the expansion of all series, against icalendar's parse of
  the same octets without any expansion. recurring-ical-events is given 25 of the series.
- **S9**: Chromium on one core, 1440 × 900; the answer is the time until the first byte of the season's page,
  frames are the longest of a scroll by wheel, of a jump to the top, and of a drag over a dozen rooms from when the
  booking is in sight (the frames of the jump were counted as dragging before).
- **S10**: every page of the map (tests/support/atlas.py) in a world where each has something to show. Octets as
  they travel, headers included. Lighthouse looks at the pages of planners and the coordinator as at a desk, at all
  others as on a slow phone; each once, so its speed is of a machine that does nothing else.
- **S12**: `git clone`, then `make run` until `/` answers; the floor is the virtual environment with the locked
  packages alone (pip's cache as it was). Memory: the proportional set of one web process, after hundreds of
  answers.
- **Peers** run in an environment of their own. libres: reserve and approve, 8 processes on one room, each on
  slots of its own, given up after 5 lost attempts; without HTTP. Radicale: the same calendar, 8 clients.
"""


BROKEN = "NOT MEASURED"
"""The distance of what broke off."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `distance` is what is still missing, "met" when nothing is."""

    number: str
    what: str
    measured: str
    floor: str
    ratio: str
    goal: str
    distance: str


def broken(number: str, error: Exception) -> Figure:
    """A measurement that broke off."""
    said = " ".join(f"{type(error).__name__}: {error}".split()).replace("|", "/")
    return Figure(number, "broke off", said, "–", "–", "–", BROKEN)


def at_least(value: float, goal: float) -> str:
    """How far a value is from what it should reach."""
    return "met" if value >= goal else f"× {goal / value:.1f} to go"


def at_most(value: float, goal: float) -> str:
    """How far a value is above what it should stay under."""
    return "met" if value <= goal else f"{value / goal:.1f} × the goal"


def yes(right: bool) -> str:
    """Right or wrong, nothing between."""
    return "met" if right else "NOT MET"


def table(figures: Sequence[Figure]) -> str:
    """All lines as a table."""
    lines = ["| # | what | measured | floor or peer | ratio | goal | distance |", "|---|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(getattr(each, column.name) for column in fields(each))} |" for each in figures]
    return "\n".join(lines) + "\n"


def write(figures: Sequence[Figure], server: str, *, at: datetime, mode: str) -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(
        HEAD.format(machine=machine(server, at=at, mode=mode)) + table(figures) + NOTES, encoding="utf-8"
    )


def machine(server: str, *, at: datetime, mode: str) -> str:
    """On what, and when."""
    system = f"{platform.system()} {platform.release()}"
    lines = (
        f"- **When**: {at:%A %d %B %Y, %H:%M} UTC, at commit `{_commit()}`; {mode}.",
        f"- **Machine**: {_processor()}, {cpu_count()} cores, {_memory()} of memory, {system}.",
        f"- **Software**: Python {platform.python_version()}, {_postgresql(server)}.",
    )
    return "\n".join(lines)


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- the git on the path
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "none"


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 1024**2:.0f} GiB"
    return "an unknown amount"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _postgresql(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        told = [
            connection.execute(f"SHOW {name}".encode()).fetchone()
            for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        ]
    version, fsync, commit, buffers = (row[0] if row else "?" for row in told)
    return f"PostgreSQL {version} (fsync {fsync}, synchronous_commit {commit}, shared_buffers {buffers})"
