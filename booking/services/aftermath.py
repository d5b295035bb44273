"""What follows every change of what is held, by a person or by time itself."""

from datetime import datetime

from sqlalchemy import Connection

from booking.services import conflicts, ordering, reinstating, waiting
from booking.services.ordering import House


def put_in_order(connection: Connection, house: House, *, at: datetime) -> None:
    """The queue first, and offers to return; then the desk, where what is gone closes by itself; then those who
    wait are told."""
    ordering.put_in_order(connection, house, at=at)
    reinstating.close_moot(connection, house, at=at)
    conflicts.settle_gone(connection, house, at=at)
    waiting.tell_freed(connection, house, at=at)
