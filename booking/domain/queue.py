"""The queue of options: rank is derived from overlap, never stored.

An option stands behind every live option with a better key whose occupied time meets its own on
a shared atom. Of counted stock it stands behind only those that, with what is hard, leave less
than it asks. The planning day only groups the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from uuid import UUID

from booking.domain.claims import Asked, Atom, Held
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.domain.wall_clock import DAY, planning_days, whole_days

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

LAST = 2**63 - 1
"""The key's moment of what is no option yet: behind every other."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The place of an option in the queue: the moment it was granted (or was put by a planner), then its id."""

    moment: int
    id: UUID


def key(granted_at: datetime, booking: UUID, manual_order: int | None = None) -> Key:
    """The key of an option; `manual_order` in microseconds since 1970."""
    return Key(manual_order if manual_order is not None else (granted_at - EPOCH) // MICROSECOND, booking)


@dataclass(frozen=True, slots=True)
class Hold:
    """What an option (with its key), or something hard (without), holds of one atom."""

    atom: int
    span: Span
    quantity: int
    key: Key | None


@dataclass(frozen=True, slots=True)
class RankedDay:
    """The worst rank of an option on one atom within one planning day."""

    day: date
    atom: int
    rank: int


def ranked_days(
    mine: Sequence[Hold], others: Iterable[Hold], atoms: Mapping[int, Atom], zone: str, day_line: int
) -> list[RankedDay]:
    """The ranks of one option per planning day and atom, in order of the days.

    `mine`: its own holds, all with the same key; `others`: everything else on those atoms, live
    options and hard ones alike. ValueError when a hold of `mine` has no key.
    """
    by_atom: dict[int, list[Hold]] = {}
    for other in others:
        by_atom.setdefault(other.atom, []).append(other)
    worst: dict[tuple[date, int], int] = {}
    for hold in mine:
        for day in planning_days(hold.span, zone, day_line):
            piece = hold.span.common(whole_days(day, day + DAY, zone, day_line))
            if piece is not None:
                rank = rank_within(hold, piece, by_atom.get(hold.atom, ()), atoms[hold.atom])
                worst[day, hold.atom] = max(rank, worst.get((day, hold.atom), 1))
    return [RankedDay(day, atom, rank) for (day, atom), rank in sorted(worst.items())]


def headline(days: Iterable[RankedDay]) -> int:
    """The rank of an option as a whole: its worst day."""
    return max((each.rank for each in days), default=1)


def rank_within(hold: Hold, piece: Span, others: Sequence[Hold], atom: Atom) -> int:
    """The rank of `hold` on its atom within `piece`: 1 + how many better keys stand in its way there."""
    if hold.key is None:
        raise ValueError("what is hard has no rank")
    inside = [other for other in others if other.span.overlaps(piece)]
    better = [(other.key, other) for other in inside if other.key is not None and other.key < hold.key]
    if atom.exclusive:
        return 1 + len({key for key, _ in better})
    hard = [other for other in inside if other.key is None]
    in_order = [other for _, other in sorted(better, key=itemgetter(0))]
    return 1 + len(_short_behind(hold, piece, in_order, hard, atom.capacity))


def _short_behind(
    hold: Hold, piece: Span, better: Sequence[Hold], hard: Sequence[Hold], capacity: int
) -> set[Key | None]:
    """The better keys that leave less than `hold` asks, at any moment of `piece`."""
    ends = {moment for each in (*better, *hard) for moment in (each.span.start, each.span.end)}
    cuts = sorted({piece.start, piece.end} | {moment for moment in ends if piece.start < moment < piece.end})
    short: set[Key | None] = set()
    for start, _ in pairwise(cuts):
        left = capacity - sum(each.quantity for each in hard if each.span.start <= start < each.span.end)
        for each in better:
            if each.span.start <= start < each.span.end:
                left -= each.quantity
                if left < hold.quantity:
                    short.add(each.key)
    return short


def ranks_of_the_last(claim: Asked, held: Iterable[Held], booking: UUID) -> list[RankedDay]:
    """The ranks of a claim that comes behind every option that lives, per planning day and atom."""
    last = Key(LAST, booking)
    atoms = {atom.id: atom for atom in claim.place.atoms}
    mine = [Hold(atom.id, claim.occupied, claim.quantity_of(atom), last) for atom in claim.place.atoms]
    others = [
        Hold(each.atom_id, each.occupied, each.quantity, _key_of(each))
        for each in held
        if each.force == Force.HARD or _key_of(each) is not None
    ]
    return ranked_days(mine, others, atoms, claim.place.zone, claim.place.day_line)


def _key_of(held: Held) -> Key | None:
    if held.force != Force.SOFT or held.order is None or held.booking_id is None:
        return None
    return Key(held.order, held.booking_id)
