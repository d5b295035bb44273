"""Offered windows, stored: the windows of a resource are written anew as a whole."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from booking.domain.claims import Place
from booking.domain.windows import Window
from booking.storage.base import new_id
from booking.storage.house_affairs import OfferedWindow


def of_resource(
    connection: Connection, resource_id: int, *, ends_after: datetime | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """`starts, ends, start_date, end_date` of each, first things first."""
    query = select(OfferedWindow.starts, OfferedWindow.ends, OfferedWindow.start_date, OfferedWindow.end_date)
    query = query.where(OfferedWindow.resource_id == resource_id)
    if ends_after is not None:
        query = query.where(OfferedWindow.ends > ends_after)
    return connection.execute(query.order_by(OfferedWindow.starts, OfferedWindow.ends)).all()


def replace(connection: Connection, place: Place, windows: Sequence[Window]) -> None:
    """From now on the resource has these and no others."""
    connection.execute(delete(OfferedWindow).where(OfferedWindow.resource_id == place.id))
    rows = [_row(place, window) for window in windows]
    if rows:
        connection.execute(insert(OfferedWindow), rows)


def _row(place: Place, window: Window) -> dict[str, Any]:
    span = window.span(place.zone, place.day_line)
    return {
        "id": new_id(),
        "venue_id": place.venue_id,
        "resource_id": place.id,
        "starts": span.start,
        "ends": span.end,
        "start_date": _date(window.start),
        "end_date": _date(window.end),
    }


def _date(moment: date) -> date | None:
    return None if isinstance(moment, datetime) else moment
