"""Invitations by mail: an event as a scheduling message (RFC 5546, RFC 6047).

The event is the one that feeds show, with the same UID and the same rising SEQUENCE, so an app
that knows it from either side takes the other's changes. An answer is not asked for (RSVP=FALSE),
and nobody reads one: a REPLY never changes a booking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from enum import StrEnum

from calendars.domain.documents import Frame, message_opening, vcalendar
from calendars.domain.events import Event, Status, vevent
from calendars.domain.lines import line, parameter


class Method(StrEnum):
    """What the message does to the event in somebody's calendar (RFC 5546 §1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an address of mail."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One scheduling message: all its events have one UID (RFC 5546 §3.2.2)."""

    uid: str
    method: Method
    sequence: int
    body: bytes


def invitation(events: Sequence[Event], *, organizer: Party, attendee: Party) -> Invitation:
    """The message about these events: one, or the master of a series with its exceptions.

    It cancels when all of them are cancelled, else it asks for what they show.
    """
    first = events[0]
    is_over = all(event.status is Status.CANCELLED for event in events)
    method = Method.CANCEL if is_over else Method.REQUEST
    days = [moment for event in events for moment in _ends(event)]
    frame = Frame("", first.zone, min(days).year, max(days).year)
    people = _person("ORGANIZER", organizer, "") + _person("ATTENDEE", attendee, _ASKED)
    body = vcalendar(message_opening(frame, method), (vevent(event, people).encode() for event in events))
    return Invitation(first.uid, method, max(event.sequence for event in events), body)


def attach(message: EmailMessage, invitations: Sequence[Invitation]) -> None:
    """Put them into a letter that has its text (and HTML) already.

    The first is one of the alternatives, which mail programs show as an invitation (RFC 6047 §2.4);
    each is an attachment too, for those that do not.
    """
    for number, each in enumerate(invitations):
        if number == 0:
            message.add_alternative(
                each.body,
                maintype="text",
                subtype="calendar",
                cte="base64",  # so that no line ending is touched
                params={"charset": "utf-8", "method": each.method.value},
            )
        message.add_attachment(
            each.body, maintype="application", subtype="ics", filename=f"booking{number or ''}.ics"
        )


_ASKED = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"


def _person(name: str, party: Party, more: str) -> str:
    return line(f"{name};CN={parameter(party.name)}{more}", f"mailto:{_address(party.address)}")


def _address(address: str) -> str:
    """Characters that would end the line, or the address, go."""
    return "".join(each for each in address if each.isprintable() and not each.isspace())


def _ends(event: Event) -> tuple[date, ...]:
    """Dates and instants alike, as far as their years go."""
    last = event.repeats.last if event.repeats else event.end
    return tuple(date(day.year, day.month, day.day) for day in (event.start, event.end, last))
