"""What feeds show, read: the rooms of a scope, and everything that lies on them or belongs to a company."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from booking.domain.spans import Span, merged
from booking.domain.states import ENDS, Force
from booking.storage.bookings import Booking, Claim, Closure, Occupancy, Series, Trajectory
from booking.storage.people import Organisation
from booking.storage.places import Resource, ResourceAtom, Venue
from calendars.domain.showing import SHOWN_BEFORE, SHOWN_CANCELLED, STATUS, ShownClaim
from calendars.domain.showing_closures import ShownClosure
from calendars.storage.tables import ExternalEvent

PlaceRow = Row[*tuple[Any, ...]]
HoldRow = Row[*tuple[Any, ...]]


def places_around(connection: Connection, resource_id: int) -> Sequence[PlaceRow]:
    """The resource, and whatever shares a part with it: what holds one of them holds the other."""
    mine = select(ResourceAtom.atom_id).where(ResourceAtom.resource_id == resource_id)
    sharing = select(ResourceAtom.resource_id).where(ResourceAtom.atom_id.in_(mine))
    return connection.execute(_places().where(or_(Resource.id == resource_id, Resource.id.in_(sharing)))).all()


def places_of_venues(connection: Connection, codes: Collection[str]) -> Sequence[PlaceRow]:
    """Everything of these houses."""
    return connection.execute(_places().where(Venue.code.in_(codes))).all()


def places_of_venue(connection: Connection, venue_id: int) -> Sequence[PlaceRow]:
    """Everything of one house."""
    return connection.execute(_places().where(Resource.venue_id == venue_id)).all()


def places_of_organisations(connection: Connection, organisations: Collection[UUID]) -> Sequence[PlaceRow]:
    """Wherever these companies have ever asked for anything."""
    asked = _asked(Booking.organisation_id.in_(organisations))
    return connection.execute(_places().where(Resource.id.in_(asked))).all()


def _asked(whose: ColumnElement[bool]) -> Select[int]:
    return (
        select(Claim.resource_id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(whose)
    )


def places_of_trajectory(connection: Connection, trajectory_id: UUID) -> Sequence[PlaceRow]:
    """Wherever this chain has ever asked for anything."""
    return connection.execute(
        _places().where(Resource.id.in_(_asked(Booking.trajectory_id == trajectory_id)))
    ).all()


def trajectory(connection: Connection, trajectory_id: UUID) -> PlaceRow | None:
    """`title, organisation_id, version` of a chain, or None; the version rises with every change."""
    version = (
        select(func.count() + func.coalesce(func.sum(Booking.revision), 0))
        .where(Booking.trajectory_id == Trajectory.id)
        .correlate(Trajectory)
        .scalar_subquery()
    )
    query = select(Trajectory.title, Trajectory.organisation_id, version.label("version"))
    return connection.execute(query.where(Trajectory.id == trajectory_id)).one_or_none()


def trajectories_for(
    connection: Connection, organisations: Collection[UUID], venues: Collection[str]
) -> Sequence[PlaceRow]:
    """`id, title` of the chains of these companies, and of those that lead through these houses."""
    through = select(Booking.trajectory_id).join(Venue, Venue.id == Booking.venue_id).where(Venue.code.in_(venues))
    query = select(Trajectory.id, Trajectory.title).where(
        or_(Trajectory.organisation_id.in_(organisations), Trajectory.id.in_(through))
    )
    return connection.execute(query.order_by(Trajectory.id.desc())).all()


def organisation_versions(connection: Connection, organisations: Collection[UUID]) -> dict[UUID, int]:
    """Per company, a number that rises with every change of its bookings."""
    query = (
        select(Booking.organisation_id, func.count() + func.sum(Booking.revision))
        .where(Booking.organisation_id.in_(organisations))
        .group_by(Booking.organisation_id)
    )
    return {organisation: version for organisation, version in connection.execute(query) if organisation}


def organisation_name(connection: Connection, organisation_id: UUID) -> str:
    """The company's name; empty when it is gone."""
    return connection.execute(select(Organisation.name).where(Organisation.id == organisation_id)).scalar() or ""


def claims_on(connection: Connection, resources: Collection[int], *, at: datetime) -> list[ShownClaim]:
    """What feeds show of these resources at that time, in the order in which it was asked."""
    return _claims(connection, Claim.resource_id.in_(resources), at)


def claims_by(connection: Connection, organisations: Collection[UUID], *, at: datetime) -> list[ShownClaim]:
    """What feeds show of these companies at that time, in the order in which it was asked."""
    return _claims(connection, Booking.organisation_id.in_(organisations), at)


def claims_of_booking(connection: Connection, booking_id: UUID, *, at: datetime) -> list[ShownClaim]:
    """What feeds show of one booking at that time, and of the whole series that it is part of."""
    mine = select(Booking.series_id).where(Booking.id == booking_id, Booking.series_id.is_not(None))
    return _claims(connection, or_(Booking.id == booking_id, Booking.series_id.in_(mine)), at)


def places_of_booking(connection: Connection, booking_id: UUID) -> Sequence[PlaceRow]:
    """Every place of its house."""
    venue = select(Booking.venue_id).where(Booking.id == booking_id)
    return connection.execute(_places().where(Resource.venue_id.in_(venue))).all()


def claims_of_trajectory(
    connection: Connection, trajectories: Collection[UUID], *, at: datetime
) -> list[ShownClaim]:
    """What feeds show of these chains at that time, in the order in which it was asked."""
    return _claims(connection, Booking.trajectory_id.in_(trajectories), at)


def closures_on(connection: Connection, resources: Collection[int], *, at: datetime) -> list[ShownClosure]:
    """The closures of these resources that feeds show at that time."""
    query = (
        select(
            Closure.id,
            Closure.resource_id,
            Closure.starts,
            Closure.ends,
            Closure.start_date,
            Closure.end_date,
            Closure.reason,
            Closure.created_at,
            Closure.modified_at,
            Closure.sequence,
            Closure.ended_at,
        )
        .where(Closure.resource_id.in_(resources), Closure.ends > at - SHOWN_BEFORE)
        .where(or_(Closure.ended_at.is_(None), Closure.ended_at > at - SHOWN_CANCELLED))
        .order_by(Closure.id)
    )
    rows = [ShownClosure(*row) for row in connection.execute(query)]
    pieces = _pieces(connection, [row.id for row in rows if row.ended_at is None])
    return [row._replace(pieces=pieces.get(row.id, ())) for row in rows]


def _pieces(
    connection: Connection, closures: Collection[UUID]
) -> dict[UUID, tuple[tuple[datetime, datetime], ...]]:
    """When each of them really closes anything: of a whole, any of its parts."""
    if not closures:
        return {}
    query = select(Occupancy.closure_id, Occupancy.starts, Occupancy.ends).where(
        Occupancy.closure_id.in_(closures)
    )
    spans: dict[UUID, list[Span]] = {}
    for row in connection.execute(query):
        if row.closure_id is not None:
            spans.setdefault(row.closure_id, []).append(Span(row.starts, row.ends))
    return {closure: tuple((each.start, each.end) for each in merged(found)) for closure, found in spans.items()}


def holds_on(connection: Connection, resources: Collection[int], during: Span) -> Sequence[HoldRow]:
    """What holds these resources: `atom_id, capacity, starts, ends, quantity, force, source`."""
    atoms = select(ResourceAtom.atom_id).where(ResourceAtom.resource_id.in_(resources))
    return _holds(connection, Occupancy.atom_id.in_(atoms), during)


def holds_by(connection: Connection, organisations: Collection[UUID], during: Span) -> Sequence[HoldRow]:
    """What these companies hold, wherever it is."""
    return _holds_of(connection, Booking.organisation_id.in_(organisations), during)


def holds_of_trajectories(
    connection: Connection, trajectories: Collection[UUID], during: Span
) -> Sequence[HoldRow]:
    """What these chains hold, wherever it is."""
    return _holds_of(connection, Booking.trajectory_id.in_(trajectories), during)


def _holds_of(connection: Connection, whose: ColumnElement[bool], during: Span) -> Sequence[HoldRow]:
    claims = (
        select(Claim.id)
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(whose)
    )
    return _holds(connection, Occupancy.claim_id.in_(claims), during)


def _holds(connection: Connection, scope: ColumnElement[bool], during: Span) -> Sequence[HoldRow]:
    query = (
        select(
            Occupancy.atom_id,
            Resource.capacity,
            Occupancy.starts,
            Occupancy.ends,
            Occupancy.quantity,
            Occupancy.force,
            Occupancy.source,
        )
        .join(Resource, (Resource.id == Occupancy.atom_id) & (Resource.venue_id == Occupancy.venue_id))
        .where(scope, Occupancy.force != Force.NONE)
        .where(Occupancy.ends > during.start, Occupancy.starts < during.end)
        .order_by(Occupancy.atom_id, Occupancy.starts)
    )
    return connection.execute(query).all()


def _places() -> Select[*tuple[Any, ...]]:
    """A resource with its names, and a revision that also counts what happens to its parts.

    `imports`: whether its house has a calendar of its own here.
    """
    parts = Resource.__table__.alias("parts")
    through_parts = (
        select(func.coalesce(func.sum(parts.c.revision), 0))
        .select_from(ResourceAtom)
        .join(parts, (parts.c.venue_id == ResourceAtom.venue_id) & (parts.c.id == ResourceAtom.atom_id))
        .where(ResourceAtom.resource_id == Resource.id, ResourceAtom.venue_id == Resource.venue_id)
        .correlate(Resource)
        .scalar_subquery()
    )
    return (
        select(
            Resource.id,
            Resource.code,
            Resource.name,
            Resource.capacity,
            (Resource.revision + through_parts).label("revision"),
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Venue.town,
            Venue.zone,
            exists().where(ExternalEvent.venue_id == Resource.venue_id).label("imports"),
        )
        .join(Venue, Venue.id == Resource.venue_id)
        .order_by(Resource.id)
    )


def _claims(connection: Connection, scope: ColumnElement[bool], at: datetime) -> list[ShownClaim]:
    """Those that are told, and every other occurrence of a series of which one is: it is told as a whole."""
    now = (Claim.ends > at - SHOWN_BEFORE, or_(_is_live(), _ended_lately(at)))
    found = [ShownClaim(*row) for row in connection.execute(_shown(scope).where(*now))]
    series = {claim.series for claim in found if claim.series is not None}
    if not series:
        return found
    whole = connection.execute(_shown(and_(scope, Booking.series_id.in_(series))))
    return [*(claim for claim in found if claim.series is None), *(ShownClaim(*row) for row in whole)]


def _shown(scope: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Claim.id,
            Claim.booking_id,
            Booking.organisation_id,
            Organisation.name,
            Booking.state,
            Booking.title,
            Booking.purpose,
            Booking.people,
            Booking.moments,
            Booking.created_at,
            Booking.modified_at,
            Booking.sequence,
            Claim.resource_id,
            Claim.starts,
            Claim.ends,
            Claim.start_date,
            Claim.end_date,
            Claim.setup_minutes,
            Claim.strike_minutes,
            Claim.quantity,
            Booking.ended_at,
            Claim.ended_at,
            Claim.crew,
            Booking.due_at,
            Booking.due_kind,
            Booking.expires_at,
            Booking.series_id,
            Series.rule,
            Booking.occurrence_start,
        )
        .join(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(Series, (Series.id == Booking.series_id) & (Series.venue_id == Booking.venue_id))
        .where(scope, Booking.shown)
        .order_by(Claim.id)
    )


def _is_live() -> ColumnElement[bool]:
    return and_(Claim.ended_at.is_(None), Booking.state.in_(_words(STATUS)))


def _ended_lately(at: datetime) -> ColumnElement[bool]:
    """Told as CANCELLED; what is suspended is neither live nor ended, and not told at all."""
    since = at - SHOWN_CANCELLED
    return or_(
        Claim.ended_at > since,
        and_(Claim.ended_at.is_(None), Booking.state.in_(_words(ENDS)), Booking.ended_at > since),
    )


def _words(states: Iterable[str]) -> list[str]:
    return sorted(states)
