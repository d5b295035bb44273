"""A stay of a chain in another house: what would be claimed there, and what the way then is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from booking.domain.claims import Asked, ClaimTerms
from booking.domain.distances import Point, great_circle
from booking.domain.spans import Span
from booking.domain.ways_out import Like, is_like

LODGING, EQUIPMENT = "accommodation", "equipment"
SMALLER = 0.75
"""A room that is a quarter smaller may still be worth a thought, and says so."""

Stock = Sequence[tuple[Like, int]]
"""What one house has, each with how many there are."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stay of the chain: its house by name, when people are there, and where it lies."""

    house: str
    span: Span
    point: Point


@dataclass(frozen=True, slots=True)
class There:
    """What a stay would claim in another house. `without`: codes of what was asked and this house does not have
    (beds, kit); `smaller`: its room is."""

    room: str
    claims: tuple[ClaimTerms, ...]
    without: tuple[str, ...] = ()
    smaller: bool = False


def there(asked: Sequence[Asked], mine: Mapping[str, Like], stock: Stock) -> There | None:
    """The same stay in a house that has `stock`: a room like the one asked, its beds, kit of the same name.

    `mine`: what was asked, by code. None where the stay is not one room, or where no room is like it.
    """
    rooms = [each for each in asked if each.place.kind not in (LODGING, EQUIPMENT)]
    if len(rooms) != 1:
        return None
    room = _room(mine[rooms[0].place.code], stock)
    if room is None:
        return None
    claims, without = list[ClaimTerms](), set[str]()
    for each in asked:
        code = _beds(each, stock) if each.place.kind == LODGING else _same(each, mine, stock)
        if each is rooms[0]:
            continue
        if code is None:
            without.add(each.place.code)
        else:
            claims.append(replace(each.terms, resource=code))
    first = replace(rooms[0].terms, resource=room.code)
    return There(room.code, (first, *claims), tuple(sorted(without)), not is_like(mine[rooms[0].place.code], room))


def _room(mine: Like, stock: Stock) -> Like | None:
    """The most like: what would do as it is, else what is smaller and of the same floor."""
    alike = [like for like, _ in stock if is_like(mine, like)]
    smaller = [like for like, _ in stock if is_like(mine, like, nearly=SMALLER)]
    return next(iter([*alike, *smaller]), None)


def _beds(asked: Asked, stock: Stock) -> str | None:
    enough = (like.code for like, many in stock if like.kind == LODGING and many >= asked.terms.quantity)
    return next(enough, None)


def _same(asked: Asked, mine: Mapping[str, Like], stock: Stock) -> str | None:
    kit = mine[asked.place.code]
    enough = (like.code for like, many in stock if is_like(kit, like) and many >= asked.terms.quantity)
    return next(enough, None)


def kilometres(stops: Iterable[Stop]) -> float:
    """The way from stay to stay in order of time: great circles."""
    in_order = sorted(stops, key=lambda stop: (stop.span.start, stop.house))
    return sum(great_circle(one.point, other.point) for one, other in pairwise(in_order))


def met(span: Span, others: Iterable[Stop]) -> tuple[str, ...]:
    """The houses of other stays that it would meet."""
    return tuple(other.house for other in others if other.span.overlaps(span))
