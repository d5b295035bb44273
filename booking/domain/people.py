"""Who is asking, and what they may know and do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self
from uuid import UUID

from booking.domain.refusals import TooMany
from booking.domain.states import Side

MOST_KEYS = 50
"""Of each kind that one person may have: feeds, keys of machines and of apps, devices."""


def refuse_another(count: int, most: int = MOST_KEYS) -> None:
    """TooMany when there are `most` already.

    >>> refuse_another(MOST_KEYS - 1)
    """
    if count >= most:
        raise TooMany(most)


class Role(StrEnum):
    """What a hat lets a person see and do."""

    MEMBER = "member"
    MANAGER = "manager"
    TECHNICIAN = "technician"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


@dataclass(frozen=True)
class Person:
    """A person with all their hats. Venues by code; `organisations`: id → name.

    `programme`: those of the organisations that are programme companies. `shortcuts`: letters of the keyboard act
    on the desk.
    """

    id: UUID
    email: str
    name: str
    language: str
    organisations: Mapping[UUID, str] = field(default_factory=dict)
    programme: frozenset[UUID] = frozenset()
    manages: frozenset[str] = frozenset()
    assists: frozenset[str] = frozenset()
    coordinator: bool = False
    admin: bool = False
    shortcuts: bool = True

    @property
    def roles(self) -> list[Role]:
        """Every role held, each once."""
        held = {
            Role.MEMBER: bool(self.organisations),
            Role.MANAGER: bool(self.manages),
            Role.TECHNICIAN: bool(self.assists),
            Role.COORDINATOR: self.coordinator,
            Role.ADMIN: self.admin,
        }
        return [role for role, is_held in held.items() if is_held]

    @property
    def sees_everything(self) -> bool:
        """Coordinators and admins read everything."""
        return self.coordinator or self.admin

    def only_for(self, organisation: UUID) -> Self:
        """The same person under the one hat of that company, which is theirs: no house, nothing else to see."""
        return replace(
            self,
            organisations={organisation: self.organisations[organisation]},
            programme=self.programme & {organisation},
            manages=frozenset(),
            assists=frozenset(),
            coordinator=False,
            admin=False,
        )

    def decides_for(self, venue: str) -> bool:
        """Managers decide for their own venues."""
        return venue in self.manages

    def speaks_for(self, organisation: UUID | None) -> bool:
        """Members speak for their own organisations."""
        return organisation is not None and organisation in self.organisations

    def may_know(self, venue: str, organisation: UUID | None) -> bool:
        """Whether title, company and people of a booking may reach this person."""
        return (
            self.sees_everything or venue in self.manages or venue in self.assists or self.speaks_for(organisation)
        )

    def sides(self, venue: str, organisation: UUID | None) -> frozenset[Side]:
        """On which sides of a booking this person stands; the house's own booking has only the house."""
        sides = set()
        if self.decides_for(venue):
            sides.add(Side.HOUSE)
            if organisation is None:
                sides.add(Side.COMPANY)
        if self.speaks_for(organisation):
            sides.add(Side.COMPANY)
        return frozenset(sides)
