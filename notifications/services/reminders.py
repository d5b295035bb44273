"""Reminders: planned when a deadline is set, said when their moment comes, if it still makes sense then.

What is said is an event like any other: it stands in the history, and goes through every channel.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from booking.domain.states import State
from booking.services import events
from booking.services.ordering import house_of
from booking.storage import queues, registers
from booking.storage.outbox import EventRow
from booking.storage.registers import BookingRow
from notifications.domain.frequency import ZONE, Frequency, week_of
from notifications.domain.kinds import MAIL
from notifications.domain.reminders import EVENTS, Planned, of_answer, of_option, still_makes_sense
from notifications.storage import letters, preferences, reminders, rounds
from notifications.storage.reminders import ReminderRow

AT_ONCE = 50

WEEK, LATEST = timedelta(days=7), timedelta(days=2)
"""How far ahead a round looks, and how late on a Monday or Tuesday it still goes."""

SETS_AN_END = frozenset(
    {"booking.granted", "booking.extended", "booking.returned", "booking.reinstated", "booking.taken-back"}
)
WAITS = frozenset({"booking.requested", "booking.committed"})


def plan(connection: Connection, event: EventRow) -> None:
    """Note what will have to be said, when an option gets an end or a question goes to a house."""
    if event.booking_id is None or event.kind not in SETS_AN_END | WAITS:
        return
    row = registers.find(connection, event.booking_id)
    if row is None:
        return
    planned = _planned(connection, row, event)
    reminders.add(
        connection,
        [
            {
                "venue_id": row.venue_id,
                "booking_id": row.id,
                "kind": each.kind,
                "about": each.about,
                "due_at": each.due_at,
            }
            for each in planned
        ],
    )


def _planned(connection: Connection, row: BookingRow, event: EventRow) -> Sequence[Planned]:
    if event.kind in WAITS:
        clock = house_of(queues.house(connection, row.venue_id), {}).clock(row)
        return of_answer(clock, event.at, zone=row.zone)
    if row.state is State.OPTION and row.expires_at is not None:
        return of_option(row.expires_at, row.zone, since=event.at)
    return ()


def say_due(connection: Connection, *, at: datetime) -> int:
    """Say what is due, and let go of what no longer makes sense; returns how many rows were looked at."""
    due = reminders.due(connection, at=at, limit=AT_ONCE)
    for each in due:
        row = registers.find(connection, each.booking_id)
        if row is not None and _makes_sense(each, row, at):
            _say(connection, each, row, at)
    reminders.mark_said(connection, [each.id for each in due], at=at)
    return len(due)


def _makes_sense(reminder: ReminderRow, row: BookingRow, at: datetime) -> bool:
    return still_makes_sense(
        reminder.kind, reminder.about, at=at, state=row.state, expires_at=row.expires_at, due_kind=row.due_kind
    )


def _say(connection: Connection, reminder: ReminderRow, row: BookingRow, at: datetime) -> None:
    fact = "expires_at" if EVENTS[reminder.kind] == "booking.expiring" else "due_at"
    events.put(
        connection,
        EVENTS[reminder.kind],
        venue_id=row.venue_id,
        booking_id=row.id,
        by=None,
        at=at,
        new={fact: reminder.about.isoformat()},
    )


def make_rounds(connection: Connection, *, at: datetime) -> int:
    """Every Monday: to planners, which options run out this week; to coordinators, which answers are overdue.

    Written once per person and week, on that Monday or the day after: later in the week it would say what
    everybody has seen. Returns how many letters were put.
    """
    week, began = week_of(at, ZONE)
    if at - began >= LATEST:
        return 0
    return sum(
        _round(connection, kind, week, told, at=at)
        for kind, told in (
            ("round.expiring-options", rounds.expiring(connection, since=at, until=began + WEEK)),
            ("round.overdue-answers", rounds.overdue(connection, at=at)),
        )
    )


def _round(connection: Connection, kind: str, week: str, told: Sequence[Row[Any]], *, at: datetime) -> int:
    """One letter to each reader of these rows who has not had this week's, and has not said never."""
    key = f"{kind}:{week}"
    lines: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        lines[row.person_id].append(
            {
                "booking": str(row.booking_id),
                "title": row.title,
                "organisation": row.organisation or row.venue,
                "venue": row.venue,
                "zone": row.zone,
                "at": row.at.isoformat(),
            }
        )
    if not lines:
        return 0
    chosen = preferences.of_kind(connection, list(lines), kind)
    without = letters.has_been_told(connection, key)
    unwanted = (MAIL, Frequency.NEVER)
    without |= {person for (person, channel), often in chosen.items() if (channel, often) == unwanted}
    put = [
        {
            "person_id": person,
            "key": key,
            "kind": kind,
            "facts": {"lines": each},
            "created_at": at,
            "next_at": at,
        }
        for person, each in lines.items()
        if person not in without
    ]
    letters.add(connection, put)
    return len(put)
