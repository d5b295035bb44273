"""From any earlier schema, or from nothing, to the newest: in one transaction, one process at a time."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from booking.storage.database import Database

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 0x454D4552474D  # "EMERGM": any number, as long as nobody else takes it


def upgrade(database: Database) -> None:
    """Bring the database to `head()`. A failing migration leaves the schema as it was."""
    database.write(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@lru_cache(maxsize=1)
def head() -> str:
    """The newest revision that this program knows."""
    newest = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if newest is None:
        raise LookupError(f"no migrations in {SCRIPTS}")
    return newest


def current(connection: Connection) -> str | None:
    """The revision of the database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def drift(connection: Connection, metadata: MetaData) -> list[Any]:
    """What a migration would have to change for the schema to be as the models say; [] when nothing."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    differences: list[Any] = compare_metadata(context, metadata)
    return differences
