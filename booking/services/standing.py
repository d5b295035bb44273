"""How bookings stand: the ranks of options day by day, challenges, what waits for an answer, what was lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.claims import Atom, Place
from booking.domain.people import Person
from booking.domain.queue import RankedDay, headline
from booking.domain.states import MOVES, Side, State, Verb, may_move
from booking.services.granting import DayRank, by_resource
from booking.services.ordering import PAST, ranked
from booking.storage import challenges, losses, queues, referrals
from booking.storage.locks import places
from booking.storage.registers import BookingRow


@dataclass(frozen=True, slots=True)
class Asked:
    """One holder of contested days, as a challenger may know them: a deadline, never a name.

    `booking`: only for those who may know it. `days`: `(resource, day)`.
    """

    due_at: datetime
    answer: str | None
    days: tuple[tuple[str, date], ...]
    booking: UUID


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A challenge, from the side of one booking. `mine`: this booking opened it."""

    id: UUID
    at: datetime
    mine: bool
    state: str
    asked: tuple[Asked, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one booking stands. `ranks`: claim → headline; `rank` None: it is no option.

    `waits_for`: the side whose answer a proposal or an offer awaits. `referrals`: to which partner houses it
    was passed on, or would be; `referred_from`: the house that passed it on.
    """

    rank: int | None = None
    days: tuple[DayRank, ...] = ()
    ranks: Mapping[UUID, int] | None = None
    challenge: ChallengeView | None = None
    proposal: Row[Any] | None = None
    offer: Row[Any] | None = None
    lost: Sequence[Row[Any]] = ()
    referrals: Sequence[Row[Any]] = ()
    referred_from: Row[Any] | None = None

    @property
    def asked_to_refer(self) -> list[Row[Any]]:
        """The partner houses to which the company may let its request go, or not."""
        return [each for each in self.referrals if each.answered_at is None]

    @property
    def waits_for(self) -> Side | None:
        """Who has to answer something."""
        if self.offer is not None or self.asked_to_refer:
            return Side.COMPANY
        if self.proposal is not None:
            return Side.COMPANY if self.proposal.side == Side.HOUSE else Side.HOUSE
        return None


NOTHING = Standing()


def of(connection: Connection, rows: Sequence[BookingRow], *, at: datetime) -> dict[UUID, Standing]:
    """How these bookings stand; a handful of statements, however many they are."""
    found = _in_the_queue(connection, rows, at)
    passed = referrals.around(connection, [row.id for row in rows if row.referred])
    for row in rows:
        on = [each for each in passed if each.booking_id == row.id]
        here = next((each for each in passed if each.to_id == row.id), None)
        if on or here is not None:
            found[row.id] = replace(found.get(row.id, NOTHING), referrals=on, referred_from=here)
    return found


def _in_the_queue(connection: Connection, rows: Sequence[BookingRow], at: datetime) -> dict[UUID, Standing]:
    options = [row for row in rows if row.state in (State.OPTION, State.SUSPENDED, State.PENDING, State.BEATEN)]
    others = [row for row in rows if row.state in (State.REQUESTED, State.CONFIRMED)]
    if not options and not others:
        return {}
    ids = [row.id for row in (*options, *others)]
    proposals = {each.booking_id: each for each in queues.open_proposals(connection, ids)}
    found = {row.id: Standing(proposal=proposals.get(row.id)) for row in others}
    return found | _of_options(connection, options, proposals, at) if options else found


def _of_options(
    connection: Connection, rows: Sequence[BookingRow], proposals: Mapping[UUID, Row[Any]], at: datetime
) -> dict[UUID, Standing]:
    ids = [row.id for row in rows]
    ranks = claim_ranks(connection, [row for row in rows if row.state is State.OPTION], at=at)
    offers = {
        each.booking_id: each
        for each in reversed(losses.open_offers(connection, bookings=ids))
        if each.offered_at is not None
    }
    asked = _challenges(connection, ids)
    lost: dict[UUID, list[Row[Any]]] = {}
    for each in losses.missing(connection, bookings=ids):
        lost.setdefault(each.booking_id, []).append(each)
    found = {}
    for row in rows:
        found[row.id] = _standing(
            row,
            ranks,
            challenge=asked.get(row.id),
            proposal=proposals.get(row.id),
            offer=offers.get(row.id),
            lost=lost.get(row.id, ()),
        )
    return found


def _standing(row: BookingRow, ranks: Mapping[UUID, list[RankedDay]], **more: Any) -> Standing:
    per_claim = [(claim.resource, ranks.get(claim.id, [])) for claim in row.claims]
    by_claim = {claim.id: headline(ranks[claim.id]) for claim in row.claims if claim.id in ranks}
    rank = max(by_claim.values(), default=1) if row.state is State.OPTION else None
    return Standing(rank=rank, days=by_resource(per_claim), ranks=by_claim, **more)


def in_line(
    connection: Connection, rows: Sequence[BookingRow], known: Mapping[str, Place], *, at: datetime
) -> dict[UUID, Standing]:
    """The same as `of`, only of ranks and challenges. `known`: every resource of these bookings."""
    ranks = claim_ranks(connection, [row for row in rows if row.state is State.OPTION], at=at, known=known)
    asked = _challenges(connection, [row.id for row in rows]) if rows else {}
    return {row.id: _standing(row, ranks, challenge=asked.get(row.id)) for row in rows}


def claim_ranks(
    connection: Connection,
    rows: Sequence[BookingRow],
    *,
    at: datetime,
    known: Mapping[str, Place] | None = None,
) -> dict[UUID, list[RankedDay]]:
    """The ranks per day of every claim of these options. `known`: their resources, when they were read already."""
    codes = {claim.resource for row in rows for claim in row.claims}
    if not codes:
        return {}
    known = known if known is not None else places(connection, codes)
    atoms: dict[int, Atom] = {atom.id: atom for code in codes for atom in known[code].atoms}
    live = queues.live_holds(connection, list(atoms), after=min(at, *(row.starts for row in rows)) - PAST)
    found: dict[UUID, list[RankedDay]] = {}
    for zone, day_line in {(row.zone, row.day_line) for row in rows}:
        here = [row for row in rows if (row.zone, row.day_line) == (zone, day_line)]
        mine = {claim.id for row in here for claim in row.claims}
        found |= ranked(connection, live, atoms, zone, day_line, mine)
    return found


def headline_ranks(connection: Connection, claims: Collection[UUID], *, since: datetime) -> dict[UUID, int]:
    """The worst rank of each of these claims of options, for calendars; what was over by `since` is left out."""
    ids = queues.atoms_of_claims(connection, claims) if claims else []
    if not ids:
        return {}
    rows = queues.atoms(connection, ids)
    live = queues.live_holds(connection, ids, after=since)
    found: dict[UUID, int] = {}
    for zone, day_line in {(row.zone, row.day_line) for row in rows}:
        here = {
            row.id: Atom(row.id, row.code, row.capacity, row.exclusive)
            for row in rows
            if (row.zone, row.day_line) == (zone, day_line)
        }
        mine = [each for each in live if each[2].atom in here]
        days = ranked(connection, mine, here, zone, day_line, set(claims))
        found |= {claim: headline(each) for claim, each in days.items()}
    return found


def _challenges(connection: Connection, bookings: Sequence[UUID]) -> dict[UUID, ChallengeView]:
    rows = challenges.around(connection, bookings)
    if not rows:
        return {}
    days: dict[UUID, list[Row[Any]]] = {}
    for day in challenges.days_of(connection, [row.id for row in rows]):
        days.setdefault(day.challenge_id, []).append(day)
    found: dict[UUID, ChallengeView] = {}
    for row in rows:
        if row.booking_id in bookings:
            found[row.booking_id] = _view(row, days.get(row.id, []), None)
    for row in rows:
        if row.settled_at is None:
            for holder in {day.holder_id for day in days.get(row.id, [])} & set(bookings):
                found[holder] = _view(row, days[row.id], holder)
    return found


def _view(row: Row[Any], days: Sequence[Row[Any]], holder: UUID | None) -> ChallengeView:
    holders = {day.holder_id: day for day in days if holder in (None, day.holder_id)}
    asked = tuple(
        Asked(
            first.due_at,
            first.answer,
            tuple((day.resource, day.day) for day in days if day.holder_id == booking),
            booking,
        )
        for booking, first in holders.items()
    )
    due = [each.due_at for each in asked if each.answer is None]
    return ChallengeView(
        row.id, row.at, holder is None, row.outcome or "open", asked, row.commit_due_at or min(due, default=None)
    )


def verbs(row: BookingRow, person: Person, standing: Standing) -> list[Verb]:
    """The verbs that this person may use on the booking as it stands."""
    sides = person.sides(row.venue, row.organisation)
    allowed = [verb for verb, move in MOVES.items() if move.sides & sides and may_move(row.state, verb)]
    occasions = {
        Verb.ACCEPT: standing.waits_for in sides,
        Verb.REFUSE: standing.waits_for in sides,
        Verb.CHALLENGE: (standing.rank or 1) > 1
        and (standing.challenge is None or not standing.challenge.mine or standing.challenge.state != "open"),
        Verb.ORDER: standing.rank is not None,
        Verb.REFER: row.organisation is not None and row.trajectory_id is None and not standing.asked_to_refer,
    }
    return [verb for verb in allowed if occasions.get(verb, True)]
