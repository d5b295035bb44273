"""Distances between places: the great circle, and what it is by road."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
ROAD_FACTOR = 1.3
ROAD_KM_PER_HOUR = 70.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe, in degrees (WGS 84)."""

    latitude: float
    longitude: float


def great_circle(one: Point, other: Point) -> float:
    """Kilometres as the crow flies (haversine).

    >>> round(great_circle(Point(50.365, 3.529), Point(50.831, 3.265)))  # Valenciennes – Kortrijk
    55
    """
    a, b = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


@dataclass(frozen=True, slots=True)
class Roads:
    """What a road makes of the great circle: it is `factor` times as long, and driven at `km_per_hour` on average.

    A setting of the deployment: as they stand for a country as flat and as full of roads as ours.
    """

    factor: float = ROAD_FACTOR
    km_per_hour: float = ROAD_KM_PER_HOUR

    def kilometres(self, circle: float) -> float:
        """Kilometres by road."""
        return circle * self.factor

    def minutes(self, circle: float) -> int:
        """How long a great circle of so many kilometres takes by road.

        >>> Roads().minutes(55), Roads(1.5, 50).minutes(55)
        (61, 99)
        """
        return round(self.kilometres(circle) / self.km_per_hour * 60)


USUAL = Roads()
"""Where nothing was chosen."""
