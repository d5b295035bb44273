"""Runs migrations on the connection that `booking/storage/migrations.py` hands in.

A developer's own `alembic revision --autogenerate` hands in none: then it is the deployment's
own database, as the environment names it.
"""

from alembic import context
from sqlalchemy import Connection

import calendars.storage.tables  # noqa: F401 -- their tables join the one metadata
import notifications.storage.tables  # noqa: F401 -- the same
from booking.settings import Settings
from booking.storage.database import Database
from booking.storage.tables import Base


def run(connection: Connection) -> None:
    # SQLite can alter little: batch mode copies the table instead.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    Database(Settings.from_environment().database_url).write(run)
