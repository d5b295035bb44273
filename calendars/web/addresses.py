"""The address of a feed, as a link and for calendar apps."""

from uuid import UUID

from booking.web.context import parts
from calendars.services import feeds
from calendars.storage.feeds import FeedRow


def address(row: FeedRow) -> str | None:
    """Where the feed is read; None when the deployment's secret has changed since it was made."""
    token = feeds.address_token(parts().settings.secret_key, row)
    return _at(token) if token else None


def new_address(feed_id: UUID) -> str:
    """The same, of a feed that was made just now."""
    return _at(feeds.token_of(parts().settings.secret_key, feed_id))


def webcal(url: str) -> str:
    """The same address in the form that opens a calendar app."""
    return f"webcal://{url.partition('://')[2]}"


def _at(token: str) -> str:
    return f"{parts().settings.base_url}/feeds/{token}.ics"
