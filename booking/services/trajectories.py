"""Chains of stays over several houses, read: as one person may see them, and what they may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.detours import Stop
from booking.domain.distances import Point
from booking.domain.people import Person
from booking.domain.refusals import (
    Neighbours,
    NotFound,
)
from booking.domain.resources import SPACES
from booking.domain.spans import Span
from booking.domain.states import ENDS, State
from booking.domain.trajectories import ChainState, shown_state, stay_of
from booking.domain.ways_out import WayOut
from booking.services import chains, detours, ways_out
from booking.services.chains import Chain
from booking.services.terms import terms_of
from booking.storage import trajectories
from booking.storage.registers import BookingRow
from booking.storage.trajectories import TrajectoryRow

VERBS = ("withdraw", "keep-the-rest")
TAKEN_BACK = frozenset({State.REQUESTED, State.PENDING, State.OPTION, State.SUSPENDED})
"""In which states a company takes a part back."""


@dataclass(frozen=True, slots=True)
class LegView:
    """A leg as it stands. `van`: the booking of its vehicle, if it has one."""

    id: UUID
    origin: str
    destination: str
    starts: datetime
    ends: datetime
    zone: str
    destination_zone: str
    van: BookingRow | None


@dataclass(frozen=True, slots=True)
class View:
    """A chain as one person may see it. `ways`: other periods and houses for what was
    refused, each with its `part`; `verbs`: what they may do."""

    chain: Chain
    legs: tuple[LegView, ...]
    verbs: tuple[str, ...]
    ways: tuple[WayOut, ...] = ()

    @property
    def row(self) -> TrajectoryRow:
        """The chain itself."""
        return self.chain.row

    @property
    def state(self) -> ChainState:
        """How it stands, as people say it."""
        return shown_state(self.row.rule, self.row.state, [part.state for part in self.chain.parts])

    @property
    def revision(self) -> int:
        """Rises with every change of the chain and of its parts."""
        return self.row.revision + sum(part.revision for part in self.chain.parts)


def row_of(connection: Connection, trajectory_id: UUID, *, lock: bool = False) -> TrajectoryRow:
    """The chain's own row as this transaction leaves it. NotFound."""
    row = trajectories.find(connection, trajectory_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def find(connection: Connection, person: Person, trajectory_id: UUID) -> Chain:
    """The chain; NotFound when there is none, or when it is not this person's to know."""
    chain = chains.load(connection, row_of(connection, trajectory_id))
    if not may_know(person, chain):
        raise NotFound
    return chain


def may_know(person: Person, chain: Chain) -> bool:
    """Its company, everybody of a house that has a part in it, and who sees everything."""
    if person.sees_everything or person.speaks_for(chain.row.organisation):
        return True
    return any(part.venue in person.manages | person.assists for part in chain.parts)


def knows_part(person: Person, part: BookingRow) -> bool:
    """Whether title, people and claims of a part may reach this person; of the rest, dates and states."""
    return person.may_know(part.venue, part.organisation)


def read(connection: Connection, person: Person, trajectory_id: UUID, *, at: datetime) -> View:
    """The chain with its gaps, what this person may do, and ways out where a house said no. NotFound."""
    chain = find(connection, person, trajectory_id)
    [view] = views_of(connection, person, [chain])
    if "keep-the-rest" not in view.verbs:
        return view
    return replace(view, ways=tuple(_ways(connection, person, chain, at)))


def of_part(connection: Connection, part: BookingRow) -> View | None:
    """The chain of a booking, for whoever may know the booking; None when it is in none."""
    if part.trajectory_id is None:
        return None
    chain = chains.load(connection, row_of(connection, part.trajectory_id))
    return View(chain, (), ())


def listing(
    connection: Connection, person: Person, *, limit: int, before: UUID | None = None, venue: str | None = None
) -> list[View]:
    """The chains that this person may know, newest first."""
    rows = trajectories.listing(connection, person, limit=limit, before=before, venue=venue)
    return views_of(connection, person, chains.load_all(connection, rows))


def views_of(connection: Connection, person: Person, found: Sequence[Chain]) -> list[View]:
    """Chains that were read, as this person may see them."""
    legs = trajectories.legs(connection, [chain.row.id for chain in found]) if found else []
    return [
        View(
            chain,
            tuple(_leg(leg, chain) for leg in legs if leg.trajectory_id == chain.row.id),
            verbs_of(person, chain),
        )
        for chain in found
    ]


def _leg(leg: Row[Any], chain: Chain) -> LegView:
    van = next((part for part in chain.parts if part.id == leg.booking_id), None)
    return LegView(
        leg.id, leg.origin, leg.destination, leg.starts, leg.ends, leg.origin_zone, leg.destination_zone, van
    )


def verbs_of(person: Person, chain: Chain) -> tuple[str, ...]:
    """What this person may do with the chain as it is now."""
    if not person.speaks_for(chain.row.organisation):
        return ()
    possible = {
        "withdraw": any(part.state in TAKEN_BACK for part in chain.live),
        "keep-the-rest": chain.row.state is ChainState.BROKEN and bool(chain.live),
    }
    return tuple(verb for verb in VERBS if possible[verb])


def _ways(connection: Connection, person: Person, chain: Chain, at: datetime) -> list[WayOut]:
    """For every stay that wants it: the same some weeks later or earlier, then like rooms of other houses."""
    wanting = chain.wanting
    lies = trajectories.houses(connection, {part.venue for part in chain.stays}) if wanting else {}
    found: list[WayOut] = []
    for part in wanting:
        others = [each for each in _rooms_of(chain.stays) if each.state not in ENDS and each.id != part.id]
        stops = [Stop(each.venue_name, Span(each.starts, each.ends), _point(lies[each.venue])) for each in others]
        around = Neighbours(None, tuple((stop.house, stop.span) for stop in stops))
        terms = terms_of(part)
        ways = ways_out.other_periods(connection, person, terms, around, at=at, besides=part.id)
        ways += [
            _with_legs(way, chain, part, lies)
            for way in detours.other_houses(connection, person, terms, stops, at=at)
        ]
        found += [replace(way, facts={**way.facts, "part": part.id}) for way in ways]
    return found


def _point(row: Row[Any]) -> Point:
    return Point(row.latitude, row.longitude)


def _with_legs(way: WayOut, chain: Chain, part: BookingRow, lies: Mapping[str, Row[Any]]) -> WayOut:
    """What it would do to the transport: legs that would have to be planned."""
    [(house, _)] = way.bookings
    rooms = _rooms_of([part]) or [part]
    first, zone = min(rooms[0].claims, key=lambda claim: claim.starts), lies[part.venue].zone
    stay = stay_of(house, Span(rooms[0].starts, rooms[0].ends), zone, first_day=first.start_date, arrivals=())
    legs = tuple((gap.origin, gap.destination) for gap in chain.gaps_with(stay, without=part.id))
    return replace(way, facts={**way.facts, "legs": legs}, caveat="chain" if legs else way.caveat)


def _rooms_of(parts: Sequence[BookingRow]) -> list[BookingRow]:
    """The parts with their rooms alone: kit that stays away longer collides with nothing."""
    found = []
    for part in parts:
        rooms = tuple(claim for claim in part.claims if claim.kind in SPACES)
        if rooms:
            found.append(replace(part, claims=rooms))
    return found
