"""The register of bookings, read: rows with all that a page, an answer or a letter shows of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, exists, false, func, or_, select, true, type_coerce

from booking.domain.people import Person as Someone
from booking.domain.spans import Span
from booking.domain.states import State
from booking.storage.base import Instant
from booking.storage.bookings import Booking, Claim
from booking.storage.people import Organisation, Person
from booking.storage.places import Resource, Venue
from booking.storage.proposals import Referral


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with its resource. Instants in UTC; dates for whole days, `end_date` excluded."""

    id: UUID
    resource_id: int
    resource: str
    resource_name: dict[str, str]
    kind: str
    starts: datetime
    ends: datetime
    start_date: date | None
    end_date: date | None
    quantity: int
    setup_minutes: int
    strike_minutes: int
    crew: str | None
    purpose: str | None = None

    @property
    def span(self) -> Span:
        """The span itself, without set-up and strike."""
        return Span(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One booking with its venue, its organisation and its claims."""

    id: UUID
    venue_id: int
    venue: str
    venue_name: str
    town: str
    zone: str
    day_line: int
    venue_email: str | None
    venue_phone: str | None
    organisation: UUID | None
    organisation_name: str | None
    organisation_country: str | None
    asked_by: str
    state: State
    title: str
    purpose: str
    people: int | None
    note: str | None
    moments: list[dict[str, Any]]
    refer_consent: bool
    created_at: datetime
    modified_at: datetime
    granted_at: datetime | None
    due_at: datetime | None
    due_kind: str | None
    expires_at: datetime | None
    extensions: int
    manual_order: int | None
    series_id: UUID | None
    trajectory_id: UUID | None
    enquiry_id: UUID | None
    agreed_at: datetime | None
    ended_at: datetime | None
    revision: int
    sequence: int
    shown: bool
    referred: bool
    claims: tuple[ClaimRow, ...] = field(default=())

    @property
    def starts(self) -> datetime:
        """The first start of its claims."""
        return min(claim.starts for claim in self.claims)

    @property
    def ends(self) -> datetime:
        """The last end of its claims."""
        return max(claim.ends for claim in self.claims)


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings: everything left None is not asked. `during` half-open, in UTC."""

    states: Collection[State] | None = None
    venue: str | None = None
    resource: str | None = None
    organisation: UUID | None = None
    starts_before: datetime | None = None
    ends_after: datetime | None = None
    after: UUID | None = None
    limit: int = 200
    newest_first: bool = False
    clock_by: datetime | None = None
    """Besides those in `states`, whatever has a clock that runs out by then."""


def find(connection: Connection, booking_id: UUID, *, lock: bool = False) -> BookingRow | None:
    """One booking, in two statements; None when there is none. `lock`: hold its row until the end."""
    query = _bookings().where(Booking.id == booking_id)
    if lock:
        query = query.with_for_update(of=Booking, key_share=True)
    return next(iter(_with_claims(connection, connection.execute(query).all())), None)


def listing(connection: Connection, person: Someone, asked: BookingFilter) -> list[BookingRow]:
    """The bookings that this person may know, in the order in which they were made: two statements."""
    query = _bookings().where(_known_to(person))
    if asked.states is not None:
        among = Booking.state.in_(asked.states)
        query = query.where(among if asked.clock_by is None else or_(among, Booking.due_at <= asked.clock_by))
    if asked.venue is not None:
        query = query.where(Venue.code == asked.venue)
    if asked.organisation is not None:
        query = query.where(Booking.organisation_id == asked.organisation)
    if asked.resource is not None or asked.starts_before or asked.ends_after:
        query = query.where(_claiming(asked))
    if asked.after is not None:
        query = query.where(Booking.id < asked.after if asked.newest_first else Booking.id > asked.after)
    order = Booking.id.desc() if asked.newest_first else Booking.id
    return _with_claims(connection, connection.execute(query.order_by(order).limit(asked.limit)).all())


def of_claims(connection: Connection, claims: Collection[UUID]) -> list[BookingRow]:
    """The bookings of these claims, by id."""
    if not claims:
        return []
    those = select(Claim.booking_id).where(Claim.id.in_(claims))
    query = _bookings().where(Booking.id.in_(those)).order_by(Booking.id)
    return _with_claims(connection, connection.execute(query).all())


def of_ids(connection: Connection, bookings: Collection[UUID]) -> list[BookingRow]:
    """The bookings of these ids, by id."""
    if not bookings:
        return []
    query = _bookings().where(Booking.id.in_(bookings)).order_by(Booking.id)
    return _with_claims(connection, connection.execute(query).all())


def of_trajectories(
    connection: Connection, trajectories: Collection[UUID], *, lock: bool = False
) -> list[BookingRow]:
    """The parts of these chains, by id, in two statements. `lock`: hold their rows until the end."""
    query = _bookings().where(Booking.trajectory_id.in_(trajectories)).order_by(Booking.id)
    if lock:
        query = query.with_for_update(of=Booking, key_share=True)
    return _with_claims(connection, connection.execute(query).all())


def confirmed_and_over(connection: Connection, *, at: datetime, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """`id, venue_id, ends` of confirmed bookings whose last claim has ended, locked on the way.

    Rows that somebody else holds are left for the next time.
    """
    ends = (
        select(func.max(Claim.ends))
        .where(Claim.booking_id == Booking.id, Claim.ended_at.is_(None))
        .correlate(Booking)
        .scalar_subquery()
    )
    query = (
        select(Booking.id, Booking.venue_id, type_coerce(ends, Instant()).label("ends"))
        .where(Booking.state == State.CONFIRMED, ends <= at)
        .limit(limit)
        .with_for_update(of=Booking, key_share=True, skip_locked=True)
    )
    return connection.execute(query).all()


def _claiming(asked: BookingFilter) -> Any:
    claim = select(Claim.id).where(Claim.booking_id == Booking.id, Claim.ended_at.is_(None))
    if asked.resource is not None:
        claim = claim.join(Resource, Resource.id == Claim.resource_id).where(Resource.code == asked.resource)
    if asked.starts_before is not None:
        claim = claim.where(Claim.starts < asked.starts_before)
    if asked.ends_after is not None:
        claim = claim.where(Claim.ends > asked.ends_after)
    return exists(claim)


def _known_to(person: Someone) -> Any:
    if person.sees_everything:
        return true()
    venues = person.manages | person.assists
    return or_(
        Booking.organisation_id.in_(person.organisations) if person.organisations else false(),
        Venue.code.in_(venues) if venues else false(),
    )


def _bookings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Booking.id,
            Booking.venue_id,
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Venue.town,
            Venue.zone,
            Venue.day_line,
            Venue.email.label("venue_email"),
            Venue.phone.label("venue_phone"),
            Booking.organisation_id.label("organisation"),
            Organisation.name.label("organisation_name"),
            Organisation.country.label("organisation_country"),
            Person.name.label("asked_by"),
            Booking.state,
            Booking.title,
            Booking.purpose,
            Booking.people,
            Booking.note,
            Booking.moments,
            Booking.refer_consent,
            Booking.created_at,
            Booking.modified_at,
            Booking.granted_at,
            Booking.due_at,
            Booking.due_kind,
            Booking.expires_at,
            Booking.extensions,
            Booking.manual_order,
            Booking.series_id,
            Booking.trajectory_id,
            Booking.enquiry_id,
            Booking.agreed_at,
            Booking.ended_at,
            Booking.revision,
            Booking.sequence,
            Booking.shown,
            exists()
            .where(or_(Referral.booking_id == Booking.id, Referral.to_id == Booking.id))
            .correlate(Booking)
            .label("referred"),
        )
        .join(Venue, Venue.id == Booking.venue_id)
        .join(Person, Person.id == Booking.asked_by)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
    )


def _with_claims(connection: Connection, rows: Collection[Row[Any]]) -> list[BookingRow]:
    if not rows:
        return []
    claims: dict[UUID, list[ClaimRow]] = {}
    for claim, booking_id in _claims(connection, {row.id: row.purpose for row in rows}):
        claims.setdefault(booking_id, []).append(claim)
    return [
        BookingRow(
            **{**row._mapping, "state": State(row.state)},
            claims=tuple(claims.get(row.id, ())),
        )
        for row in rows
    ]


def _claims(connection: Connection, bookings: Mapping[UUID, str]) -> Iterable[tuple[ClaimRow, UUID]]:
    query = (
        select(
            Claim.id,
            Claim.resource_id,
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            Resource.kind,
            Claim.starts,
            Claim.ends,
            Claim.start_date,
            Claim.end_date,
            Claim.quantity,
            Claim.setup_minutes,
            Claim.strike_minutes,
            Claim.crew,
            Claim.booking_id,
        )
        .join(
            Resource,
            (Resource.id == Claim.resource_id) & (Resource.venue_id == Claim.venue_id),
        )
        .where(Claim.booking_id.in_(list(bookings)), Claim.ended_at.is_(None))
        .order_by(Claim.booking_id, Claim.position)
    )
    for *values, booking_id in connection.execute(query):
        yield ClaimRow(*[*values, bookings[booking_id]]), booking_id
