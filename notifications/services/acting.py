"""Acting from a letter: what a signed link would do is shown first, and done only when its page is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.claims import ClaimTerms
from booking.domain.people import Person
from booking.domain.refusals import NotFound, WrongState
from booking.domain.states import Verb
from booking.services import bookings, people, standing
from booking.services.answering import Answer, answer_challenge, perform
from booking.services.changing import read_claim
from booking.services.standing import NOTHING, Standing
from booking.storage.registers import BookingRow
from notifications.services.signed import Action


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks, as it is now. `possible`: whether the booking allows it; `standing`: how it stands."""

    person: Person
    booking: BookingRow
    action: Action
    possible: bool
    standing: Standing = NOTHING

    @property
    def proposed(self) -> Sequence[ClaimTerms]:
        """What the booking would take after a yes, where that is something else than it takes now."""
        if self.standing.offer is not None:
            cause = self.standing.offer.cause_id
            return [_lost(each) for each in self.standing.lost if each.cause_id == cause]
        if self.standing.proposal is not None:
            return [read_claim(each).terms for each in self.standing.proposal.claims]
        return ()


def look(connection: Connection, action: Action, *, at: datetime) -> Asked:
    """What the link would do, without doing it. NotFound when its reader may not know the booking any more."""
    person = _reader(connection, action)
    row = bookings.find(connection, person, action.booking)
    how = _standing(connection, row, at)
    allowed = bool(row.claims) and action.verb in standing.verbs(row, person, how)
    return Asked(person, row, action, allowed and not _is_overtaken(action, how), how)


def act(connection: Connection, action: Action, *, at: datetime) -> BookingRow:
    """Do it, as the reader of the letter, by the same rules as on the page of the booking. Every Refusal of it;
    WrongState too when another thing waits for an answer by now than the letter told."""
    person = _reader(connection, action)
    row = bookings.find(connection, person, action.booking)
    if _is_overtaken(action, _standing(connection, row, at)):
        raise WrongState(row.state, action.verb)
    if action.challenge is not None:
        return answer_challenge(connection, person, action.challenge, action.verb, Answer(), at=at)
    return perform(connection, person, action.booking, action.verb, Answer(), at=at)


def _lost(lost: Row[Any]) -> ClaimTerms:
    return ClaimTerms(lost.resource, lost.start_date or lost.starts, lost.end_date or lost.ends, lost.quantity)


def _standing(connection: Connection, row: BookingRow, at: datetime) -> Standing:
    return standing.of(connection, [row], at=at).get(row.id, NOTHING) if row.claims else NOTHING


def _is_overtaken(action: Action, how: Standing) -> bool:
    """Whether a yes or a no would answer something that was proposed after the letter."""
    if action.verb not in (Verb.ACCEPT, Verb.REFUSE) or action.told_at is None:
        return False
    waiting = [each.asked_at for each in how.asked_to_refer]
    waiting += [each.at for each in (how.proposal,) if each is not None]
    waiting += [each.offered_at for each in (how.offer,) if each is not None and each.offered_at is not None]
    return any(moment.replace(microsecond=0) > action.told_at for moment in waiting)


def _reader(connection: Connection, action: Action) -> Person:
    person = people.of_id(connection, action.person)
    if person is None:
        raise NotFound
    return person
