"""A synthetic world of any size, for measuring: houses, resources, companies, years of bookings.

Everything is consistent (booking, claim, occupancy, event) and passes the same guards as what
people book. The same numbers and seed give the same world, but for its ids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.states import ENDS, FORCE, SHOWN, Force, State
from booking.domain.wall_clock import day_start
from booking.services.synthetic_places import Company, Room, add_companies, add_places
from booking.storage import synthetic
from booking.storage.base import new_id
from booking.storage.synthetic import Row

BATCH = 5_000
DAY_LINE = 360
HALF_HOUR = timedelta(minutes=30)
FIRST_HALF_HOUR, HALF_HOURS = 4, 32
"""People are in from 08:00 to 24:00, which begins 4 half-hours into a planning day; no clock changes then."""

LONG_STAY = 4
"""Where so many days or more fall to one booking, it is a stay in whole days."""

MOST_A_DAY = HALF_HOURS // 2
PURPOSES = ("residency", "rehearsal", "technical-residency", "performance", "workshop")
WORDS = (
    "Aube",
    "Getij",
    "Ressac",
    "Zwerm",
    "Terril",
    "Polder",
    "Brume",
    "Kade",
    "Estran",
    "Haven",
    "Craie",
    "Duin",
)
FUTURE = (State.CONFIRMED,) * 12 + (State.OPTION,) * 2 + (State.REQUESTED,) * 4 + (State.DECLINED, State.WITHDRAWN)
PAST = (State.COMPLETED,) * 16 + (State.CANCELLED, State.DECLINED, State.DECLINED, State.WITHDRAWN)
EVENTS = {
    State.REQUESTED: "booking.requested",
    State.OPTION: "booking.granted",
    **{state: f"booking.{state}" for state in (*ENDS, State.CONFIRMED, State.COMPLETED)},
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One span of one room; `days` when it was taken in whole days."""

    room: Room
    start: datetime
    end: datetime
    days: tuple[date, date] | None


Entry = tuple[Row, Row, Row, Row]
"""One booking as its rows in four tables: booking, claim, occupancy, event."""

TABLES = (synthetic.BOOKING, synthetic.CLAIM, synthetic.OCCUPANCY, synthetic.EVENT)


def load(
    connection: Connection,
    *,
    venues: int,
    resources: int,
    bookings: int,
    years: int,
    seed: int,
    at: datetime,
    busy: int | None = None,
) -> int:
    """Put the world there, half of its years behind `at`; returns how many bookings are new, 0 the second time.

    `busy`: only so many of the resources have any; None: all of them.

    ValueError when so many bookings do not fit into so few resources and years.
    """
    busy = busy or resources
    if bookings > busy * years * 365 * MOST_A_DAY:
        raise ValueError(f"at most {MOST_A_DAY} bookings a day fit on one resource")
    if synthetic.has_venue(connection, f"S{seed}V0001"):
        return 0
    draw = Random(seed)
    rooms = add_places(connection, draw, venues=venues, resources=resources, prefix=f"S{seed}")
    companies = add_companies(connection, draw, max(2, venues * 2), prefix=f"S{seed}", at=at)
    calendar = Calendar(at, years)
    stays = (
        stay
        for n, room in enumerate(rooms[:busy])
        for stay in _stays(room, _share(bookings, busy, n), calendar, draw)
    )
    entries = (_entry(stay, draw.choice(companies), draw, at) for stay in stays)
    while batch := list(islice(entries, BATCH)):
        _write(connection, batch)
    synthetic.analyse(connection)
    return bookings


class Calendar:
    """The planning days of the world, with the instants at which they begin in each zone."""

    def __init__(self, at: datetime, years: int) -> None:
        self.length = years * 365
        self._first = at.date() - timedelta(days=self.length // 2)
        self._starts: dict[str, list[datetime]] = {}

    def date(self, day: int) -> date:
        """The date of a day, counted from the first."""
        return self._first + timedelta(days=day)

    def starts(self, day: int, zone: str) -> datetime:
        """The instant at which it begins; also for the day after the last."""
        if zone not in self._starts:
            self._starts[zone] = [day_start(self.date(n), zone, DAY_LINE) for n in range(self.length + 1)]
        return self._starts[zone][day]


def _share(bookings: int, resources: int, n: int) -> int:
    return bookings // resources + (n < bookings % resources)


def _stays(room: Room, many: int, calendar: Calendar, draw: Random) -> Iterator[Stay]:
    """So many spans of one room over the whole time, none touching another."""
    if not many:
        return
    if calendar.length // many >= LONG_STAY:
        yield from _long_stays(room, many, calendar, draw)
    else:
        yield from _short_stays(room, many, calendar, draw)


def _long_stays(room: Room, many: int, calendar: Calendar, draw: Random) -> Iterator[Stay]:
    for n in range(many):
        first, last = n * calendar.length // many, (n + 1) * calendar.length // many
        length = draw.randint(1, min(12, last - first - 1))
        start = draw.randint(first, last - length - 1)
        end = start + length
        yield Stay(
            room,
            calendar.starts(start, room.zone),
            calendar.starts(end, room.zone),
            (calendar.date(start), calendar.date(end)),
        )


def _short_stays(room: Room, many: int, calendar: Calendar, draw: Random) -> Iterator[Stay]:
    a_day = -(-many // calendar.length)
    slot = HALF_HOURS // a_day
    for n in range(many):
        day = n * calendar.length // many
        place = n - -(-day * many // calendar.length)  # the how manieth of its day
        length = draw.randint(1, slot - 1)
        begin = FIRST_HALF_HOUR + place * slot + draw.randint(0, slot - 1 - length)
        start = calendar.starts(day, room.zone) + begin * HALF_HOUR
        yield Stay(room, start, start + length * HALF_HOUR, None)


def _entry(stay: Stay, company: Company, draw: Random, at: datetime) -> Entry:
    room, booking_id, claim_id = stay.room, new_id(), new_id()
    state = draw.choice(PAST if stay.end <= at else FUTURE)
    asked_at = min(stay.start, at) - timedelta(minutes=draw.randint(60, 180 * 24 * 60))
    ended_at = asked_at + timedelta(minutes=30) if state in ENDS else None
    quantity = 1 if room.exclusive else draw.randint(1, room.capacity)
    booking = {
        "id": booking_id,
        "venue_id": room.venue_id,
        "organisation_id": company.id,
        "state": state,
        "title": _title(draw),
        "purpose": draw.choice(PURPOSES),
        "people": draw.randint(1, 12),
        "moments": [],
        "refer_consent": False,
        "asked_by": company.person_id,
        "created_at": asked_at,
        "modified_at": ended_at or asked_at,
        "granted_at": None if FORCE[state] is Force.NONE else asked_at,
        "ended_at": ended_at,
        "revision": 2 if ended_at else 1,
        "sequence": 1 if ended_at else 0,
        "shown": state in SHOWN or state is State.CANCELLED,
    }
    event = {
        "id": new_id(),
        "venue_id": room.venue_id,
        "booking_id": booking_id,
        "at": ended_at or asked_at,
        "by_id": company.person_id,
        "kind": EVENTS[state],
        "old": {},
        "new": {"state": state},
        "handled_at": at,
    }
    claim = _claim(stay, booking_id, claim_id, quantity)
    return booking, claim, _occupancy(stay, claim_id, quantity, FORCE[state]), event


def _claim(stay: Stay, booking_id: UUID, claim_id: UUID, quantity: int) -> Row:
    first, end = stay.days or (None, None)
    return {
        "id": claim_id,
        "venue_id": stay.room.venue_id,
        "booking_id": booking_id,
        "resource_id": stay.room.id,
        "starts": stay.start,
        "ends": stay.end,
        "start_date": first,
        "end_date": end,
        "setup_minutes": 0,
        "strike_minutes": 0,
        "quantity": quantity,
        "position": 0,
    }


def _occupancy(stay: Stay, claim_id: UUID, quantity: int, force: Force) -> Row:
    return {
        "id": new_id(),
        "venue_id": stay.room.venue_id,
        "atom_id": stay.room.id,
        "claim_id": claim_id,
        "source": "claim",
        "starts": stay.start,
        "ends": stay.end,
        "quantity": quantity,
        "exclusive": stay.room.exclusive,
        "force": force,
    }


def _title(draw: Random) -> str:
    return f"{draw.choice(WORDS)} {draw.randint(1, 9999)}"


def _write(connection: Connection, batch: Sequence[Entry]) -> None:
    for table, rows in zip(TABLES, zip(*batch, strict=True), strict=True):
        synthetic.write(connection, table, rows)
