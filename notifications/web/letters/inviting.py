"""The calendar part of a letter: the booking as an invitation, for who does not follow a feed of it anyway."""

from email.utils import parseaddr

from flask import Flask
from sqlalchemy import Connection

from booking.domain.states import Side
from booking.settings import Settings
from booking.web.languages import LANGUAGES
from calendars.domain.invitations import Party
from calendars.services.invitations import invitations_for, wanted_by_default
from calendars.web.words import words
from notifications.services.letters import Matter

CARRY = frozenset(
    {
        "booking.granted",
        "booking.confirmed",
        "booking.changed",
        "booking.cancelled",
        "booking.released",
        "booking.lapsed",
        "booking.beaten",
        "booking.reinstated",
    }
)
"""News that puts something into a calendar, moves it, or takes it out."""


class Inviter:
    """Makes the calendar part, outside of any request."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._base_url = settings.base_url
        self._organizer = Party(*parseaddr(settings.mail_from))

    def __call__(self, connection: Connection, matter: Matter) -> str | None:
        """One VCALENDAR after another, as a stream has them (RFC 5545 §3.4); None where nothing is to be said."""
        if matter.booking is None or matter.side is not Side.COMPANY or matter.letter.kind not in CARRY:
            return None
        if not wanted_by_default(connection, matter.reader.id):
            return None
        language = matter.reader.language if matter.reader.language in LANGUAGES else "en"
        with self._app.app_context():
            found = invitations_for(
                connection,
                matter.booking.id,
                words=words(language),
                base_url=self._base_url,
                organizer=self._organizer,
                attendee=Party(matter.reader.name, matter.reader.email),
                at=matter.at,
            )
        return "".join(each.body.decode() for each in found) or None
