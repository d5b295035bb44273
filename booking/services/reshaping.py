"""Chains changed after they were asked: taken back, kept in part, mended by other legs and other stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Change, ClaimChange, Moment, Purpose, Terms
from booking.domain.claims import Place, resolve
from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, Stale, WrongState
from booking.domain.states import ENDS, State, Verb
from booking.domain.trajectories import ChainRule, ChainState, LegTerms
from booking.services import agreeing, chains, changing
from booking.services.chains import Chain
from booking.services.composing import Booker
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
    DEEDS[verb](Reshaping(connection, person, chain, houses, at, reason))
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


@dataclass(frozen=True, slots=True)
class Reshaping:
    """One deed of a company on its chain, whose houses are all under their locks."""

    connection: Connection
    person: Person
    chain: Chain
    houses: Mapping[int, House]
    at: datetime
    reason: str | None


def _withdraw(doing: Reshaping) -> None:
    """The company takes back everything that is not confirmed."""
    trajectories.alter(doing.connection, doing.chain.row.id, state=ChainState.WITHDRAWN, deadline=None)
    for part in doing.chain.live:
        if part.state in TAKEN_BACK:
            house = doing.houses[part.venue_id]
            _end(doing.connection, house, part, at=doing.at, by=doing.person.id, why=doing.reason)


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


def _keep_the_rest(doing: Reshaping) -> None:
    """The company goes on without what was refused. Where a house has said yes that is final now; where a leg is
    missing its house confirms once it is planned; the others decide each for itself."""
    chain = doing.chain
    trajectories.alter(
        doing.connection,
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
        house = doing.houses[part.venue_id]
        deed = Deed(doing.connection, house, part, doing.person, Verb.COMMIT, Answer(doing.reason), doing.at)
        if in_front(deed):
            continue
        if chain.gaps_at(part):
            commit(deed)
        else:
            agreeing.confirm_alone(doing.connection, house, part, at=doing.at, by=doing.person.id)


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
    legs = wanted.legs if wanted.legs is not None else _without_left(chain, wanted, known)
    if legs is not None:
        _change_legs(book, chain, legs, wanted.reason)
    book.refuse()
    for house in houses.values():
        put_in_order(connection, house, at=at)
    moved = {part.id for part in wanted.parts} & {part.id for part in chain.wanting}
    _make_whole(connection, houses, trajectory_id, at, moved=bool(moved))
    agreeing.complete(connection, houses, trajectory_id, at=at)
    return read(connection, person, trajectory_id, at=at)


def _change_part(book: Booker, chain: Chain, wanted: PartChange, path: str, reason: str | None) -> None:
    if wanted.id is None:
        book.ask(_new(chain, wanted, book.known, path), path)
        return
    part = next((each for each in chain.parts if each.id == wanted.id and each.id not in chain.vans), None)
    if part is None:
        raise Malformed({f"{path}id": ["unknown"]})
    goes = any(book.known[each.terms.resource].venue != part.venue for each in wanted.claims)
    is_undecided = part in chain.wanting and part.state not in ENDS
    if part.state in ENDS or (goes and is_undecided):
        _ask_anew(book, chain, part, wanted, path, reason)
        return
    try:
        change = Change({}, wanted.claims, reason=reason)
        changing.change(book.connection, book.person, part.id, change, at=book.at)
    except CannotBeHad as refusal:
        refusal.asked, refusal.besides = terms_of(part), part.id
        book.refusals.append(refusal)


def _ask_anew(
    book: Booker, chain: Chain, part: BookingRow, wanted: PartChange, path: str, reason: str | None
) -> None:
    """A part that had ended, here or in another house; one that had not answered is taken back there."""
    if part.state not in ENDS:
        house = book.houses[part.venue_id]
        _end(book.connection, house, part, at=book.at, by=book.person.id, why=reason)
        put_in_order(book.connection, house, at=book.at)
    if book.ask(_again(part, wanted, book.known), path) is not None:
        replaced = row_of(book.connection, chain.row.id).replaced | {part.id}
        trajectories.alter(book.connection, chain.row.id, replaced=sorted(map(str, replaced)))


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


def _without_left(chain: Chain, wanted: ChainChange, known: Mapping[str, Place]) -> tuple[LegTerms, ...] | None:
    """The legs without those from and to a house that the chain leaves; None where it leaves none."""
    there = {
        part.id: {known[each.terms.resource].venue for each in part.claims} for part in wanted.parts if part.id
    }
    left = {part.venue for part in chain.stays if part.id in there and part.venue not in there[part.id]}
    left -= {part.venue for part in chain.live if part.id not in there and part.id not in chain.vans}
    kept = tuple(leg for leg in chain.legs if not {leg.origin, leg.destination} & left)
    return kept if len(kept) < len(chain.legs) else None


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


def _make_whole(
    connection: Connection, houses: Mapping[int, House], trajectory_id: UUID, at: datetime, *, moved: bool
) -> None:
    """What was refused has been replaced: the chain is open again, and what was agreed is held anew.

    `moved`: what the company had to decide about was asked in another period or house.
    """
    row = row_of(connection, trajectory_id)
    chain = chains.load(connection, row)
    if row.state is not ChainState.BROKEN or not (moved or _is_replaced(chain)) or _is_refused(chain):
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


def _is_refused(chain: Chain) -> bool:
    """Whether a no is left that nothing replaces."""
    return any(part.state in ENDS for part in chain.wanting)


DEEDS: Mapping[str, Callable[[Reshaping], None]] = {
    "withdraw": _withdraw,
    "keep-the-rest": _keep_the_rest,
}
