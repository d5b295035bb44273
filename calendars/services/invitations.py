"""Invitations for one booking, as its letters carry them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from calendars.domain.events import Event
from calendars.domain.invitations import Invitation, Party, invitation
from calendars.domain.showing import Detail, View, Words, claim_events
from calendars.domain.showing_series import series_events, sort_series
from calendars.services.scopes import place_of
from calendars.storage import feeds, showings


def invitations_for(
    connection: Connection,
    booking_id: UUID,
    *,
    words: Words,
    base_url: str,
    organizer: Party,
    attendee: Party,
    at: datetime,
) -> list[Invitation]:
    """One for each thing it takes; of a recurring booking the whole series. None before it is an option.

    `attendee` stands on a side of the booking: everything is told.
    """
    places = {row.id: place_of(row, words.language) for row in showings.places_of_booking(connection, booking_id)}
    view = View(Detail.FULL, words, base_url, None)
    singles, series = sort_series(showings.claims_of_booking(connection, booking_id, at=at))
    told: dict[str, list[Event]] = {}
    for claim in singles:
        for event in claim_events(claim, places[claim.resource], view):
            told.setdefault(event.uid, []).append(event)
    for identity, occurrences in series.items():
        place = places[occurrences[0].resource]
        for event in series_events(occurrences, place, view, at):
            if event.uid.startswith(identity):  # moments are told by feeds alone
                told.setdefault(event.uid, []).append(event)
    return [invitation(events, organizer=organizer, attendee=attendee) for events in told.values()]


def wanted_by_default(connection: Connection, person_id: UUID) -> bool:
    """Whoever follows a feed has the booking in their calendar already: twice is once too many."""
    return not feeds.follows(connection, person_id)
