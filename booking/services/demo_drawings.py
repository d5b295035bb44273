"""Rooms of the demo world, drawn from their technical sheets: from the open front, to scale, with people in them.

The same sheet always gives the same drawing. Nothing in it is anybody's but ours.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 480)
FRONT = (56, 40, 624, 384)
"""Where the open front may stand: left, top, width, height, in pixels."""

EYE = 0.42
"""How high the eye is, of the height of the room: a floor is looked at from above."""

TALL_METRES = 1.75
EVERY_METRES = 2
"""Between lines on the floor, and between the bars that lamps hang from."""

SUPPOSED_HEIGHT = 4.0
"""Where the sheet does not say: walls that high, without a ceiling."""


class Colours(NamedTuple):
    """What a room is drawn in: greys and earth, since colours mean states."""

    floor: str
    line: str
    back: str
    side: str
    ink: str


PAPER, INK = "#FBFAF7", "#1B1B1E"
BLACK_BOX = Colours("#4A4844", "#5E5C57", "#2B2A2D", "#1F1E21", "#FBFAF7")
LIGHT = {
    "sprung": Colours("#E3D6BD", "#CFC09E", "#F2F0EA", "#E7E4DB", INK),
    "vinyl": Colours("#8B8982", "#79776F", "#F2F0EA", "#E7E4DB", INK),
    "hard": Colours("#D3D0C7", "#BDB9AE", "#F2F0EA", "#E7E4DB", INK),
}

Point = tuple[float, float]


class Room(NamedTuple):
    """Metres. `height` None: the sheet does not say."""

    width: float
    depth: float
    height: float | None
    colours: Colours

    @classmethod
    def of(cls, kind: str, sheet: Mapping[str, Any]) -> "Room | None":
        """The room of a sheet; None where it does not say how wide and how deep."""
        if not sheet.get("width_m") or not sheet.get("depth_m"):
            return None
        floor = "sprung" if sheet.get("sprung_floor") else "vinyl" if sheet.get("dance_vinyl") else "hard"
        colours = BLACK_BOX if kind == "stage" else LIGHT[floor]
        return cls(sheet["width_m"], sheet["depth_m"], sheet.get("clear_height_m"), colours)


def draw(room: Room) -> Image.Image:
    """The drawing, in RGB."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    at = _perspective(room)
    _walls(pen, room, at)
    _floor(pen, room, at)
    _bars(pen, room, at)
    for across, depth in ((0.32, 0.35), (0.44, 0.62), (0.6, 0.5)):
        _somebody(pen, at, across * room.width, depth * room.depth, room.colours.ink)
    _measures(pen, room, at)
    return image


def _perspective(room: Room) -> Callable[[float, float, float], Point]:
    """Where a point of the room (across, up, away; metres) lies on the paper."""
    left, top, width, height = FRONT
    tall = room.height or SUPPOSED_HEIGHT
    scale = min(width / room.width, height / tall)
    away = 0.75 * max(room.width, tall * 1.4)
    eye = EYE * tall
    centre, floor = left + width / 2, top + (height + scale * tall) / 2

    def at(across: float, up: float, deep: float) -> Point:
        smaller = away / (away + deep)
        x = centre + (across - room.width / 2) * scale * smaller
        return x, floor - eye * scale + (eye - up) * scale * smaller

    return at


def _walls(pen: ImageDraw.ImageDraw, room: Room, at: Callable[[float, float, float], Point]) -> None:
    wide, deep, tall = room.width, room.depth, room.height or SUPPOSED_HEIGHT
    for across in (0.0, wide):
        side = [at(across, 0, 0), at(across, 0, deep), at(across, tall, deep), at(across, tall, 0)]
        pen.polygon(side, fill=room.colours.side)
    back = [at(0, 0, deep), at(wide, 0, deep), at(wide, tall, deep), at(0, tall, deep)]
    pen.polygon(back, fill=room.colours.back)
    if room.height:
        ceiling = [at(0, tall, 0), at(wide, tall, 0), at(wide, tall, deep), at(0, tall, deep)]
        pen.polygon(ceiling, fill=room.colours.side)


def _floor(pen: ImageDraw.ImageDraw, room: Room, at: Callable[[float, float, float], Point]) -> None:
    """With a line for every two metres."""
    wide, deep = room.width, room.depth
    pen.polygon([at(0, 0, 0), at(wide, 0, 0), at(wide, 0, deep), at(0, 0, deep)], fill=room.colours.floor)
    for metre in range(EVERY_METRES, int(wide) + 1, EVERY_METRES):
        pen.line([at(metre, 0, 0), at(metre, 0, deep)], fill=room.colours.line)
    for metre in range(EVERY_METRES, int(deep) + 1, EVERY_METRES):
        pen.line([at(0, 0, metre), at(wide, 0, metre)], fill=room.colours.line)


def _bars(pen: ImageDraw.ImageDraw, room: Room, at: Callable[[float, float, float], Point]) -> None:
    """What lamps hang from, at the clear height."""
    if room.height:
        for metre in range(EVERY_METRES, int(room.depth) + 1, EVERY_METRES):
            ends = [at(0.3, room.height, metre), at(room.width - 0.3, room.height, metre)]
            pen.line(ends, fill=room.colours.line, width=2)


def _somebody(
    pen: ImageDraw.ImageDraw, at: Callable[[float, float, float], Point], across: float, deep: float, ink: str
) -> None:
    """A person as tall as most, so that everything else has a size."""
    (x, feet), (_, crown) = at(across, 0, deep), at(across, TALL_METRES, deep)
    tall = feet - crown
    head, broad = tall * 0.085, tall * 0.13
    pen.ellipse([x - head, crown, x + head, crown + 2 * head], fill=ink)
    shoulders, hips = crown + tall * 0.19, crown + tall * 0.55
    pen.rounded_rectangle([x - broad, shoulders, x + broad, hips], radius=broad * 0.6, fill=ink)
    for side in (-1, 1):
        leg = [x + side * broad * 0.95, x + side * broad * 0.15]
        pen.rectangle([min(leg), hips - broad, max(leg), feet], fill=ink)


def _measures(pen: ImageDraw.ImageDraw, room: Room, at: Callable[[float, float, float], Point]) -> None:
    """Width below, height at the left, depth along the floor at the right."""
    font = ImageFont.load_default(size=26)
    left, right = at(0, 0, 0), at(room.width, 0, 0)
    below = left[1] + 18
    _measure(pen, [(left[0], below), (right[0], below)])
    pen.text(((left[0] + right[0]) / 2, below + 8), metres(room.width), fill=INK, font=font, anchor="mt")
    if room.height:
        high = at(0, room.height, 0)
        beside = left[0] - 16
        _measure(pen, [(beside, left[1]), (beside, high[1])])
        pen.text((beside - 4, high[1] - 8), metres(room.height), fill=INK, font=font, anchor="lb")
    middle = at(room.width - 0.25, 0.12, room.depth / 2)
    pen.text(middle, metres(room.depth), fill=room.colours.ink, font=font, anchor="rb")


def _measure(pen: ImageDraw.ImageDraw, ends: Sequence[Point]) -> None:
    pen.line(list(ends), fill=INK, width=2)
    for x, y in ends:
        pen.ellipse([x - 3, y - 3, x + 3, y + 3], fill=INK)


def metres(length: float) -> str:
    """As two of the three languages write it.

    >>> metres(4.5), metres(14)
    ('4,5 m', '14 m')
    """
    return f"{length:g} m".replace(".", ",")
