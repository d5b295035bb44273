"""`flask --app wsgi doctor`: what is right and what is wrong with this deployment, in words."""

import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from booking.services import demo, people
from booking.storage import migrations
from booking.web.context import database, parts

SHORTEST_SECRET = 32
LARGEST_SKEW = timedelta(seconds=5)
PATIENCE = 5
"""Seconds to wait for a mail server."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. What is not `fine` is either a warning or `wrong`."""

    words: str
    fine: bool = True
    wrong: bool = False


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Check configuration, database, mail, clock and time zones; exit code 1 when something is wrong."""
    findings = [finding for check in CHECKS for finding in check()]
    for finding in findings:
        mark = "ok     " if finding.fine else "WRONG  " if finding.wrong else "warning"
        click.echo(f"{mark}  {finding.words}")
    if any(finding.wrong for finding in findings):
        sys.exit(1)


def configuration() -> Iterator[Finding]:
    """What can be said without asking anybody."""
    settings = parts().settings
    yield Finding(f"The environment is {settings.environment}; people reach it at {settings.base_url}.")
    if len(settings.secret_key) < SHORTEST_SECRET:
        yield Finding(f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters: make it longer.", fine=False)
    if settings.is_production and not settings.base_url.startswith("https:"):
        words = "BASE_URL is not https: sign-ins and feeds would travel in clear."
        yield Finding(words, fine=False)
    if settings.web_concurrency > 1 and settings.redis_url is None:
        words = "Rate limits are counted per web process; set REDIS_URL to share them."
        yield Finding(words, fine=False)


def the_database() -> Iterator[Finding]:
    """Reachable, able, and at the newest schema."""
    try:
        with database().read() as connection:
            yield _engine(connection)
            yield _schema(connection)
            yield from _demo_people(connection)
            yield _clock(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        place = database().url.render_as_string(hide_password=True)
        yield Finding(f"The database {place} cannot be used: {reason}", fine=False, wrong=True)


def _engine(connection: Connection) -> Finding:
    if connection.dialect.name == "sqlite":
        return Finding(
            f"SQLite {connection.scalar(text('SELECT sqlite_version()'))} at {database().url.database}."
        )
    name = connection.scalar(text("SHOW server_version"))
    wanted = "SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'"
    if not connection.scalar(text(wanted)):
        words = f"PostgreSQL {name} lacks btree_gist: install its contrib package (postgresql-contrib on Debian)."
        return Finding(words, fine=False, wrong=True)
    return Finding(f"PostgreSQL {name}.")


def _schema(connection: Connection) -> Finding:
    current = migrations.current(connection)
    if current == migrations.head():
        return Finding(f"The schema is at {current}, the newest.")
    words = (
        f"The schema is at {current or 'nothing'}, not at {migrations.head()}: run `flask --app wsgi db upgrade`."
    )
    return Finding(words, fine=False, wrong=True)


def _demo_people(connection: Connection) -> Iterator[Finding]:
    if not parts().settings.is_production or migrations.current(connection) is None:
        return
    for address, _, _ in demo.logins(demo.read_world()):
        if people.sign_in(connection, address, demo.PASSWORD):
            words = f"{address} can sign in with the demo password: this database was filled with demo data."
            yield Finding(words, fine=False, wrong=True)
            return


def _clock(connection: Connection) -> Finding:
    """The machine's clock against the database's; SQLite has none of its own."""
    ours = parts().clock()
    if connection.dialect.name == "sqlite":
        return Finding(f"The clock says {ours:%Y-%m-%d %H:%M:%S} UTC.")
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs(theirs - parts().clock())
    if skew > LARGEST_SKEW:
        words = f"The clocks of this machine and of the database differ by {skew.total_seconds():.0f} seconds."
        return Finding(words, fine=False, wrong=True)
    return Finding(f"The clock says {ours:%Y-%m-%d %H:%M:%S} UTC, and the database agrees.")


def mail() -> Iterator[Finding]:
    """Whether the mail server answers; nothing is sent."""
    settings = parts().settings
    if settings.mail_url is None:
        words = f"MAIL_URL is not set: messages land in {settings.instance / 'mail'}."
        yield Finding(words, fine=not settings.is_production)
        return
    url = urlsplit(settings.mail_url)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(url.hostname or "", url.port or 0, timeout=PATIENCE) as server:
            server.noop()
    except OSError as error:
        yield Finding(f"The mail server {url.hostname} does not answer: {error}.", fine=False, wrong=True)
    else:
        yield Finding(f"The mail server {url.hostname} answers.")


def time_zones() -> Iterator[Finding]:
    """Whether daylight saving is known for the years in which people book."""
    try:
        brussels = ZoneInfo("Europe/Brussels")
    except ZoneInfoNotFoundError:
        yield Finding("There is no time-zone data: install the package tzdata.", fine=False, wrong=True)
        return
    summer = datetime(2027, 3, 28, 1, tzinfo=UTC).astimezone(brussels).utcoffset()
    if summer != timedelta(hours=2):
        words = "The time-zone data does not know that clocks go forward in Brussels on 28 March 2027."
        yield Finding(words, fine=False, wrong=True)
        return
    try:
        words = f"Time zones: data of {version('tzdata')}, and of the machine where it has its own."
    except PackageNotFoundError:
        words = "Time zones: data of the machine."
    yield Finding(words)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (configuration, the_database, mail, time_zones)
