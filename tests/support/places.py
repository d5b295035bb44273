"""Small worlds for pure rules: rooms, stock, wholes, claims and what is held, in one line each.

Times are written as people write them: `"2027-05-10 09:00"` is local time in Kortrijk,
`"2027-05-10"` a whole day. Ids are made up from names, so that two tests never meet.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from booking.domain.claims import Asked, Atom, ClaimTerms, Held, Place, resolve
from booking.domain.conflicts import Asker
from booking.domain.rules import Rules, read_rules
from booking.domain.spans import Span

BRUSSELS = "Europe/Brussels"
SIX = 6 * 60
NAMES = UUID("a2f1c8f0-5d0e-4a43-9b0e-9d8f2f0f5b11")

COMPANY = Asker("Compagnie Lisière", is_house=False, is_programme_company=True)
OUTSIDER = Asker("Noordzee Producties", is_house=False, is_programme_company=False)
HOUSE = Asker(None, is_house=True, is_programme_company=False)


def when(text: str, zone: str = BRUSSELS) -> datetime:
    """`"2027-05-10 09:00"`, local time at the venue, as an instant in UTC; the first of two."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def span(start: str, end: str, zone: str = BRUSSELS) -> Span:
    """From one local time to another."""
    return Span(when(start, zone), when(end, zone))


def typed(text: str, zone: str = BRUSSELS) -> datetime | date:
    """A whole day, or the instant of a local time."""
    return date.fromisoformat(text) if len(text) == len("2027-05-10") else when(text, zone)


def a_room(code: str = "ROOM", rules: dict[str, Any] | None = None, **more: Any) -> Place:
    """Something exclusive. `rules` as its house writes them."""
    return _place(code, 1, rules, **more)


def some_stock(capacity: int, code: str = "STOCK", rules: dict[str, Any] | None = None, **more: Any) -> Place:
    """`capacity` pieces of the same thing."""
    return _place(code, capacity, rules, **more)


def a_whole(code: str, parts: Sequence[Place], rules: dict[str, Any] | None = None) -> Place:
    """Something that takes all its parts when it is booked."""
    return _place(code, 1, rules, atoms=tuple(atom for part in parts for atom in part.atoms))


def asking(place: Place, start: str, end: str, **more: Any) -> Asked:
    """A claim on a place; plain dates ask whole days."""
    return resolve(ClaimTerms(place.code, typed(start, place.zone), typed(end, place.zone), **more), place)


def holding(claim: Asked, *, force: str = "hard", source: str = "claim", by: str = "somebody") -> list[Held]:
    """What another booking's claim holds: one row per atom, as the database would say it.

    A closure and an imported calendar (`source`) hold their span alone, without buffers.
    """
    if source != "claim":
        return [
            Held(atom.id, claim.span, claim.span, atom.capacity, force, source, None) for atom in claim.place.atoms
        ]
    return [
        Held(atom.id, claim.occupied, claim.presence, claim.quantity_of(atom), force, source, uuid5(NAMES, by))
        for atom in claim.place.atoms
    ]


def _place(
    code: str,
    capacity: int,
    rules: dict[str, Any] | None,
    *,
    kind: str = "studio",
    zone: str = BRUSSELS,
    atoms: tuple[Atom, ...] | None = None,
) -> Place:
    number = uuid5(NAMES, code).int % 10**9
    return Place(
        id=number,
        code=code,
        kind=kind,
        capacity=capacity,
        exclusive=capacity == 1,
        rules=read_rules(rules) if rules else Rules(),
        venue_id=1,
        venue="BUD",
        zone=zone,
        day_line=SIX,
        atoms=atoms or (Atom(number, code, capacity, capacity == 1),),
    )
