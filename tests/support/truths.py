"""What must be true of a house after anything that anybody did: read from its tables, and worked out a second
time, slowly and simply. Every function tells what is wrong, in words; nothing wrong is an empty list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, select

from booking.services import standing
from booking.storage import registers
from booking.storage.bookings import Booking, Claim, Closure, Occupancy
from booking.storage.events import Event
from booking.storage.free_days import FreeDays
from booking.storage.house_affairs import DeskConflict
from booking.storage.options import Challenge, ChallengeDay, Loss, Reinstatement
from booking.storage.places import Resource, ResourceAtom, Venue
from booking.storage.proposals import Proposal
from calendars.domain.events import Status
from calendars.storage import showings

HARD = {"pending", "confirmed", "completed"}
LIVE = HARD | {"requested", "option", "suspended"}
SHOWN = {
    "option": Status.TENTATIVE,
    "pending": Status.TENTATIVE,
    "confirmed": Status.CONFIRMED,
    "completed": Status.CONFIRMED,
}
DAY_LINE = time(6)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOLD_LATE = {"equipment.overdue", "booking.completed"}
"""Told with the instant at which it was so, which may be long before somebody looked."""

Days = set[tuple[str, date]]


@dataclass(frozen=True)
class House:
    """Everything of one house, as its tables have it now."""

    at: datetime
    zone: ZoneInfo
    resources: Mapping[int, Any]
    parts: Mapping[int, Sequence[int]]
    bookings: Mapping[UUID, Any]
    claims: Mapping[UUID, Any]
    pieces: Sequence[Any]
    closures: Mapping[UUID, Any]
    losses: Sequence[Any]
    challenges: Sequence[Any]
    challenge_days: Sequence[Any]
    offers: Sequence[Any]
    proposals: Sequence[Any]
    desk: Sequence[Any]
    events: Sequence[Any]
    on_atom: dict[int, list[Any]] = field(default_factory=dict)

    def booking_of(self, piece: Any) -> Any:
        """Whose it is; None for closures."""
        return self.bookings[self.claims[piece.claim_id].booking_id] if piece.claim_id else None

    def pieces_of(self, booking: UUID) -> list[Any]:
        """What a booking takes, or would take."""
        return [each for each in self.pieces if each.claim_id and self.booking_of(each).id == booking]

    def day(self, moment: datetime) -> date:
        """The planning day of an instant."""
        local = moment.astimezone(self.zone)
        return local.date() if local.time() >= DAY_LINE else local.date() - timedelta(days=1)

    def day_line(self, day: date) -> datetime:
        """When a planning day begins."""
        return datetime.combine(day, DAY_LINE, self.zone).astimezone(UTC)

    def days(self, start: datetime, end: datetime) -> list[date]:
        """The planning days of a stretch."""
        first, last = self.day(start), self.day(end - timedelta(microseconds=1))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def look(connection: Connection, venue: str, *, at: datetime) -> House:
    """The house as it is."""
    place = connection.execute(select(Venue).where(Venue.code == venue)).one()

    def rows(table: Any) -> list[Row[Any]]:
        query: Select[Any] = select(*table.__table__.columns).where(table.venue_id == place.id)
        return list(connection.execute(query.order_by(table.id)).all())

    atoms = connection.execute(
        select(ResourceAtom.resource_id, ResourceAtom.atom_id).where(ResourceAtom.venue_id == place.id)
    ).all()
    claims = {row.id: row for row in rows(Claim)}
    pieces = [
        row
        for row in rows(Occupancy)
        if row.claim_id is None or (row.claim_id in claims and claims[row.claim_id].ended_at is None)
    ]
    house = House(
        at=at,
        zone=ZoneInfo(place.zone),
        resources={row.id: row for row in rows(Resource)},
        parts={each: [row.atom_id for row in atoms if row.resource_id == each] for each, _ in atoms},
        bookings={row.id: row for row in rows(Booking)},
        claims=claims,
        pieces=pieces,
        closures={row.id: row for row in rows(Closure)},
        losses=rows(Loss),
        challenges=rows(Challenge),
        challenge_days=rows(ChallengeDay),
        offers=rows(Reinstatement),
        proposals=rows(Proposal),
        desk=rows(DeskConflict),
        events=rows(Event),
    )
    for piece in pieces:
        house.on_atom.setdefault(piece.atom_id, []).append(piece)
    return house


def there(house: House) -> frozenset[str]:
    """What there is to do something about: the states of bookings, and what waits for an answer."""
    found = {row.state for row in house.bookings.values()}
    waits = {
        "challenged": any(row.answer is None for row in house.challenge_days),
        "offered": any(row.answered_at is None for row in (*house.offers, *house.proposals)),
        "closed": any(row.ended_at is None and row.quantity is None for row in house.closures.values()),
        "on the desk": any(row.resolved_at is None for row in house.desk),
    }
    return frozenset(found | {name for name, is_so in waits.items() if is_so})


def is_due(house: House) -> bool:
    """Whether a clock has run out that nobody has looked at since."""
    clocks = [row.due_at for row in house.bookings.values() if row.due_kind != "answer"]
    clocks += [row.due_at for row in house.offers if row.answered_at is None]
    return any(clock is not None and clock <= house.at for clock in clocks)


def wrong(
    connection: Connection, house: House, asked: Mapping[UUID, Days] | None = None, *, in_order: bool = True
) -> list[str]:
    """Everything that is wrong. `asked`: the days that each booking was given, for those that are followed.

    `in_order`: nobody waited for anybody, so that everything was told in the order of its instants.
    """
    return [
        *oversold(house),
        *without_their_force(house),
        *badly_ranked(connection, house),
        *stuck(house),
        *lost(house, asked or {}),
        *untold(house, in_order=in_order),
        *badly_shown(connection, house),
        *untrue_free_days(connection, house),
    ]


def untrue_free_days(connection: Connection, house: House) -> Iterator[str]:
    """What is kept of an atom's free days, at the revision that the atom has now, is what its holds say."""
    for row in connection.execute(select(FreeDays).where(FreeDays.resource_id.in_(house.resources))).all():
        resource = house.resources[row.resource_id]
        if row.revision != resource.revision:
            continue
        bits = int.from_bytes(row.bits, "little")
        first = date(row.year, 1, 1)
        kept = {first + timedelta(days=n) for n in range(366) if bits >> n & 1}
        hard = [each for each in house.on_atom.get(row.resource_id, ()) if each.force == "hard"]
        days = {first + timedelta(days=n) for n in range((date(row.year + 1, 1, 1) - first).days)}
        near = {
            each.starts.date() + timedelta(days=n)
            for each in hard
            for n in range(-1, (each.ends - each.starts).days + 3)
        }
        free = days - {day for day in days & near if _is_full(house, resource, day, hard)}
        if kept != free:
            yield f"{resource.code} is kept as free on {sorted(kept - free)}, as taken on {sorted(free - kept)}"


def _is_full(house: House, resource: Any, day: date, hard: Sequence[Any]) -> bool:
    start, end = (
        datetime.combine(each, DAY_LINE, house.zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    here = [each for each in hard if each.starts < end and each.ends > start]
    if resource.exclusive:
        return bool(here)
    moments = {start, *(each.starts for each in here if each.starts > start)}
    return any(
        sum(each.quantity for each in here if each.starts <= moment < each.ends) >= resource.capacity
        for moment in moments
    )


def oversold(house: House) -> Iterator[str]:
    """Never more than there is at any instant, but for what came later and stands on the desk."""
    for atom, pieces in house.on_atom.items():
        resource = house.resources[atom]
        hard = [each for each in pieces if each.force == "hard"]
        for start, _ in pairwise(sorted({moment for each in hard for moment in (each.starts, each.ends)})):
            here = [each for each in hard if each.starts <= start < each.ends]
            claims = [each for each in here if each.source == "claim"]
            over = [each for each in here if each.source == "closure"]
            broken = [each for each in over if house.closures[each.closure_id].quantity is not None]
            if resource.exclusive and len(claims) > 1:
                yield f"{resource.code} is sold {len(claims)} times at {start}"
            if not resource.exclusive and sum(each.quantity for each in (*claims, *broken)) > resource.capacity:
                for each in claims:
                    if not (_on_the_desk(house, each, "capacity") or _forced(house, each, *broken)):
                        yield f"{resource.code} is short at {start}, and {_name(house, each)} is on no desk"
            for closed in (each for each in over if each not in broken):
                for each in claims:
                    if not (_forced(house, each, closed) or _on_the_desk(house, each, "closed", closed)):
                        yield f"{_name(house, each)} lies under a closure at {start}, unseen"


def _on_the_desk(house: House, piece: Any, kind: str, closed: Any = None) -> bool:
    return any(
        row.claim_id == piece.claim_id
        and row.kind == kind
        and (row.resolved_at is None or row.why is not None)
        and (closed is None or row.cause_id == closed.closure_id)
        for row in house.desk
    )


def _forced(house: House, piece: Any, *closed: Any) -> bool:
    return any(str(each.closure_id) in (house.booking_of(piece).overrides or ()) for each in closed)


def _name(house: House, piece: Any) -> str:
    row = house.booking_of(piece)
    return f"{row.state} {row.title} on {house.resources[piece.atom_id].code}"


def without_their_force(house: House) -> Iterator[str]:
    """Every claim takes each of its atoms, whole, as hard as its state says."""
    force = {"option": "soft"} | dict.fromkeys(HARD, "hard")
    for claim in house.claims.values():
        booking = house.bookings[claim.booking_id]
        if claim.ended_at is not None:
            continue
        mine = [each for each in house.pieces if each.claim_id == claim.id]
        if sorted(each.atom_id for each in mine) != sorted(house.parts[claim.resource_id]):
            yield f"{booking.title} does not take what it claims of {house.resources[claim.resource_id].code}"
        for each in mine:
            if each.force != force.get(booking.state, "none"):
                yield f"{booking.title} is {booking.state} and holds {each.force}"


def badly_ranked(connection: Connection, house: House) -> Iterator[str]:
    """The rank that is told is 1 + the better live keys that overlap: its worst planning day."""
    options = [row for row in house.bookings.values() if row.state == "option"]
    claims = {claim.id for claim in house.claims.values() if house.bookings[claim.booking_id] in options}
    told = standing.of(connection, registers.of_claims(connection, claims), at=house.at)
    for each in options:
        rank = max((_rank(house, each, piece) for piece in house.pieces_of(each.id)), default=1)
        if told[each.id].rank != rank:
            yield f"{each.title} is told rank {told[each.id].rank}, and stands at {rank}"


def _key(booking: Any) -> tuple[int, UUID]:
    moment = booking.granted_at or booking.created_at
    order = booking.manual_order
    return order if order is not None else (moment - EPOCH) // timedelta(microseconds=1), booking.id


def _rank(house: House, booking: Any, piece: Any) -> int:
    resource = house.resources[piece.atom_id]
    soft = [
        (_key(house.booking_of(other)), other)
        for other in house.on_atom[piece.atom_id]
        if other.force == "soft" and house.booking_of(other).id != booking.id
    ]
    better = sorted(
        ((key, other) for key, other in soft if key < _key(booking)), key=lambda each: (each[0], each[1].id)
    )
    hard = [other for other in house.on_atom[piece.atom_id] if other.force == "hard"]
    worst = 1
    for day in house.days(piece.starts, piece.ends):
        start = max(piece.starts, house.day_line(day))
        end = min(piece.ends, house.day_line(day + timedelta(days=1)))
        over = [(key, other) for key, other in better if other.starts < end and start < other.ends]
        if resource.exclusive:
            worst = max(worst, 1 + len({key for key, _ in over}))
            continue
        short = set()
        cuts = {moment for each in (*hard, *(o for _, o in over)) for moment in (each.starts, each.ends)}
        for moment in sorted({start} | {cut for cut in cuts if start < cut < end}):
            left = resource.capacity - sum(each.quantity for each in hard if each.starts <= moment < each.ends)
            for key, other in over:
                if other.starts <= moment < other.ends:
                    left -= other.quantity
                    if left < piece.quantity:
                        short.add(key)
        worst = max(worst, 1 + len(short))
    return worst


def stuck(house: House) -> Iterator[str]:
    """No live state without a clock or somebody whose move it is."""
    for row in house.bookings.values():
        covered = _is_covered(house, row)
        faults = {
            "has no clock": row.state == "option" and row.due_kind not in {"expiry", "challenge", "commit"},
            "outlives itself": row.state == "option" and not house.at < row.due_at <= row.expires_at,
            "waits for nobody": row.state == "pending" and (row.due_kind != "answer" or row.due_at is None),
            "has a clock and nothing to lose": row.state not in {"option", "pending"} and row.due_at is not None,
            "is suspended under nothing": row.state == "suspended" and not covered,
            "is a live option under something hard": row.state == "option" and covered,
        }
        for fault in (name for name, is_so in faults.items() if is_so):
            yield f"{row.title} ({row.state}, {row.due_kind} {row.due_at}, expires {row.expires_at}) {fault}"
    yield from _stuck_challenges(house)
    yield from _stuck_offers(house)
    for row in house.proposals:
        state = house.bookings[row.booking_id].state
        if row.answered_at is None and state not in LIVE | {"beaten"}:
            yield f"a proposal waits for an answer of a {state} booking"


def _is_covered(house: House, booking: Any) -> bool:
    return any(_is_over(house, booking, piece) for piece in house.pieces_of(booking.id))


def _is_over(house: House, booking: Any, piece: Any) -> bool:
    resource = house.resources[piece.atom_id]
    over = [
        other
        for other in house.on_atom[piece.atom_id]
        if other.force == "hard" and other.starts < piece.ends and piece.starts < other.ends
        if str(other.closure_id) not in (booking.overrides or ())
    ]
    if resource.exclusive:
        return bool(over)
    moments = {piece.starts} | {other.starts for other in over if other.starts > piece.starts}
    return any(
        sum(other.quantity for other in over if other.starts <= moment < other.ends) + piece.quantity
        > resource.capacity
        for moment in moments
        if any(other.starts <= moment < other.ends for other in over)
    )


def _stuck_challenges(house: House) -> Iterator[str]:
    for each in house.challenges:
        challenger = house.bookings[each.booking_id]
        if each.settled_at is None:
            waiting = [day for day in house.challenge_days if day.challenge_id == each.id and not day.answer]
            if challenger.state != "option":
                yield f"a challenge of {challenger.title} is open, which is {challenger.state}"
            if not waiting:
                yield f"a challenge of {challenger.title} waits for nobody"
            for day in waiting:
                holder = house.bookings[day.holder_id]
                if holder.state != "option" or not holder.due_at or holder.due_at > day.due_at:
                    yield f"a challenge waits for {holder.title} ({holder.state}, due {holder.due_at})"
        elif (
            each.commit_due_at and challenger.state != "suspended" and not _hurries(challenger, each.commit_due_at)
        ):
            yield f"{challenger.title} ({challenger.state}) won, and its clock does not say so"


def _hurries(challenger: Any, due_at: datetime) -> bool:
    return challenger.state == "option" and challenger.due_at <= due_at


def _stuck_offers(house: House) -> Iterator[str]:
    still = [each for each in house.offers if each.answered_at is None]
    for each in still:
        booking = house.bookings[each.booking_id]
        if booking.state not in {"option", "suspended", "beaten"}:
            yield f"days are offered again to {booking.title}, which is {booking.state}"
        if each.due_at is not None and each.due_at <= house.at:
            yield f"an offer to {booking.title} has run out"
        before = [
            other
            for other in still
            if other.cause_id == each.cause_id and other.position < each.position and other.offered_at
        ]
        if each.offered_at is None and not before:
            yield f"an offer to {booking.title} waits behind nobody"


def waiting_for_an_answer(house: House) -> list[Any]:
    """The bookings to which something is proposed, or days are offered again."""
    found = {each.booking_id for each in (*house.offers, *house.proposals) if each.answered_at is None}
    return [house.bookings[each] for each in sorted(found)]


def held_or_lost(house: House, booking_id: UUID) -> Days:
    """The days that a booking has, or has lost and not got back."""
    return _held(house, booking_id) | _gone(house, booking_id)


def _held(house: House, booking_id: UUID) -> Days:
    return {
        (house.resources[claim.resource_id].code, day)
        for claim in house.claims.values()
        if claim.booking_id == booking_id and claim.ended_at is None
        for day in house.days(claim.starts, claim.ends)
    }


def _gone(house: House, booking_id: UUID) -> Days:
    return {
        (house.resources[loss.resource_id].code, day)
        for loss in house.losses
        if loss.booking_id == booking_id and loss.returned_at is None
        for day in house.days(loss.starts, loss.ends)
    }


def lost(house: House, asked: Mapping[UUID, Days]) -> Iterator[str]:
    """What was given is held, or it is a loss that says why."""
    for booking_id, given in asked.items():
        booking = house.bookings[booking_id]
        held, gone = _held(house, booking_id), _gone(house, booking_id)
        if held | gone != given:
            missing, extra = given - held - gone, (held | gone) - given
            yield f"{booking.title} ({booking.state}): missing {missing}, extra {extra}"
        if booking.state in LIVE and held & gone:
            yield f"{booking.title} ({booking.state}) holds and has lost {held & gone}"


def untold(house: House, *, in_order: bool) -> Iterator[str]:
    """The history of a booking leads, event by event, to the state that it is in."""
    state: dict[UUID, str] = {}
    latest = EPOCH
    for event in house.events:
        if event.kind not in TOLD_LATE:
            if in_order and event.at < latest:
                yield f"{event.kind} is told at {event.at}, after something of {latest}"
            latest = max(latest, event.at)
        if event.booking_id is None or "state" not in event.new or not event.kind.startswith("booking."):
            continue
        before = state.get(event.booking_id)
        if event.old.get("state", before) != before:
            yield f"{event.kind} says it was {event.old['state']}, and it was {before}"
        if before is not None and before not in LIVE and event.kind != "booking.reinstated":
            yield f"{event.kind} comes after it was {before}"
        state[event.booking_id] = event.new["state"]
    for row in house.bookings.values():
        if state.get(row.id) != row.state:
            yield f"{row.title} is {row.state}, and its history ends with {state.get(row.id)}"


def badly_shown(connection: Connection, house: House) -> Iterator[str]:
    """Feeds show what holds, as hard as it does, and nothing of what is suspended or only asked."""
    shown = {each.id: each for each in showings.claims_on(connection, list(house.resources), at=house.at)}
    for claim in house.claims.values():
        booking, seen = house.bookings[claim.booking_id], shown.get(claim.id)
        wanted = SHOWN.get(booking.state) if claim.ended_at is None else None
        if (wanted is not None) != (seen is not None and seen.status is not Status.CANCELLED):
            yield f"{booking.title} is {booking.state}, and feeds show {seen and seen.status}"
        elif seen is not None and wanted is not None and seen.status is not wanted:
            yield f"{booking.title} is {booking.state}, and feeds say {seen.status}"
