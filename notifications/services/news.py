"""One event on its way to people: what happened, to which booking, and who hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from booking.domain.people import Person
from booking.domain.states import Side
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow
from notifications.domain.frequency import ZONE, Frequency
from notifications.domain.kinds import MAIL, usual


@dataclass(frozen=True, slots=True)
class News:
    """`booking` None: it is about none. `told`: each reader with the side on which they read it. `asker`: who has
    just asked for it, and gets a letter that says so. `facts`: the words of its sentence, as they are now.
    `chosen`: what these readers chose for this kind."""

    event: EventRow
    booking: BookingRow | None
    told: Mapping[UUID, Side]
    facts: Mapping[str, Any]
    asker: UUID | None = None
    chosen: Mapping[tuple[UUID, str], str] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """Whose clock its digests go by."""
        return self.booking.zone if self.booking else ZONE

    def how_often(self, person: UUID, channel: str) -> Frequency:
        """How often this reader hears of it through that channel; what is no letter comes at once."""
        chosen = self.chosen.get((person, channel))
        if chosen is not None:
            return Frequency(chosen)
        return (
            usual(self.event.kind, self.told.get(person, Side.COMPANY)) if channel == MAIL else Frequency.IMMEDIATE
        )


def still_concerns(reader: Person, side: str | None, venue: str | None, facts: Mapping[str, Any]) -> bool:
    """Whether what is about no booking may still reach its reader: it waits, and people leave teams meanwhile.

    `venue`: the code of its house, unless `facts` name several (of a call); `company` in them: the id of the one
    that it concerns alone.
    """
    if side == Side.HOUSE:
        houses = facts.get("venues") or ([venue] if venue else [])
        return not houses or any(map(reader.decides_for, houses))
    return side != Side.COMPANY or "company" not in facts or reader.speaks_for(UUID(facts["company"]))
