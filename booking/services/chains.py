"""What becomes of the parts of a chain: held together, let go together, confirmed together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.options import DueKind
from booking.domain.refusals import Conflict
from booking.domain.resources import SPACES
from booking.domain.spans import Span
from booking.domain.states import ENDS, State
from booking.domain.trajectories import (
    ChainState,
    Gap,
    Kit,
    LegTerms,
    Stay,
    deadline,
    missing_legs,
    returned_until,
    stay_of,
)
from booking.domain.wall_clock import planning_days
from booking.domain.working_days import of_countries
from booking.services.ordering import House, move_to, reread, set_clock
from booking.storage import registers, trajectories
from booking.storage.registers import BookingRow, ClaimRow
from booking.storage.trajectories import TrajectoryRow

EQUIPMENT = "equipment"
UNDECIDED = frozenset({State.REQUESTED, State.OPTION, State.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it is: its row, its parts (ended ones too, and the vans of its legs), its legs."""

    row: TrajectoryRow
    parts: tuple[BookingRow, ...]
    legs: tuple[LegTerms, ...]
    vans: frozenset[UUID]
    vehicles: frozenset[str]

    @property
    def live(self) -> list[BookingRow]:
        """The parts that have not ended."""
        return [part for part in self.parts if part.state not in ENDS]

    @property
    def stays(self) -> list[BookingRow]:
        """The parts that are no van, in order of time."""
        mine = [part for part in self.parts if part.id not in self.vans and part.claims]
        return sorted(mine, key=lambda part: (part.starts, part.id))

    @property
    def gaps(self) -> list[Gap]:
        """The transport that nobody has planned."""
        return missing_legs([stay for _, stay in self._stays()], self._kit(), self.legs)

    def gaps_with(self, stay: Stay, *, without: UUID) -> list[Gap]:
        """Those that there would be if one of its parts stayed there instead."""
        stays = [each for part, each in self._stays() if part.id != without]
        return missing_legs([*stays, stay], self._kit(), self.legs)

    @property
    def wanting(self) -> list[BookingRow]:
        """The stays about which its company has to decide: refused and not asked anew; once time ran out, those
        that had not answered."""
        asked = {part.venue for part in self.stays if part.state not in ENDS}
        refused = [part for part in self.stays if part.state in ENDS and not self._is_replaced(part, asked)]
        if refused or self.row.broken_why != "deadline":
            return refused
        return [part for part in self.stays if part.state in UNDECIDED and part.agreed_at is None]

    def _is_replaced(self, part: BookingRow, asked: Collection[str]) -> bool:
        return part.id in self.row.replaced or part.venue in asked

    def _stays(self) -> list[tuple[BookingRow, Stay]]:
        return [(part, stay) for part in self.live if part.id not in self.vans and (stay := _stay(part))]

    def _kit(self) -> list[Kit]:
        spans: dict[tuple[str, str], list[Span]] = {}
        for part in self.live:
            for claim in part.claims:
                if part.id not in self.vans and _travels(claim, self.vehicles):
                    spans.setdefault((claim.resource, part.venue), []).append(claim.span)
        return [Kit(code, home, tuple(each)) for (code, home), each in spans.items()]

    def gaps_at(self, part: BookingRow) -> list[Gap]:
        """Those of its gaps that this part feels: its own kit would have to travel, or other kit to its house."""
        mine = {claim.resource for claim in part.claims}
        return [gap for gap in self.gaps if part.venue in (gap.origin, gap.destination) or mine & set(gap.kit)]


def _travels(claim: ClaimRow, vehicles: Collection[str]) -> bool:
    return claim.kind == EQUIPMENT and claim.resource not in vehicles


def _stay(part: BookingRow) -> Stay | None:
    """When people are there; None where only kit or beds are asked: beds alone are no stay."""
    rooms = [claim for claim in part.claims if claim.kind in SPACES]
    if not rooms:
        return None
    span = Span(min(claim.starts for claim in rooms), max(claim.ends for claim in rooms))
    first = min(rooms, key=lambda claim: claim.starts)
    moments = [(moment["kind"], datetime.fromisoformat(moment["start"])) for moment in part.moments]
    return stay_of(part.venue, span, part.zone, first_day=first.start_date, arrivals=moments)


def load(connection: Connection, row: TrajectoryRow, *, lock: bool = False) -> Chain:
    """The chain with everything in it."""
    return load_all(connection, [row], lock=lock)[0]


def load_all(connection: Connection, rows: Sequence[TrajectoryRow], *, lock: bool = False) -> list[Chain]:
    """The same for several, in a handful of statements however many they are."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    parts = registers.of_trajectories(connection, ids, lock=lock)
    legs = trajectories.legs(connection, ids)
    codes = {claim.resource for part in parts for claim in part.claims if claim.kind == EQUIPMENT}
    vehicles = trajectories.vehicles(connection, codes) if codes else set()
    by_id = {part.id: part for part in parts}
    found = []
    for row in rows:
        mine = [leg for leg in legs if leg.trajectory_id == row.id]
        terms = tuple(
            LegTerms(
                leg.origin,
                leg.destination,
                leg.starts,
                leg.ends,
                by_id[leg.booking_id].claims[0].resource if leg.booking_id in by_id else None,
            )
            for leg in mine
            if not _is_off(by_id.get(leg.booking_id))
        )
        vans = frozenset(leg.booking_id for leg in mine if leg.booking_id is not None)
        own = tuple(part for part in parts if part.trajectory_id == row.id)
        found.append(Chain(row, own, terms, vans, frozenset(vehicles)))
    return found


def _is_off(van: BookingRow | None) -> bool:
    """A leg whose van was lost is no leg."""
    return van is not None and (van.state in ENDS or not van.claims)


def held_until(chain: TrajectoryRow, houses: Collection[House], first: House, at: datetime) -> datetime:
    """Until when the first yes, given by `first`, is held: working days of every house and of the company."""
    closing = {day for house in houses for day in house.rules.closing_days}
    countries = [house.calendar for house in houses]
    return deadline(at, of_countries(*countries, chain.organisation_country, closing=closing), first.zone)


def held_values(row: BookingRow | None, until: datetime, at: datetime) -> dict[str, Any]:
    """The columns of a part whose house said yes: it counts as the grant, and sets the key if there was none."""
    return {
        "agreed_at": at,
        "granted_at": row.granted_at if row is not None and row.granted_at else at,
        "due_at": until,
        "due_kind": DueKind.TRAJECTORY,
    }


def let_go(connection: Connection, house: House, booking_id: UUID, *, at: datetime) -> None:
    """The chain did not come together: what was agreed is an option again, under its key, for some days."""
    row = reread(connection, booking_id, lock=True)
    if row.trajectory_id is not None:
        trajectories.break_off(connection, row.trajectory_id, at=at, why="deadline")
    expires_at = returned_until(at, house.zone)
    values = {"expires_at": expires_at}
    new = {"expires_at": expires_at.isoformat()}
    move_to(connection, house, row, State.OPTION, "booking.let-go", at=at, values=values, new=new)
    set_clock(connection, row, expires_at)


def transport_conflicts(chain: Chain, gaps: Collection[Gap]) -> list[Conflict]:
    """Kit cannot teleport: one conflict for each leg that is missing."""
    zones = {part.venue: (part.zone, part.day_line) for part in chain.parts}
    found = []
    for gap in gaps:
        zone, day_line = zones.get(gap.destination, ("UTC", 0))
        days = planning_days(gap.span, zone, day_line)
        facts = {"from": gap.origin, "to": gap.destination, "kit": list(gap.kit), "before": gap.before.isoformat()}
        found.append(Conflict("transport", gap.kit[0], gap.span, tuple(days), zone, facts=facts))
    return found


def is_complete(chain: Chain) -> bool:
    """Whether every house has said yes and nothing is in the way of confirming all."""
    live = chain.live
    agreed = all(part.agreed_at is not None and part.state is State.PENDING for part in live)
    return chain.row.state is ChainState.OPEN and bool(live) and agreed
