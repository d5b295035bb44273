"""A feed's free and busy time (`.ifb`): what really holds, set-up, strike and buffers included."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from booking.domain.spans import Span
from booking.domain.states import Force
from calendars.domain.documents import busy_calendar
from calendars.domain.free_busy import Busy, Period, Taken, busy_periods, vfreebusy
from calendars.domain.showing import SHOWN_BEFORE, uid
from calendars.services.feeds import RESOURCE, Following
from calendars.services.rendering import Desk, read_scope
from calendars.services.scopes import Scope
from calendars.storage import showings
from calendars.storage.showings import HoldRow

HORIZON = timedelta(days=3 * 366)
"""How far ahead bookings are taken."""


def day_of(at: datetime) -> datetime:
    """Midnight in UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def period_of(at: datetime) -> Span:
    """The time that is answered for: whole days in UTC, so that the answer changes once a day at most."""
    return Span(day_of(at) - SHOWN_BEFORE, day_of(at) + HORIZON)


def busy_times(connection: Connection, feed: Following, desk: Desk, *, at: datetime, stamp: datetime) -> bytes:
    """The calendar with one VFREEBUSY; `stamp`: the last change of what the feed shows. NotFound."""
    return busy_times_in(connection, feed, desk, period_of(at), stamp=stamp)


def busy_times_in(connection: Connection, feed: Following, desk: Desk, period: Span, *, stamp: datetime) -> bytes:
    """The same for a time that somebody asks for."""
    _, scope = read_scope(connection, feed, desk)
    text = vfreebusy(
        uid(feed.id, "-busy"),
        stamp=stamp,
        start=period.start,
        end=period.end,
        periods=_periods(connection, feed, scope, period),
    )
    return busy_calendar(scope.name, text)


def _periods(connection: Connection, feed: Following, scope: Scope, period: Span) -> list[Period]:
    """Busy is when a room is, or when none of a stock is left, or when a company or a chain is anywhere."""
    rooms = [feed.resource_id] if feed.scope == RESOURCE else [room.place.id for room in scope.rooms]
    stocks: dict[int, list[HoldRow]] = defaultdict(list)
    for row in showings.holds_on(connection, rooms, period) if rooms else ():
        stocks[row.atom_id].append(row)
    busy = [
        each for rows in stocks.values() for each in busy_periods(map(_taken, rows), capacity=rows[0].capacity)
    ]
    away = [
        *(showings.holds_by(connection, scope.companies, period) if scope.companies else ()),
        *(showings.holds_of_trajectories(connection, scope.chains, period) if scope.chains else ()),
    ]
    return busy_periods([*_again(busy), *(Taken(row.starts, row.ends, _busy(row)) for row in away)])


def _again(periods: Sequence[Period]) -> Iterable[Taken]:
    return (Taken(each.start, each.end, each.busy) for each in periods)


def _taken(row: HoldRow) -> Taken:
    return Taken(row.starts, row.ends, _busy(row), row.quantity)


def _busy(row: HoldRow) -> Busy:
    if row.source == "closure":
        return Busy.CLOSED
    return Busy.TENTATIVE if row.force == Force.SOFT else Busy.HARD
