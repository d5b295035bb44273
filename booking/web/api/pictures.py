"""Pictures of a resource."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from booking.services import catalogue, pictures
from booking.services.pictures import LANGUAGES, LARGEST_PICTURE, PictureRow
from booking.web.answers import json_answer
from booking.web.api.blueprint import Created, create_once, read_id
from booking.web.api.resources import blueprint
from booking.web.context import database, now, require_viewer
from booking.web.files import takes_up_to


class PictureAnswer(ma.Schema):
    """One picture; `alt`: what it shows, by language; `urls` by size."""

    id = ma.fields.UUID()
    alt = ma.fields.Dict()
    width = ma.fields.Integer()
    height = ma.fields.Integer()
    urls = ma.fields.Dict()


class PictureList(ma.Schema):
    """The pictures of a resource, in their order."""

    items = ma.fields.List(ma.fields.Nested(PictureAnswer))
    next = ma.fields.String(allow_none=True)


@blueprint.on("GET", "/<code>/pictures")
@blueprint.gives(200, PictureList)
def list_pictures(code: str) -> Response:
    """The pictures of a resource."""
    return json_answer({"items": [picture_document(each) for each in _all(code)], "next": None})


@blueprint.on("POST", "/<code>/pictures")
@blueprint.gives(201, PictureAnswer)
@takes_up_to(LARGEST_PICTURE)
def post_picture(code: str) -> Response:
    """Send `file` as a form (multipart), with `alt.nl`, `alt.fr` and `alt.en`."""
    person, at = require_viewer(), now()
    sent = request.files.get("file")
    with database().read() as connection:
        pictures.check(connection, person, code)
    picture = pictures.prepared(sent.stream.read(LARGEST_PICTURE + 1) if sent else b"")
    alt = {each: request.form.get(f"alt.{each}") for each in LANGUAGES}

    def make(connection: Any) -> Created:
        made = pictures.add(connection, person, code, picture, alt, at=at)
        row = catalogue.resource(connection, code).row
        found = {each.id: each for each in pictures.of_resources(connection, [row])[code]}
        return picture_document(found[made]), f"/pictures/{made}-large.webp", None

    return create_once(person, make)


@blueprint.on("POST", "/<code>/pictures/<picture>/first")
@blueprint.gives(200, PictureList)
def put_picture_first(code: str, picture: str) -> Response:
    """The one that stands for it in lists."""
    person, at, id_ = require_viewer(), now(), read_id(picture)
    database().write(lambda connection: pictures.put_first(connection, person, code, id_, at=at))
    return json_answer({"items": [picture_document(each) for each in _all(code)], "next": None})


@blueprint.on("DELETE", "/<code>/pictures/<picture>")
@blueprint.gives(204)
def delete_picture(code: str, picture: str) -> Response:
    """Take it away."""
    person, at, id_ = require_viewer(), now(), read_id(picture)
    database().write(lambda connection: pictures.remove(connection, person, code, id_, at=at))
    return Response(status=204)


def picture_document(row: PictureRow) -> dict[str, Any]:
    """One picture."""
    return {
        "id": str(row.id),
        "alt": dict(row.alt),
        "width": row.width,
        "height": row.height,
        "urls": {size: f"{request.url_root}pictures/{row.id}-{size}.webp" for size in pictures.SIZES},
    }


def _all(code: str) -> list[PictureRow]:
    with database().read() as connection:
        row = catalogue.resource(connection, code).row
        return pictures.of_resources(connection, [row]).get(code, [])
