"""The kinds of news: what they are about, who may not miss them, and how often they come unless a person chose.

A kind that is not named here is about what its first word says, and comes at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from booking.domain.states import Side
from notifications.domain.audience import TOLD
from notifications.domain.frequency import Frequency

MAIL, INBOX, PUSH = "mail", "inbox", "push"
CHANNELS = (MAIL, INBOX, PUSH)
"""What a person has preferences for. Webhooks are told what they asked for."""

BOTH = frozenset(Side)
COMPANY, HOUSE = frozenset({Side.COMPANY}), frozenset({Side.HOUSE})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of news. `sides`: who reads it. `mandatory`: on which sides nobody may switch the letter off,
    since it tells what they would lose by not knowing. `usual`: how often the letter comes, by side."""

    topic: str
    sides: frozenset[Side] = BOTH
    mandatory: frozenset[Side] = frozenset()
    usual: Mapping[Side, Frequency] = field(default_factory=dict)


WEEKLY_TO_THE_HOUSE = {Side.HOUSE: Frequency.WEEKLY}
DAILY_TO_THE_HOUSE = {Side.HOUSE: Frequency.DAILY}

KINDS: Mapping[str, Kind] = {
    "booking.requested": Kind("requests"),
    "booking.granted": Kind("answers", mandatory=COMPANY, usual=DAILY_TO_THE_HOUSE),
    "booking.confirmed": Kind("answers", mandatory=COMPANY),
    "booking.declined": Kind("answers", mandatory=COMPANY),
    "booking.taken-back": Kind("answers", mandatory=COMPANY),
    "booking.countered": Kind("answers", mandatory=COMPANY),
    "booking.agreed": Kind("answers"),
    "booking.let-go": Kind("answers", mandatory=COMPANY),
    "booking.cancelled": Kind("answers", mandatory=BOTH),
    "booking.committed": Kind("requests", mandatory=HOUSE),
    "booking.withdrawn": Kind("requests"),
    "booking.change-asked": Kind("requests"),
    "booking.answer-due": Kind("deadlines", sides=HOUSE),
    "booking.answer-overdue": Kind("deadlines", sides=HOUSE),
    "booking.expiring": Kind("deadlines", sides=COMPANY, mandatory=COMPANY),
    "booking.challenge-received": Kind("deadlines", mandatory=COMPANY),
    "booking.challenge-won": Kind("deadlines", mandatory=COMPANY),
    "booking.reinstatement-offered": Kind("deadlines", mandatory=COMPANY),
    "booking.lapsed": Kind("deadlines", mandatory=COMPANY),
    "booking.moved-up": Kind("queue", usual=WEEKLY_TO_THE_HOUSE),
    "booking.moved-down": Kind("queue", usual=WEEKLY_TO_THE_HOUSE),
    "booking.ordered": Kind("queue"),
    "booking.extended": Kind("queue"),
    "booking.returned": Kind("queue"),
    "booking.challenged": Kind("queue"),
    "booking.challenge-lost": Kind("queue"),
    "booking.challenge-void": Kind("queue"),
    "booking.reinstated": Kind("queue"),
    "booking.reinstatement-refused": Kind("queue"),
    "booking.reinstatement-lapsed": Kind("queue"),
    "booking.beaten": Kind("answers", mandatory=COMPANY, usual=DAILY_TO_THE_HOUSE),
    "booking.suspended": Kind("answers", mandatory=COMPANY, usual=DAILY_TO_THE_HOUSE),
    "conflict.opened": Kind("conflicts", mandatory=BOTH),
    "conflict.closed": Kind("conflicts"),
    "conflict.resolved": Kind("conflicts"),
    "equipment.overdue": Kind("equipment"),
    "enquiry.sent": Kind("requests", sides=HOUSE),
    "enquiry.withdrawn": Kind("requests", sides=HOUSE),
    "enquiry.settled": Kind("requests", sides=HOUSE),
    "enquiry.countered": Kind("answers", sides=COMPANY),
    "enquiry.declined": Kind("answers", sides=COMPANY),
    "message.posted": Kind("thread"),
    "file.added": Kind("thread"),
    "arrivals.written": Kind("thread"),
    "rider.written": Kind("thread"),
    "waiting.freed": Kind("waiting", sides=COMPANY),
    "call.opened": Kind("calls", sides=COMPANY),
    "call.closing": Kind("calls", sides=COMPANY),
    "call.changed": Kind("calls"),
    "call.closed": Kind("calls"),
    "call.withdrawn": Kind("calls"),
    "call.applied": Kind("calls", sides=HOUSE, usual=DAILY_TO_THE_HOUSE),
    "call.granted": Kind("calls", sides=COMPANY, mandatory=COMPANY),
    "call.not-granted": Kind("calls", sides=COMPANY, mandatory=COMPANY),
    "calendar.failed": Kind("calendar", sides=HOUSE),
    "calendar.recovered": Kind("calendar", sides=HOUSE),
}
"""What is particular about some kinds."""

ROUNDS: Mapping[str, Kind] = {
    "round.expiring-options": Kind("deadlines", sides=HOUSE),
    "round.overdue-answers": Kind("deadlines", sides=frozenset()),
}
"""Letters of every Monday: to planners, and to the coordinator, who stands on neither side."""

SERVICE: Mapping[str, Kind] = {
    "digest": Kind("service"),
    "webhook.disabled": Kind("service", mandatory=BOTH),
    "team.handed-over": Kind("service", mandatory=BOTH),
    "team.invited": Kind("service", mandatory=BOTH),
}
"""Letters about the product itself; nobody has a preference for them."""

TOPICS = (
    "requests",
    "answers",
    "deadlines",
    "thread",
    "queue",
    "booking",
    "conflicts",
    "equipment",
    "waiting",
    "calls",
    "calendar",
)
"""In which order they are shown; a topic that is not named comes after these."""

SILENT = frozenset(
    {
        "booking.completed",
        "booking.undone",
        "closure.added",
        "closure.changed",
        "closure.removed",
        "equipment.checked-out",
        "equipment.checked-in",
        "file.removed",
        "resource.windows-changed",
        "resource.stock-changed",
    }
)
"""Events that nobody is written to about: they stand in the history, or those whom they touch are told by an event
of their own (a closure suspends options and opens conflicts)."""


def kind_of(kind: str) -> Kind:
    """What is known of a kind.

    >>> kind_of("booking.released").topic
    'booking'
    """
    return KINDS.get(kind) or ROUNDS.get(kind) or SERVICE.get(kind) or Kind(kind.partition(".")[0])


def usual(kind: str, side: Side | None) -> Frequency:
    """How often the letter of that kind comes to somebody who chose nothing."""
    return kind_of(kind).usual.get(side, Frequency.IMMEDIATE) if side else Frequency.IMMEDIATE


def is_mandatory(kind: str, sides: Collection[Side]) -> bool:
    """Whether somebody on one of these sides may not switch its letter off."""
    return bool(kind_of(kind).mandatory & set(sides))


def choosable(sides: Collection[Side], *, coordinator: bool) -> list[str]:
    """The kinds for which somebody on these sides has preferences, by topic."""
    mine = {kind for kind in TOLD if kind_of(kind).sides & set(sides)}
    mine |= {kind for kind, each in ROUNDS.items() if each.sides & set(sides) or (coordinator and not each.sides)}
    return sorted(mine, key=lambda kind: (*_place(kind), kind))


def _place(kind: str) -> tuple[int, str]:
    topic = kind_of(kind).topic
    return (TOPICS.index(topic), "") if topic in TOPICS else (len(TOPICS), topic)
