"""Foreign calendars that block resources: the same endpoints below a resource and below a house."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import marshmallow as ma
from flask import Response, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.exceptions import RequestEntityTooLarge

from booking.domain.refusals import Malformed
from booking.fetching import MOST_OCTETS
from booking.web.answers import item_answer, json_answer, problem_answer
from booking.web.api.blueprint import PREFIX, ApiBlueprint, Created, View, create_once, read_id
from booking.web.api.fields import Choice, Flag, Strict, Text
from booking.web.context import database, now, require_viewer
from booking.web.files import takes_up_to
from booking.web.refusals import Problem
from calendars.apart.reader import READER
from calendars.domain.blocking import Block
from calendars.domain.foreign_lines import NotACalendar
from calendars.services import copies, external, polling, replacing
from calendars.services.external import CalendarRow, Wanted
from calendars.services.taking_in import Copy, NotBelieved
from calendars.web.api.foreign import changes_document, document, preview_document
from calendars.web.outside import reach
from calendars.web.problems import problem_in_words

blueprint = ApiBlueprint("external-calendars", "The calendars of others, as busy time.", under="")

CALENDAR, SPREADSHEET = "text/calendar", "text/csv"
PLACES = ("resources", "venues")


class Words(ma.fields.Dict):
    """A word → what it stands for; both short texts."""

    def __init__(self, values: ma.fields.Field[Any], **kwargs: Any) -> None:
        super().__init__(keys=Text(longest=500), values=values, **kwargs)


def _map() -> Any:
    return Words(Choice(Block), load_default=None, allow_none=True)


def _split() -> Any:
    return Words(Words(Text(longest=100)), load_default=None, allow_none=True)


class Choosing(Strict):
    """`map` and `split` may also be told apart: `{"statuses": {…}, "categories": {…}}`, `{"by": …, "to": {…}}`."""

    @ma.pre_load
    def _flatten(self, data: Any, **_kwargs: Any) -> Any:
        if not isinstance(data, dict):
            return data
        told = dict(data)
        blocks, split = told.get("map"), told.get("split")
        if isinstance(blocks, dict) and blocks and set(blocks) <= {"statuses", "categories"}:
            parts = [part for part in blocks.values() if isinstance(part, dict)]
            told["map"] = {word: block for part in parts for word, block in part.items()}
        if isinstance(split, dict) and set(split) == {"by", "to"} and isinstance(split["by"], str):
            told["split"] = {split["by"]: split["to"]}
        return told


class CalendarPost(Choosing):
    """An address to read, or send the calendar itself as `text/calendar`.

    `map`: CONFIRMED, TENTATIVE, FREE, CANCELLED or a category → hard, option, ignore. `split`: LOCATION or
    CATEGORIES → a word of theirs → the code of a resource.
    """

    url = Text(longest=2000, required=True)
    label = Text(load_default=None, allow_none=True)
    map = _map()
    split = _split()


class CalendarPatch(Choosing):
    """What should be read in another way; it counts at once for the copy that is here."""

    label = Text(load_default=None, required_text=True)
    map = _map()
    split = _split()


class PreviewPost(Choosing):
    """The way of reading to try; what is left out is as it is."""

    map = _map()
    split = _split()


class SyncPost(Strict):
    """`believe`: the next copy counts, also when more than half of the events are gone."""

    believe = Flag(load_default=False)


class CalendarAnswer(ma.Schema):
    """A foreign calendar. `status`: waiting, fine, or failing: then the copy of `read_at`
    stays in force. `age`: of that copy, in seconds."""

    id = ma.fields.UUID()
    venue = ma.fields.String()
    resource = ma.fields.String(allow_none=True)
    label = ma.fields.String()
    url = ma.fields.String(allow_none=True)
    status = ma.fields.String(metadata={"enum": ["waiting", "fine", "failing"]})
    problem = ma.fields.String(allow_none=True)
    age = ma.fields.Integer(allow_none=True)
    read_at = ma.fields.String(allow_none=True)
    tried_at = ma.fields.String(allow_none=True)
    due_at = ma.fields.String(allow_none=True)
    counts = ma.fields.Dict()
    warnings = ma.fields.List(ma.fields.Dict())
    map = ma.fields.Dict()
    split = ma.fields.Dict()


class CalendarList(ma.Schema):
    """The calendars of a house, or of a resource."""

    items = ma.fields.List(ma.fields.Nested(CalendarAnswer))
    next = ma.fields.String(allow_none=True)


class PreviewAnswer(ma.Schema):
    """What would block: `items` of `{title, location, status, block, resources, spans: [{start, end}]}`.

    `over`: the bookings that it would hit, `{booking, state}`.
    """

    counts = ma.fields.Dict()
    warnings = ma.fields.List(ma.fields.Dict())
    items = ma.fields.List(ma.fields.Dict())
    over = ma.fields.List(ma.fields.Dict())


def _post(place: str, code: str) -> Response:
    """Add a calendar: `{"url", "label"}` is read by the worker (202), a `text/calendar` body at once (201).

    A season as `text/csv` (columns start, end, title, place, status) is read as a calendar.

    With `?preview=true` a body is only read, and nothing is kept.
    """
    person, at, where = require_viewer(), now(), _where(place, code)
    if request.mimetype in (CALENDAR, SPREADSHEET):
        return _post_body(place, code)
    body = blueprint.ARGUMENTS_PARSER.parse(CalendarPost(), request, location="json")
    wanted = _wanted(body, url=body["url"])

    def make(connection: Connection) -> Created:
        row = external.add(connection, person, **where, wanted=wanted, reach=reach(), at=at)
        return document(row), address(place, code, row), row.revision

    answer = create_once(person, make)
    answer.status_code = 202
    return answer


def _post_body(place: str, code: str) -> Response:
    person, at, where = require_viewer(), now(), _where(place, code)
    wanted = Wanted(label=request.args.get("label", "")[:200] or None)
    with database().read() as connection:
        zone = external.zone_of(connection, person, **where)
    copy = _sent(zone)
    if request.args.get("preview") == "true":
        with database().read() as connection:
            found = external.preview_of_new(connection, person, **where, reading=copy.reading, wanted=wanted)
        return json_answer(preview_document(found, zone))

    def make(connection: Connection) -> Created:
        row = external.upload(connection, person, **where, wanted=wanted, copy=copy, at=at)
        return document(row), address(place, code, row), row.revision

    return create_once(person, make)


def _upload(place: str, code: str, calendar_id: str) -> Response:
    """A newer `text/calendar` or `text/csv` body for a calendar that was sent; it counts at once.

    With `?preview=true` it is only read: what is new, other and gone. More than half of what was to come gone is
    refused (`half-gone`) unless `?believe=true` says that it is right; the copy before stays.
    """
    at = now()
    with database().read() as connection:
        row = _found(connection, place, code, calendar_id, change=True)
    if row.url is not None:
        return problem_answer(_has_address())
    copy = _sent(row.zone)
    if request.args.get("preview") == "true":
        with database().read() as connection:
            found = replacing.changes(connection, row, copy.reading, READER, blocks=row.blocks, at=at)
        return json_answer(changes_document(found, row.zone))
    believe = request.args.get("believe") == "true"

    def work(connection: Connection) -> CalendarRow:
        fresh = _found(connection, place, code, calendar_id, change=True)
        return replacing.replace(connection, fresh, copy, at=at, believe=believe)

    try:
        row = database().write(work)
    except NotBelieved:
        return problem_answer(_half_gone())
    return item_answer(document(row), revision=row.revision)


def _has_address() -> Problem:
    detail = gettext("This calendar is read from its address. Change it there, or connect the file beside it.")
    return Problem(409, "has-address", gettext("It has an address"), detail, {})


def _half_gone() -> Problem:
    detail = gettext("More than half of what was still to come is gone from it. The copy before stays.")
    return Problem(409, "half-gone", gettext("Half of it is gone"), detail, {"actions": ["believe"]})


def _list(place: str, code: str) -> Response:
    """The calendars, with how they are and how old their copies are."""
    person = require_viewer()
    with database().read() as connection:
        rows = external.listing(connection, person, **_where(place, code))
    return json_answer({"items": [document(row) for row in rows], "next": None})


def _get(place: str, code: str, calendar_id: str) -> Response:
    """One calendar."""
    with database().read() as connection:
        row = _found(connection, place, code, calendar_id)
    return item_answer(document(row), revision=row.revision)


def _patch(body: dict[str, Any], place: str, code: str, calendar_id: str) -> Response:
    """Another label, or another way of reading it, which counts at once."""
    at, wanted = now(), _wanted(body, label=body["label"])

    def work(connection: Connection) -> CalendarRow:
        row = _found(connection, place, code, calendar_id, change=True)
        return external.change(connection, row, wanted, read=READER, at=at)

    with _readable():
        row = database().write(work)
    return item_answer(document(row), revision=row.revision)


def _preview(body: dict[str, Any], place: str, code: str, calendar_id: str) -> Response:
    """What the copy that is here would block, read in the way that is sent; nothing changes."""
    at, wanted = now(), _wanted(body)
    with database().read() as connection, _readable():
        row = _found(connection, place, code, calendar_id)
        copy = copies.kept(connection, row, READER, at=at)
        if copy is None:
            return json_answer({"counts": {}, "warnings": [], "items": [], "over": []})
        found = external.preview(connection, row, copy.reading, wanted)
    return json_answer(preview_document(found, row.zone))


def _sync(body: dict[str, Any], place: str, code: str, calendar_id: str) -> Response:
    """Look at it again as soon as the worker can."""
    at = now()

    def work(connection: Connection) -> CalendarRow:
        row = _found(connection, place, code, calendar_id, change=True)
        return polling.ask_soon(connection, row, at=at, believe=body["believe"])

    return json_answer(document(database().write(work)), status=202)


def _delete(place: str, code: str, calendar_id: str) -> Response:
    """Remove it; what it blocked is free."""
    at = now()

    def work(connection: Connection) -> None:
        external.remove(connection, _found(connection, place, code, calendar_id, change=True), at=at)

    database().write(work)
    return Response(status=204)


def _declare() -> None:
    """Every endpoint twice: of a resource, and of a house."""
    one = "/<code>/external-calendars/<calendar_id>"
    declared = (
        ("POST", "/<code>/external-calendars", "post", 201, CalendarAnswer, None, _post),
        ("GET", "/<code>/external-calendars", "list", 200, CalendarList, None, _list),
        ("GET", one, "get", 200, CalendarAnswer, None, _get),
        ("PATCH", one, "patch", 200, CalendarAnswer, CalendarPatch, _patch),
        ("POST", f"{one}/preview", "preview", 200, PreviewAnswer, PreviewPost, _preview),
        ("POST", f"{one}/upload", "upload", 200, CalendarAnswer, None, _upload),
        ("POST", f"{one}/sync", "sync", 202, CalendarAnswer, SyncPost, _sync),
        ("DELETE", one, "delete", 204, None, None, _delete),
    )
    for place in PLACES:
        for method, rule, name, status, answer, taken, work in declared:
            view = blueprint.gives(status, answer)(_named(work, f"{name}_external_calendar_of_{place}", place))
            if taken is not None:
                view = blueprint.takes(taken)(view)
            blueprint.on(method, f"/{place}{rule}")(view)


def _named(work: View, name: str, place: str) -> View:
    def view(*args: Any, **kwargs: Any) -> Response:
        return work(*args, place=place, **kwargs)

    view.__name__, view.__doc__ = name, work.__doc__
    return takes_up_to(MOST_OCTETS)(view) if work in (_post, _upload) else view


_declare()


def _where(place: str, code: str) -> dict[str, str]:
    return {"resource" if place == "resources" else "venue": code}


def _found(
    connection: Connection, place: str, code: str, calendar_id: str, *, change: bool = False
) -> CalendarRow:
    return external.find(connection, require_viewer(), read_id(calendar_id), **_where(place, code), change=change)


def _wanted(body: Mapping[str, Any], *, label: str | None = None, url: str | None = None) -> Wanted:
    return Wanted(label if label is not None else body.get("label"), url, body["map"], body["split"])


def _sent(zone: str) -> Copy:
    """The body, read."""
    try:
        octets = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Malformed({"body": ["too-large"]}) from None
    with _readable():
        return copies.copied(octets, request.mimetype, zone, READER, at=now())


@contextmanager
def _readable() -> Iterator[None]:
    """What cannot be read is said of the body."""
    try:
        yield
    except NotACalendar as error:
        raise Malformed({"body": [problem_in_words(error.code)]}) from error


def address(place: str, code: str, row: CalendarRow) -> str:
    """Where it is found."""
    return f"{PREFIX}/{place}/{code}/external-calendars/{row.id}"
