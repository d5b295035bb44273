"""Bookings reach calendars by mail with the UID and the SEQUENCE that feeds tell."""

from collections.abc import Callable
from uuid import UUID

import icalendar
from flask import Flask
from flask.testing import FlaskClient

from booking.services import people
from booking.storage.database import Database
from calendars.domain.invitations import Invitation, Party
from calendars.services.invitations import invitations_for, wanted_by_default
from calendars.web.words import words
from tests.support.api import Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.builders import MakeBooking
from tests.support.clocks import StoppedClock
from tests.support.feeds import subscribe

As = Callable[[str | None], Api]
HOUSE, CAMILLE = Party("BUDA", "bookings@emerge.example"), Party("Camille", "camille@lisiere.example")


def of(app: Flask, database: Database, booking: UUID | str, clock: StoppedClock) -> list[Invitation]:
    with app.test_request_context(), database.read() as connection:
        return invitations_for(
            connection,
            UUID(str(booking)),
            words=words("fr"),
            base_url="http://localhost",
            organizer=HOUSE,
            attendee=CAMILLE,
            at=clock(),
        )


def test_confirmed_moved_and_cancelled_are_one_event_with_a_rising_sequence(
    api: As,
    app: Flask,
    client: FlaskClient,
    database: Database,
    a_booking: MakeBooking,
    clock: StoppedClock,
) -> None:
    booking = a_booking(start="2027-03-08", end="2027-03-20")
    with database.read() as connection:
        camille = people.of_email(connection, "camille@lisiere.example")
        assert camille is not None
        assert wanted_by_default(connection, camille.id)
    feed = subscribe(api("camille"), client, "me")
    with database.read() as connection:
        assert not wanted_by_default(connection, camille.id)
    (confirmed,) = of(app, database, booking, clock)
    told = feed.only()
    assert (confirmed.uid, confirmed.sequence, confirmed.method) == (told.uid, told.sequence, "REQUEST")

    clock.advance(minutes=1)
    claims = [a_claim("BUD-S1", "2027-03-09", "2027-03-20")]
    assert api("joris").patch(f"/bookings/{booking}", {"claims": claims}).status == 200
    (moved,) = of(app, database, booking, clock)
    assert (moved.uid, moved.method) == (confirmed.uid, "REQUEST")
    assert moved.sequence > confirmed.sequence

    answer(api("joris"), str(booking), "cancel", reason="so it is")
    (cancelled,) = of(app, database, booking, clock)
    assert (cancelled.uid, cancelled.method) == (confirmed.uid, "CANCEL")
    assert cancelled.sequence > moved.sequence


def test_a_series_is_one_invitation(api: As, app: Flask, database: Database, clock: StoppedClock) -> None:
    saved = ask_for_the_house(
        api("joris"),
        a_claim("BUD-S2", "2027-09-07T10:00:00+02:00", "2027-09-07T12:00:00+02:00"),
        title="Les",
        recurrence={"rule": "FREQ=WEEKLY;COUNT=5"},
    )
    assert saved.status == 201, saved
    (invited,) = of(app, database, saved.json["id"], clock)
    (event,) = icalendar.Calendar.from_ical(invited.body).walk("VEVENT")
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]


def test_a_request_invites_nobody(
    app: Flask, database: Database, a_booking: MakeBooking, clock: StoppedClock
) -> None:
    assert of(app, database, a_booking(state="requested"), clock) == []
