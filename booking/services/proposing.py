"""Proposals: the house's counter-proposal, a change that a company asks of what is confirmed, and their answer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from booking.domain.bookings import Change, ClaimChange
from booking.domain.refusals import Forbidden, Malformed, WrongState
from booking.domain.states import Side, State, Verb
from booking.services import options, referring, reinstating
from booking.services.changing import check_change, claim_documents, move, read_claim
from booking.services.deeds import Deed
from booking.storage import losses, queues


def counter(deed: Deed) -> None:
    """The house proposes other claims; the company accepts or refuses. Malformed, CannotBeHad as for a change."""
    if not deed.answer.claims:
        raise Malformed({"claims": ["required"]})
    check_change(deed.connection, deed.person, deed.row, deed.house, _change(deed, deed.answer.claims), at=deed.at)
    propose(deed, "counter", Side.HOUSE, deed.answer.claims)
    deed.tell("booking.countered", new={"claims": claim_documents(deed.answer.claims)})


def propose(deed: Deed, kind: str, side: Side, claims: Sequence[ClaimChange]) -> None:
    """Keep a proposal; one that was open is overtaken."""
    queues.answer_proposal(deed.connection, deed.row.id, "void", at=deed.at)
    queues.add_proposal(
        deed.connection,
        venue_id=deed.row.venue_id,
        booking_id=deed.row.id,
        kind=kind,
        side=side,
        claims=claim_documents(claims),
        reason=deed.answer.reason,
        by_id=deed.person.id,
        at=deed.at,
    )


def accept(deed: Deed) -> None:
    """Say yes to what waits for this side: a proposal, or days offered again. WrongState: nothing waits."""
    offer = _offer(deed)
    if offer is not None:
        _answer_offer(deed, offer, "accept")
        return
    if referring.answer(deed, "accept"):
        return
    proposal = _proposal(deed)
    claims = [read_claim(document) for document in proposal.claims]
    queues.answer_proposal(deed.connection, deed.row.id, "accept", at=deed.at)
    move(deed.connection, deed.person, deed.row, deed.house, _change(deed, claims), at=deed.at)
    deed.tell("booking.accepted", new={"kind": proposal.kind, "claims": proposal.claims})
    if deed.row.state is State.REQUESTED:  # the house offered it: an option, as any offer of a house
        again = Deed(deed.connection, deed.house, deed.again(), deed.person, Verb.GRANT, deed.answer, deed.at)
        options.grant(again)


def refuse(deed: Deed) -> None:
    """Say no to it; the booking stays as it is. WrongState: nothing waits."""
    offer = _offer(deed)
    if offer is not None:
        _answer_offer(deed, offer, "refuse")
        return
    if referring.answer(deed, "refuse"):
        return
    proposal = _proposal(deed)
    queues.answer_proposal(deed.connection, deed.row.id, "refuse", at=deed.at)
    deed.tell("booking.refused", new={"kind": proposal.kind})


def _offer(deed: Deed) -> Row[Any] | None:
    """The days that the company is offered again, the first of such offers."""
    offers = losses.open_offers(deed.connection, bookings=[deed.row.id])
    waiting = next((each for each in offers if each.offered_at is not None), None)
    if waiting is not None and Side.COMPANY not in deed.person.sides(deed.row.venue, deed.row.organisation):
        raise Forbidden
    return waiting


def _answer_offer(deed: Deed, offer: Row[Any], said: str) -> None:
    reinstating.answer(
        deed.connection,
        deed.house,
        offer.id,
        deed.row.id,
        offer.cause_id,
        said,
        at=deed.at,
        by=deed.person.id,
    )


def _proposal(deed: Deed) -> Row[Any]:
    found = queues.open_proposals(deed.connection, [deed.row.id])
    if not found:
        raise WrongState(deed.row.state, deed.verb)
    sides = deed.person.sides(deed.row.venue, deed.row.organisation)
    if not sides - {Side(found[0].side)}:
        raise Forbidden  # who proposes waits for the other side
    return found[0]


def _change(deed: Deed, claims: Sequence[ClaimChange]) -> Change:
    return Change({}, tuple(claims), force=deed.answer.force, reason=deed.answer.reason)
