"""A claim: a resource, a span, a quantity, with set-up and strike around it; and what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from booking.domain.rules import Rules
from booking.domain.spans import Span
from booking.domain.wall_clock import whole_days


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """What a person typed. `start`/`end`: both dates (whole days, end excluded) or both aware instants.

    `purpose`: of its booking, as far as it is known here; buffers depend on it, and nothing else of the terms.
    """

    resource: str
    start: datetime | date
    end: datetime | date
    quantity: int = 1
    setup_minutes: int = 0
    strike_minutes: int = 0
    crew: str | None = None
    purpose: str | None = field(default=None, compare=False)

    @property
    def in_whole_days(self) -> bool:
        """Whole days run from planning-day line to planning-day line."""
        return not isinstance(self.start, datetime)


@dataclass(frozen=True, slots=True)
class Place:
    """A resource with what its rules need of its venue. `atoms`: what it takes, itself when it has no parts.

    `disturbs`: it is one of a noise pair. `suspended`: some option of its house is, which a newcomer may beat.
    `windows`: the offered windows of itself and of each part that has any; none: always open for requests.
    `revision`: rises with every change of its rules and of what holds it. `retired`: nobody can book it any more.
    """

    id: int
    code: str
    kind: str
    capacity: int
    exclusive: bool
    rules: Rules
    venue_id: int
    venue: str
    zone: str
    day_line: int
    atoms: tuple["Atom", ...] = ()
    disturbs: bool = False
    suspended: bool = False
    windows: tuple[tuple[Span, ...], ...] = ()
    revision: int = field(default=0, compare=False)
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """What is really held: an exclusive room, or counted stock."""

    id: int
    code: str
    capacity: int
    exclusive: bool
    revision: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim resolved at its place: instants in UTC."""

    terms: ClaimTerms
    place: Place
    span: Span

    @property
    def presence(self) -> Span:
        """The span with set-up and strike: when people are in."""
        return self.span.widened(
            before=timedelta(minutes=self.terms.setup_minutes),
            after=timedelta(minutes=self.terms.strike_minutes),
        )

    @property
    def occupied(self) -> Span:
        """What is taken: presence, and the buffers of clock-time claims (whole days hold the night already)."""
        if self.terms.in_whole_days:
            return self.presence
        before, after = self.place.rules.buffers(self.terms.purpose)
        return self.presence.widened(before=timedelta(minutes=before), after=timedelta(minutes=after))

    def quantity_of(self, atom: Atom) -> int:
        """A whole takes all of each part."""
        return self.terms.quantity if atom.id == self.place.id else atom.capacity


@dataclass(frozen=True, slots=True)
class Held:
    """One occupancy that is in the way, or may be. `presence` is without buffers.

    `source_id`: of a closure or an external event. `order`: the moment of an option's key, in microseconds
    since 1970; `due_at`: when the first of its clocks runs out.
    """

    atom_id: int
    occupied: Span
    presence: Span
    quantity: int
    force: str
    source: str
    booking_id: UUID | None
    source_id: UUID | None = None
    order: int | None = None
    due_at: datetime | None = None


def resolve(terms: ClaimTerms, place: Place) -> Asked:
    """Set the typed terms at their place. ValueError when the span does not run forward."""
    if isinstance(terms.start, datetime) and isinstance(terms.end, datetime):
        return Asked(terms, place, Span(terms.start, terms.end))
    if isinstance(terms.start, datetime) or isinstance(terms.end, datetime):
        raise ValueError("both ends are days, or both are instants")  # noqa: TRY004 -- right types, wrong pair
    return Asked(terms, place, whole_days(terms.start, terms.end, place.zone, place.day_line))


def outer_span(asked: Sequence[Asked]) -> Span:
    """From the first start to the last end of what is occupied."""
    return Span(
        min(each.occupied.start for each in asked),
        max(each.occupied.end for each in asked),
    )
