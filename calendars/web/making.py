"""Making a feed, for pages and API alike: with this deployment's secret, and refusals in words."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed
from booking.web.context import parts
from calendars.services import feeds
from calendars.services.feeds import Asked
from calendars.storage.feeds import FeedRow

WORDS: Mapping[str, Callable[[], str]] = {
    "not-here": lambda: gettext("Leave this out: it is about yourself."),
}


def make(connection: Connection, person: Person, asked: Asked, *, at: datetime) -> FeedRow:
    """The new feed. NotFound; Malformed, with sentences for what only feeds refuse."""
    try:
        return feeds.create(connection, person, asked, secret=parts().settings.secret_key, at=at)
    except Malformed as refusal:
        raise Malformed(
            {path: [_said(code) for code in codes] for path, codes in refusal.errors.items()}
        ) from refusal


def _said(code: str) -> str:
    return WORDS[code]() if code in WORDS else code
