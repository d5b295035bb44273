"""What somebody who leaves a team has here: feeds that show it, and keys with which apps read."""

from sqlalchemy import ColumnElement, Connection

from booking.services.belongings import NONE, Leaving
from calendars.storage import app_tokens, collections, feeds


def count_feeds(leaving: Leaving) -> ColumnElement[int]:
    """Feeds of the house or the company; of busy times alone anybody may follow."""
    return feeds.count_of_team(leaving.person, leaving.team)


def end_feeds(connection: Connection, leaving: Leaving) -> None:
    """Their addresses say nothing any more, to nobody who has them."""
    feeds.remove_of_team(connection, leaving.person, leaving.team)


def count_app_keys(leaving: Leaving) -> ColumnElement[int]:
    """Keys of calendar apps, when nothing is left that they would open."""
    return app_tokens.how_many(leaving.person) if leaving.is_last else NONE


def end_app_keys(connection: Connection, leaving: Leaving) -> None:
    """Apps read nothing with them any more."""
    if leaving.is_last:
        app_tokens.remove_all(connection, leaving.person)
        collections.forget(connection, leaving.person)
