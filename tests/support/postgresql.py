"""A PostgreSQL for tests: the one that is named, else the one that runs, else one of our own.

Our own is a private cluster out of the machine's binaries, in a folder of this test run, without
fsync; its server refuses root, so root runs it as an unprivileged user.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

RUNNING = "postgresql://postgres@127.0.0.1:5432/postgres"
BINARIES = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")

HOW_TO_GET_ONE = (
    "no PostgreSQL: install one (Debian: apt-get install postgresql postgresql-contrib; "
    "macOS: brew install postgresql), or name one that may create databases in TEST_DATABASE_URL"
)


class NoPostgreSQL(Exception):
    """There is none on this machine."""


def find_or_start(folder: Path) -> str:
    """The address of a database from which others can be created. NoPostgreSQL when there is none.

    Remembered in `folder`, so that all processes of one test run use the same; the caller keeps
    others out meanwhile.
    """
    kept = folder / "server"
    if not kept.exists():
        kept.write_text(_named() or _running() or _start(folder), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def stop(folder: Path) -> None:
    """End the private cluster, when there is one."""
    data = folder / "cluster"
    if data.exists():
        owner = data.stat().st_uid
        subprocess.run(
            [_binaries() / "pg_ctl", "stop", "--pgdata", data, "--mode", "immediate", "--silent"],
            check=False,
            user=owner if os.geteuid() == 0 else None,
            cwd="/",
        )


def _named() -> str | None:
    return os.environ.get("TEST_DATABASE_URL") or None


def _running() -> str | None:
    try:
        with psycopg.connect(RUNNING, connect_timeout=2) as connection:
            can_create = connection.execute(
                "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError:
        return None
    return RUNNING if can_create == (True,) else None


def _binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`: the newest of Debian's, else what is on the path."""
    versions = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise NoPostgreSQL(HOW_TO_GET_ONE)
    return Path(found).parent


def _start(folder: Path) -> str:
    binaries, data = _binaries(), folder / "cluster"
    user = _unprivileged_user()
    data.mkdir()
    folder.chmod(0o711)  # the server's user has to reach its own folder, and nothing else
    if user is not None:
        os.chown(data, user.pw_uid, user.pw_gid)
    uid = user.pw_uid if user else None
    port = free_port()
    initialise = ["--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
    _run([binaries / "initdb", "--pgdata", data, *initialise], uid)
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    options += " -c synchronous_commit=off -c max_connections=200"
    _run(
        [binaries / "pg_ctl", "start", "--wait", "--pgdata", data, "--log", data / "log", "--options", options],
        uid,
    )
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _unprivileged_user() -> pwd.struct_passwd | None:
    """None: whoever runs the tests is good enough."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return known[name]
    raise NoPostgreSQL("PostgreSQL refuses to run as root, and this machine has no user to run it as")


def _run(arguments: list[str | Path], uid: int | None) -> None:
    done = subprocess.run(
        arguments, check=False, user=uid, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        print(done.stdout, done.stderr, file=sys.stderr)  # noqa: T201 -- the only place where it can be read
        raise NoPostgreSQL(f"{arguments[0]} failed with {done.returncode}")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def execute(server: str, statement: str) -> None:
    """Run one statement outside any transaction, as CREATE DATABASE wants it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def beside(server: str, name: str) -> str:
    """The address of another database on the same server."""
    url: URL = make_url(server)
    return url.set(database=name).render_as_string(hide_password=False)
