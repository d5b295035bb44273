"""`flask --app wsgi calendars …`"""

import click
from flask import Flask
from flask.cli import AppGroup

from booking.web.context import database, parts
from calendars.services import polling
from calendars.services.polling import Outside


def install(app: Flask, outside: Outside) -> None:
    """Add the commands."""
    group = AppGroup("calendars", help="The calendars of others.")

    @group.command("sync")
    @click.option("--all", "all_of_them", is_flag=True, help="Also those whose turn it is not.")
    def sync(*, all_of_them: bool) -> None:
        """Read the foreign calendars that are due."""
        count = polling.sync_due(database(), outside, at=parts().clock(), all_of_them=all_of_them)
        click.echo(f"calendars read: {count}")

    app.cli.add_command(group)
