"""What is said of a booking as its deadline comes near: when, and whether it still makes sense then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.options import Clock, DueKind
from booking.domain.states import State
from booking.domain.wall_clock import DAY, at_venue, instant

EXPIRING = {"expiring-3": 3, "expiring-1": 1}
"""Kinds of reminders of an option, and how many days before it runs out they come."""

ANSWER_DUE, ANSWER_OVERDUE = "answer-due", "answer-overdue"

EVENTS = {
    **dict.fromkeys(EXPIRING, "booking.expiring"),
    ANSWER_DUE: "booking.answer-due",
    ANSWER_OVERDUE: "booking.answer-overdue",
}
"""The event that each of them puts."""

WAITS_FOR_THE_HOUSE = frozenset({State.REQUESTED, State.PENDING})


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder: what kind, about which deadline, and when it is said."""

    kind: str
    about: datetime
    due_at: datetime


def of_option(expires_at: datetime, zone: str, *, since: datetime) -> list[Planned]:
    """The reminders of an option that runs out at `expires_at`, at the same time on the clock of the house.

    What would have been said before `since`, when that end was set, is not said at all.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 23, 15, tzinfo=UTC)
    >>> end = datetime(2026, 12, 7, 15, tzinfo=UTC)
    >>> [each.due_at.day for each in of_option(end, "Europe/Paris", since=monday)]
    [4, 6]
    """
    planned = [Planned(kind, expires_at, _before(expires_at, days, zone)) for kind, days in EXPIRING.items()]
    return [each for each in planned if each.due_at > since]


def of_answer(clock: Clock, since: datetime, *, zone: str) -> list[Planned]:
    """What the house hears of a question that waits since `since`: a working day before its answer is due, and
    when it is overdue."""
    due = clock.answered(since)
    day = _before(due, 1, zone)
    while not clock.days.counts(at_venue(day, zone).date()):
        day = _before(day, 1, zone)
    planned = [Planned(ANSWER_DUE, due, day), Planned(ANSWER_OVERDUE, due, due)]
    return [each for each in planned if each.due_at > since]


def still_makes_sense(
    kind: str,
    about: datetime,
    *,
    at: datetime,
    state: State,
    expires_at: datetime | None,
    due_kind: str | None,
) -> bool:
    """Whether a reminder is still worth saying at `at`, of a booking that stands so.

    A worker that was down says nothing about a deadline that has passed, nor about one that was moved, nor
    three days late what it says one day before anyway.
    """
    if kind in EXPIRING:
        is_same = state is State.OPTION and expires_at == about
        return is_same and at < about and not (kind == "expiring-3" and about - at <= DAY)
    waits = state in WAITS_FOR_THE_HOUSE and (state is State.REQUESTED or due_kind == DueKind.ANSWER)
    return waits and (at < about if kind == ANSWER_DUE else True)


def _before(moment: datetime, days: int, zone: str) -> datetime:
    local = at_venue(moment, zone).replace(tzinfo=None, fold=0)
    return instant(local - timedelta(days=days), zone)
