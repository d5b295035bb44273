"""Every room of the demo world has a drawing, made from its sheet; drawing again changes nothing."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from booking.domain.resources import SPACES
from booking.services import catalogue, demo, demo_pictures, pictures
from booking.services.catalogue import ResourceFilter
from booking.services.demo_drawings import PAPER, SIZE, Room, draw
from booking.storage import pictures as stored
from booking.storage.database import Database
from tests.support.clocks import StoppedClock

FEW_OCTETS = 2_000
STUDIO = {"width_m": 14, "depth_m": 11, "clear_height_m": 4.5, "sprung_floor": True}


@pytest.fixture
def drawn(database: Database) -> int:
    world = demo.read_world()
    new = database.write(lambda connection: demo_pictures.load(connection, world, at=StoppedClock()()))
    assert database.write(lambda connection: demo_pictures.load(connection, world, at=StoppedClock()())) == 0
    return new


def test_every_room_whose_sheet_says_how_large_it_is_has_one(database: Database, drawn: int):
    with database.read() as connection:
        rows = catalogue.resources(connection, ResourceFilter())
        seen = pictures.of_resources(connection, rows)
    rooms = {row.code for row in rows if row.kind in SPACES and row.technical_sheet.get("depth_m")}
    assert seen.keys() == rooms
    assert drawn == len(rooms) > 30


def test_it_says_what_it_shows_in_three_languages_and_is_light(database: Database, drawn: int):
    assert drawn
    with database.read() as connection:
        rows = [row for row in catalogue.resources(connection, ResourceFilter()) if row.code == "BUD-S1"]
        [picture] = pictures.of_resources(connection, rows)["BUD-S1"]
        small = stored.content(connection, picture.id, "small")
    assert set(picture.alt) == {"nl", "fr", "en"}
    assert all("14 m" in text and "11 m" in text and "4,5 m" in text for text in picture.alt.values())
    assert small is not None
    assert len(small) < FEW_OCTETS, "a dozen of them stand in a list"


def test_where_the_sheet_does_not_say_how_high_there_is_no_ceiling_and_no_word_of_it():
    high, unknown = (Room.of("studio", {**STUDIO, "clear_height_m": height}) for height in (4.0, None))
    assert high is not None
    assert unknown is not None
    assert difference(draw(high), draw(unknown))


def test_the_same_sheet_gives_the_same_drawing_and_another_one_another():
    room, wider = (Room.of("studio", {**STUDIO, "width_m": width}) for width in (14, 9))
    assert room is not None
    assert wider is not None
    assert draw(room).size == SIZE
    assert not difference(draw(room), draw(room))
    assert difference(draw(room), draw(wider))
    assert draw(room).getpixel((2, 2)) == tuple(bytes.fromhex(PAPER[1:]))


@pytest.mark.parametrize("sheet", [{}, {"width_m": 8}, {"width_m": 0, "depth_m": 3}])
def test_without_its_size_nothing_is_drawn(sheet: dict[str, float]):
    assert Room.of("studio", sheet) is None


@pytest.mark.parametrize("size", [(1, 40, 2), (60, 1, 30), (3, 3, 0.5), (200, 200, 200)])
def test_rooms_of_any_shape_stay_on_the_paper(size: tuple[float, float, float]):
    room = Room.of("stage", dict(zip(("width_m", "depth_m", "clear_height_m"), size, strict=True)))
    assert room is not None
    file = BytesIO()
    draw(room).save(file, "PNG")
    assert pictures.prepared(file.getvalue()).shape == SIZE


def difference(first: Image.Image, second: Image.Image) -> bool:
    return ImageChops.difference(first, second).getbbox() is not None
