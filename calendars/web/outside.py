"""Where this deployment may go, and what goes there: made of its settings."""

from flask import Flask

from booking.domain.addresses import Reach
from booking.fetching import Door
from booking.web.context import parts, parts_of
from calendars.apart.reader import READER
from calendars.services.polling import Outside


def reach() -> Reach:
    """Which addresses this deployment goes to."""
    return Reach.of(parts().settings.fetch_allow)


def outside_of(app: Flask) -> Outside:
    """The door and the reader of this app, for its worker."""
    return Outside(Door(Reach.of(parts_of(app).settings.fetch_allow)).get, READER)
