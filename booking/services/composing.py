"""Chains of stays over several houses, composed: asked together, mended, taken back, kept in part."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange, Moment, Purpose, Terms
from booking.domain.claims import ClaimTerms, Place, resolve
from booking.domain.people import Person
from booking.domain.refusals import (
    CannotBeHad,
    Conflict,
    Forbidden,
    Malformed,
    Neighbours,
    NotFound,
    Stale,
    WrongState,
)
from booking.domain.spans import Span
from booking.domain.states import ENDS, FORCE, Force, State, Verb
from booking.domain.trajectories import ChainRule, ChainState, LegTerms, TrajectoryTerms
from booking.domain.wall_clock import DAY
from booking.services import agreeing, chains, changing
from booking.services.asking import Link, ask
from booking.services.chains import Chain
from booking.services.confirming import commit
from booking.services.deeds import Answer, Deed, in_front
from booking.services.house import House, locked_together, put_in_order, settle_together
from booking.services.losing import held_days, lose
from booking.services.ordering import move_to, reread
from booking.services.terms import terms_of
from booking.services.trajectories import TAKEN_BACK, View, find, read, row_of, verbs_of, views_of
from booking.storage import trajectories
from booking.storage.locks import places
from booking.storage.registers import BookingRow
from booking.storage.trajectories import TrajectoryRow


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part as it should be: `id` of one that is there (other claims), or a new one with its house."""

    claims: tuple[ClaimChange, ...]
    id: UUID | None = None
    venue: str | None = None
    title: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class ChainChange:
    """What should be different. `legs` None: as they are; else all of them as they should be."""

    title: str | None = None
    legs: tuple[LegTerms, ...] | None = None
    parts: tuple[PartChange, ...] = ()
    reason: str | None = None


def make(
    connection: Connection, person: Person, organisation: UUID, wanted: TrajectoryTerms, *, at: datetime
) -> View:
    """All bookings and vans of a chain in one transaction, or none. NotFound, Malformed, CannotBeHad.

    What confirms itself says yes at once: it is held for the others where the chain is all or nothing.
    """
    if not person.speaks_for(organisation):
        raise NotFound
    if not wanted.parts:
        raise Malformed({"bookings": ["required"]})
    known, houses = _lock(connection, wanted, at=at)
    trajectory_id = trajectories.add(
        connection,
        organisation_id=organisation,
        title=wanted.title,
        rule=wanted.rule,
        asked_by=person.id,
        created_at=at,
    )
    row = row_of(connection, trajectory_id)
    book = Booker(connection, person, row, houses, at, known=known)
    for n, (_, terms) in enumerate(wanted.parts):
        book.ask(replace(terms, organisation=organisation), f"bookings.{n}.")
    book.legs(wanted.legs, wanted.parts)
    book.refuse()
    agreeing.complete(connection, houses, row.id, at=at)
    return read(connection, person, trajectory_id, at=at)


def _lock(
    connection: Connection, wanted: TrajectoryTerms, *, at: datetime
) -> tuple[Mapping[str, Place], dict[int, House]]:
    """Every house of the chain at once, in the one order; Malformed for what is unknown or of another house."""
    codes = {claim.resource for _, terms in wanted.parts for claim in terms.claims}
    codes |= {leg.resource for leg in wanted.legs if leg.resource}
    known = places(connection, codes)
    errors = {
        f"bookings.{n}.claims.{m}.resource": ["unknown" if claim.resource not in known else "two-venues"]
        for n, (venue, terms) in enumerate(wanted.parts)
        for m, claim in enumerate(terms.claims)
        if claim.resource not in known or known[claim.resource].venue != venue
    }
    errors |= {
        f"legs.{n}.resource": ["unknown"]
        for n, leg in enumerate(wanted.legs)
        if leg.resource not in {None, *known}
    }
    if errors:
        raise Malformed(errors)
    return known, locked_together(connection, {place.venue_id for place in known.values()}, at=at)


class Booker:
    """Parts and legs of one chain, asked one after another; what cannot be had is told all together."""

    def __init__(
        self,
        connection: Connection,
        person: Person,
        row: TrajectoryRow,
        houses: dict[int, House],
        at: datetime,
        known: Mapping[str, Place],
    ) -> None:
        self.connection, self.person, self.row, self.houses, self.at = connection, person, row, houses, at
        self.known = known
        self.until = row.deadline
        self.refusals: list[CannotBeHad] = []

    def ask(
        self, terms: Terms, path: str, *, within: Span | None = None, others: Sequence[tuple[str, Span]] = ()
    ) -> UUID | None:
        """One booking of the chain; None when it cannot be had. Malformed, with the path of its field."""
        undecided = self.row.rule is ChainRule.ALL_OR_NOTHING and self.row.state in (
            ChainState.OPEN,
            ChainState.BROKEN,
        )
        link = Link(self.row.id, self._held_until if undecided else None)
        try:
            made = ask(self.connection, self.person, terms, at=self.at, link=link)
        except CannotBeHad as refusal:
            refusal.neighbours = Neighbours(within, tuple(others))
            self.refusals.append(refusal)
            return None
        except Malformed as refusal:
            raise Malformed({f"{path}{name}": codes for name, codes in refusal.errors.items()}) from refusal
        if made.verdict.state is State.PENDING and self.row.deadline is None:
            zone = made.verdict.asked[0].place.zone
            trajectories.alter(self.connection, self.row.id, deadline=self.until, zone=zone)
            self.row = row_of(self.connection, self.row.id)
        if FORCE[made.verdict.state] is not Force.NONE:
            put_in_order(self.connection, self.houses[made.verdict.asked[0].place.venue_id], at=self.at)
        return made.id

    def _held_until(self, place: Place) -> datetime:
        if self.until is None:
            self.until = chains.held_until(self.row, self.houses.values(), self.houses[place.venue_id], self.at)
        return self.until

    def legs(self, legs: Sequence[LegTerms], parts: Sequence[tuple[str, Terms]]) -> None:
        """Transport, with a booking for every van."""
        codes = {code for leg in legs for code in (leg.origin, leg.destination)}
        known = trajectories.houses(self.connection, codes)
        errors = {
            f"legs.{n}.{'from' if code == leg.origin else 'to'}": ["unknown"]
            for n, leg in enumerate(legs)
            for code in (leg.origin, leg.destination)
            if code not in known
        }
        errors |= {f"legs.{n}.to": ["same-house"] for n, leg in enumerate(legs) if leg.origin == leg.destination}
        if errors:
            raise Malformed(errors)
        rows = []
        for n, leg in enumerate(legs):
            van = self._van(leg, f"legs.{n}.", parts) if leg.resource else None
            rows.append(
                {
                    "trajectory_id": self.row.id,
                    "origin_id": known[leg.origin].id,
                    "destination_id": known[leg.destination].id,
                    "starts": leg.start,
                    "ends": leg.end,
                    "booking_id": van,
                    "venue_id": self.known[leg.resource].venue_id if van and leg.resource else None,
                }
            )
        trajectories.add_legs(self.connection, rows)

    def _van(self, leg: LegTerms, path: str, parts: Sequence[tuple[str, Terms]]) -> UUID | None:
        claim = ClaimTerms(leg.resource or "", leg.start, leg.end)
        terms = Terms(
            f"{self.row.title}: {leg.origin} → {leg.destination}",
            Purpose.GET_IN,
            (claim,),
            organisation=self.row.organisation,
        )
        return self.ask(terms, path, within=_between(leg, parts, self.known))

    def refuse(self) -> None:
        """Everything that cannot be had, in one refusal; the ways out are those of the first."""
        if not self.refusals:
            return
        first = self.refusals[0]
        conflicts: list[Conflict] = [each for refusal in self.refusals for each in refusal.conflicts]
        raise CannotBeHad(conflicts, first.asked, first.besides, first.neighbours)


def _between(leg: LegTerms, parts: Sequence[tuple[str, Terms]], known: Mapping[str, Place]) -> Span | None:
    """When a leg may be: after the stay before it, before the get-in of the one after. None: nothing says."""
    before = [(_outer(terms, known), _leaves(terms, known)) for venue, terms in parts if venue == leg.origin]
    after = [(_expected(terms, known), _outer(terms, known)) for venue, terms in parts if venue == leg.destination]
    start = max((moment for span, moment in before if span.start <= leg.start), default=None)
    end = min((moment for moment, span in after if span.end > leg.start), default=None)
    if start is None or end is None or end <= start:
        return None
    return Span(start, end)


def _outer(terms: Terms, known: Mapping[str, Place]) -> Span:
    spans = [
        resolve(claim, known[claim.resource]).span
        for claim in terms.claims
        if known[claim.resource].kind in chains.ROOMS
    ] or [resolve(claim, known[claim.resource]).span for claim in terms.claims]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _leaves(terms: Terms, known: Mapping[str, Place]) -> datetime:
    """From when kit may go on: during the last day of a stay in whole days, else when it is over."""
    rooms = [claim for claim in terms.claims if known[claim.resource].kind in chains.ROOMS]
    end = _outer(terms, known).end
    return end - DAY if rooms and rooms[0].in_whole_days else end


def _expected(terms: Terms, known: Mapping[str, Place]) -> datetime:
    arrivals = [moment.start for moment in terms.moments if moment.kind in ("get-in", "arrival")]
    return min(arrivals, default=_outer(terms, known).start)


def perform(
    connection: Connection,
    person: Person,
    trajectory_id: UUID,
    verb: str,
    *,
    at: datetime,
    reason: str | None = None,
    if_match: Collection[int] | None = None,
) -> View:
    """withdraw, keep-the-rest. NotFound, Forbidden (not of the company), Stale, WrongState."""
    chain, houses = _opened(connection, person, trajectory_id, at=at, if_match=if_match)
    if verb not in verbs_of(person, chain):
        raise WrongState(chain.row.state, verb)
    DEEDS[verb](connection, person, chain, houses, at, reason)
    for house in houses.values():
        put_in_order(connection, house, at=at)
    settle_together(connection, houses.values(), at=at)
    return read(connection, person, trajectory_id, at=at)


def _opened(
    connection: Connection,
    person: Person,
    trajectory_id: UUID,
    *,
    at: datetime,
    if_match: Collection[int] | None,
    more: Collection[int] = (),
) -> tuple[Chain, dict[int, House]]:
    """The chain for its company, with every house of it locked and settled."""
    seen = find(connection, person, trajectory_id)
    if not person.speaks_for(seen.row.organisation):
        raise Forbidden
    houses = locked_together(connection, {part.venue_id for part in seen.parts} | set(more), at=at)
    chain = chains.load(connection, row_of(connection, trajectory_id, lock=True), lock=True)
    [view] = views_of(connection, person, [chain])
    if if_match is not None and view.revision not in if_match:
        raise Stale(view.revision)
    return chain, houses


def _withdraw(
    connection: Connection,
    person: Person,
    chain: Chain,
    houses: Mapping[int, House],
    at: datetime,
    reason: str | None,
) -> None:
    """The company takes back everything that is not confirmed."""
    trajectories.alter(connection, chain.row.id, state=ChainState.WITHDRAWN, deadline=None)
    for part in chain.live:
        if part.state in TAKEN_BACK:
            _end(connection, houses[part.venue_id], part, at=at, by=person.id, why=reason)


def _end(
    connection: Connection, house: House, part: BookingRow, *, at: datetime, by: UUID, why: str | None
) -> None:
    """A part ends as the company ends it: a request is withdrawn, an option released, a booking cancelled."""
    if part.state in (State.OPTION, State.SUSPENDED):
        lose(connection, house, part, held_days(house, part), to=State.RELEASED, at=at, by=by, why=why)
    elif part.state is State.CONFIRMED:
        move_to(connection, house, part, State.CANCELLED, "booking.cancelled", at=at, by=by, why=why)
    else:
        move_to(connection, house, part, State.WITHDRAWN, "booking.withdrawn", at=at, by=by, why=why)


def _keep_the_rest(
    connection: Connection,
    person: Person,
    chain: Chain,
    houses: Mapping[int, House],
    at: datetime,
    reason: str | None,
) -> None:
    """The company goes on without what was refused. Where a house has said yes that is final now; where a leg is
    missing its house confirms once it is planned; the others decide each for itself."""
    trajectories.alter(
        connection,
        chain.row.id,
        rule=ChainRule.EACH,
        state=ChainState.OPEN,
        broken_at=None,
        broken_why=None,
        zone=None,
    )
    for part in chain.live:
        if part.agreed_at is None or part.state is not State.OPTION:
            continue
        house = houses[part.venue_id]
        deed = Deed(connection, house, part, person, Verb.COMMIT, Answer(reason), at)
        if in_front(deed):
            continue
        if chain.gaps_at(part):
            commit(deed)
        else:
            agreeing.confirm_alone(connection, house, part, at=at, by=person.id)


def change(
    connection: Connection,
    person: Person,
    trajectory_id: UUID,
    wanted: ChainChange,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> View:
    """Other legs, other claims of a part, another part. NotFound, Forbidden, Stale, WrongState, Malformed,
    CannotBeHad. A part that had ended is asked anew, and a broken chain is whole again."""
    codes = {each.terms.resource for part in wanted.parts for each in part.claims}
    codes |= {leg.resource for leg in wanted.legs or () if leg.resource}
    known = places(connection, codes)
    more = {place.venue_id for place in known.values()}
    chain, houses = _opened(connection, person, trajectory_id, at=at, if_match=if_match, more=more)
    if chain.row.state is ChainState.WITHDRAWN:
        raise WrongState(chain.row.state, "change")
    unknown = {
        f"bookings.{n}.claims.{m}.resource": ["unknown"]
        for n, part in enumerate(wanted.parts)
        for m, each in enumerate(part.claims)
        if each.terms.resource not in known
    } | {
        f"legs.{n}.resource": ["unknown"]
        for n, leg in enumerate(wanted.legs or ())
        if leg.resource not in {None, *known}
    }
    if unknown:
        raise Malformed(unknown)
    if wanted.title is not None and wanted.title != chain.row.title:
        trajectories.alter(connection, chain.row.id, title=wanted.title)
    book = Booker(connection, person, row_of(connection, trajectory_id), houses, at, known=known)
    for n, part in enumerate(wanted.parts):
        _change_part(book, chain, part, f"bookings.{n}.", wanted.reason)
    if wanted.legs is not None:
        _change_legs(book, chain, wanted.legs, wanted.reason)
    book.refuse()
    for house in houses.values():
        put_in_order(connection, house, at=at)
    _make_whole(connection, houses, trajectory_id, at)
    agreeing.complete(connection, houses, trajectory_id, at=at)
    return read(connection, person, trajectory_id, at=at)


def _change_part(book: Booker, chain: Chain, wanted: PartChange, path: str, reason: str | None) -> None:
    if wanted.id is None:
        book.ask(_new(chain, wanted, book.known, path), path)
        return
    part = next((each for each in chain.parts if each.id == wanted.id and each.id not in chain.vans), None)
    if part is None:
        raise Malformed({f"{path}id": ["unknown"]})
    if part.state in ENDS:
        book.ask(_again(part, wanted, book.known), path)
        return
    try:
        change = Change({}, wanted.claims, reason=reason)
        changing.change(book.connection, book.person, part.id, change, at=book.at)
    except CannotBeHad as refusal:
        refusal.asked, refusal.besides = terms_of(part), part.id
        book.refusals.append(refusal)


def _new(chain: Chain, wanted: PartChange, known: Mapping[str, Place], path: str) -> Terms:
    """One part more."""
    claims = tuple(each.terms for each in wanted.claims)
    if wanted.venue is None:
        raise Malformed({f"{path}venue": ["required"]})
    if any(known[claim.resource].venue != wanted.venue for claim in claims):
        raise Malformed({f"{path}claims": ["two-venues"]})
    if wanted.purpose not in {None, *Purpose}:
        raise Malformed({f"{path}purpose": ["unknown"]})
    people = max((part.people for part in chain.parts if part.people), default=None)
    purpose = Purpose(wanted.purpose or Purpose.RESIDENCY)
    return Terms(
        wanted.title or chain.row.title, purpose, claims, organisation=chain.row.organisation, people=people
    )


def _again(part: BookingRow, wanted: PartChange, known: Mapping[str, Place]) -> Terms:
    """A part that had ended, asked anew: the moments that still lie within it go along."""
    claims = tuple(each.terms for each in wanted.claims)
    terms = replace(terms_of(part), claims=claims, note=part.note, refer_consent=part.refer_consent)
    spans = [resolve(claim, known[claim.resource]).presence for claim in claims]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    moments = [Moment.read(each) for each in part.moments]
    return replace(terms, moments=tuple(each for each in moments if first <= each.start and each.end <= last))


def _change_legs(book: Booker, chain: Chain, wanted: Sequence[LegTerms], reason: str | None) -> None:
    """Legs that stay as they are keep their vans; the others give them back, and new ones are asked."""
    stored = trajectories.legs(book.connection, [chain.row.id])
    vans = {part.id: part for part in chain.parts}
    left = list(wanted)
    for leg in stored:
        van = vans.get(leg.booking_id)
        resource = van.claims[0].resource if van is not None and van.claims else None
        terms = LegTerms(leg.origin, leg.destination, leg.starts, leg.ends, resource)
        if terms in left and not (van is not None and van.state in ENDS):
            left.remove(terms)
            continue
        trajectories.remove_legs(book.connection, [leg.id])
        if van is not None:
            trajectories.detach(book.connection, van.id)
            trajectories.alter(book.connection, chain.row.id, by=van.revision)
        if van is not None and van.state not in ENDS:
            again = reread(book.connection, van.id)
            _end(book.connection, book.houses[van.venue_id], again, at=book.at, by=book.person.id, why=reason)
            put_in_order(book.connection, book.houses[van.venue_id], at=book.at)
    others = [(part.venue, terms_of(part)) for part in chain.stays if part.state not in ENDS]
    codes = {claim.resource for _, terms in others for claim in terms.claims}
    book.known = {**book.known, **places(book.connection, codes)}
    book.legs(left, others)


def _make_whole(connection: Connection, houses: Mapping[int, House], trajectory_id: UUID, at: datetime) -> None:
    """What was refused has been replaced: the chain is open again, and what was agreed is held anew."""
    row = row_of(connection, trajectory_id)
    chain = chains.load(connection, row)
    if row.state is not ChainState.BROKEN or not _is_replaced(chain):
        return
    agreed = [
        part for part in chain.live if part.agreed_at is not None and part.state in (State.OPTION, State.PENDING)
    ]
    first = min(agreed, key=lambda part: (part.agreed_at or at, part.id), default=None)
    until = chains.held_until(row, houses.values(), houses[first.venue_id], at) if first else None
    zone = first.zone if first else None
    trajectories.alter(
        connection, row.id, state=ChainState.OPEN, deadline=until, zone=zone, broken_at=None, broken_why=None
    )
    for part in agreed:
        if until is not None:
            new = {"due_at": until.isoformat()}
            values = {**chains.held_values(part, until, at), "agreed_at": part.agreed_at}
            house = houses[part.venue_id]
            move_to(connection, house, part, State.PENDING, "booking.agreed", at=at, values=values, new=new)
            put_in_order(connection, house, at=at)


def _is_replaced(chain: Chain) -> bool:
    """Whether a part of the chain is asked that was not there when it broke."""
    since = chain.row.broken_at
    return since is not None and any(part.created_at >= since for part in chain.live if part.id not in chain.vans)


DEEDS: Mapping[str, Callable[[Connection, Person, Chain, Mapping[int, House], datetime, str | None], None]] = {
    "withdraw": _withdraw,
    "keep-the-rest": _keep_the_rest,
}
