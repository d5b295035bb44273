"""The programme as a whole, for those who oversee it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.storage import programmes


@dataclass(frozen=True, slots=True)
class Overview:
    """Every house over a period, and all of them together."""

    houses: Sequence[Row[*tuple[Any, ...]]]

    @property
    def most(self) -> int:
        """The largest number of bookings that any house has: where the bars end."""
        return max((each.requested + each.options + each.confirmed for each in self.houses), default=0)

    def total(self, name: str) -> int:
        """The sum over all houses of `requested`, `options`, `confirmed` or `across`."""
        return sum(int(getattr(each, name)) for each in self.houses)


def overview(connection: Connection, person: Person, *, start: datetime, end: datetime) -> Overview:
    """One statement. NotFound for everybody who does not oversee the programme."""
    if not person.sees_everything:
        raise NotFound
    return Overview(programmes.houses(connection, start=start, end=end))
