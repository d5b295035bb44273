"""The inventory of a house, out as a table and in again: shown before anything changes, then applied."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection
from structlog import get_logger

from booking.domain.inventory import BY_NAME, BadCell, Cell, Line, found, put, read_table, row_of, shown_columns
from booking.domain.people import Person
from booking.domain.refusals import Forbidden, InUse, Malformed, NotFound, Stale
from booking.domain.resources import NewResource, is_code, new_errors
from booking.services import catalogue, events, new_resources, resources, structures
from booking.services.catalogue import ResourceFilter
from booking.services.house import House, locked, refreshed
from booking.services.resources import Wanted
from booking.services.spreadsheets import LARGEST_TABLE, read_rows
from booking.storage import accounts, catalogues, imports, venues
from booking.storage import resources as stored
from booking.storage.catalogues import CatalogueRow
from booking.storage.database import Database
from booking.storage.imports import WORKED_ON, ImportRow

__all__ = ["approve", "find", "forget", "latest", "run_due", "send", "table"]

log = get_logger("emerge.inventories")

KEPT = timedelta(days=30)
MOST_SHOWN = 20
MOST_WAITING = 5
"""Of one house: a file holds up those of other houses while it is read."""
MOST_TRIES = 3
PAUSE = timedelta(minutes=1)
"""Between two tries of a file that broke the worker."""
FIXED = ("kind", "unit")
"""What stays as it is for good, once a resource is there."""


@dataclass
class Plan:
    """What a file would do. `lines`: for whoever reads it; `errors`: how many cells or lines make no sense."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    new: list[tuple[Line, NewResource]] = field(default_factory=list)
    changed: list[tuple[Line, CatalogueRow, dict[str, Any]]] = field(default_factory=list)
    around: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    errors: int = 0

    def told(self) -> dict[str, Any]:
        """As it is kept and shown."""
        count = dict.fromkeys(("added", "changed", "unchanged", "wrong"), 0)
        for line in self.lines:
            count[line["what"]] += 1
        return {"counts": count, "lines": [line for line in self.lines if line["what"] != "unchanged"]}


def table(connection: Connection, person: Person, venue: str) -> list[list[Cell]]:
    """Every resource of a house that the person works for, retired ones apart, under the names of the columns.

    NotFound.
    """
    if not (person.decides_for(venue) or venue in person.assists or person.sees_everything):
        raise NotFound
    row = catalogue.venue(connection, venue)
    documents = list(_documents(connection, row.id, venue).values())
    columns = shown_columns(documents)
    return [[column.name for column in columns], *(row_of(each, columns) for each in documents)]


def send(
    connection: Connection, person: Person, venue: str, name: str, content: bytes, *, at: datetime
) -> ImportRow:
    """A file to be read by the worker. NotFound, Forbidden, Malformed."""
    row = catalogue.venue(connection, venue)
    if not person.decides_for(venue):
        raise Forbidden if person.sees_everything or venue in person.assists else NotFound
    if not 0 < len(content) <= LARGEST_TABLE:
        raise Malformed({"file": ["too-large" if content else "required"]})
    venues.hold(connection, row.id)  # so that two at once count one after the other
    if imports.count_waiting(connection, row.id) >= MOST_WAITING:
        raise Malformed({"file": ["too-many-waiting"]})
    return _again(
        connection, imports.add(connection, row.id, person.id, name[:200] or "inventory", content, at=at)
    )


def find(connection: Connection, person: Person, import_id: UUID) -> ImportRow:
    """One of a house that the person decides for. NotFound."""
    row = imports.find(connection, import_id)
    if row is None or not person.decides_for(row.venue):
        raise NotFound
    return row


def latest(connection: Connection, person: Person, venue: str) -> Sequence[ImportRow]:
    """The last ones of a house. NotFound."""
    row = catalogue.venue(connection, venue)
    if not person.decides_for(venue):
        raise NotFound
    return imports.latest(connection, row.id, most=MOST_SHOWN)


def approve(connection: Connection, person: Person, import_id: UUID, digest: str) -> ImportRow:
    """Have it applied as it was shown. NotFound; Stale when that is over; Malformed while a line has errors."""
    row = find(connection, person, import_id)
    if row.digest != digest:
        raise Stale(0)
    if row.plan["counts"]["wrong"]:
        raise Malformed({"file": ["lines-wrong"]})
    if not imports.move(connection, import_id, ["shown"], state="approved", by_id=person.id):
        raise Stale(0)
    return _again(connection, import_id)


def run_due(database: Database, *, at: datetime) -> int:
    """Read what waits, apply what was approved: each in a transaction of its own, and none waits for another that
    broke. What breaks is tried again after a pause, and given up after the third time."""
    with database.read() as connection:
        waiting = imports.due(connection, at=at)
    done = 0
    for import_id in waiting:
        try:
            done += _run(database, import_id, at)
        except Exception:
            log.exception("inventory not read", inventory=str(import_id))
    return done


def _run(database: Database, import_id: UUID, at: datetime) -> bool:
    """Whether there was something to do. Each try is noted before it begins: one may end the worker itself."""
    tries = database.write(partial(imports.begin, import_id=import_id, at=at, again_at=at + PAUSE))
    if tries is None:
        return False
    if tries > MOST_TRIES:
        database.write(partial(_refuse_file, import_id=import_id, problem="given-up", at=at))
        return True
    with database.read() as connection:
        content = imports.content(connection, import_id)
    try:
        lines = read_table(read_rows(content))[1]
    except BadCell as problem:
        database.write(partial(_refuse_file, import_id=import_id, problem=str(problem), at=at))
        return True
    database.write(partial(_work, import_id=import_id, lines=lines, content=content, at=at))
    return True


def _refuse_file(connection: Connection, import_id: UUID, problem: str, at: datetime) -> None:
    """One that had been approved was read well: of that it is told that it could not be applied."""
    ended: dict[str, Any] = {"problem": problem, "ended_at": at}
    _end(connection, import_id, ["approved"], "refused", at, told="unapplied", **ended)
    _end(connection, import_id, ["waiting"], "refused", at, **ended)


def _end(
    connection: Connection,
    import_id: UUID,
    before: Collection[str],
    state: str,
    at: datetime,
    *,
    told: str | None = None,
    **values: Any,
) -> None:
    """It is in another state, and whoever sent or approved it is told: they may have left its page long ago.
    `told`: how it ended, where the state does not say it all."""
    if not imports.move(connection, import_id, before, state=state, **values):
        return
    row = _again(connection, import_id)
    page = {"title": row.name, "link": f"/desk/{row.venue}/setup/imports/{row.id}"}
    events.put_ready(connection, row.venue_id, row.by_id, "import", told or state, at=at, **page)


def forget(connection: Connection, *, at: datetime) -> int:
    """Files are kept for a month."""
    return imports.forget(connection, before=at - KEPT)


def _work(connection: Connection, import_id: UUID, lines: Sequence[Line], content: bytes, at: datetime) -> None:
    row = _again(connection, import_id)
    person = accounts.by_id(connection, row.by_id)
    if row.state not in WORKED_ON or person is None or not person.decides_for(row.venue):
        _refuse_file(connection, import_id, "forbidden", at)
        return
    house = locked(connection, row.venue_id, at=at)
    trial = connection.begin_nested()
    plan = _planned(connection, house, lines)
    _carry_out(connection, person, house, plan, at)
    digest = _digest(content, plan)
    if row.state == "waiting":
        trial.rollback()
        _end(connection, import_id, ["waiting"], "shown", at, plan=plan.told(), digest=digest)
    elif digest != row.digest or plan.errors:
        trial.rollback()
        _end(connection, import_id, ["approved"], "outdated", at, ended_at=at)
    else:
        trial.commit()
        _end(connection, import_id, ["approved"], "done", at, ended_at=at)


def _digest(content: bytes, plan: Plan) -> str:
    told = orjson.dumps(plan.told(), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(hashlib.sha256(content).digest() + told).hexdigest()


def _again(connection: Connection, import_id: UUID) -> ImportRow:
    row = imports.find(connection, import_id)
    if row is None:
        raise NotFound
    return row


def _documents(connection: Connection, venue_id: int, venue: str) -> dict[str, dict[str, Any]]:
    """Every resource of a house as one document, by code: three statements."""
    rows = catalogue.resources(connection, ResourceFilter(venue=venue))
    parts = catalogue.parts(connection, venue_id)
    noise = catalogues.noise_by_resource(connection, venue_id)
    return {row.code: document_of(row, parts.get(row.id, []), noise.get(row.id, [])) for row in rows}


def document_of(row: CatalogueRow, parts: Sequence[str], noise: Sequence[str]) -> dict[str, Any]:
    """A resource as one document, by the names of the columns."""
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "capacity": row.capacity,
        "unit": row.unit,
        "notes": row.notes,
        "technical_sheet": row.technical_sheet,
        "rates": resources.rates_of(row),
        "rules": row.rules,
        "parts": sorted(parts) or None,
        "noise": sorted(noise) or None,
    }


def _planned(connection: Connection, house: House, lines: Sequence[Line]) -> Plan:
    """Line by line, what would be different; nothing is written."""
    plan = Plan()
    filter_ = ResourceFilter(venue=house.code, retired=True)
    known = {row.code: row for row in catalogue.resources(connection, filter_)}
    documents = _documents(connection, house.id, house.code)
    elsewhere = stored.taken_codes(connection, [str(line.values.get("code")) for line in lines]) - known.keys()
    seen: set[str] = set()
    for line in lines:
        code = str(line.values.get("code") or "")
        errors = {name: [error] for name, error in line.errors.items()}
        if code in seen:
            errors["code"] = ["twice"]
        elif code in elsewhere:
            errors["code"] = ["taken"]
        seen.add(code)
        if code in known:
            _plan_change(plan, line, known[code], documents.get(code), errors)
        else:
            _plan_new(plan, line, house, errors)
    return plan


def _plan_new(plan: Plan, line: Line, house: House, errors: dict[str, list[str]]) -> None:
    document: dict[str, Any] = {}
    for name, value in line.values.items():
        if value is not None:
            put(document, name, value)
    new = NewResource(
        str(document.get("code", "")),
        str(document.get("kind", "")),
        document.get("name", {}),
        capacity=document.get("capacity", 1),
        unit=document.get("unit"),
        notes=document.get("notes", {}),
        sheet=document.get("technical_sheet", {}),
        rules=document.get("rules", {}),
        rates=document.get("rates", {}),
    )
    errors = {**_in_columns(new_errors(new, house.code)), **errors}
    if not is_code(new.code, house.code) and "code" not in errors:
        errors["code"] = ["not-a-code"]
    _note(plan, line, "added", [], errors)
    if not errors:
        plan.new.append((line, new))
        _note_around(plan, line)


def _plan_change(
    plan: Plan,
    line: Line,
    row: CatalogueRow,
    document: Mapping[str, Any] | None,
    errors: dict[str, list[str]],
) -> None:
    if document is None:
        errors["code"] = ["retired"]
        document = {}
    changes = []
    for name, value in line.values.items():
        before = found(document, name)
        if name == "capacity" and value is None:
            continue  # there is always one of it
        if before == value or (name == "rates.day" and not before and not value) or name == "code":
            continue
        if name in FIXED or (name == "capacity" and row.exclusive):
            errors[name] = ["fixed"]
        changes.append((name, before, value))
    _note(plan, line, "changed" if changes else "unchanged", changes, errors)
    if changes and not errors:
        plan.changed.append((line, row, {name: value for name, _, value in changes}))
        if any(name in ("parts", "noise") for name, _, _ in changes):
            _note_around(plan, line)


def _note_around(plan: Plan, line: Line) -> None:
    around = {name: line.values[name] or [] for name in ("parts", "noise") if name in line.values}
    if around:
        plan.around[str(line.values["code"])] = around


def _note(
    plan: Plan,
    line: Line,
    what: str,
    changes: Sequence[tuple[str, Any, Any]],
    errors: Mapping[str, Sequence[str]],
) -> None:
    shown = [[name, _cell(name, old), _cell(name, new)] for name, old, new in changes]
    plan.lines.append(
        {
            "number": line.number,
            "code": line.values.get("code"),
            "what": "wrong" if errors else what,
            "changes": shown,
            "errors": {name: list(codes) for name, codes in errors.items()},
        }
    )
    plan.errors += bool(errors)


def _cell(name: str, value: Any) -> Cell:
    return None if value is None else BY_NAME[name].show(value)


def _in_columns(errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Errors by the column in which somebody finds them: no name at all is the first one."""
    nameless = {"name.en": "name.nl"} if errors.get("name.en") == ["required"] else {}
    return {
        nameless.get(path, path if path in BY_NAME else _nearest(path)): list(codes)
        for path, codes in errors.items()
    }


def _nearest(path: str) -> str:
    return next((name for name in BY_NAME if path.startswith(name) or name.startswith(path)), "code")


def _carry_out(connection: Connection, person: Person, house: House, plan: Plan, at: datetime) -> None:
    """All of it; what is refused is noted beside its line. Whoever called decides whether it stays."""
    if plan.errors:
        return
    numbers = {str(line["code"]): line for line in plan.lines}
    if plan.new:
        new_resources.enter(connection, person, house, [new for _, new in plan.new], at=at)
        house = refreshed(connection, house, besides=[new.code for _, new in plan.new])
    wanted = {row.code: _wanted(changes) for _, row, changes in plan.changed}
    for code, errors in resources.change_many(connection, person, house, wanted, at=at).items():
        _refuse(plan, numbers[code], _in_columns(errors))
    for code, around in plan.around.items():
        house = _put_around(connection, person, house, plan, numbers[code], around, at)


def _put_around(
    connection: Connection,
    person: Person,
    house: House,
    plan: Plan,
    line: dict[str, Any],
    around: Mapping[str, list[str]],
    at: datetime,
) -> House:
    code = str(line["code"])
    try:
        if "parts" in around and structures.put_together(connection, person, house, code, around["parts"], at=at):
            house = refreshed(connection, house)
        if "noise" in around:
            structures.pair(connection, person, house, code, around["noise"], at=at)
    except (Malformed, InUse) as refusal:
        errors = dict(refusal.errors) if isinstance(refusal, Malformed) else {"parts": [refusal.code]}
        _refuse(plan, line, errors)
    return house


def _refuse(plan: Plan, line: dict[str, Any], errors: Mapping[str, Sequence[str]]) -> None:
    line["errors"] = {name: list(codes) for name, codes in errors.items()}
    line["what"] = "wrong"
    plan.errors += 1


def _wanted(changes: Mapping[str, Any]) -> Wanted:
    document: dict[str, Any] = {}
    for name, value in changes.items():
        put(document, name, value)
    return Wanted(
        sheet=document.get("technical_sheet"),
        rules=document.get("rules"),
        capacity=document.get("capacity"),
        name=document.get("name"),
        notes=document.get("notes"),
        rates=document.get("rates"),
    )
