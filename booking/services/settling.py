"""What time itself does to options: each at the instant at which it was due, however late somebody looks."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.options import DueKind
from booking.domain.states import State
from booking.services import chains, reinstating
from booking.services.aftermath import put_in_order
from booking.services.losing import held_days, lose
from booking.services.ordering import House, headlines, house_of, reread, set_clock
from booking.storage import challenges, queues, trajectories
from booking.storage.database import Database, StartOver
from booking.storage.locks import holds_house, lock_houses
from booking.storage.registers import BookingRow


def locked(connection: Connection, venue_id: int, *, at: datetime) -> House:
    """The house with every resource locked in the one order; what was due by `at` is settled."""
    return locked_together(connection, [venue_id], at=at)[venue_id]


def widened(connection: Connection, venue_id: int, *, at: datetime) -> House:
    """The house, for whoever has locked some of its resources already. StartOver: unless it is locked as a whole.

    Two that hold a room each, and each want the house, would wait for each other.
    """
    if not holds_house(connection, venue_id):
        raise StartOver(frozenset({venue_id}), lock_houses)
    return locked(connection, venue_id, at=at)


def locked_together(connection: Connection, venue_ids: Collection[int], *, at: datetime) -> dict[int, House]:
    """Several houses with every resource of all of them locked in the one order, by id, and settled."""
    places = lock_houses(connection, venue_ids)
    houses = {}
    for venue_id in sorted(venue_ids):
        mine = {code: place for code, place in places.items() if place.venue_id == venue_id}
        houses[venue_id] = house_of(queues.house(connection, venue_id), mine)
        houses[venue_id].ranks.update(headlines(connection, houses[venue_id], at=at))
    settle_together(connection, houses.values(), at=at)
    return houses


def settle_together(connection: Connection, houses: Collection[House], *, at: datetime) -> int:
    """One clock after another, in the order in which they ran out, whichever the house; returns how many."""
    done = 0
    while due := [(*first, house) for house in houses if (first := _first(connection, house, at)) is not None]:
        moment, act, house = min(due, key=lambda each: each[0])
        act(at=moment)
        put_in_order(connection, house, at=moment)
        done += 1
    return done


def settle_due(database: Database, *, at: datetime) -> int:
    """Settle every house where a clock ran out, each in a transaction of its own. Looks first, writes seldom."""
    with database.read() as connection:
        venues = queues.venues_due(connection, at=at)
    return sum(database.write(partial(_settle_venue, venue_id=venue, at=at)) for venue in venues)


def _settle_venue(connection: Connection, *, venue_id: int, at: datetime) -> int:
    places = lock_houses(connection, [venue_id])
    house = house_of(queues.house(connection, venue_id), places)
    house.ranks.update(headlines(connection, house, at=at))
    return settle_together(connection, [house], at=at)


def _first(connection: Connection, house: House, at: datetime) -> tuple[datetime, Callable[..., None]] | None:
    booking = queues.first_due(connection, house.id, at=at)
    offer = queues.first_due_reinstatement(connection, house.id, at=at)
    broken = trajectories.first_broken(connection, house.id, at=at)
    found: list[tuple[datetime, Callable[..., None]]] = []
    if booking is not None:
        act = ENDINGS[DueKind(booking.due_kind)]
        found.append((booking.due_at, partial(act, connection, house, booking.id)))
    if offer is not None:
        found.append((offer.due_at, partial(_let_offer_lapse, connection, house, offer)))
    if broken is not None:
        found.append((broken.due_at, partial(chains.let_go, connection, house, broken.id)))
    return min(found, key=lambda each: each[0], default=None)


def _expire(connection: Connection, house: House, booking_id: UUID, *, at: datetime) -> None:
    row = reread(connection, booking_id, lock=True)
    lose(connection, house, row, held_days(house, row), to=State.LAPSED, at=at)


def _stay_silent(connection: Connection, house: House, booking_id: UUID, *, at: datetime) -> None:
    """Nobody answered the challenge: the contested days lapse, the rest stays."""
    row = reread(connection, booking_id, lock=True)
    around = challenges.around(connection, [booking_id])
    days = challenges.days_of(connection, [each.id for each in around if each.settled_at is None])
    mine = [day for day in days if day.holder_id == booking_id and day.answer is None and day.due_at <= at]
    challenges.answer_days(connection, [day.id for day in mine], "lapsed", at=at)
    contested = _by_claim(row, [(day.resource, day.day) for day in mine])
    row = lose(connection, house, row, contested, to=State.LAPSED, at=at)
    if row.state is State.OPTION:
        set_clock(connection, row, row.expires_at)


def _by_claim(row: BookingRow, days: list[tuple[str, Any]]) -> dict[UUID, set[Any]]:
    return {claim.id: {day for code, day in days if code == claim.resource} for claim in row.claims}


def _let_offer_lapse(connection: Connection, house: House, offer: Row[Any], *, at: datetime) -> None:
    reinstating.answer(connection, house, offer.id, offer.booking_id, offer.cause_id, "lapsed", at=at)


ENDINGS: Mapping[DueKind, Callable[..., None]] = {
    DueKind.EXPIRY: _expire,
    DueKind.COMMIT: _expire,
    DueKind.CHALLENGE: _stay_silent,
    DueKind.TRAJECTORY: chains.let_go,
}
