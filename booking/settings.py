"""What a deployment may choose, read once from the environment.

Every name may also be given as NAME_FILE: the path of a file that holds the value, as secrets
are mounted. An empty value counts as not set.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from booking.domain.distances import ROAD_FACTOR, ROAD_KM_PER_HOUR, Roads

Value = TypeVar("Value")

ROOT = Path(__file__).resolve().parent.parent
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEFAULT_PORT = 8000
DEFAULT_SENDER = "EMERGE Booking <booking@localhost>"
MOST_PROCESSES = 64
SHORTEST_ROAD, LONGEST_ROAD = 1.0, 5.0
SLOWEST, FASTEST = 5.0, 130.0


class Environment(StrEnum):
    """Where this runs. `production` refuses demo data and demo logins, and wants its own secret."""

    LOCAL = "local"
    PRODUCTION = "production"


class SettingsError(ValueError):
    """A configuration that cannot be used; `problems` are sentences for whoever runs this."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment. `instance` is the folder for what belongs to this machine alone."""

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    environment: Environment = Environment.LOCAL
    base_url: str = f"http://localhost:{DEFAULT_PORT}"
    port: int = DEFAULT_PORT
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = DEFAULT_SENDER
    redis_url: str | None = field(default=None, repr=False)
    fetch_allow: tuple[str, ...] = ()
    log_level: str = "INFO"
    web_concurrency: int = 1
    road_factor: float = ROAD_FACTOR
    road_km_per_hour: float = ROAD_KM_PER_HOUR
    instance: Path = ROOT / "instance"

    @property
    def is_production(self) -> bool:
        """Whether real people's data may live here."""
        return self.environment is Environment.PRODUCTION

    @property
    def roads(self) -> Roads:
        """What a road makes of the great circle."""
        return Roads(self.road_factor, self.road_km_per_hour)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, *, root: Path = ROOT) -> "Settings":
        """Read and check everything; SettingsError names all problems at once. None: the process's own.

        Locally a secret key is made on first use and kept, readable by its owner only.
        """
        read = _Reader(os.environ if environ is None else environ)
        instance = root / "instance"
        environment = read.value("ENVIRONMENT", Environment.LOCAL, _environment)
        secret_key = read.value("SECRET_KEY", "", str)
        if not secret_key and environment is Environment.PRODUCTION:
            read.problems.append("SECRET_KEY must be set when ENVIRONMENT is production.")
        port = read.value("PORT", DEFAULT_PORT, _port)
        database_url = read.value("DATABASE_URL", f"sqlite:///{instance}/emerge.db", _database_url)
        base_url = read.value("BASE_URL", f"http://localhost:{port}", _base_url)
        mail_url = read.value("MAIL_URL", None, _mail_url)
        mail_from = read.value("MAIL_FROM", DEFAULT_SENDER, str)
        redis_url = read.value("REDIS_URL", None, _redis_url)
        fetch_allow = read.value("FETCH_ALLOW", tuple[str, ...](), _fetch_allow)
        log_level = read.value("LOG_LEVEL", "INFO", _log_level)
        web_concurrency = read.value("WEB_CONCURRENCY", 1, _processes)
        road_factor = read.value("ROAD_FACTOR", ROAD_FACTOR, _road_factor)
        road_km_per_hour = read.value("ROAD_KM_PER_HOUR", ROAD_KM_PER_HOUR, _road_speed)
        if read.problems:
            raise SettingsError(read.problems)
        return cls(
            database_url=database_url,
            secret_key=secret_key or kept_secret(instance),
            environment=environment,
            base_url=base_url,
            port=port,
            mail_url=mail_url,
            mail_from=mail_from,
            redis_url=redis_url,
            fetch_allow=fetch_allow,
            log_level=log_level,
            web_concurrency=web_concurrency,
            road_factor=road_factor,
            road_km_per_hour=road_km_per_hour,
            instance=instance,
        )


def settings_or_exit() -> Settings:
    """Those of this process. When they cannot be used it ends, and says why instead of where."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        problems = "\n".join(f"  - {problem}" for problem in error.problems)
        raise SystemExit(f"This configuration cannot be used:\n{problems}") from error


def kept_secret(instance: Path) -> str:
    """The secret of this machine: made once, readable by its owner only.

    Linked into place in one step, so that two processes that start together agree on one.
    """
    path = instance / "secret-key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        fresh = instance / f"secret-key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


class _Reader:
    """Looks names up, and collects what is wrong instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def value(self, name: str, default: Value, understand: Callable[[str], Value]) -> Value:
        """What `understand` makes of it, or `default` when it is not set.

        A ValueError of `understand` becomes a problem, with the name in front of its words.
        """
        raw = self._raw(name)
        if raw is None:
            return default
        try:
            return understand(raw)
        except ValueError as error:
            self.problems.append(f"{name} {error}.")
            return default

    def _raw(self, name: str) -> str | None:
        given = self.environ.get(name, "").strip() or None
        path = self.environ.get(f"{name}_FILE", "").strip()
        if not path:
            return given
        if given is not None:
            self.problems.append(f"{name} and {name}_FILE are both set; keep one of them.")
            return None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE names {path}, which cannot be read: {error}.")
            return None


def _environment(raw: str) -> Environment:
    try:
        return Environment(raw.lower())
    except ValueError:
        raise ValueError(f"is {raw!r}; it can be {' or '.join(Environment)}") from None


def _whole_number(raw: str, least: int, most: int) -> int:
    if not (raw.isascii() and raw.isdigit() and least <= int(raw) <= most):
        raise ValueError(f"is {raw!r}; it must be a whole number from {least} to {most}")
    return int(raw)


def _port(raw: str) -> int:
    return _whole_number(raw, 1, 65535)


def _processes(raw: str) -> int:
    return _whole_number(raw, 1, MOST_PROCESSES)


def _number(raw: str, least: float, most: float) -> float:
    try:
        number = float(raw)
    except ValueError:
        number = float("nan")
    if not (raw.isascii() and least <= number <= most):
        raise ValueError(f"is {raw!r}; it must be a number from {least:g} to {most:g}, such as {least + 0.5}")
    return number


def _road_factor(raw: str) -> float:
    return _number(raw, SHORTEST_ROAD, LONGEST_ROAD)


def _road_speed(raw: str) -> float:
    return _number(raw, SLOWEST, FASTEST)


def _database_url(raw: str) -> str:
    scheme, _, rest = raw.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return raw
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql://{rest}"
    # Not repeated in full: it may hold a password.
    raise ValueError(
        f"begins with {scheme[:20]!r}; it must look like sqlite:////path/to/file.db or postgresql://user:pass@host/name"
    )


def _base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"is {raw!r}; it must be the address people type, such as https://booking.example.org")
    return raw.rstrip("/")


def _mail_url(raw: str) -> str | None:
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("must look like smtp://user:pass@host:port (or smtps://)")
    return raw


def _redis_url(raw: str) -> str | None:
    parts = urlsplit(raw)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must look like redis://host:port/0")
    return raw


def _log_level(raw: str) -> str:
    if raw.upper() not in LOG_LEVELS:
        raise ValueError(f"is {raw!r}; it can be {', '.join(LOG_LEVELS)}")
    return raw.upper()


def _fetch_allow(raw: str) -> tuple[str, ...]:
    entries = tuple(entry.strip() for entry in raw.split(",") if entry.strip())
    for entry in entries:
        if not (_is_network(entry) or _is_host_and_port(entry)):
            raise ValueError(f"has {entry!r}; each entry is host:port or a network such as 10.0.0.0/8")
    return entries


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry)
    except ValueError:
        return False
    return True


def _is_host_and_port(entry: str) -> bool:
    try:
        parts = urlsplit(f"//{entry}")
        return bool(parts.hostname) and parts.port is not None and not parts.path
    except ValueError:
        return False
