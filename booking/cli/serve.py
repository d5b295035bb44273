"""`flask --app wsgi serve`: the web server and the worker as one, until Ctrl-C.

Two children, `granian` and `flask worker`, watched by this process. Each leads a process group of
its own: a Ctrl-C reaches this process alone, which then stops them in order; whatever a child that
was killed leaves running is ended with its group; and on Linux they are told when this process dies.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click
from flask.cli import with_appcontext

from booking.cli.demo import load_pictures, load_stories, load_world
from booking.cli.processes import end_with_parent
from booking.services import catalogue, demo
from booking.settings import ROOT, Settings
from booking.storage import migrations
from booking.web.context import database, parts

THREADS = 4
"""Per web process; measured with granian, see docs/decisions."""

PATIENCE = 60
"""Seconds until the web server must have answered for the first time."""

GRACE = 10
"""Seconds in which a child may finish what it is doing."""

MOST_STARTS, WITHIN = 4, 60
"""A child that was started so often within so many seconds is not started again."""


@dataclass
class Child:
    """One program that has to run."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, for the first time or again."""
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 -- our own programs, with our own arguments
            self.arguments,
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- one system call, before any thread exists
        )

    @property
    def ended_with(self) -> int | None:
        """Its exit code; None while it runs."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Ask it to finish; whoever of its group takes longer than the grace is killed."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.end_group()
        self.process.wait()

    def end_group(self) -> None:
        """Kill what is left of it: web processes outlive a granian that was killed."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def ends_too_often(self) -> bool:
        """Whether starting it again would only end again."""
        recent = [start for start in self.starts if start > time.monotonic() - WITHIN]
        return len(recent) >= MOST_STARTS


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Migrate, fill an empty database with the demo world, run web and worker until Ctrl-C."""
    settings = parts().settings
    _refuse_taken_port(settings)
    migrations.upgrade(database())
    _fill_when_empty(settings)
    database().dispose()
    with tempfile.TemporaryDirectory(prefix="emerge-metrics-") as metrics:
        children = [_web(settings, metrics), _worker()]
        signal.signal(signal.SIGTERM, _stop)
        try:
            for child in children:
                child.start()
            _wait_until_alive(settings, children[0])
            _welcome(settings)
            _watch(children)
        except KeyboardInterrupt:
            click.echo("\nStopping…", err=True)
        finally:
            for child in children:
                child.stop()


def _web(settings: Settings, metrics: str) -> Child:
    arguments = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--factory", "wsgi:create_app"),
        *("--host", _host(settings), "--port", str(settings.port)),
        *("--workers", str(settings.web_concurrency), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(GRACE)),
        *("--log-level", "warning"),
    ]
    environment = dict(os.environ)
    if settings.web_concurrency > 1:
        environment["PROMETHEUS_MULTIPROC_DIR"] = metrics
    return Child("web server", arguments, environment)


def _worker() -> Child:
    arguments = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return Child("worker", arguments, dict(os.environ))


def _host(settings: Settings) -> str:
    """On a developer's machine only that machine may come in."""
    return "0.0.0.0" if settings.is_production else "127.0.0.1"  # noqa: S104 -- a server is there to be reached


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(settings), settings.port))
        except OSError as error:
            words = f"Port {settings.port} cannot be used ({error.strerror}). Choose another: PORT=8080 make run"
            raise click.ClickException(words) from error


def _fill_when_empty(settings: Settings) -> None:
    if settings.is_production:
        return
    with database().read() as connection:
        is_empty = not catalogue.venues(connection)
    if is_empty:
        load_world()
        load_pictures()
        load_stories()


def _wait_until_alive(settings: Settings, web: Child) -> None:
    """click.ClickException when it ends, or does not answer in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if web.ended_with is not None:
            raise click.ClickException("The web server ended before it answered; see above.")
        connection = HTTPConnection("127.0.0.1", settings.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise click.ClickException(f"The web server did not answer within {PATIENCE} seconds.")


def _welcome(settings: Settings) -> None:
    click.echo(f"\nEMERGE Booking is at {settings.base_url}  (Ctrl-C stops it)")
    if settings.is_production:
        return
    click.echo(f"\nDemo logins, all with the password {demo.PASSWORD}:")
    for address, role, where in demo.logins(demo.read_world()):
        click.echo(f"  {address:<32} {role}{f' of {where}' if where else ''}")
    click.echo()


def _watch(children: Sequence[Child]) -> None:
    """For ever: a child that ends is started again; click.ClickException when that makes no sense."""
    while True:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        for child in children:
            code = child.ended_with
            if code is None:
                continue
            if child.ends_too_often:
                raise click.ClickException(f"The {child.name} ends with {code} again and again; see above.")
            click.echo(f"The {child.name} ended with {code}; starting it again.", err=True)
            child.end_group()
            child.start()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
