"""What happened, in one sentence, as the reader's side of the booking sees it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext

from booking.domain.states import Side
from notifications.storage.notifications import NotificationRow

SENTENCES: Mapping[tuple[str, Side], Any] = {
    ("booking.requested", Side.HOUSE): lazy_gettext("%(organisation)s sent a request: “%(title)s”."),
    ("booking.requested", Side.COMPANY): lazy_gettext("%(venue)s noted your request: “%(title)s”."),
    ("booking.granted", Side.HOUSE): lazy_gettext("%(organisation)s has an option: “%(title)s”."),
    ("booking.granted", Side.COMPANY): lazy_gettext("%(venue)s gave you an option: “%(title)s”."),
    ("booking.confirmed", Side.HOUSE): lazy_gettext("A booking of %(organisation)s is confirmed: “%(title)s”."),
    ("booking.confirmed", Side.COMPANY): lazy_gettext("%(venue)s confirmed your booking: “%(title)s”."),
    ("booking.declined", Side.HOUSE): lazy_gettext("A request of %(organisation)s was declined: “%(title)s”."),
    ("booking.declined", Side.COMPANY): lazy_gettext("%(venue)s declined your request: “%(title)s”."),
    ("booking.withdrawn", Side.HOUSE): lazy_gettext("%(organisation)s withdrew its request: “%(title)s”."),
    ("booking.withdrawn", Side.COMPANY): lazy_gettext("Your request to %(venue)s was withdrawn: “%(title)s”."),
    ("booking.released", Side.HOUSE): lazy_gettext("%(organisation)s released its option: “%(title)s”."),
    ("booking.released", Side.COMPANY): lazy_gettext("%(venue)s released your option: “%(title)s”."),
    ("booking.cancelled", Side.HOUSE): lazy_gettext("%(organisation)s cancelled its booking: “%(title)s”."),
    ("booking.cancelled", Side.COMPANY): lazy_gettext("%(venue)s cancelled your booking: “%(title)s”."),
    ("booking.changed", Side.HOUSE): lazy_gettext("%(organisation)s changed its booking: “%(title)s”."),
    ("booking.changed", Side.COMPANY): lazy_gettext("%(venue)s changed your booking: “%(title)s”."),
}
SOMETHING_NEW = lazy_gettext("Something changed: “%(title)s”.")
"""For a kind that this version has no sentence for."""


def sentence(row: NotificationRow) -> str:
    """The message in the reader's language."""
    words = SENTENCES.get((row.kind, Side(row.facts["side"])), SOMETHING_NEW)
    return str(words) % row.facts
