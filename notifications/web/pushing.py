"""What a device is told: one sentence in its reader's language, and the page that it leads to."""

from flask import Flask
from flask_babel import force_locale

from booking.domain.states import Side
from booking.web.languages import LANGUAGES, LOCALES
from notifications.storage.devices import PushRow
from notifications.web.leads import path_of
from notifications.web.sentences import sentence_of


class Sayer:
    """Says it, outside of any request."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, row: PushRow) -> tuple[str, str]:
        """`(sentence, path)`."""
        language = row.language if row.language in LANGUAGES else "en"
        with self._app.app_context(), force_locale(LOCALES[language]):
            said = sentence_of(row.kind, Side(row.side), row.facts, row.zone)
        path = path_of(row.kind, row.facts, booking=row.booking_id, venue=row.venue)
        return said, path or "/notifications"
