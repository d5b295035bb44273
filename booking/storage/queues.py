"""The queue of one house, read and written under its lock: live options, what stands over them, their clocks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, type_coerce, update
from sqlalchemy.orm import aliased

from booking.domain.queue import Hold, Key, key
from booking.domain.spans import Span
from booking.domain.states import Force, State
from booking.storage.base import Instant, new_id
from booking.storage.bookings import HOLDS, Booking, Claim, Occupancy
from booking.storage.options import Challenge, ChallengeDay, Reinstatement
from booking.storage.people import Organisation
from booking.storage.places import Resource, Venue
from booking.storage.proposals import Proposal
from booking.storage.trajectories import broken_since, venues_with_broken

Rows = Sequence[Row[*tuple[Any, ...]]]
DayRow = Row[*tuple[Any, ...]]


def house(connection: Connection, venue_id: int) -> Row[*tuple[Any, ...]]:
    """`id, code, zone, day_line, calendar, settings` of a house."""
    query = select(
        Venue.id, Venue.code, Venue.zone, Venue.day_line, Venue.public_holidays.label("calendar"), Venue.settings
    )
    return connection.execute(query.where(Venue.id == venue_id)).one()


def live_holds(
    connection: Connection, atoms: Collection[int], *, after: datetime
) -> list[tuple[UUID | None, UUID, Hold]]:
    """What live options hold of these atoms and is not over: `(booking, claim, hold)`.

    What the house has only pencilled in its own calendar is an option too: `(None, event, hold)`, with the moment
    at which the event was first seen, which its id tells (RFC 9562 §5.7).
    """
    query = (
        select(
            Booking.id,
            Claim.id.label("claim"),
            Booking.granted_at,
            Booking.manual_order,
            Booking.created_at,
            Occupancy.atom_id,
            Occupancy.starts,
            Occupancy.ends,
            Occupancy.quantity,
            Occupancy.external_id,
        )
        .select_from(Occupancy)
        .outerjoin(Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id))
        .outerjoin(Booking, (Booking.id == Claim.booking_id) & (Booking.venue_id == Claim.venue_id))
        .where(Occupancy.atom_id.in_(atoms), HOLDS, Occupancy.force == Force.SOFT, Occupancy.ends > after)
    )
    return [
        (
            row.id,
            row.claim or row.external_id,
            Hold(row.atom_id, Span(row.starts, row.ends), row.quantity, _key(row)),
        )
        for row in connection.execute(query)
    ]


def key_of_external(event: UUID) -> Key:
    """The key of what a house has only pencilled: the moment at which it was first seen, which the id tells."""
    return Key((event.int >> 80) * 1000, event)


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    if row.external_id is not None:
        return key_of_external(row.external_id)
    return key(row.granted_at or row.created_at, row.id, row.manual_order)


def hard_holds(connection: Connection, atoms: Collection[int], during: Span) -> list[Hold]:
    """What holds these atoms hard at any moment of `during`, whatever its source."""
    query = select(Occupancy.atom_id, Occupancy.starts, Occupancy.ends, Occupancy.quantity).where(
        Occupancy.atom_id.in_(atoms),
        HOLDS,
        Occupancy.force == Force.HARD,
        Occupancy.ends > during.start,
        Occupancy.starts < during.end,
    )
    return [Hold(row.atom_id, Span(row.starts, row.ends), row.quantity, None) for row in connection.execute(query)]


def atoms_of_claims(connection: Connection, claims: Collection[UUID]) -> list[int]:
    """The atoms that these claims take softly."""
    query = select(Occupancy.atom_id).where(Occupancy.claim_id.in_(claims), Occupancy.force == Force.SOFT)
    return sorted(set(connection.execute(query).scalars()))


def atoms(connection: Connection, ids: Collection[int]) -> Rows:
    """`id, code, capacity, exclusive, zone, day_line` of what can be held."""
    query = select(
        Resource.id, Resource.code, Resource.capacity, Resource.exclusive, Venue.zone, Venue.day_line
    ).join(Venue, Venue.id == Resource.venue_id)
    return connection.execute(query.where(Resource.id.in_(ids))).all()


def over(connection: Connection, venue_id: int, *, cause: UUID | None = None) -> Rows:
    """Every pair of what an option (live or suspended) would hold and what stands there hard.

    `cause`: only what that booking holds. Columns: booking, claim, state, overrides, atom_id, quantity, starts,
    ends (of the option) and source, closure_id, external_id, hard_starts, hard_ends, hard_quantity, exclusive,
    capacity.
    """
    hard, hard_claim = aliased(Occupancy), aliased(Claim)
    query = (
        select(
            Booking.id.label("booking"),
            Claim.id.label("claim"),
            Booking.state,
            Booking.overrides,
            Occupancy.atom_id,
            Occupancy.quantity,
            Occupancy.starts,
            Occupancy.ends,
            hard.source,
            hard.closure_id,
            hard.external_id,
            hard_claim.booking_id.label("hard_booking"),
            hard.starts.label("hard_starts"),
            hard.ends.label("hard_ends"),
            hard.quantity.label("hard_quantity"),
            Resource.exclusive,
            Resource.capacity,
        )
        .select_from(Booking)
        .join(Claim, (Claim.booking_id == Booking.id) & (Claim.venue_id == Booking.venue_id))
        .join(Occupancy, (Occupancy.claim_id == Claim.id) & (Occupancy.venue_id == Claim.venue_id))
        .join(Resource, (Resource.id == Occupancy.atom_id) & (Resource.venue_id == Occupancy.venue_id))
        .join(
            hard,
            and_(
                hard.atom_id == Occupancy.atom_id,
                hard.force == Force.HARD,
                hard.starts < Occupancy.ends,
                hard.ends > Occupancy.starts,
            ),
        )
        .outerjoin(hard_claim, (hard_claim.id == hard.claim_id) & (hard_claim.venue_id == hard.venue_id))
        .where(Booking.venue_id == venue_id, Booking.state.in_([State.OPTION, State.SUSPENDED]))
        .where(Claim.ended_at.is_(None))
        .order_by(Booking.id)
    )
    if cause is not None:
        of_cause = select(Occupancy.atom_id).join(
            Claim, (Claim.id == Occupancy.claim_id) & (Claim.venue_id == Occupancy.venue_id)
        )
        query = query.where(Occupancy.atom_id.in_(of_cause.where(Claim.booking_id == cause)))
    return connection.execute(query).all()


def in_state(connection: Connection, venue_id: int, state: State) -> list[UUID]:
    """The bookings of a house in that state, oldest key first."""
    query = select(Booking.id).where(Booking.venue_id == venue_id, Booking.state == state)
    return list(connection.execute(query.order_by(Booking.granted_at, Booking.id)).scalars())


RUNS_OUT = (Booking.due_at.is_not(None), Booking.due_kind != "answer")


def first_due(connection: Connection, venue_id: int, *, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """`id, due_at, due_kind` of the booking whose clock ran out first, at `at` or before; None when none did."""
    query = (
        select(Booking.id, Booking.due_at, Booking.due_kind)
        .where(Booking.venue_id == venue_id, *RUNS_OUT, Booking.due_at <= at)
        .order_by(Booking.due_at, Booking.granted_at, Booking.id)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def first_due_reinstatement(
    connection: Connection, venue_id: int, *, at: datetime
) -> Row[*tuple[Any, ...]] | None:
    """`id, booking_id, due_at` of the offer whose time ran out first."""
    query = (
        select(Reinstatement.id, Reinstatement.booking_id, Reinstatement.cause_id, Reinstatement.due_at)
        .where(Reinstatement.venue_id == venue_id, Reinstatement.answered_at.is_(None), Reinstatement.due_at <= at)
        .order_by(Reinstatement.due_at, Reinstatement.id)
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def venues_due(connection: Connection, *, at: datetime) -> list[int]:
    """The houses where a clock ran out, or that hold something for a broken chain: one statement."""
    booked = select(Booking.venue_id).where(*RUNS_OUT, Booking.due_at <= at)
    offered = select(Reinstatement.venue_id).where(
        Reinstatement.answered_at.is_(None), Reinstatement.due_at.is_not(None), Reinstatement.due_at <= at
    )
    return sorted(set(connection.execute(booked.union(offered, venues_with_broken(at=at))).scalars()))


CLOCKS = (
    select(func.min(Booking.due_at)).where(*RUNS_OUT).scalar_subquery().label("booked"),
    select(func.min(Reinstatement.due_at))
    .where(Reinstatement.answered_at.is_(None), Reinstatement.due_at.is_not(None))
    .scalar_subquery()
    .label("offered"),
    broken_since().scalar_subquery().label("broken"),
)
"""When the first clock of each kind runs out, as columns for whoever asks something else besides."""


def first_of(clocks: Iterable[datetime | None]) -> datetime | None:
    """The first of the `CLOCKS`, as they were read."""
    return min((moment for moment in clocks if moment is not None), default=None)


def limits(
    connection: Connection,
    venue_id: int,
    organisation: UUID | None,
    besides: UUID | None = None,
    series: UUID | None = None,
    trajectory: UUID | None = None,
    enquiry: UUID | None = None,
) -> Any:
    """`settings, calendar, country, live`: what a new option of an organisation depends on, in one statement.

    `live`: its live options at that house; a series, a trajectory and an enquiry count as one.
    """
    one = func.coalesce(Booking.trajectory_id, Booking.enquiry_id, Booking.series_id, Booking.id)
    live = select(func.count(one.distinct())).where(
        Booking.venue_id == venue_id,
        Booking.organisation_id == organisation,
        Booking.state.in_([State.OPTION, State.SUSPENDED]),
    )
    if besides is not None:
        live = live.where(Booking.id != besides)
    if series is not None:
        live = live.where(or_(Booking.series_id.is_(None), Booking.series_id != series))
    if trajectory is not None:
        live = live.where(or_(Booking.trajectory_id.is_(None), Booking.trajectory_id != trajectory))
    if enquiry is not None:
        live = live.where(or_(Booking.enquiry_id.is_(None), Booking.enquiry_id != enquiry))
    country = select(Organisation.country).where(Organisation.id == organisation).scalar_subquery()
    query = select(
        Venue.settings,
        Venue.public_holidays.label("calendar"),
        country.label("country"),
        live.scalar_subquery().label("live"),
    )
    return connection.execute(query.where(Venue.id == venue_id)).one()


def other_clocks(connection: Connection, booking_id: UUID) -> Row[*tuple[Any, ...]]:
    """`challenged, commit`: the first deadline as a challenged holder, and the one of a challenge that was won."""
    challenged = (
        select(func.min(ChallengeDay.due_at))
        .join(
            Challenge, (Challenge.id == ChallengeDay.challenge_id) & (Challenge.venue_id == ChallengeDay.venue_id)
        )
        .where(ChallengeDay.holder_id == booking_id, ChallengeDay.answer.is_(None), Challenge.settled_at.is_(None))
    )
    commit = select(func.min(Challenge.commit_due_at)).where(Challenge.booking_id == booking_id)
    return connection.execute(
        select(
            type_coerce(challenged.scalar_subquery(), Instant()).label("challenged"),
            type_coerce(commit.scalar_subquery(), Instant()).label("commit"),
        )
    ).one()


def set_clock(
    connection: Connection, row: Any, due_at: datetime | None, due_kind: str | None, *, alone: bool
) -> None:
    """What runs out next. `alone`: nothing else changes, so the revision rises; calendars do not show it."""
    connection.execute(
        update(Booking)
        .where(Booking.id == row.id, Booking.venue_id == row.venue_id)
        .values(due_at=due_at, due_kind=due_kind, revision=Booking.revision + int(alone))
    )


def add_proposal(connection: Connection, **values: Any) -> UUID:
    """What one side proposes."""
    proposal_id = new_id()
    connection.execute(insert(Proposal).values(id=proposal_id, **values))
    return proposal_id


def open_proposals(connection: Connection, bookings: Collection[UUID]) -> Rows:
    """What waits for an answer of the other side."""
    query = select(*Proposal.__table__.columns)
    return connection.execute(query.where(Proposal.booking_id.in_(bookings), Proposal.answered_at.is_(None))).all()


def answer_proposal(connection: Connection, booking_id: UUID, answer: str, *, at: datetime) -> None:
    """Whatever was proposed for this booking is answered."""
    connection.execute(
        update(Proposal)
        .where(Proposal.booking_id == booking_id, Proposal.answered_at.is_(None))
        .values(answer=answer, answered_at=at)
    )
