"""The inventory of a house as a table: taken out, sent in, shown, applied."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed, NotFound, Stale
from booking.services import catalogue, inventories
from booking.services.spreadsheets import LARGEST_TABLE, XLSX, written_csv, written_xlsx
from booking.storage.imports import WORKED_ON, ImportRow
from booking.web.context import database, now
from booking.web.files import received, takes_up_to
from booking.web.languages import language
from booking.web.pages.blueprint import pages
from booking.web.pages.setup import manager_of
from booking.web.refusals import problem_of
from booking.web.wording import field_error

MOST_LINES = 200
"""On one page, those that are not understood first."""

STATES: Mapping[str, Any] = {
    "waiting": lazy_gettext("being read"),
    "shown": lazy_gettext("to be looked at"),
    "approved": lazy_gettext("being applied"),
    "done": lazy_gettext("applied"),
    "outdated": lazy_gettext("not applied: something changed meanwhile"),
    "refused": lazy_gettext("not read"),
}
NOT_APPLIED = lazy_gettext("not applied")
"""One that was read and approved, and then refused."""


@pages.get("/desk/<venue>/setup/inventory.<ending>")
def inventory_file(venue: str, ending: str) -> FlaskResponse:
    """The table, for a spreadsheet."""
    person = manager_of(venue)
    with database().read() as connection:
        rows = inventories.table(connection, person, venue)
    if ending == "xlsx":
        content, kind = written_xlsx(rows, venue), XLSX
    else:
        content, kind = written_csv(rows, comma="." if language() == "en" else ","), "text/csv"
    answer = FlaskResponse(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{venue}-inventory.{ending}"'
    return answer


@pages.get("/desk/<venue>/setup/import")
def imports_of(venue: str) -> str:
    """Send a file; what was sent before."""
    return _page(venue)


@pages.post("/desk/<venue>/setup/import")
@takes_up_to(LARGEST_TABLE)
def send_inventory(venue: str) -> Response | tuple[str, int]:
    """A file for the worker to read."""
    person, at = manager_of(venue), now()
    sent = request.files.get("file")
    content = received("file", LARGEST_TABLE)
    name = (sent.filename if sent else None) or "inventory"
    try:
        row = database().write(
            lambda connection: inventories.send(connection, person, venue, name, content, at=at)
        )
    except Malformed as refusal:
        return _page(venue, errors=[field_error(code) for code in refusal.errors["file"]]), 422
    return redirect(f"/desk/{venue}/setup/imports/{row.id}", 303)


@pages.get("/desk/<venue>/setup/imports/<uuid:import_id>")
def one_import(venue: str, import_id: UUID) -> str:
    """What a file would change, or has changed; asks again by itself while the worker is busy with it."""
    return _one(venue, import_id)


@pages.post("/desk/<venue>/setup/imports/<uuid:import_id>/apply")
def apply_inventory(venue: str, import_id: UUID) -> Response | tuple[str, int]:
    """Do exactly what was shown."""
    person = manager_of(venue)
    digest = request.form.get("digest", "")
    try:
        database().write(lambda connection: inventories.approve(connection, person, import_id, digest))
    except (Stale, Malformed) as refusal:
        problem = problem_of(refusal)
        return _one(venue, import_id, said=problem.detail), problem.status
    return redirect(f"/desk/{venue}/setup/imports/{import_id}", 303)


def _page(venue: str, errors: list[str] | None = None) -> str:
    person = manager_of(venue)
    with database().read() as connection:
        house = catalogue.venue(connection, venue)
        rows = inventories.latest(connection, person, venue)
    return render_template("desk-import.html", house=house, rows=rows, state_of=_state_of, errors=errors)


def _state_of(row: ImportRow) -> Any:
    return NOT_APPLIED if row.state == "refused" and row.plan else STATES[row.state]


def _one(venue: str, import_id: UUID, said: str | None = None) -> str:
    person = manager_of(venue)
    with database().read() as connection:
        row = inventories.find(connection, person, import_id)
        if row.venue != venue:
            raise NotFound
        house = catalogue.venue(connection, row.venue)
    counts = row.plan.get("counts", {})
    lines = sorted(row.plan.get("lines", []), key=lambda line: (line["what"] != "wrong", line["number"]))
    return render_template(
        "desk-import-one.html",
        house=house,
        row=row,
        counts=counts,
        lines=lines[:MOST_LINES],
        more=max(len(lines) - MOST_LINES, 0),
        state=_state_of(row),
        busy=row.state in WORKED_ON,
        changes=counts.get("added", 0) + counts.get("changed", 0),
        problem=field_error(row.problem) if row.problem else None,
        said=said,
    )
