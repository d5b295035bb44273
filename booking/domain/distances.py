"""Distances between places: the great circle, and what it is by road."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
ROAD_FACTOR = 1.3
"""A road is so much longer than the great circle, in a country as flat and as full of roads as ours."""
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


def by_road(kilometres: float, *, factor: float = ROAD_FACTOR) -> float:
    """Kilometres by road."""
    return kilometres * factor


def minutes_by_road(kilometres: float, *, factor: float = ROAD_FACTOR, speed: float = ROAD_KM_PER_HOUR) -> int:
    """How long a great circle of so many kilometres takes by road.

    >>> minutes_by_road(55)
    61
    """
    return round(by_road(kilometres, factor=factor) / speed * 60)
