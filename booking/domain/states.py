"""The states of a booking, what they hold, and the moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a booking stands, from the first question to its end."""

    REQUESTED = "requested"
    OPTION = "option"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    LAPSED = "lapsed"
    BEATEN = "beaten"
    CANCELLED = "cancelled"


class Force(StrEnum):
    """How an occupancy holds its resource."""

    SOFT = "soft"
    HARD = "hard"
    NONE = "none"


FORCE: Mapping[State, Force] = {
    State.REQUESTED: Force.NONE,
    State.OPTION: Force.SOFT,
    State.SUSPENDED: Force.NONE,
    State.PENDING: Force.HARD,
    State.CONFIRMED: Force.HARD,
    State.COMPLETED: Force.HARD,
    State.DECLINED: Force.NONE,
    State.WITHDRAWN: Force.NONE,
    State.RELEASED: Force.NONE,
    State.LAPSED: Force.NONE,
    State.BEATEN: Force.NONE,
    State.CANCELLED: Force.NONE,
}

ENDS = frozenset(
    {
        State.DECLINED,
        State.WITHDRAWN,
        State.RELEASED,
        State.LAPSED,
        State.BEATEN,
        State.CANCELLED,
    }
)
IN_LINE = frozenset({State.OPTION, State.SUSPENDED, State.PENDING})
"""What stands in the queue of a place: somebody holds something, and nothing is settled."""
OPEN = IN_LINE | {State.REQUESTED}
SHOWN = IN_LINE | {State.CONFIRMED, State.COMPLETED}
"""What calendars show; an end is shown only to those who saw one of these before."""


class Side(StrEnum):
    """Who moves: the house or the company."""

    HOUSE = "house"
    COMPANY = "company"


class Verb(StrEnum):
    """What a person can do to a booking."""

    COMMIT = "commit"
    GRANT = "grant"
    CONFIRM = "confirm"
    CHALLENGE = "challenge"
    ACCEPT = "accept"
    REFUSE = "refuse"
    EXTEND = "extend"
    COUNTER = "counter"
    ORDER = "order"
    TAKE_BACK = "take-back"
    REFER = "refer"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which, by whom, the event it puts, and whether it needs a reason.

    `target` None: the state stays, or what is accepted says it. `reasoned`: the sides that must say why. A
    booking of the house's own has the house on both sides.
    """

    verb: Verb
    sources: frozenset[State]
    target: State | None
    sides: frozenset[Side]
    event: str
    reasoned: frozenset[Side] = frozenset()


HOUSE = frozenset({Side.HOUSE})
COMPANY = frozenset({Side.COMPANY})
BOTH = HOUSE | COMPANY
PROPOSED = frozenset({State.REQUESTED, State.OPTION, State.SUSPENDED, State.CONFIRMED, State.BEATEN})
"""Where something may have been proposed or offered that the other side accepts or refuses."""

MOVES: Mapping[Verb, Move] = {
    move.verb: move
    for move in (
        Move(Verb.COMMIT, frozenset({State.OPTION}), State.PENDING, COMPANY, "booking.committed"),
        Move(
            Verb.GRANT,
            frozenset({State.REQUESTED}),
            State.OPTION,
            HOUSE,
            "booking.granted",
        ),
        Move(
            Verb.CONFIRM,
            frozenset({State.REQUESTED, State.OPTION, State.PENDING}),
            State.CONFIRMED,
            HOUSE,
            "booking.confirmed",
        ),
        Move(Verb.CHALLENGE, frozenset({State.OPTION}), None, COMPANY, "booking.challenged"),
        Move(Verb.ACCEPT, PROPOSED, None, BOTH, "booking.accepted"),
        Move(Verb.REFUSE, PROPOSED, None, BOTH, "booking.refused"),
        Move(Verb.EXTEND, frozenset({State.OPTION}), None, BOTH, "booking.extended"),
        Move(Verb.COUNTER, PROPOSED - {State.BEATEN}, None, HOUSE, "booking.countered"),
        Move(Verb.ORDER, frozenset({State.OPTION}), None, HOUSE, "booking.ordered", HOUSE),
        Move(Verb.TAKE_BACK, frozenset({State.PENDING}), State.OPTION, HOUSE, "booking.taken-back", HOUSE),
        Move(Verb.REFER, frozenset({State.REQUESTED}), None, HOUSE, "booking.referred"),
        Move(
            Verb.DECLINE,
            frozenset({State.REQUESTED}),
            State.DECLINED,
            HOUSE,
            "booking.declined",
            HOUSE,
        ),
        Move(
            Verb.WITHDRAW,
            frozenset({State.REQUESTED, State.PENDING}),
            State.WITHDRAWN,
            COMPANY,
            "booking.withdrawn",
        ),
        Move(
            Verb.RELEASE,
            frozenset({State.OPTION, State.SUSPENDED}),
            State.RELEASED,
            BOTH,
            "booking.released",
            HOUSE,
        ),
        Move(
            Verb.CANCEL,
            frozenset({State.CONFIRMED}),
            State.CANCELLED,
            BOTH,
            "booking.cancelled",
            BOTH,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A move that nobody makes: time runs out, or what others do decides it."""

    event: str
    sources: frozenset[State]
    target: State


TURNS = (
    Turn("booking.lapsed", frozenset({State.OPTION}), State.LAPSED),
    Turn("booking.beaten", frozenset({State.OPTION, State.SUSPENDED}), State.BEATEN),
    Turn("booking.suspended", frozenset({State.OPTION}), State.SUSPENDED),
    Turn("booking.returned", frozenset({State.SUSPENDED}), State.OPTION),
    Turn("booking.reinstated", frozenset({State.BEATEN}), State.OPTION),
    Turn("booking.agreed", frozenset({State.REQUESTED, State.OPTION}), State.PENDING),
    Turn("booking.let-go", frozenset({State.PENDING}), State.OPTION),
    Turn("booking.completed", frozenset({State.CONFIRMED}), State.COMPLETED),
)


def may_move(state: State, verb: Verb) -> bool:
    """Whether the verb exists in this state, whoever asks."""
    return state in MOVES[verb].sources
