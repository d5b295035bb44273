"""The verbs of a booking: what a person says, and what becomes of it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import CannotBeHad, Forbidden, Malformed, WrongState
from booking.domain.states import MOVES, Move, Verb, may_move
from booking.services import agreeing, challenging, confirming, enquiries, options, proposing, referring
from booking.services.deeds import Answer, Deed, refuse_unseen
from booking.services.house import House, check_revision, opened_with_chain, put_in_order, settle_together
from booking.services.ordering import reread
from booking.services.terms import terms_of
from booking.storage.registers import BookingRow

__all__ = ["Answer", "answer_challenge", "perform"]

DEEDS: Mapping[Verb, Callable[[Deed], None]] = {
    Verb.COMMIT: confirming.commit,
    Verb.GRANT: options.grant,
    Verb.CONFIRM: confirming.confirm,
    Verb.CHALLENGE: challenging.challenge,
    Verb.ACCEPT: proposing.accept,
    Verb.REFUSE: proposing.refuse,
    Verb.EXTEND: options.extend,
    Verb.COUNTER: proposing.counter,
    Verb.ORDER: options.order,
    Verb.TAKE_BACK: confirming.take_back,
    Verb.REFER: referring.refer,
    Verb.DECLINE: confirming.end,
    Verb.WITHDRAW: confirming.end,
    Verb.RELEASE: options.release,
    Verb.CANCEL: confirming.end,
}

TAKING = frozenset({Verb.CONFIRM, Verb.COMMIT})
"""Verbs that take what the option holds, all of it as their speaker knows it."""


def perform(
    connection: Connection,
    person: Person,
    booking_id: UUID,
    verb: Verb,
    answer: Answer,
    *,
    at: datetime,
    if_match: Collection[int] | None = None,
) -> BookingRow:
    """Do it, and return the booking as it is then. What was due at the house by `at` is settled first.

    NotFound, Forbidden (not on that side), Stale (`if_match` has not its revision), WrongState,
    Malformed (a reason is missing), CannotBeHad (something stands in the way, or took some days just now).
    """
    referring.lock_partners(connection, person, booking_id, verb, answer)
    row, houses = opened_with_chain(connection, person, booking_id, at=at)
    house = houses[row.venue_id]
    _check(row, person, MOVES[verb], answer, if_match)
    try:
        deed = Deed(connection, house, row, person, verb, answer, at)
        if if_match is None and verb in TAKING:
            refuse_unseen(deed)
        _do(deed, houses)
        enquiries.settle(deed, houses)
    except CannotBeHad as refusal:
        if refusal.asked is None:
            refusal.asked, refusal.besides = terms_of(row), row.id
        raise
    put_in_order(connection, house, at=at)
    settle_together(connection, houses.values(), at=at)  # a no, and what was held for it goes back at once
    return reread(connection, row.id)


def _do(deed: Deed, houses: Mapping[int, House]) -> None:
    """The verb; in a chain, where a yes may have to wait for other houses and kit has to get there."""
    chain = agreeing.chain_of(deed.connection, deed.row, lock=True)
    if chain is None:
        DEEDS[deed.verb](deed)
    elif agreeing.is_yes(chain, deed.verb, deed.row.state):
        agreeing.agree(deed, houses, chain)
    else:
        if deed.verb is Verb.CONFIRM:
            agreeing.check_transport(deed.connection, deed.row, chain)
        DEEDS[deed.verb](deed)
        if deed.verb is Verb.TAKE_BACK:
            agreeing.forget(deed, chain)


def answer_challenge(
    connection: Connection, person: Person, challenge_id: UUID, says: Verb, answer: Answer, *, at: datetime
) -> BookingRow:
    """A challenged holder commits, or releases the contested days. NotFound, Forbidden, WrongState (too late)."""
    if says is Verb.COMMIT:
        booking_id = challenging.holder_of(connection, person, challenge_id, at=at)
        return perform(connection, person, booking_id, Verb.COMMIT, answer, at=at)
    return challenging.release_contested(connection, person, challenge_id, answer, at=at)


def _check(row: BookingRow, person: Person, move: Move, answer: Answer, if_match: Collection[int] | None) -> None:
    sides = person.sides(row.venue, row.organisation)
    if not sides & move.sides:
        raise Forbidden
    check_revision(row, if_match)
    if not may_move(row.state, move.verb):
        raise WrongState(row.state, move.verb)
    if (sides & move.sides) <= move.reasoned and not answer.is_reasoned:
        raise Malformed({"reason": ["required"]})
    if answer.force and (not person.decides_for(row.venue) or not answer.is_reasoned):
        raise (Malformed({"reason": ["required"]}) if person.decides_for(row.venue) else Forbidden())
