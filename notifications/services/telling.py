"""Telling people what happened: whom an event concerns, and through which channels they hear of it.

A channel is one module with a `tell`, and one line in `CHANNELS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.states import Side
from booking.storage import registers
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow
from notifications.domain.audience import TOLD, audience
from notifications.domain.kinds import kind_of
from notifications.services import letters, notifications, pushing
from notifications.services.news import News
from notifications.storage import preferences
from notifications.storage.notifications import readers, readers_of_call

CHANNELS: Sequence[Callable[[Connection, News], None]] = (notifications.tell, letters.tell, pushing.tell)


ANSWERS_AN_ASKING = frozenset({"booking.requested", "booking.granted", "booking.confirmed"})
"""What a booking is as soon as it is asked for; who asked reads it in a letter."""


def tell(connection: Connection, event: EventRow) -> None:
    """Everybody whom this event concerns, in every channel. Handling it twice tells nobody twice."""
    if event.kind not in TOLD:
        return
    news = _news(connection, event)
    if news is None or not (news.told or news.asker):
        return
    readers_of = {*news.told, *([news.asker] if news.asker else [])}
    chosen = preferences.of_kind(connection, list(readers_of), event.kind)
    for channel in CHANNELS:
        channel(connection, replace(news, chosen=chosen))


def _news(connection: Connection, event: EventRow) -> News | None:
    if event.booking_id is None:
        return _of_no_booking(connection, event)
    row = registers.find(connection, event.booking_id)
    if row is None:
        return None
    house, company = readers(connection, event.venue_id, row.organisation)
    asker = event.by if event.kind in ANSWERS_AN_ASKING and event.by in company and not event.old else None
    return News(event, row, _told(event, row, house, company), _facts(row, event), asker)


def _of_no_booking(connection: Connection, event: EventRow) -> News | None:
    """What concerns no booking is told to the members of the company that it names, or to the house."""
    if "call" in event.new:
        return _of_call(connection, event)
    if "enquiry" in event.new:
        return _of_enquiry(connection, event)
    if "organisation" not in event.new:
        house, _ = readers(connection, event.venue_id, None)
        told = dict.fromkeys(sorted(house), Side.HOUSE)
        return News(event, None, told, {**event.new, "why": event.why})
    _, company = readers(connection, event.venue_id, UUID(event.new["organisation"]))
    told = dict.fromkeys(sorted(company), Side.COMPANY)
    return News(event, None, told, {**event.new, "company": event.new["organisation"], "why": event.why})


def _of_call(connection: Connection, event: EventRow) -> News:
    """What concerns a call: its houses, and the company that it names or else every programme company, but for
    those that have applied where the news is that they have not."""
    named = event.new.get("organisation")
    house, members = readers_of_call(connection, event.new["venues"], [UUID(named)] if named else None)
    applied = {UUID(each) for each in event.new.get("besides", ())}
    company = [person for person, organisation in members.items() if organisation not in applied]
    sides = kind_of(event.kind).sides
    told = dict.fromkeys(sorted(company), Side.COMPANY) if Side.COMPANY in sides else {}
    if Side.HOUSE in sides:
        told |= dict.fromkeys(sorted(house), Side.HOUSE)
    facts = {name: value for name, value in event.new.items() if name != "besides"}
    facts |= {"company": named} if named else {}
    return News(
        event, None, {who: side for who, side in told.items() if who != event.by}, {**facts, "why": event.why}
    )


def _of_enquiry(connection: Connection, event: EventRow) -> News:
    """What one house and the company say to each other about an enquiry."""
    house, company = readers(connection, event.venue_id, UUID(event.new["organisation"]))
    told = audience(by=event.by, house=house, company=company)
    sides = kind_of(event.kind).sides
    names = {"company": event.new["organisation"], "organisation": event.new["organisation_name"]}
    facts = {**event.new, **names, "why": event.why}
    return News(event, None, {person: side for person, side in told.items() if side in sides}, facts)


def _told(
    event: EventRow, row: BookingRow, house: frozenset[UUID], company: frozenset[UUID]
) -> Mapping[UUID, Side]:
    told = audience(by=event.by, house=house, company=company)
    if row.organisation is None:
        return told
    sides = {Side(event.new["only"])} if "only" in event.new else kind_of(event.kind).sides
    return {person: side for person, side in told.items() if side in sides}


def _facts(row: BookingRow, event: EventRow) -> dict[str, Any]:
    """What both sides of the booking may read: the words that they will see, as they are now."""
    return {
        "title": row.title,
        "venue": row.venue_name,
        "organisation": row.organisation_name or row.venue_name,
        "why": event.why,
        **({"trajectory": event.new["trajectory"]} if "trajectory" in event.new else {}),
    }
