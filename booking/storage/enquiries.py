"""Enquiries, stored: what was asked, of which houses, and what they answered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, false, insert, or_, select, true, update

from booking.domain.enquiries import AnswerKind, EnquiryState, EnquiryTerms
from booking.domain.people import Person
from booking.domain.states import State
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Enquiry, EnquiryAnswer, EnquiryHouse
from booking.storage.people import Organisation
from booking.storage.people import Person as PersonTable
from booking.storage.places import Venue

LIVE = (State.OPTION, State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One enquiry with its company. `houses`: to which it was sent, in the order of their names."""

    id: UUID
    organisation: UUID
    organisation_name: str
    organisation_town: str
    asked_by: str | None
    terms: EnquiryTerms
    state: EnquiryState
    created_at: datetime
    revision: int
    houses: tuple[Row[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a house said, and when. `booking_id`: its offer."""

    id: UUID
    enquiry_id: UUID
    venue_id: int
    venue: str
    kind: AnswerKind
    booking_id: UUID | None
    periods: list[dict[str, str]]
    reason: str | None
    at: datetime
    by: str


def add(
    connection: Connection,
    terms: EnquiryTerms,
    organisation: UUID,
    venues: Collection[int],
    *,
    by: UUID,
    at: datetime,
) -> UUID:
    """A new one, sent to these houses."""
    enquiry_id = new_id()
    connection.execute(
        insert(Enquiry).values(
            id=enquiry_id,
            organisation_id=organisation,
            title=terms.title,
            terms=terms.document(),
            state=EnquiryState.OPEN,
            asked_by=by,
            created_at=at,
        )
    )
    connection.execute(
        insert(EnquiryHouse), [{"enquiry_id": enquiry_id, "venue_id": venue} for venue in sorted(venues)]
    )
    return enquiry_id


def find(connection: Connection, enquiry_id: UUID, *, lock: bool = False) -> EnquiryRow | None:
    """One enquiry, or None. `lock`: hold its row until the end; resources are locked before."""
    query = _enquiries().where(Enquiry.id == enquiry_id)
    if lock:
        query = query.with_for_update(of=Enquiry, key_share=True)
    return next(iter(_with_houses(connection, connection.execute(query).all())), None)


def listing(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    state: EnquiryState | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[EnquiryRow]:
    """Those that this person may know, newest first, from the one behind `after` on."""
    query = _enquiries().where(_known_to(person)).order_by(Enquiry.id.desc()).limit(limit)
    if venue is not None:
        query = query.where(Enquiry.id.in_(_sent_to([venue])))
    if state is not None:
        query = query.where(Enquiry.state == state)
    if after is not None:
        query = query.where(Enquiry.id < after)
    return _with_houses(connection, connection.execute(query).all())


def answers(connection: Connection, enquiries: Collection[UUID]) -> list[AnswerRow]:
    """What was answered, the oldest first."""
    query = (
        select(
            EnquiryAnswer.id,
            EnquiryAnswer.enquiry_id,
            EnquiryAnswer.venue_id,
            Venue.code,
            EnquiryAnswer.kind,
            EnquiryAnswer.booking_id,
            EnquiryAnswer.periods,
            EnquiryAnswer.reason,
            EnquiryAnswer.at,
            PersonTable.name,
        )
        .join(Venue, Venue.id == EnquiryAnswer.venue_id)
        .join(PersonTable, PersonTable.id == EnquiryAnswer.by_id)
        .where(EnquiryAnswer.enquiry_id.in_(enquiries))
        .order_by(EnquiryAnswer.id)
    )
    return [
        AnswerRow(row[0], row[1], row[2], row[3], AnswerKind(row[4]), *row[5:])
        for row in connection.execute(query)
    ]


def add_answer(connection: Connection, enquiry_id: UUID, venue_id: int, kind: AnswerKind, **values: Any) -> UUID:
    """Write what a house said."""
    answer_id = new_id()
    connection.execute(
        insert(EnquiryAnswer).values(
            id=answer_id,
            enquiry_id=enquiry_id,
            venue_id=venue_id,
            kind=kind,
            **{"booking_id": None, "periods": [], "reason": None, **values},
        )
    )
    touch(connection, enquiry_id)
    return answer_id


def touch(connection: Connection, enquiry_id: UUID, **values: Any) -> None:
    """Raise its revision, and change columns."""
    connection.execute(
        update(Enquiry).where(Enquiry.id == enquiry_id).values(revision=Enquiry.revision + 1, **values)
    )


def offering(connection: Connection, enquiry_id: UUID) -> set[int]:
    """The houses that hold a live option for it."""
    query = select(Booking.venue_id).where(Booking.enquiry_id == enquiry_id, Booking.state.in_(LIVE))
    return set(connection.execute(query).scalars())


def offers(connection: Connection, enquiry_id: UUID) -> list[tuple[UUID, int]]:
    """Its live options, with their houses, in the order of locks."""
    query = select(Booking.id, Booking.venue_id).where(Booking.enquiry_id == enquiry_id, Booking.state.in_(LIVE))
    return [(row.id, row.venue_id) for row in connection.execute(query.order_by(Booking.id))]


def _enquiries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enquiry.id,
            Enquiry.organisation_id,
            Organisation.name,
            Organisation.town,
            PersonTable.name.label("asked_by"),
            Enquiry.title,
            Enquiry.terms,
            Enquiry.state,
            Enquiry.created_at,
            Enquiry.revision,
        )
        .join(Organisation, Organisation.id == Enquiry.organisation_id)
        .outerjoin(PersonTable, PersonTable.id == Enquiry.asked_by)
    )


def _with_houses(connection: Connection, rows: Sequence[Row[Any]]) -> list[EnquiryRow]:
    houses: dict[UUID, list[Row[Any]]] = {row.id: [] for row in rows}
    query = (
        select(EnquiryHouse.enquiry_id, Venue.id, Venue.code, Venue.name, Venue.town, Venue.language, Venue.zone)
        .join(Venue, Venue.id == EnquiryHouse.venue_id)
        .where(EnquiryHouse.enquiry_id.in_(houses))
        .order_by(Venue.name)
    )
    if rows:
        for house in connection.execute(query):
            houses[house.enquiry_id].append(house)  # type: ignore[arg-type]  # rows of any shape are rows
    return [
        EnquiryRow(
            row.id,
            row.organisation_id,
            row.name,
            row.town,
            row.asked_by,
            EnquiryTerms.read(row.title, row.terms),
            EnquiryState(row.state),
            row.created_at,
            row.revision,
            tuple(houses[row.id]),
        )
        for row in rows
    ]


def _sent_to(venues_of: Iterable[str]) -> Any:
    return (
        select(EnquiryHouse.enquiry_id)
        .join(Venue, Venue.id == EnquiryHouse.venue_id)
        .where(Venue.code.in_(list(venues_of)))
    )


def _known_to(person: Person) -> Any:
    if person.sees_everything:
        return true()
    venues_of = person.manages | person.assists
    return or_(
        Enquiry.organisation_id.in_(list(person.organisations)) if person.organisations else false(),
        Enquiry.id.in_(_sent_to(venues_of)) if venues_of else false(),
    )
