"""A house stops opening something: nobody can book it any more, and what was booked stays unless it is ended.

A resource is never deleted: its bookings, its history and its feeds are those of people.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.closures import NEED_A_DECISION
from booking.domain.people import Person
from booking.domain.refusals import Malformed, Stale, StillToCome, WrongState
from booking.domain.states import State
from booking.services import catalogue, events, reinstating
from booking.services.house import House, locked, put_in_order, refreshed
from booking.services.ordering import move_to, reread
from booking.storage import occupancies, registers, resources
from booking.storage.catalogues import CatalogueRow
from booking.storage.registers import BookingRow

__all__ = ["Decision", "Remaining", "preview", "reopen", "retire"]


class Decision(StrEnum):
    """For one booking that is still to come: it stays as it is, or it ends."""

    KEEP = "keep"
    END = "end"


ENDED: Mapping[State, tuple[State, str]] = {
    State.REQUESTED: (State.DECLINED, "booking.declined"),
    State.OPTION: (State.RELEASED, "booking.released"),
    State.SUSPENDED: (State.RELEASED, "booking.released"),
    State.PENDING: (State.CANCELLED, "booking.cancelled"),
    State.CONFIRMED: (State.CANCELLED, "booking.cancelled"),
}
"""What ending makes of a booking, and what tells it."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is still to come. `bookings`: with a decision or without; those that are settled need one."""

    bookings: Sequence[BookingRow]
    decisions: Mapping[UUID, Decision]

    @property
    def undecided(self) -> list[BookingRow]:
        """Those that need a decision and have none."""
        return [row for row in self.bookings if row.state in NEED_A_DECISION and row.id not in self.decisions]

    @property
    def revision(self) -> int:
        """Another one when anything of them is another."""
        rows = [(str(row.id), row.revision) for row in self.bookings]
        return int.from_bytes(hashlib.sha256(repr(rows).encode()).digest()[:7])


def preview(
    connection: Connection, person: Person, code: str, decisions: Mapping[UUID, Decision], *, at: datetime
) -> Remaining:
    """What is still to come of it, for whoever has settled what is due: who only looks keeps nobody waiting.

    NotFound, Forbidden, WrongState, Malformed.
    """
    return _remaining(connection, _open(catalogue.to_set_up(connection, person, code)), decisions, at)


def retire(
    connection: Connection,
    person: Person,
    code: str,
    reason: str,
    decisions: Mapping[UUID, Decision],
    *,
    at: datetime,
    seen: Collection[int] | None = None,
) -> None:
    """Nobody can book it from now on. `seen`: the revisions of the preview that was read, if any.

    As `preview`; Stale (other than previewed), StillToCome.
    """
    row, house = _locked(connection, person, code, at)
    left = _remaining(connection, _open(row), decisions, at)
    if seen is not None and left.revision not in seen:
        raise Stale(left.revision)
    if left.undecided:
        raise StillToCome(left)
    resources.alter(connection, row.id, {"retired_at": at})
    house = refreshed(connection, house)
    events.put_of_resource(connection, "resource.retired", house.id, code, by=person.id, at=at, why=reason)
    ended = [each for each in left.bookings if left.decisions.get(each.id) is Decision.END]
    for booking in ended:
        state, event = ENDED[booking.state]
        move_to(connection, house, booking, state, event, at=at, by=person.id, why=reason)
    for booking in ended:
        if booking.state is State.CONFIRMED:
            reinstating.offer_to_the_beaten(connection, house, reread(connection, booking.id), at=at)
    _touch(connection, house, code)
    put_in_order(connection, house, at=at)


def reopen(connection: Connection, person: Person, code: str, *, at: datetime) -> None:
    """It can be booked again. NotFound, Forbidden, WrongState."""
    row, house = _locked(connection, person, code, at)
    if row.retired_at is None:
        raise WrongState("open", "reopen")
    resources.alter(connection, row.id, {"retired_at": None})
    events.put_of_resource(connection, "resource.reopened", house.id, code, by=person.id, at=at)
    _touch(connection, house, code)


def _locked(connection: Connection, person: Person, code: str, at: datetime) -> tuple[CatalogueRow, House]:
    house = locked(connection, catalogue.to_set_up(connection, person, code).venue_id, at=at)
    return catalogue.to_set_up(connection, person, code), house


def _open(row: CatalogueRow) -> CatalogueRow:
    if row.retired_at is not None:
        raise WrongState("removed", "retire")
    return row


def _remaining(
    connection: Connection, row: CatalogueRow, decisions: Mapping[UUID, Decision], at: datetime
) -> Remaining:
    claims = resources.live_claims(connection, row.id, since=at)
    bookings = registers.of_claims(connection, claims)
    if set(decisions) - {each.id for each in bookings}:
        raise Malformed({"decisions": ["not-hit"]})
    return Remaining(sorted(bookings, key=lambda each: (each.starts, each.id)), decisions)


def _touch(connection: Connection, house: House, code: str) -> None:
    place = house.places[code]
    occupancies.touch(connection, sorted({place.id, *(atom.id for atom in place.atoms)}))
