"""What loading demo and synthetic worlds needs of the tables, beyond what people's bookings need."""

from sqlalchemy import Connection, select

from booking.storage.bookings import Booking


def titles(connection: Connection) -> set[str]:
    """The title of every booking that there is."""
    return set(connection.execute(select(Booking.title)).scalars())
