"""The present document of a feed: from memory after one statement, or written out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection

from booking.services.shelves import Shelf
from booking.storage.database import Database
from booking.storage.pulse import Beat
from booking.web.context import Parts, parts_of
from calendars.services import busy_times, feeds, keeping, rendering
from calendars.services.rendering import Desk, Written
from calendars.services.shares import Share
from calendars.storage.feeds import FeedRow
from calendars.web.documents import Document
from calendars.web.words import words

KEY = "calendars"
MOST_OCTETS = 32 * 1024 * 1024
"""Of shares, and again of documents, in each process."""

CALENDAR, FREE_BUSY = "ics", "ifb"
MOST_PROOFS = 64
"""SQLite's connections count commits each by itself; more than these are of the past."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with the stamp it was made at, and for how long it holds unless that changes.

    `proofs`: after which commit it was last seen to hold, as each connection counts them, and until
    when nothing is due. While nothing is committed and nothing is due, it holds without a look.
    """

    document: Document
    stamp: str
    since: datetime
    until: datetime
    proofs: dict[Beat, datetime] = field(default_factory=dict)

    def holds(self, stamp: str, at: datetime) -> bool:
        """Whether it still is what the feed says."""
        return self.stamp == stamp and self.since <= at < self.until

    def is_proved(self, beat: Beat, at: datetime) -> bool:
        """Whether nothing can have changed since it was last seen to hold."""
        return self.since <= at < self.proofs.get(beat, at)

    def prove(self, beat: Beat, until: datetime) -> None:
        """It was seen to hold after that commit."""
        if len(self.proofs) >= MOST_PROOFS:
            self.proofs.clear()
        self.proofs[beat] = min(until, self.until)


class FeedDesk:
    """What one process knows of the feeds of one database. `writing`: what they are written out with."""

    def __init__(self, parts: Parts) -> None:
        self._database: Database = parts.database
        self.writing = Desk(words, parts.settings.base_url, Shelf[Share](MOST_OCTETS))
        self._kept = Shelf[Kept](MOST_OCTETS)

    def calendar(self, token: str, *, at: datetime) -> Document:
        """What the feed at that address says now. NotFound."""
        return self._calendar(token, at)[1].document

    def free_busy(self, token: str, *, at: datetime) -> Document:
        """The same as free and busy time. NotFound."""
        feed, calendar = self._calendar(token, at)
        kept = self._kept.take((token, FREE_BUSY))
        if kept is not None and kept.holds(feed.stamp, at):
            return kept.document
        return self._free_busy(token, feed, calendar, at)

    def at_hand(self, token: str, kind: str, *, at: datetime) -> Document | None:
        """The same for whoever asks without a request: from memory, or written out again after a change.

        None when this process does not know the feed yet, when a clock ran out, or when it is gone.
        """
        kept = self._kept.take((token, kind))
        if kept is None:
            return None
        beat = self._database.pulse.beat()
        if kept.is_proved(beat, at):
            return kept.document
        with self._database.read() as connection:
            found = feeds.present(connection, token)
        if found is None:
            return None
        stamp, due = found
        if due is not None and due <= at:
            return None
        if not kept.holds(stamp, at):
            feed, calendar = self._calendar(token, at)
            if kind == FREE_BUSY:
                return self._free_busy(token, feed, calendar, at)
            kept = calendar
        kept.prove(beat, due or kept.until)
        return kept.document

    def _free_busy(self, token: str, feed: FeedRow, calendar: Kept, at: datetime) -> Document:
        today = busy_times.day_of(at)
        changed_at = max(calendar.document.changed_at, today)
        with self._database.read() as connection:
            body = busy_times.busy_times(connection, feed, self.writing, at=at, stamp=changed_at)
        document = Document(body, sha256(body).hexdigest()[:32], changed_at, "emerge.ifb")
        kept = Kept(document, calendar.stamp, today, today + timedelta(days=1))
        self._kept.put((token, FREE_BUSY), kept, len(body))
        return document

    def _calendar(self, token: str, at: datetime) -> tuple[FeedRow, Kept]:
        """From memory when it holds, else written out."""
        with self._database.read() as connection:
            feed = feeds.look_up(connection, token)
            kept = self._kept.take((token, CALENDAR))
            if kept is not None and kept.holds(feed.stamp, at):
                return feed, kept
            written = rendering.write_out(connection, feed, self.writing, at=at)
        changed_at = feed.changed_at
        if feed.digest != written.digest or written.fresh:
            changed_at = self._database.write(lambda connection: _note(connection, feed, written, at))
        document = Document(written.body, written.digest, changed_at, "emerge.ics", written.parts)
        kept = Kept(document, feed.stamp, written.since, written.until)
        self._kept.put((token, CALENDAR), kept, len(written.body))
        return feed, kept


def _note(connection: Connection, feed: FeedRow, written: Written, at: datetime) -> datetime:
    """Since when the feed says this; and what was written for it is kept."""
    keeping.keep(connection, written.fresh.items())
    return feeds.say(connection, feed, written.digest, at=at)


def install(app: Flask) -> FeedDesk:
    """Give the app its memory: an app has one database, so it shares nothing with another."""
    made = app.extensions[KEY] = FeedDesk(parts_of(app))
    return made


def desk() -> FeedDesk:
    """That of the app that is answering."""
    return cast(FeedDesk, current_app.extensions[KEY])
