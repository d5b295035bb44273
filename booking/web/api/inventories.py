"""The inventory of a house as a table, out and in."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from booking.domain.refusals import Malformed
from booking.services import inventories
from booking.services.spreadsheets import LARGEST_TABLE, XLSX, written_csv, written_xlsx
from booking.storage.imports import ImportRow
from booking.web.answers import item_answer, json_answer
from booking.web.api.blueprint import ApiBlueprint, Created, create_once, read_id
from booking.web.api.documents import local
from booking.web.api.fields import Strict, Text
from booking.web.api.venues import blueprint as venues
from booking.web.context import database, now, require_viewer
from booking.web.files import takes_up_to
from booking.web.wording import field_error

blueprint = ApiBlueprint("imports", "Inventories that are read in: shown first, then applied.")


class ApplyPost(Strict):
    """`digest`: of what was shown."""

    digest = Text(required=True, required_text=True)


class ImportAnswer(ma.Schema):
    """A file that is read by the worker. `lines`: what it adds, changes, or has wrong, each with its number.

    `state`: waiting, shown, approved, done, refused (`problem`) or outdated (something changed since).
    """

    id = ma.fields.UUID()
    venue = ma.fields.String()
    name = ma.fields.String()
    state = ma.fields.String()
    at = ma.fields.String()
    digest = ma.fields.String(allow_none=True)
    problem = ma.fields.String(allow_none=True)
    counts = ma.fields.Dict()
    lines = ma.fields.List(ma.fields.Dict())


@venues.on("GET", "/<code>/inventory")
@venues.gives(200)
def get_inventory(code: str) -> Response:
    """Everything that the house opens, a row each: CSV, or XLSX where `Accept` asks for it."""
    person = require_viewer()
    with database().read() as connection:
        rows = inventories.table(connection, person, code)
    if request.accept_mimetypes.best_match(["text/csv", XLSX]) == XLSX:
        return Response(written_xlsx(rows, code), mimetype=XLSX)
    return Response(written_csv(rows), mimetype="text/csv")


@venues.on("POST", "/<code>/imports")
@venues.gives(202, ImportAnswer)
@takes_up_to(LARGEST_TABLE)
def post_import(code: str) -> Response:
    """Send a CSV or XLSX file as the body. The worker reads it and says what it would change."""
    person, at = require_viewer(), now()
    body = request.get_data()
    if len(body) > LARGEST_TABLE:
        raise Malformed({"file": ["too-large"]})

    def make(connection: Any) -> Created:
        row = inventories.send(connection, person, code, "inventory", body, at=at)
        return import_document(row), f"/api/v1/imports/{row.id}", None

    answer = create_once(person, make)
    answer.status_code = 202
    return answer


@blueprint.on("GET", "/<import_id>")
@blueprint.gives(200, ImportAnswer)
def get_import(import_id: str) -> Response:
    """What it would change, or has changed."""
    person = require_viewer()
    with database().read() as connection:
        return item_answer(import_document(inventories.find(connection, person, read_id(import_id))))


@blueprint.on("POST", "/<import_id>/apply")
@blueprint.takes(ApplyPost)
@blueprint.gives(202, ImportAnswer)
def apply_import(body: dict[str, Any], import_id: str) -> Response:
    """Have the worker do exactly what was shown; 412 when the digest is another."""
    person = require_viewer()
    row = database().write(
        lambda connection: inventories.approve(connection, person, read_id(import_id), body["digest"])
    )
    return json_answer(import_document(row), 202)


def import_document(row: ImportRow) -> dict[str, Any]:
    """One file with what is known of it, errors in words."""
    lines = [
        {
            **line,
            "changes": [{"column": name, "old": old, "new": new} for name, old, new in line["changes"]],
            "errors": {name: [field_error(code) for code in codes] for name, codes in line["errors"].items()},
        }
        for line in row.plan.get("lines", ())
    ]
    return {
        "id": str(row.id),
        "venue": row.venue,
        "name": row.name,
        "state": row.state,
        "at": local(row.at, row.zone),
        "digest": row.digest,
        "problem": field_error(row.problem) if row.problem else None,
        "counts": row.plan.get("counts", {}),
        "lines": lines,
    }
