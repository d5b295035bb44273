"""A map that needs nobody else: houses as points on paper, with the coast and the border drawn roughly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

from booking.storage.catalogues import CatalogueRow

COAST = ((1.55, 50.22), (1.58, 50.72), (1.85, 50.97), (2.37, 51.05), (2.92, 51.24), (3.37, 51.37))
BORDER = (
    (2.55, 51.09), (2.63, 50.82), (2.90, 50.70), (3.15, 50.79), (3.27, 50.54), (3.67, 50.33), (4.03, 50.36),
    (4.22, 49.96), (4.69, 49.99), (4.83, 50.16), (4.87, 49.80), (5.40, 49.61),
)  # fmt: skip
"""Degrees east and north, by hand: enough to see on which side of the border a house lies."""

WEST, EAST, SOUTH, NORTH = 1.5, 5.4, 49.25, 51.45
WIDTH = 1000
SCALE = WIDTH / ((EAST - WEST) * cos(radians((SOUTH + NORTH) / 2)))
HEIGHT = round((NORTH - SOUTH) * SCALE)


LETTER, LINE, GAP = 15, 32, 28
"""How wide a letter is and how high a line, about; and from the middle of a pin to its name."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One house on the map, in the units of the drawing, and how many of its places answer how.

    `name_x`, `name_y`, `anchor`: where its town is written.
    """

    row: CatalogueRow
    x: int
    y: int
    free: int
    options: int
    name_x: int
    name_y: int
    anchor: str

    @property
    def count(self) -> int:
        """How many can be had, free or behind an option."""
        return self.free + self.options


def on_paper(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees as units of the drawing; what lies outside is drawn at its edge."""
    east, north = min(max(longitude, WEST), EAST), min(max(latitude, SOUTH), NORTH)
    return round((east - WEST) * WIDTH / (EAST - WEST)), round((NORTH - north) * SCALE)


def line(points: Sequence[tuple[float, float]]) -> str:
    """A polyline, as SVG has it."""
    return " ".join(f"{x},{y}" for x, y in (on_paper(*point) for point in points))


def pins(houses: Sequence[tuple[CatalogueRow, int, int]]) -> list[Pin]:
    """Houses (row, how many free, how many behind an option), each name on the first side that has room."""
    points = [on_paper(row.longitude, row.latitude) for row, _, _ in houses]
    taken = [(x - GAP + 4, y - GAP + 4, x + GAP - 4, y + GAP - 4) for x, y in points]
    made = []
    for (row, free, options), (x, y) in zip(houses, points, strict=True):
        sides = list(_sides(x, y, len(row.town) * LETTER))
        name_x, name_y, anchor, box = next((side for side in sides if not _meets(side[3], taken)), sides[0])
        taken.append(box)
        made.append(Pin(row, x, y, free, options, name_x, name_y, anchor))
    return made


Box = tuple[int, int, int, int]


def _sides(x: int, y: int, width: int) -> Iterator[tuple[int, int, str, Box]]:
    """Right, left, below, above: where the text begins or ends, and the room that it takes."""
    half = LINE // 2
    yield x + GAP + 4, y + 9, "start", (x + GAP, y - half, x + GAP + width, y + half)
    yield x - GAP - 4, y + 9, "end", (x - GAP - width, y - half, x - GAP, y + half)
    for middle in (y + GAP + half, y - GAP - half):
        yield x, middle + 9, "middle", (x - width // 2, middle - half, x + width // 2, middle + half)


def _meets(box: Box, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    if left < 0 or right > WIDTH or top < 0 or bottom > HEIGHT:
        return True
    return any(left < r and li < right and top < b and t < bottom for li, t, r, b in taken)
