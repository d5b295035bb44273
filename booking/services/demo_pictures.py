"""Pictures for the demo world: each room drawn from its sheet, put there by whoever plans its house."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from booking.domain.people import Person, Role
from booking.domain.refusals import NotFound
from booking.domain.resources import SPACES
from booking.services import catalogue, people, pictures
from booking.services.catalogue import ResourceFilter
from booking.services.demo_drawings import Room, draw, metres
from booking.storage.catalogues import CatalogueRow

WORDS = Path(__file__).resolve().parent.parent / "demo" / "pictures.json"
"""What such a drawing shows, for who cannot see it."""

SIZES = {"large": 720, "small": 256}
"""In pixels: lines and planes need fewer than photographs."""

QUICKLY = 1
"""How hard the drawing is packed on its way to the one place that writes pictures: hardly."""


def load(connection: Connection, world: Mapping[str, Any], *, at: datetime) -> int:
    """Draw the rooms of the world that have no picture; returns how many are new."""
    words = orjson.loads(WORDS.read_bytes())
    codes = {resource["code"] for venue in world["venues"] for resource in venue["resources"]}
    rows = [row for row in catalogue.resources(connection, ResourceFilter()) if row.code in codes]
    seen = pictures.of_resources(connection, rows)
    rooms = [(row, Room.of(row.kind, row.technical_sheet)) for row in rows if row.kind in SPACES]
    planners = _planners(connection, world)
    new = 0
    for row, room in rooms:
        if room is not None and row.code not in seen and row.venue_code in planners:
            _hang(connection, planners[row.venue_code], row, room, words, at)
            new += 1
    return new


def _planners(connection: Connection, world: Mapping[str, Any]) -> dict[str, Person]:
    """Who plans each house, as far as they still do."""
    found = {}
    for each in world["people"]:
        if each["role"] == Role.MANAGER:
            try:
                person = people.of_email(connection, each["email"])
            except NotFound:
                continue
            if person.decides_for(each["venue"]):
                found[each["venue"]] = person
    return found


def _hang(
    connection: Connection, planner: Person, row: CatalogueRow, room: Room, words: Mapping[str, Any], at: datetime
) -> None:
    file = BytesIO()
    draw(room).save(file, "PNG", compress_level=QUICKLY)
    sizes = {"width": metres(room.width), "depth": metres(room.depth)}
    if room.height:
        sizes["height"] = metres(room.height)
    texts = words["with_height" if room.height else "without_height"]
    alt = {language: text.format(**sizes) for language, text in texts.items()}
    pictures.add(connection, planner, row.code, pictures.prepared(file.getvalue(), SIZES), alt, at=at)
