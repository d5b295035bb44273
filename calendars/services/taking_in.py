"""A copy of a foreign calendar takes effect: one transaction under the lock of the house."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booking.domain.claims import Atom
from booking.domain.closures import NEED_A_DECISION
from booking.domain.refusals import NotFound
from booking.domain.rules import HORIZON_DAYS
from booking.domain.spans import Span, merged
from booking.domain.wall_clock import planning_days
from booking.services import conflicts, events
from booking.services.house import House, locked, put_in_order
from booking.storage import conflicts as desk
from booking.storage import occupancies
from calendars.domain.blocking import EVERYTHING, Block, Blocking, Choices, is_believable, keys, ours
from calendars.domain.foreign_events import ForeignEvent, Reading, Terms
from calendars.domain.showing import SHOWN_BEFORE, SHOWN_CANCELLED
from calendars.domain.stretches import EPOCH, moment, unpacked
from calendars.storage import external, external_hits
from calendars.storage.external import CalendarRow, EventRow
from calendars.storage.external_hits import Hit

Read = Callable[[bytes, Terms], Reading]
"""Reads octets apart from this process; foreign_lines.NotACalendar."""

BEFORE = SHOWN_BEFORE
"""How far back foreign events still matter: feeds tell them for so long."""
AHEAD = timedelta(days=HORIZON_DAYS + 35)
"""How far ahead a copy is expanded: the horizon, and time enough until it is expanded again."""
A_DAY = timedelta(days=1)
EVERY = timedelta(minutes=15)
"""Between two looks at a calendar."""


MOST_NOTED = 200
"""Rows of a season about which something is told."""

NOTHING = Choices({EVERYTHING: Block.IGNORE})
"""How an event of our own is read."""


class NotBelieved(ValueError):
    """More than half of what was still to come is gone."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What was read, and what was read of it. `body`: the octets, compressed."""

    reading: Reading
    body: bytes
    digest: str
    etag: str = ""
    last_modified: str = ""


def terms(zone: str, at: datetime) -> Terms:
    """How a calendar of a house is read at that moment. Whole months, so that a day more changes no series."""
    since, until = ((moment - EPOCH) // timedelta(seconds=1) for moment in (_month(at - BEFORE), ahead(at)))
    return Terms(zone, since, until)


def ahead(at: datetime) -> datetime:
    """To when a copy that is read now is expanded."""
    return _month(at + AHEAD)


def _month(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def take_in(
    connection: Connection, row: CalendarRow, copy: Copy, *, at: datetime, believe: bool = False
) -> CalendarRow:
    """Let the copy count. NotFound when the calendar is gone; NotBelieved when too little is left of the copy
    before, unless somebody says so."""
    row = held(connection, row)
    wanted, house = _wanted_and_locked(connection, row, copy, at)
    known = external.events(connection, row.id, ended=True)
    if not (believe or row.believes) and not is_believable(
        (each.uid for each in known if _is_to_come(each, at)),
        (each.event.uid for each in wanted),
    ):
        raise NotBelieved
    changed = _write(connection, house, row, known, wanted, at)
    external.keep_copy(connection, row.id, copy.body)
    external.alter(
        connection,
        row.id,
        state="fine",
        problem=None,
        failures=0,
        believes=False,
        read_at=at,
        tried_at=at,
        due_at=at + EVERY if row.url else None,
        until=ahead(at),
        digest=copy.digest,
        etag=copy.etag,
        last_modified=copy.last_modified,
        counts=counted(copy.reading, wanted),
        notes=noted(copy.reading, wanted),
    )
    if row.state == "failing":
        tell(connection, row, "calendar.recovered", at=at)
    if changed:
        settle(connection, house, row, at=at)
    return reread(connection, row.id)


def expand(connection: Connection, row: CalendarRow, copy: Copy, *, at: datetime) -> None:
    """The same copy, further ahead: what is known of the calendar stays as it is. Nothing when another copy counts
    by now. NotFound."""
    row = held(connection, row)
    if row.digest != copy.digest:
        return
    wanted, house = _wanted_and_locked(connection, row, copy, at)
    changed = _write(connection, house, row, external.events(connection, row.id, ended=True), wanted, at)
    external.alter(connection, row.id, until=ahead(at))
    if changed:
        settle(connection, house, row, at=at)


def held(connection: Connection, row: CalendarRow) -> CalendarRow:
    """The calendar as it is by now, locked before its house is: between reading it and writing what it blocks
    nobody reads it otherwise, lets another copy count, or removes it. NotFound when it is gone."""
    found = external.find(connection, row.id, lock=True)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Setting:
    """The house at which events are set."""

    venue_id: int
    zone: str
    day_line: int


def blockings(
    connection: Connection,
    setting: Setting,
    calendar_id: UUID | None,
    found: Iterable[ForeignEvent],
    chosen: Choices,
) -> list[Blocking]:
    """What the events block when they are read so; those of our own feeds that come back block nothing."""
    listed = keys(found)
    mine = {event.uid: identity for _, event in listed if (identity := ours(event.uid)) is not None}
    known = external.known_claims(connection, setting.venue_id, set(mine.values()))
    same: dict[str, list[Span]] = {}
    for uid, _booking, span in external.same(connection, calendar_id) if calendar_id else ():
        same.setdefault(uid, []).append(span)
    place: Any = {"zone": setting.zone, "day_line": setting.day_line}
    return [
        Blocking.of(key, event, NOTHING, **place)
        if mine.get(event.uid) in known
        else Blocking.of(key, event, chosen, **place, kept=same.get(event.uid, ()))
        for key, event in listed
    ]


def choices(connection: Connection, row: CalendarRow) -> Choices:
    """How this calendar is read."""
    return choices_of(connection, row.venue_id, row.resource, row.blocks, row.split)


def choices_of(
    connection: Connection,
    venue_id: int,
    resource: str | None,
    blocks: Mapping[str, Any],
    split: Mapping[str, Any],
) -> Choices:
    """Without a resource of its own, the names of the house's resources say where an event belongs."""
    names: dict[str, str] = {}
    if resource is None:
        for code, name in external.names(connection, venue_id):
            names |= {word.lower(): code for word in (code, *name.values())}
    return Choices(dict(blocks), dict(split), resource, names)


def _wanted(connection: Connection, row: CalendarRow, reading: Reading) -> list[Blocking]:
    setting = Setting(row.venue_id, row.zone, row.day_line)
    return blockings(connection, setting, row.id, reading.events, choices(connection, row))


def _wanted_and_locked(
    connection: Connection, row: CalendarRow, copy: Copy, at: datetime
) -> tuple[list[Blocking], House]:
    """The lock of the house comes last: nobody there waits for what thousands of events amount to."""
    same = external.same(connection, row.id)
    wanted = _wanted(connection, row, copy.reading)
    house = locked(connection, row.venue_id, at=at)
    if external.same(connection, row.id) != same:  # somebody said so meanwhile
        wanted = _wanted(connection, row, copy.reading)
    return wanted, house


def noted(reading: Reading, wanted: Sequence[Blocking]) -> list[list[Any]]:
    """What was not understood; and the rows of a season that name no place of the house."""
    lost: list[list[Any]] = [
        ["unknown-place", each.event.location or each.event.title, reading.rows[each.event.uid]]
        for each in wanted
        if each.event.uid in reading.rows and each.block is not Block.IGNORE and not each.targets
    ]
    if not lost:
        return reading.notes
    return sorted([*reading.notes, *lost], key=lambda note: int(note[2]))[:MOST_NOTED]


def counted(reading: Reading, wanted: Sequence[Blocking]) -> dict[str, int]:
    """Those of the reading, and of what it does: hard, option, ignore, and unplaced (no resource is known)."""
    counts = dict(reading.counts)
    came_back = [
        each for each in wanted if ours(each.event.uid) and each.block is Block.IGNORE and not each.targets
    ]
    for block in Block:
        counts[block.value] = sum(each.block is block for each in wanted)
    counts[Block.IGNORE.value] -= len(came_back)
    counts["unplaced"] = sum(each.block is not Block.IGNORE and not each.targets for each in wanted)
    counts["ours"] = len(came_back)
    return counts


def forget(connection: Connection, row: CalendarRow, *, at: datetime) -> None:
    """The calendar goes, and what it blocked is free. NotFound when it is gone already."""
    held(connection, row)
    house = locked(connection, row.venue_id, at=at)
    external.remove(connection, row.id, row.venue_id)
    _touch(connection, house, house.places)
    put_in_order(connection, house, at=at)


def settle(connection: Connection, house: House, row: CalendarRow, *, at: datetime) -> None:
    """Settled bookings under hard events stand on the desk; options are suspended, or return."""
    hits = external_hits.hits(connection, row.id, row.venue_id, NEED_A_DECISION)
    twins = _twins(house, hits)
    open_now = {(each.claim_id, each.cause_id): each for each in desk.open_in(connection, row.venue_id)}
    by_pair: dict[tuple[UUID, UUID], list[Hit]] = {}
    for hit in hits:
        if str(hit.event_id) not in hit.overrides and (hit.event_id, hit.claim_id) not in twins:
            by_pair.setdefault((hit.claim_id, hit.event_id), []).append(hit)
    for (claim, event), pieces in by_pair.items():
        common = merged(piece.span for piece in pieces)
        span = Span(common[0].start, common[-1].end)
        known = open_now.get((claim, event))
        if known is not None and known.span == span:
            continue
        if conflicts.was_settled(connection, claim, "external", event, span):
            continue
        conflicts.open_one(
            connection,
            venue_id=row.venue_id,
            kind="external-busy",
            booking_id=pieces[0].booking_id,
            claim_id=claim,
            resource_id=pieces[0].resource_id,
            cause="external",
            cause_id=event,
            span=span,
            days=sorted({day for each in common for day in planning_days(each, house.zone, house.day_line)}),
            facts={"calendar": row.label, "title": pieces[0].title},
            at=at,
        )
    put_in_order(connection, house, at=at)


def tell(connection: Connection, row: CalendarRow, kind: str, *, at: datetime, why: str | None = None) -> None:
    """The managers of the house hear of it."""
    events.put(
        connection,
        kind,
        venue_id=row.venue_id,
        booking_id=None,
        by=None,
        at=at,
        new={
            "calendar": str(row.id),
            "label": row.label,
            "venue_name": row.venue_name,
            "read_at": row.read_at.isoformat() if row.read_at else None,
            "problem": why,
        },
    )


def reread(connection: Connection, calendar_id: UUID) -> CalendarRow:
    """As this transaction leaves it."""
    row = external.find(connection, calendar_id)
    if row is None:
        raise LookupError(calendar_id)
    return row


def _write(
    connection: Connection,
    house: House,
    row: CalendarRow,
    known: Sequence[EventRow],
    wanted: Sequence[Blocking],
    at: datetime,
) -> bool:
    """Only what is other than before; whether anything was."""
    before = _kept(connection, row, known, {each.key: each.block for each in wanted}, at)
    now = {each.key: each for each in wanted}
    gone = [each for key, each in before.items() if key not in now and each.ended_at is None]
    changed = [each for key, each in now.items() if key not in before or before[key].digest != each.digest]
    if not (gone or changed):
        return False
    external.end_events(connection, row.venue_id, gone, at=at)
    other = [before[each.key] for each in changed if each.key in before]
    external.give_up(connection, row.venue_id, [each.id for each in other])
    ids = external.put_events(connection, row, [(before.get(each.key), each) for each in changed], at=at)
    external.hold(
        connection,
        row.venue_id,
        (
            (ids[each.key], each.block, atom, each.stretches)
            for each in changed
            for atom in _atoms(house, each.targets)
        ),
    )
    before_and_now = [each.targets for each in (*gone, *other)] + [list(each.targets) for each in changed]
    _touch(connection, house, {str(code) for targets in before_and_now for code in targets})
    return True


def _kept(
    connection: Connection, row: CalendarRow, known: Sequence[EventRow], wanted: Mapping[str, Block], at: datetime
) -> dict[str, EventRow]:
    """What is known, by key. What is over is forgotten in time; a pencil that comes back is another one, or its
    place in the queue would be that of the first."""
    external.forget_ended(connection, row.id, before=at - SHOWN_CANCELLED)
    again = [each for each in known if each.ended_at and wanted.get(each.key) is Block.OPTION]
    external.drop_events(connection, [each.id for each in again])
    forgotten = {each.id for each in again}
    return {
        each.key: each
        for each in known
        if each.id not in forgotten and (each.ended_at is None or each.ended_at > at - SHOWN_CANCELLED)
    }


def _is_to_come(event: EventRow, at: datetime) -> bool:
    return event.block != Block.IGNORE and event.ended_at is None and event.ends is not None and event.ends > at


def _atoms(house: House, targets: Iterable[str]) -> list[Atom]:
    atoms = {atom.id: atom for code in targets if code in house.places for atom in house.places[code].atoms}
    return list(atoms.values())


def _touch(connection: Connection, house: House, codes: Iterable[str]) -> None:
    """Timelines and feeds of these places, and of whatever shares a part with them, are other ones now."""
    places = [house.places[code] for code in codes if code in house.places]
    occupancies.touch(connection, sorted({atom.id for place in places for atom in place.atoms}))


def _twins(house: House, hits: Sequence[Hit]) -> set[tuple[UUID, UUID]]:
    """Events of exactly the days of a booking on the same resource: somebody copied it into the house's own tool.

    Whether they are the same is for a person to say; until then they are no conflict.
    """
    twins = set()
    packed = {hit.event_id: hit.stretches for hit in hits}
    wanted = {event: unpacked(octets) for event, octets in packed.items()}
    for hit in hits:
        theirs, mine = wanted[hit.event_id], hit.claimed
        if moment(theirs[0][0]) <= mine.start - A_DAY or moment(theirs[-1][1]) >= mine.end + A_DAY:
            continue  # a long series is looked at no closer
        spans = [Span(moment(start), moment(end)) for start, end in theirs]
        days = {day for span in spans for day in planning_days(span, house.zone, house.day_line)}
        if days == set(planning_days(mine, house.zone, house.day_line)):
            twins.add((hit.event_id, hit.claim_id))
    return twins
