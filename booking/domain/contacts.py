"""Whom to call about a booking of a company: who asked it, or who took over from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the company, as the other side may know them."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who left it. `successor`: to whom they handed over, if to anybody."""

    at: datetime
    successor: UUID | None


@dataclass(frozen=True, slots=True)
class Contact:
    """`left_at`: since when whoever asked is not of the company any more; None while they are."""

    name: str
    email: str
    left_at: datetime | None = None


def contact_of(asker: UUID, members: Sequence[Member], left: Mapping[UUID, Left]) -> Contact | None:
    """Who asked while they are of the company; else whoever took over, and from them, until somebody is; else the
    first of those who are (`members` in the order in which they are named). None: nobody is.

    >>> anna, ben = Member(UUID(int=1), "Anna", "a@x.example"), Member(UUID(int=2), "Ben", "b@x.example")
    >>> gone = {anna.id: Left(datetime(2026, 11, 23), ben.id)}
    >>> contact_of(anna.id, [ben], gone).name
    'Ben'
    """
    here = {each.id: each for each in members}
    if asker in here:
        return Contact(here[asker].name, here[asker].email)
    left_at = left[asker].at if asker in left else None
    who, seen = asker, set[UUID]()
    while who not in here and who in left and who not in seen:
        seen.add(who)
        who = left[who].successor or who
    found = here.get(who) or next(iter(members), None)
    return Contact(found.name, found.email, left_at) if found is not None else None
