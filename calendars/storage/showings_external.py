"""What feeds show of the calendars that houses have connected, read."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, cast, or_, select

from booking.storage.places import Resource
from calendars.domain.blocking import Block
from calendars.domain.showing import SHOWN_BEFORE, SHOWN_CANCELLED
from calendars.domain.showing_external import ShownExternal
from calendars.domain.stretches import moment, seconds, unpacked, unpacked_over
from calendars.storage.tables import ExternalEvent

FEW = 8
"""Rooms that are named to the database; of more, everything of their house is read."""


def externals_on(connection: Connection, rooms: Mapping[int, str], *, at: datetime) -> Iterator[ShownExternal]:
    """Every stretch that feeds show at that time on these resources (id → code), by event and start."""
    ids = {code: identity for identity, code in rooms.items()}
    for row in _events(connection, rooms, at):
        for code in row.targets:
            if code in ids:
                yield from _stretches(row, ids[code], at)


def _events(connection: Connection, rooms: Mapping[int, str], at: datetime) -> list[Row[*tuple[Any, ...]]]:
    venues = select(Resource.venue_id).where(Resource.id.in_(rooms))
    table = ExternalEvent
    query = (
        select(
            table.id,
            table.title,
            table.location,
            table.block,
            table.targets,
            table.stretches,
            table.over,
            table.days,
            table.repeats,
            table.created_at,
            table.modified_at,
            table.sequence,
        )
        .where(table.venue_id.in_(venues), or_(table.stretches.is_not(None), table.over.is_not(None)))
        .where(or_(table.ended_at.is_(None), table.ended_at > at - SHOWN_CANCELLED))
        .order_by(table.id)
    )
    if len(rooms) <= FEW:
        named = [cast(table.targets, String).contains(f'"{code}"', autoescape=True) for code in rooms.values()]
        query = query.where(or_(*named))
    return list(connection.execute(query).all())


def _stretches(row: Row[*tuple[Any, ...]], resource: int, at: datetime) -> Iterator[ShownExternal]:
    """Those that are; and those that were called off, unless the event only moved."""
    since, lately = seconds(at - SHOWN_BEFORE), seconds(at - SHOWN_CANCELLED)
    told = [(start, end, None) for start, end in unpacked(row.stretches)]
    over = [(start, end, moment(when)) for start, end, when in unpacked_over(row.over) if when > lately]
    if not row.repeats:
        over = [] if told else over[-1:]
    for start, end, called_off_at in (*told, *over):
        if end > since:
            yield ShownExternal(
                row.id,
                resource,
                row.title,
                row.location,
                row.block == Block.OPTION,
                moment(start),
                moment(end),
                row.days,
                row.repeats,
                row.created_at,
                row.modified_at or row.created_at,
                row.sequence,
                called_off_at,
            )
