"""The programme as a whole, for those who oversee it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.storage import programmes


@dataclass(frozen=True, slots=True)
class Overview:
    """Every house over a period, and all of them together. `months`: by its code, how many bookings are settled or
    held as options in each month."""

    houses: Sequence[Row[*tuple[Any, ...]]]
    months: Mapping[str, Sequence[int]]

    @property
    def most(self) -> int:
        """The largest number of bookings that any house has: where the bars end."""
        return max((each.requested + each.options + each.confirmed for each in self.houses), default=0)

    @property
    def fullest(self) -> int:
        """The most that any house has in any month."""
        return max((number for each in self.months.values() for number in each), default=0)

    def month(self, code: str, n: int) -> int:
        """What one house has in one of the months."""
        return self.months[code][n] if code in self.months else 0

    def of_month(self, n: int) -> int:
        """What all houses have in it."""
        return sum(each[n] for each in self.months.values())

    def total(self, name: str) -> int:
        """The sum over all houses of `requested`, `options`, `confirmed` or `across`."""
        return sum(int(getattr(each, name)) for each in self.houses)


def overview(connection: Connection, person: Person, edges: Sequence[datetime]) -> Overview:
    """From the first edge to the last, and from each to the next: two statements.

    NotFound for everybody who does not oversee the programme.
    """
    if not person.sees_everything:
        raise NotFound
    houses = programmes.houses(connection, start=edges[0], end=edges[-1])
    return Overview(houses, programmes.by_month(connection, edges))
