"""The queue of one house, read and written under its lock: live options, what stands over them, their clocks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, exists, func, insert, or_, select, type_coerce, update
from sqlalchemy.orm import aliased

from booking.domain.claims import ClaimTerms
from booking.domain.queue import Hold, Key, key
from booking.domain.spans import Span
from booking.domain.states import Force, State
from booking.storage.base import Instant, new_id
from booking.storage.bookings import HOLDS, Booking, Claim, Occupancy
from booking.storage.options import Challenge, ChallengeDay, Loss, Reinstatement
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


def add_loss(
    connection: Connection,
    row: Any,
    claim_id: UUID,
    resource_id: int,
    lost: Iterable[tuple[ClaimTerms, Span]],
    *,
    why: State,
    cause: UUID | None,
    at: datetime,
) -> None:
    """Keep the terms of what an option lost."""
    rows = [
        {
            "id": new_id(),
            "venue_id": row.venue_id,
            "booking_id": row.id,
            "claim_id": claim_id,
            "resource_id": resource_id,
            "starts": span.start,
            "ends": span.end,
            "start_date": terms.start if terms.in_whole_days else None,
            "end_date": terms.end if terms.in_whole_days else None,
            "setup_minutes": terms.setup_minutes,
            "strike_minutes": terms.strike_minutes,
            "quantity": terms.quantity,
            "crew": terms.crew,
            "why": why,
            "cause_id": cause,
            "at": at,
        }
        for terms, span in lost
    ]
    if rows:
        connection.execute(insert(Loss), rows)


def losses(
    connection: Connection,
    *,
    bookings: Collection[UUID] | None = None,
    cause: UUID | None = None,
) -> Rows:
    """What was lost and has not come back, with the code of its resource, oldest first."""
    query = (
        select(*Loss.__table__.columns, Resource.code.label("resource"), Resource.kind)
        .join(Resource, (Resource.id == Loss.resource_id) & (Resource.venue_id == Loss.venue_id))
        .where(Loss.returned_at.is_(None))
        .order_by(Loss.starts, Loss.id)
    )
    if bookings is not None:
        query = query.where(Loss.booking_id.in_(bookings))
    if cause is not None:
        query = query.where(Loss.cause_id == cause)
    return connection.execute(query).all()


def return_losses(connection: Connection, losses: Collection[UUID], *, at: datetime) -> None:
    """They came back."""
    connection.execute(update(Loss).where(Loss.id.in_(losses)).values(returned_at=at))


def open_challenges(connection: Connection, venue_id: int) -> Rows:
    """`id, booking_id, at, state` (of the challenger) of every open challenge of a house, oldest first."""
    query = (
        select(Challenge.id, Challenge.booking_id, Challenge.at, Booking.state)
        .join(Booking, (Booking.id == Challenge.booking_id) & (Booking.venue_id == Challenge.venue_id))
        .where(Challenge.venue_id == venue_id, Challenge.settled_at.is_(None))
        .order_by(Challenge.at, Challenge.id)
    )
    return connection.execute(query).all()


def challenge_days(connection: Connection, challenges: Collection[UUID]) -> Rows:
    """Every contested day with its holder's state and its resource's code."""
    query = (
        select(*ChallengeDay.__table__.columns, Booking.state, Resource.code.label("resource"))
        .join(Booking, (Booking.id == ChallengeDay.holder_id) & (Booking.venue_id == ChallengeDay.venue_id))
        .join(Resource, (Resource.id == ChallengeDay.resource_id) & (Resource.venue_id == ChallengeDay.venue_id))
        .where(ChallengeDay.challenge_id.in_(challenges))
        .order_by(ChallengeDay.day, ChallengeDay.id)
    )
    return connection.execute(query).all()


def challenge(connection: Connection, challenge_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One challenge, or None."""
    query = select(*Challenge.__table__.columns).where(Challenge.id == challenge_id)
    return connection.execute(query).one_or_none()


def challenges_around(connection: Connection, bookings: Collection[UUID]) -> Rows:
    """Challenges that these bookings opened, or that are open and ask them for an answer; newest last."""
    asked = exists().where(
        ChallengeDay.challenge_id == Challenge.id,
        ChallengeDay.holder_id.in_(bookings),
        Challenge.settled_at.is_(None),
    )
    query = select(*Challenge.__table__.columns).where(or_(Challenge.booking_id.in_(bookings), asked))
    return connection.execute(query.order_by(Challenge.at, Challenge.id)).all()


def add_challenge(connection: Connection, venue_id: int, booking_id: UUID, *, at: datetime) -> UUID:
    """Open one."""
    challenge_id = new_id()
    connection.execute(insert(Challenge).values(id=challenge_id, venue_id=venue_id, booking_id=booking_id, at=at))
    return challenge_id


def add_challenge_days(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Who holds which contested day, and until when they answer."""
    connection.execute(insert(ChallengeDay), [{"id": new_id(), **row} for row in rows])


def answer_days(connection: Connection, days: Collection[UUID], answer: str, *, at: datetime) -> None:
    """Note the answer for these contested days."""
    if days:
        connection.execute(
            update(ChallengeDay)
            .where(ChallengeDay.id.in_(days), ChallengeDay.answer.is_(None))
            .values(answer=answer, answered_at=at)
        )


def settle_challenge(
    connection: Connection,
    challenge_id: UUID,
    outcome: str,
    *,
    at: datetime,
    commit_due_at: datetime | None = None,
) -> None:
    """The challenge is over."""
    connection.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id)
        .values(outcome=outcome, settled_at=at, commit_due_at=commit_due_at)
    )


def forget_commit_clock(connection: Connection, booking_id: UUID) -> None:
    """Who won has committed, or holds nothing any more."""
    connection.execute(
        update(Challenge)
        .where(Challenge.booking_id == booking_id, Challenge.commit_due_at.is_not(None))
        .values(commit_due_at=None)
    )


def postpone_commit_clock(connection: Connection, booking_id: UUID, least: datetime) -> None:
    """Who won and was suspended meanwhile has until `least` at least."""
    connection.execute(
        update(Challenge)
        .where(Challenge.booking_id == booking_id, Challenge.commit_due_at < least)
        .values(commit_due_at=least)
    )


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


def add_reinstatements(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Offers to come back, in the order of the old keys."""
    connection.execute(insert(Reinstatement), [{"id": new_id(), **row} for row in rows])


def open_reinstatements(
    connection: Connection, *, cause: UUID | None = None, bookings: Collection[UUID] | None = None
) -> Rows:
    """Offers that nobody answered yet, in their order."""
    query = select(*Reinstatement.__table__.columns).where(Reinstatement.answered_at.is_(None))
    if cause is not None:
        query = query.where(Reinstatement.cause_id == cause)
    if bookings is not None:
        query = query.where(Reinstatement.booking_id.in_(bookings))
    return connection.execute(query.order_by(Reinstatement.position, Reinstatement.id)).all()


def moot_reinstatements(connection: Connection, venue_id: int, states: Collection[State]) -> Rows:
    """`id, cause_id` of open offers whose booking is in none of these states any more, or misses nothing."""
    missing = exists().where(
        Loss.booking_id == Reinstatement.booking_id,
        Loss.cause_id == Reinstatement.cause_id,
        Loss.returned_at.is_(None),
    )
    query = (
        select(Reinstatement.id, Reinstatement.cause_id)
        .join(Booking, (Booking.id == Reinstatement.booking_id) & (Booking.venue_id == Reinstatement.venue_id))
        .where(Reinstatement.venue_id == venue_id, Reinstatement.answered_at.is_(None))
        .where(or_(Booking.state.not_in(states), ~missing))
        .order_by(Reinstatement.position, Reinstatement.id)
    )
    return connection.execute(query).all()


def offer_reinstatement(connection: Connection, offer: UUID, *, at: datetime, due_at: datetime) -> None:
    """Its turn has come."""
    connection.execute(update(Reinstatement).where(Reinstatement.id == offer).values(offered_at=at, due_at=due_at))


def answer_reinstatement(connection: Connection, offer: UUID, answer: str, *, at: datetime) -> None:
    """Accepted, refused, or nobody said anything."""
    connection.execute(
        update(Reinstatement).where(Reinstatement.id == offer).values(answer=answer, answered_at=at)
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
