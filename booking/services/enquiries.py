"""Enquiries: sent to several houses in one step, answered by each, settled by one yes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.bookings import Terms
from booking.domain.claims import ClaimTerms
from booking.domain.enquiries import (
    MOST_HOUSES,
    TAKEN,
    AnswerKind,
    EnquiryState,
    EnquiryTerms,
    HouseState,
    house_state,
    period_document,
    read_period,
)
from booking.domain.finding import Start
from booking.domain.needs import Need, Period
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, Malformed, NotFound, Stale, WrongState
from booking.domain.states import State, Verb
from booking.services import events, finding
from booking.services.asking import ask
from booking.services.candidates import Candidate, Found, Search
from booking.services.deeds import Deed
from booking.services.house import House, locked, locked_together, put_in_order
from booking.services.losing import held_days, lose
from booking.services.ordering import reread
from booking.storage import catalogues, enquiries, registers
from booking.storage.enquiries import AnswerRow, EnquiryRow
from booking.storage.registers import BookingRow

SETTLING = frozenset({Verb.COMMIT, Verb.CONFIRM})
"""A yes of either side to one offer: the others go back."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a house said, with the offer as it is by now."""

    row: AnswerRow
    booking: BookingRow | None

    @property
    def periods(self) -> tuple[Period, ...]:
        """When the house could instead."""
        return tuple(read_period(each) for each in self.row.periods)


@dataclass(frozen=True, slots=True)
class HouseView:
    """One house of an enquiry: how it stands, and what it said, the oldest first."""

    id: int
    code: str
    name: str
    town: str
    zone: str
    state: HouseState
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class View:
    """An enquiry as one person may see it: a house sees itself alone. `verbs`: what they may do."""

    row: EnquiryRow
    houses: tuple[HouseView, ...]
    verbs: tuple[str, ...]

    @property
    def revision(self) -> int:
        """Rises with every change of the enquiry and of its offers."""
        return self.row.revision + sum(
            answer.booking.revision for house in self.houses for answer in house.answers if answer.booking
        )


@dataclass(frozen=True, slots=True)
class HouseAnswer:
    """What a house says: `claims` (an offer), `periods` (when it could instead), or neither (a kind no)."""

    claims: tuple[ClaimTerms, ...] = ()
    periods: tuple[Period, ...] = ()
    reason: str | None = None
    force: bool = False

    @property
    def kind(self) -> AnswerKind:
        """Which of the three."""
        if self.claims:
            return AnswerKind.OFFER
        return AnswerKind.COUNTER if self.periods else AnswerKind.DECLINE


def send(
    connection: Connection,
    person: Person,
    organisation: UUID,
    terms: EnquiryTerms,
    venues: Sequence[str],
    *,
    at: datetime,
) -> View:
    """Send it to these houses; each is told. NotFound for another's company, Malformed for unknown houses."""
    if not person.speaks_for(organisation):
        raise NotFound
    known = catalogues.venue_ids(connection, set(venues))
    errors = {f"venues.{n}": ["unknown"] for n, code in enumerate(venues) if code not in known}
    if not venues:
        errors = {"venues": ["required"]}
    if len(set(venues)) > MOST_HOUSES:
        errors = {"venues": ["too-many"]}
    if errors:
        raise Malformed(errors)
    finding.check_known(connection, terms.needs)
    enquiry_id = enquiries.add(connection, terms, organisation, list(known.values()), by=person.id, at=at)
    row = _found(enquiries.find(connection, enquiry_id))
    for house in row.houses:
        _tell(connection, "enquiry.sent", row, house.id, house.name, by=person.id, at=at)
    return _view(connection, person, row)


def find(connection: Connection, person: Person, enquiry_id: UUID) -> View:
    """One enquiry, as this person may see it. NotFound."""
    return _view(connection, person, _known(person, enquiries.find(connection, enquiry_id)))


def listing(
    connection: Connection,
    person: Person,
    *,
    venue: str | None = None,
    state: EnquiryState | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[View]:
    """Those that this person may know, newest first. Four statements, however many."""
    rows = enquiries.listing(connection, person, venue=venue, state=state, after=after, limit=limit)
    return _views(connection, person, rows)


def answer(
    connection: Connection,
    person: Person,
    enquiry_id: UUID,
    says: HouseAnswer,
    *,
    venue: str | None = None,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> View:
    """A house offers an option on concrete claims, names another period, or says no.

    `venue` is needed only by who decides for several of its houses. NotFound, Forbidden, WrongState when the
    enquiry is no longer open, CannotBeHad as for any booking.
    """
    row = _known(person, enquiries.find(connection, enquiry_id))
    house = _deciding(person, row, venue)
    locked(connection, house.id, at=at)
    row = _open(enquiries.find(connection, enquiry_id, lock=True), "answer")
    _check_revision(connection, person, row, if_match)
    if says.kind is AnswerKind.OFFER:
        booking = _offer(connection, person, row, says, at)
        enquiries.add_answer(
            connection, row.id, house.id, says.kind, booking_id=booking, reason=says.reason, at=at, by_id=person.id
        )
        return find(connection, person, enquiry_id)
    periods = [period_document(period) for period in says.periods]
    enquiries.add_answer(
        connection, row.id, house.id, says.kind, periods=periods, reason=says.reason, at=at, by_id=person.id
    )
    event = "enquiry.countered" if says.kind is AnswerKind.COUNTER else "enquiry.declined"
    _tell(connection, event, row, house.id, house.name, by=person.id, at=at, why=says.reason, periods=periods)
    _close_when_all_declined(connection, enquiry_id)
    return find(connection, person, enquiry_id)


def _offer(connection: Connection, person: Person, row: EnquiryRow, says: HouseAnswer, at: datetime) -> UUID:
    terms = row.terms
    return ask(
        connection,
        person,
        Terms(
            title=terms.title,
            purpose=terms.purpose,
            claims=says.claims,
            organisation=row.organisation,
            people=terms.people,
            note=terms.note,
            refer_consent=terms.refer_consent,
            state=State.OPTION,
            force=says.force,
            reason=says.reason,
        ),
        at=at,
        enquiry=row.id,
    ).id


def withdraw(
    connection: Connection,
    person: Person,
    enquiry_id: UUID,
    *,
    reason: str | None = None,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> View:
    """The company takes it back: live offers are released, and every house is told. WrongState unless open."""
    row = _known(person, enquiries.find(connection, enquiry_id))
    if not person.speaks_for(row.organisation):
        raise Forbidden
    houses = locked_together(connection, enquiries.offering(connection, enquiry_id), at=at)
    row = _open(enquiries.find(connection, enquiry_id, lock=True), "withdraw")
    _check_revision(connection, person, row, if_match)
    enquiries.touch(connection, row.id, state=EnquiryState.WITHDRAWN)
    _release(connection, houses, row.id, by=person.id, at=at, why=reason)
    for house in row.houses:
        _tell(connection, "enquiry.withdrawn", row, house.id, house.name, by=person.id, at=at, why=reason)
    return find(connection, person, enquiry_id)


def settle(deed: Deed, houses: Mapping[int, House]) -> None:
    """One offer was said yes to: the others of its enquiry are released, in the same transaction."""
    enquiry_id = deed.row.enquiry_id
    if enquiry_id is None or deed.verb not in SETTLING:
        return
    row = enquiries.find(deed.connection, enquiry_id, lock=True)
    if row is None or deed.again().state not in TAKEN:
        return
    if row.state is EnquiryState.OPEN:
        enquiries.touch(deed.connection, enquiry_id, state=EnquiryState.SETTLED)
    _release(
        deed.connection,
        houses,
        enquiry_id,
        by=deed.person.id,
        at=deed.at,
        besides=deed.row.id,
        ordered=deed.house.id,
    )
    answered = enquiries.answers(deed.connection, [row.id])
    for house in row.houses:
        kinds = {each.kind for each in answered if each.venue_id == house.id}
        if not kinds & {AnswerKind.OFFER, AnswerKind.DECLINE}:
            _tell(deed.connection, "enquiry.settled", row, house.id, house.name, by=deed.person.id, at=deed.at)


def _release(
    connection: Connection,
    houses: Mapping[int, House],
    enquiry_id: UUID,
    *,
    by: UUID,
    at: datetime,
    why: str | None = None,
    besides: UUID | None = None,
    ordered: int | None = None,
) -> None:
    """`ordered`: the house that puts itself in order afterwards."""
    offers = [each for each in enquiries.offers(connection, enquiry_id) if each[0] != besides]
    known = dict(houses)
    more = {venue for _, venue in offers} - known.keys()
    if more:  # offered meanwhile; taken out of order, and a race that is lost so is run again
        known |= locked_together(connection, more, at=at)
    for booking_id, venue in offers:
        offer = reread(connection, booking_id, lock=True)
        if offer.state in (State.OPTION, State.SUSPENDED):
            days = held_days(known[venue], offer)
            lose(connection, known[venue], offer, days, to=State.RELEASED, at=at, by=by, why=why)
    for venue in sorted({venue for _, venue in offers} - {ordered}):
        put_in_order(connection, known[venue], at=at)


def possible(
    connection: Connection, person: Person, view: View, venue: str, *, at: datetime
) -> Sequence[Sequence[Found]]:
    """What this house could offer: per period and need, its own resources and how they stand."""
    terms = view.row.terms
    shortest = min((len(period.days) or 1 for period in terms.periods), default=1)
    needs = tuple(_at_house(need, venue) for need in terms.all_needs)
    asked = Search(needs, terms.periods, min(terms.days, shortest) if terms.days else None)
    return finding.search(connection, person, asked, at=at)


def waiting(connection: Connection, person: Person, venue: str, *, limit: int) -> list[View]:
    """Open enquiries that this house has not answered, the oldest first."""
    views = listing(connection, person, venue=venue, state=EnquiryState.OPEN, limit=limit)
    mine = [
        view
        for view in views
        if any(house.code == venue and house.state is HouseState.WAITING for house in view.houses)
    ]
    return mine[::-1]


def best_start(offered: Sequence[Sequence[Candidate]]) -> Start | None:
    """The first of the best starts from which the best candidate of every need can be had, or None."""
    if not offered or not all(offered):
        return None
    first, *others = (each[0].starts for each in offered)
    shared = [start for start in first if all(any(o.start == start.start for o in other) for other in others)]
    return min(shared, key=lambda start: start.rank, default=None)


def best_offer(
    connection: Connection, person: Person, enquiry_id: UUID, venue: str, *, at: datetime, reason: str | None
) -> HouseAnswer:
    """The house's best: in the first of the periods in which everything is free, else as the next option in the
    first in which it can be had at all. Malformed when there is none."""
    view = find(connection, person, enquiry_id)
    terms = view.row.terms
    found: list[tuple[Start, Sequence[Candidate]]] = []
    for per_need in possible(connection, person, view, venue, at=at):
        offered = [[each for each in here.candidates if each.starts and each.fit.fits] for here in per_need]
        start = best_start(offered)
        if start is not None:
            found.append((start, [each[0] for each in offered]))
    if not found:
        raise Malformed({"claims": ["nothing-free"]})
    start, chosen = next((each for each in found if each[0].rank == 1), found[0])
    claims = tuple(
        ClaimTerms(each.row.code, start.start, start.end, need.quantity)
        for need, each in zip(terms.all_needs, chosen, strict=True)
    )
    return HouseAnswer(claims, reason=reason)


def _close_when_all_declined(connection: Connection, enquiry_id: UUID) -> None:
    row = _found(enquiries.find(connection, enquiry_id))
    said = {each.venue_id: each.kind for each in enquiries.answers(connection, [enquiry_id])}
    if all(said.get(house.id) is AnswerKind.DECLINE for house in row.houses) and not enquiries.offering(
        connection, enquiry_id
    ):
        enquiries.touch(connection, enquiry_id, state=EnquiryState.DECLINED)


def _found(row: EnquiryRow | None) -> EnquiryRow:
    if row is None:
        raise NotFound
    return row


def _known(person: Person, row: EnquiryRow | None) -> EnquiryRow:
    found = _found(row)
    at_house = any(person.may_know(house.code, None) for house in found.houses)
    if not at_house and not person.speaks_for(found.organisation) and not person.sees_everything:
        raise NotFound
    return found


def _open(row: EnquiryRow | None, verb: str) -> EnquiryRow:
    found = _found(row)
    if found.state is not EnquiryState.OPEN:
        raise WrongState(found.state, verb)
    return found


def _deciding(person: Person, row: EnquiryRow, venue: str | None) -> Row[Any]:
    """The house that answers. Forbidden for who decides for none of them; Malformed when it is not clear which."""
    mine = [house for house in row.houses if person.decides_for(house.code)]
    if not mine:
        raise Forbidden
    if venue is None and len(mine) > 1:
        raise Malformed({"venue": ["required"]})
    chosen = [house for house in mine if venue in (None, house.code)]
    if not chosen:
        raise Malformed({"venue": ["unknown"]})
    return chosen[0]


def _check_revision(
    connection: Connection, person: Person, row: EnquiryRow, if_match: Collection[int] | None
) -> None:
    if if_match is not None and (revision := _view(connection, person, row).revision) not in if_match:
        raise Stale(revision)


def _tell(
    connection: Connection,
    kind: str,
    row: EnquiryRow,
    venue_id: int,
    venue: str,
    *,
    by: UUID,
    at: datetime,
    why: str | None = None,
    periods: Sequence[Mapping[str, str]] = (),
) -> None:
    """An event of the enquiry at one house. No booking has it in its history."""
    facts = {**facts_of(row, venue), "periods": list(periods)}
    events.put(connection, kind, venue_id=venue_id, booking_id=None, by=by, at=at, new=facts, why=why)


def facts_of(row: EnquiryRow, venue: str) -> dict[str, Any]:
    """What an event of an enquiry tells, of whatever kind. `venue`: the name of the house that it concerns."""
    return {
        "enquiry": str(row.id),
        "title": row.terms.title,
        "organisation": str(row.organisation),
        "organisation_name": row.organisation_name,
        "venue": venue,
    }


def _view(connection: Connection, person: Person, row: EnquiryRow) -> View:
    return _views(connection, person, [row])[0]


def _views(connection: Connection, person: Person, rows: Sequence[EnquiryRow]) -> list[View]:
    said = enquiries.answers(connection, [row.id for row in rows]) if rows else []
    offered = [each.booking_id for each in said if each.booking_id is not None]
    bookings = {row.id: row for row in registers.of_ids(connection, offered)} if offered else {}
    views = []
    for row in rows:
        sees_all = person.speaks_for(row.organisation) or person.sees_everything
        houses = [
            _house(
                house, [each for each in said if (each.enquiry_id, each.venue_id) == (row.id, house.id)], bookings
            )
            for house in row.houses
            if sees_all or person.may_know(house.code, None)
        ]
        views.append(View(row, tuple(houses), _verbs(person, row)))
    return views


def _house(house: Row[Any], said: Sequence[AnswerRow], bookings: Mapping[UUID, BookingRow]) -> HouseView:
    answers = tuple(
        AnswerView(each, bookings.get(each.booking_id) if each.booking_id is not None else None) for each in said
    )
    states = [answer.booking.state for answer in answers if answer.booking is not None]
    state = house_state([each.kind for each in said], states)
    return HouseView(house.id, house.code, house.name, house.town, house.zone, state, answers)


def _verbs(person: Person, row: EnquiryRow) -> tuple[str, ...]:
    if row.state is not EnquiryState.OPEN:
        return ()
    answers = ["answers"] if any(person.decides_for(house.code) for house in row.houses) else []
    return (*answers, "withdraw") if person.speaks_for(row.organisation) else tuple(answers)


def _at_house(need: Need, venue: str) -> Need:
    return replace(need, venue=venue, country=None, region=None)
