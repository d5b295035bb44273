"""The calendars of others, stored: what is known of each, what its events take, and the last good copy."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Update, bindparam, delete, insert, or_, select, update

from booking.domain.claims import Atom
from booking.domain.spans import Span
from booking.domain.states import Force
from booking.storage.base import new_id
from booking.storage.bookings import Booking, Claim, Closure, Occupancy
from booking.storage.places import Resource, ResourceAtom, Venue
from booking.storage.pouring import Stretch, pour
from calendars.domain.blocking import Blocking, ours
from calendars.domain.stretches import (
    called_off,
    moment,
    packed,
    unpacked,
    unpacked_over,
)
from calendars.storage.tables import (
    ExternalCalendar,
    ExternalCopy,
    ExternalEvent,
    ExternalOffer,
    ExternalSame,
)

AT_ONCE = 500
SOFT_OR_HARD = {"hard": Force.HARD, "option": Force.SOFT}


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One foreign calendar with its house and, where it has one, its resource."""

    id: UUID
    venue_id: int
    venue: str
    venue_name: str
    zone: str
    day_line: int
    resource: str | None
    resource_name: dict[str, str] | None
    label: str
    url: str | None
    blocks: dict[str, Any]
    split: dict[str, Any]
    state: str
    problem: str | None
    failures: int
    believes: bool
    read_at: datetime | None
    tried_at: datetime | None
    due_at: datetime | None
    until: datetime | None
    digest: str
    etag: str
    last_modified: str
    counts: dict[str, Any]
    notes: list[Any]
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a foreign calendar, as it is kept."""

    id: UUID
    key: str
    uid: str
    title: str
    location: str
    block: str
    targets: list[Any]
    digest: str
    starts: datetime | None
    ends: datetime | None
    stretches: bytes | None
    over: bytes | None
    repeats: bool
    sequence: int
    ended_at: datetime | None


def add(connection: Connection, **values: Any) -> UUID:
    """A calendar that was never read."""
    calendar_id = new_id()
    connection.execute(
        insert(ExternalCalendar).values(
            id=calendar_id,
            state="waiting",
            failures=0,
            believes=False,
            digest="",
            etag="",
            last_modified="",
            counts={},
            notes=[],
            revision=1,
            **values,
        )
    )
    return calendar_id


def alter(connection: Connection, calendar_id: UUID, **values: Any) -> None:
    """Change columns of one; its revision rises."""
    connection.execute(
        update(ExternalCalendar)
        .where(ExternalCalendar.id == calendar_id)
        .values(**values, revision=ExternalCalendar.revision + 1)
    )


def remove(connection: Connection, calendar_id: UUID, venue_id: int) -> None:
    """Forget it, with everything that it took."""
    mine = select(ExternalEvent.id).where(ExternalEvent.calendar_id == calendar_id)
    connection.execute(delete(Occupancy).where(Occupancy.venue_id == venue_id, Occupancy.external_id.in_(mine)))
    for table, column in (
        (ExternalEvent, ExternalEvent.calendar_id),
        (ExternalSame, ExternalSame.calendar_id),
        (ExternalCopy, ExternalCopy.calendar_id),
        (ExternalOffer, ExternalOffer.calendar_id),
        (ExternalCalendar, ExternalCalendar.id),
    ):
        connection.execute(delete(table).where(column == calendar_id))


def find(connection: Connection, calendar_id: UUID, *, lock: bool = False) -> CalendarRow | None:
    """One, or None."""
    query = _rows().where(ExternalCalendar.id == calendar_id)
    row = connection.execute(query.with_for_update(of=ExternalCalendar) if lock else query).one_or_none()
    return CalendarRow(**row._mapping) if row else None


def listing(connection: Connection, *, venue: str | None = None, resource: str | None = None) -> list[CalendarRow]:
    """Those of a house (of its resources too), or those of one resource, oldest first."""
    query = _rows()
    if venue is not None:
        query = query.where(Venue.code == venue)
    if resource is not None:
        query = query.where(Resource.code == resource)
    return [CalendarRow(**row._mapping) for row in connection.execute(query.order_by(ExternalCalendar.id))]


def due(connection: Connection, *, at: datetime, all_of_them: bool = False) -> list[UUID]:
    """The calendars whose turn it is, the longest waiting first."""
    query = select(ExternalCalendar.id).where(ExternalCalendar.url.is_not(None))
    if not all_of_them:
        query = query.where(ExternalCalendar.due_at <= at)
    return list(connection.execute(query.order_by(ExternalCalendar.due_at, ExternalCalendar.id)).scalars())


def claim(connection: Connection, calendar_id: UUID, *, at: datetime, again_at: datetime) -> CalendarRow | None:
    """Take one up, so that nobody else does before `again_at`; None when it is gone."""
    values = {"tried_at": at, "due_at": again_at}
    connection.execute(update(ExternalCalendar).where(ExternalCalendar.id == calendar_id).values(**values))
    return find(connection, calendar_id)


def keep_copy(connection: Connection, calendar_id: UUID, body: bytes) -> None:
    """In the place of the one before."""
    connection.execute(delete(ExternalCopy).where(ExternalCopy.calendar_id == calendar_id))
    connection.execute(insert(ExternalCopy).values(calendar_id=calendar_id, body=body))


def copy(connection: Connection, calendar_id: UUID) -> bytes | None:
    """The last good one, compressed; None when there is none yet."""
    return connection.scalar(select(ExternalCopy.body).where(ExternalCopy.calendar_id == calendar_id))


def offer(connection: Connection, calendar_id: UUID, body: bytes | None) -> None:
    """A newer file to be looked at, in the place of the one before; None: it was let count, or was not wanted."""
    connection.execute(delete(ExternalOffer).where(ExternalOffer.calendar_id == calendar_id))
    if body is not None:
        connection.execute(insert(ExternalOffer).values(calendar_id=calendar_id, body=body))


def offered(connection: Connection, calendar_id: UUID) -> bytes | None:
    """That file, compressed."""
    return connection.scalar(select(ExternalOffer.body).where(ExternalOffer.calendar_id == calendar_id))


def events(connection: Connection, calendar_id: UUID, *, ended: bool = False) -> list[EventRow]:
    """Everything that is kept of its events, in order of start; `ended`: those too that it has no more."""
    query = select(*(ExternalEvent.__table__.c[each.name] for each in fields(EventRow)))
    query = query.where(ExternalEvent.calendar_id == calendar_id)
    if not ended:
        query = query.where(ExternalEvent.ended_at.is_(None))
    found = connection.execute(query.order_by(ExternalEvent.starts, ExternalEvent.key))
    return [EventRow(*row) for row in found]


def titles(connection: Connection, ids: Collection[UUID]) -> Iterator[Row[UUID, UUID, str]]:
    """`id, calendar_id, title` of each."""
    for some in _few(ids):
        query = select(ExternalEvent.id, ExternalEvent.calendar_id, ExternalEvent.title)
        yield from connection.execute(query.where(ExternalEvent.id.in_(some)))


def end_events(connection: Connection, venue_id: int, gone: Collection[EventRow], *, at: datetime) -> None:
    """These events are no more; what they took is free. Feeds call off what was still to come."""
    give_up(connection, venue_id, [each.id for each in gone])
    called = {each.id: called_off(unpacked(each.stretches), (), unpacked_over(each.over), at=at) for each in gone}
    drop_events(connection, [each for each, over in called.items() if not over])
    ended = [
        {
            "of": each.id,
            "stretches": None,
            "over": packed(called[each.id]),
            "digest": "",
            "sequence": each.sequence + 1,
            "modified_at": at,
            "ended_at": at,
        }
        for each in gone
        if called[each.id]
    ]
    if ended:
        connection.execute(_written(ended[0]), ended)


def drop_events(connection: Connection, ids: Collection[UUID]) -> None:
    """Forget them altogether."""
    for some in _few(ids):
        connection.execute(delete(ExternalEvent).where(ExternalEvent.id.in_(some)))


def forget_ended(connection: Connection, calendar_id: UUID, *, before: datetime) -> None:
    """Those of which nothing is told any more."""
    connection.execute(
        delete(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id, ExternalEvent.ended_at <= before)
    )


def give_up(connection: Connection, venue_id: int, ids: Collection[UUID]) -> None:
    """Forget what these events took, before it is written anew."""
    for some in _few(ids):
        connection.execute(
            delete(Occupancy).where(Occupancy.venue_id == venue_id, Occupancy.external_id.in_(some))
        )


def put_events(
    connection: Connection,
    calendar: CalendarRow,
    written: Iterable[tuple[EventRow | None, Blocking]],
    *,
    at: datetime,
) -> dict[str, UUID]:
    """Write events: new ones where nothing is known, else what changed of a known one. Returns key → id."""
    fresh: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    ids = {}
    for known, each in written:
        values = _values(known, each, at)
        ids[each.key] = known.id if known else new_id(at)
        if known is not None:
            other.append({"of": known.id, "sequence": known.sequence + 1, "ended_at": None, **values})
            continue
        fresh.append(
            {
                "id": ids[each.key],
                "calendar_id": calendar.id,
                "venue_id": calendar.venue_id,
                "key": each.key,
                "uid": each.event.uid[:500],
                "created_at": at,
                **values,
            }
        )
    if fresh:
        connection.execute(insert(ExternalEvent), fresh)
    if other:
        connection.execute(_written(other[0]), other)
    return ids


def _values(known: EventRow | None, each: Blocking, at: datetime) -> dict[str, Any]:
    now, over = each.stretches, []
    if known is not None:
        over = called_off(unpacked(known.stretches), now, unpacked_over(known.over), at=at)
    return {
        "title": each.event.title,
        "location": each.event.location,
        "block": each.block,
        "targets": list(each.targets),
        "digest": each.digest,
        "starts": moment(now[0][0]) if now else None,
        "ends": moment(now[-1][1]) if now else None,
        "stretches": packed(now),
        "over": packed(over),
        "days": each.event.days,
        "repeats": len(now) > 1 or (known is not None and known.repeats),
        "modified_at": at,
    }


def _written(values: Mapping[str, Any]) -> Update:
    """One statement for many: each row says of which event it is."""
    columns: dict[str, Any] = {name: bindparam(name) for name in values if name != "of"}
    return update(ExternalEvent).where(ExternalEvent.id == bindparam("of")).values(**columns)


def hold(
    connection: Connection, venue_id: int, held: Iterable[tuple[UUID, str, Atom, Sequence[tuple[int, int]]]]
) -> None:
    """What events take from now on, outside the guard: `(event, block, atom, stretches)`, all of each atom."""
    pour(
        connection,
        venue_id,
        (
            Stretch(event, atom.id, atom.capacity, atom.exclusive, start, end, SOFT_OR_HARD[block])
            for event, block, atom, stretches in held
            for start, end in stretches
        ),
    )


def event_spans(connection: Connection, ids: Collection[UUID]) -> dict[UUID, list[Span]]:
    """When each of these events takes something, each stretch once."""
    found: dict[UUID, list[Span]] = {}
    for some in _few(ids):
        query = select(Occupancy.external_id, Occupancy.starts, Occupancy.ends).distinct()
        query = query.where(Occupancy.external_id.in_(some)).order_by(Occupancy.starts)
        for row in connection.execute(query):
            found.setdefault(row.external_id, []).append(Span(row.starts, row.ends))
    return found


def same(connection: Connection, calendar_id: UUID) -> list[tuple[str, UUID, Span]]:
    """What was said to be the same: UID, and the booking with one row for each time that it still takes."""
    query = (
        select(ExternalSame.uid, ExternalSame.booking_id, Occupancy.starts, Occupancy.ends)
        .join(
            Claim,
            (Claim.booking_id == ExternalSame.booking_id)
            & (Claim.venue_id == ExternalSame.venue_id)
            & Claim.ended_at.is_(None),
        )
        .join(
            Occupancy,
            (Occupancy.claim_id == Claim.id)
            & (Occupancy.venue_id == Claim.venue_id)
            & (Occupancy.force == Force.HARD),
        )
        .where(ExternalSame.calendar_id == calendar_id)
    )
    return [(row.uid, row.booking_id, Span(row.starts, row.ends)) for row in connection.execute(query)]


def say_same(
    connection: Connection, calendar_id: UUID, uid: str, booking_id: UUID, venue_id: int, *, by: UUID, at: datetime
) -> None:
    """Remember it, in the place of what was said of that UID before."""
    unsay_same(connection, calendar_id, uid)
    connection.execute(
        insert(ExternalSame).values(
            calendar_id=calendar_id, uid=uid, booking_id=booking_id, venue_id=venue_id, by_id=by, at=at
        )
    )


def unsay_same(connection: Connection, calendar_id: UUID, uid: str) -> None:
    """Forget it."""
    connection.execute(
        delete(ExternalSame).where(ExternalSame.calendar_id == calendar_id, ExternalSame.uid == uid)
    )


def known_claims(connection: Connection, venue_id: int, ids: Collection[UUID]) -> set[UUID]:
    """Which of these its own feeds carry: claims, bookings, series, closures, or imported events of this house."""
    found: set[UUID] = set()
    for some in _few(ids):
        for column, venue in (
            (Claim.id, Claim.venue_id),
            (Booking.id, Booking.venue_id),
            (Booking.series_id, Booking.venue_id),
            (Closure.id, Closure.venue_id),
            (ExternalEvent.id, ExternalEvent.venue_id),
        ):
            query = select(column).where(column.in_(some), venue == venue_id)
            found |= {each for each in connection.execute(query).scalars() if each is not None}
    return found


def own_ids(connection: Connection, calendar_id: UUID) -> set[UUID]:
    """The claims and bookings of our own feeds that this calendar holds."""
    query = select(ExternalEvent.uid).where(
        ExternalEvent.calendar_id == calendar_id,
        ExternalEvent.uid.like("%@emerge-booking"),
        ExternalEvent.ended_at.is_(None),
    )
    return {found for uid in connection.execute(query).scalars() if (found := ours(uid)) is not None}


def names(connection: Connection, venue_id: int) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Code and name, in every language, of each resource of a house."""
    query = select(Resource.code, Resource.name).where(Resource.venue_id == venue_id)
    return [(row.code, row.name) for row in connection.execute(query)]


def atoms_of(connection: Connection, venue_id: int) -> dict[str, set[int]]:
    """The atoms of each resource of a house, by its code."""
    query = select(Resource.code, ResourceAtom.atom_id).join(ResourceAtom, ResourceAtom.resource_id == Resource.id)
    found: dict[str, set[int]] = {}
    for row in connection.execute(query.where(Resource.venue_id == venue_id)):
        found.setdefault(row.code, set()).add(row.atom_id)
    return found


def stale(connection: Connection, *, before: datetime, after: timedelta) -> list[UUID]:
    """Calendars with a copy that was expanded for too short a time to come."""
    query = select(ExternalCalendar.id).where(
        ExternalCalendar.digest != "",
        or_(ExternalCalendar.until.is_(None), ExternalCalendar.until < before + after),
    )
    return list(connection.execute(query.order_by(ExternalCalendar.id)).scalars())


def forget_reach(connection: Connection, venue_id: int) -> None:
    """The copies of a house are expanded anew, whatever they were expanded to."""
    connection.execute(update(ExternalCalendar).where(ExternalCalendar.venue_id == venue_id).values(until=None))


def _few(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """So many ids at once as a statement can carry."""
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ExternalCalendar.id,
            ExternalCalendar.venue_id,
            Venue.code.label("venue"),
            Venue.name.label("venue_name"),
            Venue.zone,
            Venue.day_line,
            Resource.code.label("resource"),
            Resource.name.label("resource_name"),
            ExternalCalendar.label,
            ExternalCalendar.url,
            ExternalCalendar.blocks,
            ExternalCalendar.split,
            ExternalCalendar.state,
            ExternalCalendar.problem,
            ExternalCalendar.failures,
            ExternalCalendar.believes,
            ExternalCalendar.read_at,
            ExternalCalendar.tried_at,
            ExternalCalendar.due_at,
            ExternalCalendar.until,
            ExternalCalendar.digest,
            ExternalCalendar.etag,
            ExternalCalendar.last_modified,
            ExternalCalendar.counts,
            ExternalCalendar.notes,
            ExternalCalendar.created_at,
            ExternalCalendar.revision,
        )
        .join(Venue, Venue.id == ExternalCalendar.venue_id)
        .outerjoin(
            Resource,
            (Resource.id == ExternalCalendar.resource_id) & (Resource.venue_id == ExternalCalendar.venue_id),
        )
    )
