"""One example of every letter, made up: for whoever translates, and for the test that none is missing."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask_babel import gettext

from booking.domain.claims import ClaimTerms
from booking.domain.people import Person, Role
from booking.domain.states import Side, State
from booking.domain.wall_clock import DAY
from booking.domain.ways_out import WayOut
from booking.services.standing import Standing
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow, ClaimRow
from notifications.domain.audience import TOLD
from notifications.domain.frequency import ZONE
from notifications.domain.kinds import ROUNDS, SERVICE, kind_of
from notifications.services.letters import WAYS_OUT, Matter
from notifications.storage.letters import WAITING, LetterRow
from notifications.web.leads import THREAD
from notifications.web.sentences import OF_A_CALENDAR, OF_A_CALL, WITHOUT_A_BOOKING

READER, COMPANY, BOOKING, CHALLENGE = (UUID(int=n) for n in range(1, 5))

PLACE: Any = SimpleNamespace(
    name={"en": "Studio 1", "nl": "Studio 1", "fr": "Studio 1"},
    venue_name="BUDA",
    zone=ZONE,
    kind="studio",
    notes={
        "en": "No shoes on the dance floor.",
        "nl": "Geen schoenen op de dansvloer.",
        "fr": "Pas de chaussures sur le sol de danse.",
    },
    rules={"opening": {"mon-sat": "08:00-23:00"}},
)
"""Where the example takes place, as the catalogue has it."""

STATES: Mapping[str, State] = {
    "booking.requested": State.REQUESTED,
    "booking.answer-due": State.REQUESTED,
    "booking.answer-overdue": State.REQUESTED,
    "booking.committed": State.PENDING,
    "booking.confirmed": State.CONFIRMED,
    "booking.declined": State.DECLINED,
    "booking.withdrawn": State.WITHDRAWN,
    "booking.released": State.RELEASED,
    "booking.cancelled": State.CANCELLED,
    "booking.lapsed": State.LAPSED,
    "booking.beaten": State.BEATEN,
    "booking.suspended": State.SUSPENDED,
    "booking.reinstatement-offered": State.BEATEN,
}
"""How the booking of an example stands; an option, unless it says otherwise here."""


def samples(at: datetime) -> Iterator[Matter]:
    """Every kind on every side that reads it, then the letters of Mondays, and those of the product itself."""
    apart = {*WITHOUT_A_BOOKING, *OF_A_CALENDAR, *OF_A_CALL}
    for kind in sorted(TOLD):
        make = _without_booking if kind in apart or kind.startswith("enquiry.") else _of_booking
        for side in sorted(kind_of(kind).sides):
            yield make(kind, side, at)
            if kind in THREAD:
                yield _without_booking(kind, side, at)
    for kind in (*ROUNDS, *SERVICE):
        yield _of_no_booking(kind, at)


def _of_booking(kind: str, side: Side, at: datetime) -> Matter:
    event = EventRow(
        UUID(int=9), 1, BOOKING, at, None, kind, {}, _told(at), gettext("As a colleague would say it.")
    )
    row = _row(STATES.get(kind, State.OPTION), at)
    letter = _letter(kind, at, side=side, facts=_facts(row, at))
    ways = _ways(row) if kind in WAYS_OUT and side is Side.COMPANY else ()
    how = Standing(rank=2)
    return Matter(letter, _reader(side), at, event, row, how, ways, (), at + DAY * 5, {"BUD-S1": PLACE})


def _without_booking(kind: str, side: Side, at: datetime) -> Matter:
    row = _row(State.OPTION, at)
    facts = {**_facts(row, at), "resource": "BUD-S1", "label": "Next", "venue_name": row.venue_name}
    if kind.startswith("enquiry.") or kind in THREAD:
        first = (at + DAY * 90).date()
        named = [{"from": str(first), "to": str(first + DAY * 12)}] if kind == "enquiry.countered" else []
        facts |= {"enquiry": str(BOOKING), "periods": named}
    if kind in OF_A_CALL:
        facts = {"title": "EMERGE 2027", "due_at": (at + DAY * 14).isoformat(), "link": "/calls", "code": "placed"}
        facts |= {"wish": 1, "wishes": 3, "organisation_name": row.organisation_name, "venues": [row.venue]}
    event = EventRow(UUID(int=9), 1, None, at, None, kind, {}, facts, None)
    return Matter(_letter(kind, at, side=side, facts=facts), _reader(side), at, event)


def _of_no_booking(kind: str, at: datetime) -> Matter:
    row = _row(State.OPTION, at)
    line = {
        "booking": str(BOOKING),
        "title": row.title,
        "organisation": row.organisation_name,
        "venue": row.venue_name,
        "zone": ZONE,
        "at": (at + DAY).isoformat(),
    }
    facts: dict[str, Any] = {"lines": [line] if kind in ROUNDS else [], "url": "https://planning.example/hook"}
    if kind == "team.handed-over":
        facts |= {"name": "Joris Vanhoutte", "team": row.venue_name, "link": "/notifications"}
    if kind == "team.invited":
        facts |= {"name": "Joris Vanhoutte", "team": row.venue_name, "role": Role.TECHNICIAN, "joins": False}
        facts |= {"organisation_id": None, "venue_id": 1}
    lines = [_of_booking("booking.moved-up", Side.HOUSE, at)] if kind == "digest" else []
    return Matter(_letter(kind, at, side=None, facts=facts), _reader(Side.HOUSE), at, lines=lines)


def _told(at: datetime) -> dict[str, Any]:
    day = (at + DAY * 90).date()
    return {
        "expires_at": (at + DAY * 14).isoformat(),
        "due_at": (at + DAY * 3).isoformat(),
        "rank": 1,
        "challenge": str(CHALLENGE),
        "days": [{"date": day.isoformat(), "resource": "BUD-S1"}],
        "claims": [
            {"resource": "BUD-S1", "start": day.isoformat(), "end": (day + DAY * 5).isoformat(), "quantity": 1}
        ],
        "cause": "closure",
        "resource": "PHX-PAR",
        "missing": 2,
    }


def _facts(row: BookingRow, at: datetime) -> dict[str, Any]:
    day = (at + DAY * 90).date()
    return {
        "title": row.title,
        "venue": row.venue_name,
        "organisation": row.organisation_name,
        "side": Side.COMPANY,
        "resource_name": row.claims[0].resource_name,
        "venue_name": row.venue_name,
        "start": day.isoformat(),
        "end": (day + DAY * 5).isoformat(),
    }


def _letter(kind: str, at: datetime, *, side: Side | None, facts: Mapping[str, Any]) -> LetterRow:
    return LetterRow(
        id=UUID(int=7),
        person_id=READER,
        name="Camille Fontaine",
        email="camille@lisiere.example",
        venue="BUD",
        zone=ZONE,
        kind=kind,
        side=side,
        event_id=None,
        booking_id=BOOKING,
        facts=dict(facts),
        state=WAITING,
        created_at=at,
        next_at=at,
        attempts=1,
        failure=None,
        language=None,
        address=None,
        subject=None,
        text=None,
        html=None,
        calendar=None,
        message_id=None,
    )


def _reader(side: Side) -> Person:
    if side is Side.HOUSE:
        return Person(READER, "joris@buda.example", "Joris", "nl", manages=frozenset({"BUD"}))
    return Person(READER, "camille@lisiere.example", "Camille Fontaine", "fr", {COMPANY: "Compagnie Lisière"})


def _row(state: State, at: datetime) -> BookingRow:
    first = (at + DAY * 90).date()
    starts = at + DAY * 90
    claim = ClaimRow(
        id=UUID(int=5),
        resource_id=1,
        resource="BUD-S1",
        resource_name={"en": "Studio 1", "nl": "Studio 1", "fr": "Studio 1"},
        kind="studio",
        starts=starts,
        ends=starts + DAY * 12,
        start_date=first,
        end_date=first + DAY * 12,
        quantity=1,
        setup_minutes=240,
        strike_minutes=0,
        crew=None,
    )
    showing = starts + DAY * 11
    values: dict[str, Any] = dict.fromkeys(BookingRow.__dataclass_fields__)
    values |= {
        "id": BOOKING,
        "venue_id": 1,
        "venue": "BUD",
        "venue_name": "BUDA",
        "town": "Kortrijk",
        "zone": ZONE,
        "day_line": 360,
        "venue_email": "planning@buda.example",
        "venue_phone": "+32 56 00 00 00",
        "organisation": COMPANY,
        "organisation_name": "Compagnie Lisière",
        "organisation_country": "FR",
        "asked_by": "Camille Fontaine",
        "state": state,
        "title": "Marées",
        "purpose": "residency",
        "people": 5,
        "moments": [
            {
                "kind": "showing",
                "start": showing.isoformat(),
                "end": (showing + timedelta(hours=2)).isoformat(),
            }
        ],
        "refer_consent": False,
        "created_at": at,
        "modified_at": at,
        "expires_at": at + DAY * 14,
        "extensions": 0,
        "revision": 1,
        "sequence": 0,
        "shown": False,
        "claims": (claim,),
    }
    return BookingRow(**values)


def _ways(row: BookingRow) -> list[WayOut]:
    claim = row.claims[0]
    terms = ClaimTerms("BUD-S1", claim.start_date or claim.starts, claim.end_date or claim.ends)
    return [WayOut("shift", (("BUD", (terms,)),), {"days": 7})]
