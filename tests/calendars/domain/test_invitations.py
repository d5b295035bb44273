"""A scheduling message, as mail programs read it."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar

from calendars.domain.events import Event, Repeats, Status
from calendars.domain.invitations import Party, attach, invitation
from tests.support.two_readers import check_lines

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STAY = Event(
    uid="0199@emerge-booking",
    sequence=4,
    created=NOW,
    modified=NOW,
    start=date(2027, 3, 8),
    end=date(2027, 3, 20),
    zone="Europe/Brussels",
    status=Status.CONFIRMED,
    summary="Marées",
)
BUDA = Party('BUDA "Kortrijk"\r\nBCC: x', "bookings@emerge.example")
CAMILLE = Party("Camille Lefèvre; Lisière", "camille@lisiere.example")


def message(*events: Event) -> icalendar.Calendar:
    made = invitation(events, organizer=BUDA, attendee=CAMILLE)
    check_lines(made.body)
    return icalendar.Calendar.from_ical(made.body)


def test_a_booking_is_requested_and_no_answer_is_asked_for():
    calendar = message(STAY)
    (event,) = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "REQUEST"
    assert (event["UID"], event["SEQUENCE"]) == ("0199@emerge-booking", 4)
    assert event["ORGANIZER"] == "mailto:bookings@emerge.example"
    assert event["ORGANIZER"].params["CN"] == "BUDA 'Kortrijk' BCC: x"
    assert event["ATTENDEE"] == "mailto:camille@lisiere.example"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["ATTENDEE"].params["CN"] == "Camille Lefèvre; Lisière"


def test_what_is_cancelled_is_cancelled_and_a_series_only_when_all_of_it_is():
    gone = STAY._replace(status=Status.CANCELLED)
    weekly = STAY._replace(repeats=Repeats("FREQ=WEEKLY", date(2027, 5, 3)))
    assert str(message(gone)["METHOD"]) == "CANCEL"
    assert str(message(weekly, gone._replace(instead_of=date(2027, 3, 15)))["METHOD"]) == "REQUEST"


def test_an_address_cannot_end_its_line():
    made = invitation([STAY], organizer=BUDA, attendee=Party("x", "a@b.example\r\nATTENDEE:mailto:c@d.example"))
    (event,) = icalendar.Calendar.from_ical(made.body).walk("VEVENT")
    assert not isinstance(event["ATTENDEE"], list)


def test_it_travels_as_an_alternative_and_as_an_attachment_with_its_line_endings():
    letter = EmailMessage()
    letter["Subject"] = "Marées"
    letter.set_content("Bonjour")
    letter.add_alternative("<p>Bonjour</p>", subtype="html")
    made = invitation([STAY], organizer=BUDA, attendee=CAMILLE)
    attach(letter, [made, made])
    read = message_from_bytes(letter.as_bytes(policy=policy.SMTP), policy=policy.default)
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        "application/ics",
    ]
    calendar = next(part for part in read.walk() if part.get_content_type() == "text/calendar")
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendar.get_payload(decode=True) == made.body
