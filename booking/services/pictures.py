"""Pictures of places: written anew from what was sent, shown to everybody, put in order and taken away.

What a camera or a stranger put beside the picture (a position on the globe, a thumbnail, a program) is not written
again. What is sent is measured before it is unpacked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageOps
from sqlalchemy import Connection

from booking.domain.people import Person
from booking.domain.refusals import Malformed, NotFound
from booking.services import catalogue, events
from booking.storage import occupancies, pictures
from booking.storage.catalogues import CatalogueRow
from booking.storage.pictures import PictureRow

__all__ = [
    "LARGEST_PICTURE",
    "PictureRow",
    "Prepared",
    "add",
    "check",
    "of_resources",
    "prepared",
    "put_first",
    "remove",
]

LARGEST_PICTURE = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PICTURES = 12
LONGEST_ALT = 200
SIZES = {"large": 1600, "small": 480}
"""The longer side of each, in pixels."""
KINDS = ("JPEG", "PNG", "WEBP")
COLOURS = frozenset({"L", "RGB", "RGBA", "CMYK"})
"""Modes that are scaled as they are; a palette is not."""
LANGUAGES = ("nl", "fr", "en")
UNBROKEN = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as it is kept: WebP in each size. `shape`: width and height of the large one."""

    shape: tuple[int, int]
    contents: Mapping[str, bytes]


def prepared(content: bytes, sizes: Mapping[str, int] = SIZES) -> Prepared:
    """Written anew in each of `sizes` (the longer side, in pixels). Malformed at `file`: too large, or no
    picture of a kind that is kept."""
    if not content:
        raise Malformed({"file": ["required"]})
    if len(content) > LARGEST_PICTURE:
        raise Malformed({"file": ["too-large"]})
    try:
        with Image.open(BytesIO(content), formats=KINDS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise Malformed({"file": ["too-many-pixels"]})
            plain = _plain(sent)
    except Malformed:
        raise
    except Exception as error:  # whatever a broken picture makes of the library is the same no
        raise Malformed({"file": ["not-a-picture"]}) from error
    scaled = {
        size: ImageOps.contain(plain, (side, side)) if max(plain.size) > side else plain
        for size, side in sizes.items()
    }
    return Prepared(scaled["large"].size, {size: _written(image) for size, image in scaled.items()})


def of_resources(connection: Connection, rows: Sequence[CatalogueRow]) -> dict[str, list[PictureRow]]:
    """The pictures of these resources, by code, in their order: one statement."""
    return pictures.of_resources(connection, [row.id for row in rows])


def check(connection: Connection, person: Person, code: str) -> None:
    """Whether the person may add one, asked before a picture is worked on. NotFound, Forbidden."""
    catalogue.to_set_up(connection, person, code)


def add(
    connection: Connection,
    person: Person,
    code: str,
    picture: Prepared,
    alt: Mapping[str, str | None],
    *,
    at: datetime,
) -> UUID:
    """One more picture of it. `alt`: what it shows, in all three languages. NotFound, Forbidden, Malformed."""
    row = catalogue.to_set_up(connection, person, code)
    occupancies.touch(connection, [row.id])  # first, so that two at once count one after the other
    errors: dict[str, list[str]] = {
        f"alt.{each}": error for each in LANGUAGES if (error := _alt_error(alt.get(each)))
    }
    if len(pictures.of_resources(connection, [row.id]).get(code, ())) >= MOST_PICTURES:
        errors["file"] = ["too-many"]
    if errors:
        raise Malformed(errors)
    texts = {each: str(alt[each]).strip() for each in LANGUAGES}
    made = pictures.add(
        connection, row.venue_id, row.id, texts, picture.shape, picture.contents, by=person.id, at=at
    )
    _tell(connection, person, row, {}, {"picture": texts}, at)
    return made


def put_first(connection: Connection, person: Person, code: str, picture: UUID, *, at: datetime) -> None:
    """The one that stands for it in lists. NotFound, Forbidden."""
    row, found = _one(connection, person, code, picture)
    occupancies.touch(connection, [row.id])
    pictures.put_first(connection, row.id, found.id)
    _tell(connection, person, row, {}, {"first_picture": dict(found.alt)}, at)


def remove(connection: Connection, person: Person, code: str, picture: UUID, *, at: datetime) -> None:
    """Take it away, with its octets. NotFound, Forbidden."""
    row, found = _one(connection, person, code, picture)
    occupancies.touch(connection, [row.id])
    pictures.remove(connection, found.id)
    _tell(connection, person, row, {"picture": dict(found.alt)}, {}, at)


def _plain(sent: Image.Image) -> Image.Image:
    """Upright, in plain colours, on white where it was transparent. Made small first: each step copies it."""
    if sent.mode not in COLOURS or "transparency" in sent.info:
        sent = sent.convert("RGBA")
    if max(sent.size) > SIZES["large"]:
        sent = ImageOps.contain(sent, (SIZES["large"], SIZES["large"]))
    upright = ImageOps.exif_transpose(sent).convert("RGBA")
    ground = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(ground, upright).convert("RGB")


def _written(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()


def _alt_error(text: str | None) -> list[str] | None:
    if not text or not text.strip():
        return ["required"]
    return ["too-long"] if len(text) > LONGEST_ALT else None if _is_readable(text) else ["control-characters"]


def _is_readable(text: str) -> bool:
    """Of signs that are drawn, and of spaces: French keyboards put some that do not break."""
    return all(sign.isprintable() or sign in UNBROKEN for sign in text)


def _one(connection: Connection, person: Person, code: str, picture: UUID) -> tuple[CatalogueRow, PictureRow]:
    row = catalogue.to_set_up(connection, person, code)
    for each in pictures.of_resources(connection, [row.id]).get(code, ()):
        if each.id == picture:
            return row, each
    raise NotFound


def _tell(
    connection: Connection,
    person: Person,
    row: CatalogueRow,
    old: Mapping[str, Mapping[str, str]],
    new: Mapping[str, Mapping[str, str]],
    at: datetime,
) -> None:
    events.put_of_resource(
        connection, "resource.changed", row.venue_id, row.code, by=person.id, at=at, old=old, new=new
    )
