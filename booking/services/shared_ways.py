"""Ways out that many ask for at once: worked out once, for as long as nothing that they depend on has changed.

When five hundred companies want one slot, all but one hear the same no. What a company is told depends on what it
asks, on whether the houses produce it, and on the rooms that were looked at; each of those carries a revision that
rises with every change of its rules and of what holds it. So an answer that is kept is as true as one that is new.
Where a room has a quota it depends on the company as well, and what plays next door or where a crew works raises
none of these: such an answer is not kept.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.bookings import Terms
from booking.domain.people import Person
from booking.domain.refusals import Conflict, Neighbours
from booking.domain.ways_out import WayOut
from booking.services.shelves import Shelf
from booking.services.ways_out import Search, looked_for
from booking.storage import occupancies

MINUTE = timedelta(minutes=1)
MOST = 512
TURNS = 16


class SharedWays:
    """One process's memory of them; its threads share it."""

    def __init__(self) -> None:
        self._kept = Shelf[Search](MOST)
        self._turns = [Lock() for _ in range(TURNS)]

    def of_terms(
        self,
        connection: Connection,
        person: Person,
        terms: Terms,
        conflicts: Sequence[Conflict],
        *,
        at: datetime,
        besides: UUID | None = None,
        neighbours: Neighbours | None = None,
    ) -> list[WayOut]:
        """As `ways_out.of_terms`. Whoever asks the same while it is worked out waits for it."""
        if besides is not None or neighbours is not None or person.manages or terms.organisation is None:
            found = looked_for(connection, person, terms, conflicts, at=at, besides=besides, neighbours=neighbours)
            return found.ways
        key = _key(person, terms, conflicts, at)
        with self._turns[hash(key) % TURNS]:
            kept = self._kept.take(key)
            if kept is None or occupancies.revisions(connection, list(kept.seen)) != kept.seen:
                kept = looked_for(connection, person, terms, conflicts, at=at)
                if not kept.goes_beyond:
                    self._kept.put(key, kept, 1)
        return kept.ways


def _key(person: Person, terms: Terms, conflicts: Sequence[Conflict], at: datetime) -> Hashable:
    """Everything else on which they depend. Lead times and horizons move with the clock, a minute at a time: spans
    begin and end on whole minutes."""
    why = tuple((each.kind, each.resource, each.days, each.short) for each in conflicts)
    produced = terms.organisation in person.programme
    minute = -(-(at - datetime.min.replace(tzinfo=at.tzinfo)) // MINUTE)
    return terms.claims, terms.purpose, terms.state, produced, why, minute
