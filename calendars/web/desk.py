"""The present document of a feed: from memory after one statement, or written out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from flask import Flask, current_app

from booking.web.context import database, parts
from calendars.services import busy_times, feeds, rendering
from calendars.services.rendering import Desk
from calendars.services.shares import Share
from calendars.services.shelves import Shelf
from calendars.storage.feeds import FeedRow
from calendars.web.documents import Document
from calendars.web.words import words

KEY = "calendars"
MOST_OCTETS = 32 * 1024 * 1024
"""Of shares, and again of documents, in each process."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with what it was made for: roles, version, since when it says that; and for how long."""

    document: Document
    basis: tuple[str, int, datetime]
    since: datetime
    until: datetime

    def holds(self, feed: FeedRow, at: datetime) -> bool:
        """Whether it still is what the feed says."""
        return self.basis == (feed.hats, feed.version, feed.changed_at) and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Shelves:
    """The memory of one process: shares of feeds, and whole documents."""

    shares: Shelf[Share] = field(default_factory=lambda: Shelf(MOST_OCTETS))
    documents: Shelf[Kept] = field(default_factory=lambda: Shelf(MOST_OCTETS))


def install(app: Flask) -> None:
    """Give the app its memory: an app has one database, so it may share nothing with another."""
    app.extensions[KEY] = Shelves()


def calendar(token: str, *, at: datetime) -> Document:
    """What the feed at that address says now. NotFound."""
    return _calendar(token, at)[1].document


def free_busy(token: str, *, at: datetime) -> Document:
    """The same as free and busy time. NotFound."""
    feed, kept = _calendar(token, at)
    key = (feed.id, "busy")
    busy = _shelves().documents.take(key)
    if busy is None or not busy.holds(feed, at):
        busy = _busy(feed, kept, at)
        _shelves().documents.put(key, busy, len(busy.document.body))
    return busy.document


def _calendar(token: str, at: datetime) -> tuple[FeedRow, Kept]:
    shelves = _shelves()
    with database().read() as connection:
        feed = feeds.look_up(connection, token)
        kept = shelves.documents.take(feed.id)
        if kept is not None and kept.holds(feed, at):
            return feed, kept
        written = rendering.write_out(connection, feed, _desk(shelves), at=at)
    changed_at = feed.changed_at
    if feed.digest != written.digest:
        changed_at = database().write(lambda writing: feeds.say(writing, feed.id, written.digest, at=at))
    document = Document(written.body, written.digest, changed_at, "emerge.ics")
    basis = (feed.hats, feed.version, changed_at)
    kept = Kept(document, basis, written.since, written.until)
    shelves.documents.put(feed.id, kept, len(written.body))
    return feed, kept


def _busy(feed: FeedRow, kept: Kept, at: datetime) -> Kept:
    today = busy_times.day_of(at)
    changed_at = max(kept.document.changed_at, today)
    with database().read() as connection:
        body = busy_times.busy_times(connection, feed, _desk(_shelves()), at=at, stamp=changed_at)
    document = Document(body, sha256(body).hexdigest()[:32], changed_at, "emerge.ifb")
    return Kept(document, kept.basis, today, today + timedelta(days=1))


def _shelves() -> Shelves:
    return cast(Shelves, current_app.extensions[KEY])


def _desk(shelves: Shelves) -> Desk:
    return Desk(words, parts().settings.base_url, shelves.shares)
