"""The present document of a feed: from memory after one statement, or written out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from flask import Flask, current_app

from booking.storage.database import Database
from booking.web.context import Parts, parts_of
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

CALENDAR, FREE_BUSY = "ics", "ifb"


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with the stamp it was made at, and for how long it holds unless that changes."""

    document: Document
    stamp: str
    since: datetime
    until: datetime

    def holds(self, stamp: str, at: datetime) -> bool:
        """Whether it still is what the feed says."""
        return self.stamp == stamp and self.since <= at < self.until


class FeedDesk:
    """What one process knows of the feeds of one database. `writing`: what they are written out with.

    `states`: what CalDAV's collections said before, so that an app is told what changed since.
    """

    def __init__(self, parts: Parts) -> None:
        self._database: Database = parts.database
        self.writing = Desk(words, parts.settings.base_url, Shelf[Share](MOST_OCTETS))
        self.states = Shelf[Mapping[str, str]](MOST_OCTETS // 4)
        self._kept = Shelf[Kept](MOST_OCTETS)

    def calendar(self, token: str, *, at: datetime) -> Document:
        """What the feed at that address says now. NotFound."""
        return self._remembered(token, CALENDAR, at) or self._calendar(token, at)[1].document

    def free_busy(self, token: str, *, at: datetime) -> Document:
        """The same as free and busy time. NotFound."""
        return self._remembered(token, FREE_BUSY, at) or self._free_busy(token, at)

    def _remembered(self, token: str, kind: str, at: datetime) -> Document | None:
        """What it says, when this process knows it; one statement, or none."""
        kept = self._kept.take((token, kind))
        if kept is None:
            return None
        with self._database.read() as connection:
            stamp = feeds.stamp(connection, token)
        return kept.document if stamp is not None and kept.holds(stamp, at) else None

    def _free_busy(self, token: str, at: datetime) -> Document:
        feed, calendar = self._calendar(token, at)
        today = busy_times.day_of(at)
        changed_at = max(calendar.document.changed_at, today)
        with self._database.read() as connection:
            body = busy_times.busy_times(connection, feed, self.writing, at=at, stamp=changed_at)
        document = Document(body, sha256(body).hexdigest()[:32], changed_at, "emerge.ifb")
        kept = Kept(document, calendar.stamp, today, today + timedelta(days=1))
        self._kept.put((token, FREE_BUSY), kept, len(body))
        return document

    def _calendar(self, token: str, at: datetime) -> tuple[FeedRow, Kept]:
        with self._database.read() as connection:
            feed = feeds.look_up(connection, token)
            written = rendering.write_out(connection, feed, self.writing, at=at)
        changed_at = feed.changed_at
        if feed.digest != written.digest:
            changed_at = self._database.write(
                lambda connection: feeds.say(connection, feed.id, written.digest, at=at)
            )
        document = Document(written.body, written.digest, changed_at, "emerge.ics")
        kept = Kept(document, feed.stamp, written.since, written.until)
        self._kept.put((token, CALENDAR), kept, len(written.body))
        return feed, kept


def install(app: Flask) -> None:
    """Give the app its memory: an app has one database, so it shares nothing with another."""
    app.extensions[KEY] = FeedDesk(parts_of(app))


def desk() -> FeedDesk:
    """That of the app that is answering."""
    return cast(FeedDesk, current_app.extensions[KEY])
