"""The address of a feed, as a link, for calendar apps, and as a picture."""

from io import BytesIO
from uuid import UUID

import segno

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


def picture(url: str) -> bytes:
    """A QR code of it as SVG, in black on white whatever the theme: cameras like it so."""
    drawn = BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue()
