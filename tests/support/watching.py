"""What must be true between one look and the next: history only grows, and calendars hear of every change."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.services import standing
from calendars.domain.events import Status
from calendars.domain.showing import SHOWN_BEFORE
from calendars.storage import showings
from tests.support.truths import House


class Watch:
    """Remembers what it saw last."""

    def __init__(self) -> None:
        self._events: list[Any] = []
        self._claims: dict[UUID, tuple[Any, int, Any]] = {}
        self._rooms: dict[int, tuple[list[Any], int]] = {}

    def wrong(self, connection: Connection, house: House) -> list[str]:
        """What changed and should not have, or changed unheard."""
        return [*self._history(house), *self._calendars(connection, house)]

    def _history(self, house: House) -> Iterator[str]:
        events = [tuple(each) for each in house.events]
        if events[: len(self._events)] != self._events:
            yield "history was rewritten"
        self._events = events

    def _calendars(self, connection: Connection, house: House) -> Iterator[str]:
        shown = showings.claims_on(connection, list(house.resources), at=house.at)
        options = [each.id for each in shown if each.state == "option" and each.claim_ended_at is None]
        ranks = standing.headline_ranks(connection, options, since=house.at - SHOWN_BEFORE)
        claims: dict[UUID, tuple[Any, int, Any]] = {}
        rooms: dict[int, list[Any]] = {each: [] for each in house.resources}
        for each in shown:
            gone = each.status is Status.CANCELLED
            seen = (
                each.status,
                None if gone else (each.state, each.title, ranks.get(each.id)),
                each.starts,
                each.ends,
                each.quantity,
            )
            claims[each.id] = seen, each.sequence, each.modified_at
            rooms[each.resource].append((each.id, seen, each.leaves_at))
            before = self._claims.get(each.id)
            if before is None or before[0] == seen:
                continue
            if each.sequence <= before[1]:
                yield f"{each.title} shows {seen}, before {before[0]}, under the same SEQUENCE"
            if each.modified_at <= before[2]:
                yield f"{each.title} shows {seen}, before {before[0]}, under the same LAST-MODIFIED"
        self._claims = claims
        versions = {row.id: row.revision for row in showings.places_of_venue(connection, self._venue(house))}
        for room, lying in rooms.items():
            told = sorted(lying, key=lambda each: each[0])
            before_room, version = self._rooms.get(room, ([], 0))
            staying = [each for each in before_room if each[2] > house.at]  # what time takes out needs no version
            if version == versions[room] and staying != told:
                yield f"the feed of {house.resources[room].code} is another one, and its version is not"
            self._rooms[room] = told, versions[room]

    def _venue(self, house: House) -> int:
        return int(next(iter(house.resources.values())).venue_id)
