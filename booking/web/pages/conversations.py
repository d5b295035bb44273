"""A conversation as it stands on the page of a booking, an enquiry or a trajectory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import lazy_gettext

from booking.domain.states import Side
from booking.domain.threads import FileKind, Subject
from booking.services.threads import Conversation
from booking.storage.threads import FileRow, MessageRow
from booking.web.pages import words

PLURALS: Mapping[Subject, str] = {
    Subject.BOOKING: "bookings",
    Subject.ENQUIRY: "enquiries",
    Subject.TRAJECTORY: "trajectories",
}
READERS: Mapping[tuple[Subject, Side], Any] = {
    **{(Subject.BOOKING, side): lazy_gettext("The other side reads this, and nobody else.") for side in Side},
    (Subject.ENQUIRY, Side.COMPANY): lazy_gettext("Every house that you asked reads this."),
    (Subject.ENQUIRY, Side.HOUSE): lazy_gettext("The company reads this, and no other house."),
    (Subject.TRAJECTORY, Side.COMPANY): lazy_gettext("Every house of the chain reads this."),
    (Subject.TRAJECTORY, Side.HOUSE): lazy_gettext("The company and every house of the chain read this."),
}
"""Who reads what is about to be written."""


@dataclass(frozen=True, slots=True)
class Unkept:
    """What could not be kept just now: the message as it was typed, and why."""

    text: str | None = None
    errors: Mapping[str, Any] = field(default_factory=dict)


NOTHING_UNKEPT = Unkept()


@dataclass(frozen=True, slots=True)
class Talk:
    """`company`: what the company's side is called; `zone`: whose clock its times are told by."""

    conversation: Conversation
    company: str
    zone: str
    unkept: Unkept = NOTHING_UNKEPT

    @property
    def path(self) -> str:
        """The page of what is talked about."""
        thread = self.conversation.thread
        return f"/{PLURALS[thread.subject]}/{thread.id}"

    @property
    def hint(self) -> str:
        """Who reads what is written here."""
        thread = self.conversation.thread
        return str(READERS[thread.subject, thread.side]) if thread.side else ""

    @property
    def text(self) -> str:
        """What stands in the form: what was typed, or the common answer that was chosen."""
        chosen = request.args.get("answer")
        answers = (each.text for each in self.conversation.answers if str(each.id) == chosen)
        return self.unkept.text or next(answers, "")

    @property
    def kinds(self) -> Sequence[tuple[str, Any]]:
        """What a file may be for."""
        return [(kind.value, words.FILE_KINDS[kind]) for kind in FileKind]

    def whose(self, row: MessageRow | FileRow) -> str:
        """The house or the company that somebody spoke for."""
        return row.venue_name or "" if row.side == Side.HOUSE else self.company
