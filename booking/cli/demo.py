"""`flask --app wsgi demo …`: refused where real people's data may live."""

from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup

from booking.services import demo, demo_pictures, demo_stories, demo_synthetic
from booking.web.context import database, parts

demo_group = AppGroup("demo", help="The demo world.")

RESOURCES_PER_HOUSE = 10


@demo_group.command("load")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=demo.WORLD,
    help="Another world, in the same form.",
)
@click.option("--stories", is_flag=True, help="Also a lively season around today.")
@click.option("--venues", type=click.IntRange(1, 9999), help="Also a synthetic world: so many houses,")
@click.option("--resources", type=click.IntRange(1), help="so many resources,")
@click.option("--bookings", type=click.IntRange(0), help="so many bookings,")
@click.option("--years", type=click.IntRange(1, 20), default=2, show_default=True, help="over so many years,")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="drawn from this seed.")
def load(
    path: Path,
    *,
    stories: bool,
    venues: int | None,
    resources: int | None,
    bookings: int | None,
    years: int,
    seed: int,
) -> None:
    """Put the demo world into the database; what is there already stays as it is."""
    if parts().settings.is_production:
        raise click.ClickException("Demo data is refused when ENVIRONMENT is production.")
    load_world(path)
    load_pictures(path)
    if stories:
        load_stories()
    if venues or resources or bookings:
        _load_synthetic(venues=venues, resources=resources, bookings=bookings or 0, years=years, seed=seed)


def load_world(path: Path = demo.WORLD) -> None:
    """The houses, what is in them, the companies and the people."""
    world, at = demo.read_world(path), parts().clock()
    new = database().write(lambda connection: demo.load(connection, world, at=at))
    click.echo(f"The demo world: {new} new rows." if new else "The demo world was there already.")


def load_pictures(path: Path = demo.WORLD) -> None:
    """A drawing of every room that has no picture."""
    world, at = demo.read_world(path), parts().clock()
    new = database().write(lambda connection: demo_pictures.load(connection, world, at=at))
    click.echo(f"Its pictures: {new} rooms drawn." if new else "Its pictures were hung already.")


def load_stories() -> None:
    """A season around today."""
    new = database().write(partial(demo_stories.load, at=parts().clock()))
    click.echo(f"Its stories: {new} new bookings." if new else "Its stories were told already.")


def _load_synthetic(*, venues: int | None, resources: int | None, bookings: int, years: int, seed: int) -> None:
    """A number that is not given follows from the others."""
    resources = resources or (venues or 1) * RESOURCES_PER_HOUSE
    venues = venues or max(1, resources // RESOURCES_PER_HOUSE)
    work = partial(
        demo_synthetic.load,
        venues=venues,
        resources=resources,
        bookings=bookings,
        years=years,
        seed=seed,
        at=parts().clock(),
    )
    try:
        new = database().write(work)
    except ValueError as error:
        raise click.ClickException(f"So many bookings do not fit: {error}.") from error
    words = f"{venues} houses, {resources} resources, {new} bookings over {years} years"
    click.echo(f"A synthetic world: {words}." if new else "That synthetic world was there already.")
