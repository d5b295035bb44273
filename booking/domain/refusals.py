"""One way to say no. Facts as fields; no screen text and no HTTP status in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from booking.domain.spans import Span


@dataclass(eq=False)
class Refusal(Exception):
    """A no with a code that machines can rely on."""

    code: ClassVar[str] = "refused"


@dataclass(eq=False)
class NotFound(Refusal):
    """Unknown, or not yours to know: the same answer."""

    code: ClassVar[str] = "not-found"


@dataclass(eq=False)
class Forbidden(Refusal):
    """May see, may not do."""

    code: ClassVar[str] = "forbidden"


@dataclass(eq=False)
class Stale(Refusal):
    """Somebody changed it since you read it."""

    code: ClassVar[str] = "stale"
    revision: int


@dataclass(eq=False)
class Malformed(Refusal):
    """What was sent makes no sense. `errors`: path of the field → codes of `booking/web/refusals.py`."""

    code: ClassVar[str] = "malformed"
    errors: Mapping[str, Sequence[str]]


@dataclass(eq=False)
class WrongState(Refusal):
    """The verb does not exist in this state."""

    code: ClassVar[str] = "wrong-state"
    state: str
    verb: str


@dataclass(eq=False)
class TooMany(Refusal):
    """A person has as many of these as one may have."""

    code: ClassVar[str] = "rule"
    most: int


@dataclass(eq=False)
class TooManyInvited(Refusal):
    """A team has had as many invitations sent as one may within two weeks."""

    code: ClassVar[str] = "rule"
    most: int


@dataclass(eq=False)
class NotUndone(Refusal):
    """It stays as it is. `why`: `late` (its time is over, or somebody has been told), `acted` (somebody acted
    since), or `undone` (it was taken back already)."""

    code: ClassVar[str] = "wrong-state"
    why: str


@dataclass(eq=False)
class LastOne(Refusal):
    """Nobody would be left to answer for a company or a house."""

    code: ClassVar[str] = "last-one"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why one claim cannot be had. `days` are planning days of the venue, `zone` its IANA zone.

    `kind`: `time-taken`, `capacity`, `closed`, `external-busy`, `buffer`, `outside-hours`, `queue-jump`,
    `transport` or `rule`.
    `short`: missing pieces at the worst moment of the worst day (counted stock).
    `facts`: what the sentence needs, such as the rule that refuses and its limit.
    """

    kind: str
    resource: str
    span: Span
    days: tuple[date, ...]
    zone: str = "UTC"
    hard: bool = True
    short: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


OVERRIDABLE = frozenset({"closed", "external-busy", "outside-hours", "queue-jump", "rule"})
"""What a manager may force with a reason; never a confirmed or pending booking, nor its buffer."""

NEVER_FORCED = frozenset({"retired"})
"""Rules that are none to make an exception of: what is not there any more cannot be had."""

CODES_IN_ORDER = (
    "time-taken",
    "capacity",
    "closed",
    "external-busy",
    "buffer",
    "outside-hours",
    "queue-jump",
    "transport",
    "rule",
)
"""When several reasons hold, the first of these is the code."""


def may_be_forced(conflict: Conflict) -> bool:
    """Whether a manager may do it nevertheless, with a reason."""
    return conflict.kind in OVERRIDABLE and conflict.facts.get("rule") not in NEVER_FORCED


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands around a booking in its chain. `within`: the time that a leg has; `others`: other stays of the
    chain, each with the name of its house, which other days should not meet."""

    within: Span | None = None
    others: tuple[tuple[str, Span], ...] = ()


@dataclass(eq=False)
class CannotBeHad(Refusal):
    """At least one claim conflicts; every conflict is named.

    `asked`: the terms that were refused (`domain/bookings.py`), for whoever looks for ways out; `besides`: the
    booking that they were to change or to confirm; `neighbours`: what stands around them in a chain.
    """

    conflicts: Sequence[Conflict]
    asked: Any = None
    besides: UUID | None = None
    neighbours: Neighbours | None = None

    @property
    def can_be_forced(self) -> bool:
        """Whether a manager may do it nevertheless, with a reason."""
        return all(map(may_be_forced, self.conflicts))

    @property
    def first_code(self) -> str:
        """The code of the worst conflict."""
        return min((each.kind for each in self.conflicts), key=CODES_IN_ORDER.index)


@dataclass(eq=False)
class InUse(Refusal):
    """It cannot be made of other parts while it is held: what it takes is written for every booking of it.

    `bookings`, `closures`: how many of each are not over; `calendars`: whether an imported calendar holds it.
    """

    code: ClassVar[str] = "in-use"
    resource: str
    bookings: int
    closures: int
    calendars: bool


@dataclass(eq=False)
class DecisionsMissing(Refusal):
    """A closure hits what is settled, and nobody has said what becomes of it. `preview`: what it hits,
    `document`: the same for machines."""

    code: ClassVar[str] = "decisions-missing"
    preview: Any
    document: Mapping[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class StillToCome(DecisionsMissing):
    """Of what shall be retired something settled is still to come, and nobody has said what becomes of it."""
