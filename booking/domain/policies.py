"""What a booking becomes when nothing stands in its way."""

from collections.abc import Sequence
from datetime import datetime

from booking.domain.claims import Asked
from booking.domain.conflicts import Asker
from booking.domain.rules import Policy
from booking.domain.states import State
from booking.domain.wall_clock import planning_day, planning_days

STRICTEST_LAST = (Policy.INSTANT, Policy.OPTION, Policy.REQUEST)
FIRST_STATE = {
    Policy.INSTANT: State.CONFIRMED,
    Policy.OPTION: State.OPTION,
    Policy.REQUEST: State.REQUESTED,
}


def first_state(asked: Sequence[Asked], asker: Asker, *, over_option: bool, at: datetime) -> State:
    """A booking follows the strictest of its resources; over a live option `instant` becomes `option`.

    The house's own booking needs nobody's answer: it is confirmed, and behind a live option an option too.
    """
    if asker.is_house:
        return State.OPTION if over_option else State.CONFIRMED
    policy = max((_policy(claim, asked, asker, at) for claim in asked), key=STRICTEST_LAST.index)
    if policy is Policy.INSTANT and over_option:
        policy = Policy.OPTION
    return FIRST_STATE[policy]


def _policy(claim: Asked, asked: Sequence[Asked], asker: Asker, at: datetime) -> Policy:
    rules = claim.place.rules
    return Policy.INSTANT if _confirms_itself(claim, asked, asker, at) else rules.policy


def _confirms_itself(claim: Asked, asked: Sequence[Asked], asker: Asker, at: datetime) -> bool:
    rule, place = claim.place.rules.auto_confirm, claim.place
    if rule is None:
        return False
    days = planning_days(claim.span, place.zone, place.day_line)
    ahead = (days[0] - planning_day(at, place.zone, place.day_line)).days
    return (
        ahead <= rule.at_most_days_ahead
        and len(days) <= rule.at_most_days
        and (asker.is_programme_company or not rule.programme_company)
        and not (rule.without_accommodation and any(each.place.kind == "accommodation" for each in asked))
    )
