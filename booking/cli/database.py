"""`flask --app wsgi db …`"""

import click
from flask.cli import AppGroup

from booking.storage import migrations
from booking.web.context import database

db_group = AppGroup("db", help="The schema of the database.")


@db_group.command("upgrade")
def upgrade() -> None:
    """Migrate to the newest schema, from any earlier one or from nothing."""
    with database().read() as connection:
        before = migrations.current(connection)
    if before == migrations.head():
        click.echo(f"The schema is at {before}, the newest.")
        return
    migrations.upgrade(database())
    click.echo(f"The schema went from {before or 'nothing'} to {migrations.head()}.")
