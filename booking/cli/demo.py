"""`flask --app wsgi demo …`: refused where real people's data may live."""

from pathlib import Path

import click
from flask.cli import AppGroup

from booking.services import demo
from booking.web.context import database, parts

group = AppGroup("demo", help="The demo world.")


@group.command("load")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=demo.WORLD,
    help="Another world, in the same form.",
)
@click.option("--stories", is_flag=True, help="Also a lively season around today.")
def load(path: Path, *, stories: bool) -> None:
    """Put the demo world into the database; what is there already stays as it is."""
    refuse_in_production()
    click.echo(load_world(path, stories=stories))


def refuse_in_production() -> None:
    """click.ClickException when ENVIRONMENT is production."""
    if parts().settings.is_production:
        raise click.ClickException("Demo data is refused when ENVIRONMENT is production.")


def load_world(path: Path, *, stories: bool) -> str:
    """Load it, and say in a sentence what was new."""
    world, at = demo.read_world(path), parts().clock()
    new = database().write(lambda connection: demo.load(connection, world, at=at))
    return f"The demo world: {new} new rows." if new else "The demo world was there already."
