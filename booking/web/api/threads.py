"""Conversations: messages and files, with the same endpoints for everything that is talked about."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, request
from sqlalchemy import Connection

from booking.domain.refusals import Malformed
from booking.domain.states import Side
from booking.domain.threads import LARGEST_FILE, LONGEST_MESSAGE, FileKind, Subject
from booking.services import threads
from booking.storage.threads import FileRow, MessageRow
from booking.web.answers import json_answer
from booking.web.api.blueprint import (
    PREFIX,
    ApiBlueprint,
    Created,
    PageArgs,
    View,
    create_once,
    page_answer,
    read_id,
)
from booking.web.api.fields import Strict, Text
from booking.web.context import database, now, require_viewer
from booking.web.files import sent_file, takes_up_to

PLURALS: Mapping[Subject, str] = {
    Subject.BOOKING: "bookings",
    Subject.ENQUIRY: "enquiries",
    Subject.TRAJECTORY: "trajectories",
}
SIDES = {"enum": ["house", "company"]}
OF_A_HOUSE = {"description": "The house that added it; null for the company."}


class MessagePost(Strict):
    """What is said."""

    text = Text(required=True, required_text=True, longest=LONGEST_MESSAGE)


class MessageAnswer(ma.Schema):
    """One message."""

    id = ma.fields.UUID()
    at = ma.fields.String()
    by = ma.fields.String()
    side = ma.fields.String(metadata=SIDES)
    venue = ma.fields.String(allow_none=True, metadata=OF_A_HOUSE)
    text = ma.fields.String()


class MessageList(ma.Schema):
    """Messages, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(MessageAnswer))
    next = ma.fields.String(allow_none=True)


class FileAnswer(ma.Schema):
    """One file; `size` in bytes; `url` gives its content."""

    id = ma.fields.UUID()
    at = ma.fields.String()
    by = ma.fields.String()
    side = ma.fields.String(metadata=SIDES)
    venue = ma.fields.String(allow_none=True, metadata=OF_A_HOUSE)
    name = ma.fields.String()
    kind = ma.fields.String(metadata={"enum": [kind.value for kind in FileKind]})
    media_type = ma.fields.String()
    size = ma.fields.Integer()
    url = ma.fields.String()


class FileList(ma.Schema):
    """Files, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(FileAnswer))
    next = ma.fields.String(allow_none=True)


def add_thread(blueprint: ApiBlueprint, subject: Subject) -> None:
    """The endpoints of the conversation below `/…/{id}` of this blueprint."""
    messages, files = "/<subject_id>/messages", "/<subject_id>/files"
    declare = (
        ("GET", messages, f"list_{subject}_messages", 200, MessageList, PageArgs, _list_messages),
        ("POST", messages, f"post_{subject}_message", 201, MessageAnswer, MessagePost, _post_message),
        ("GET", files, f"list_{subject}_files", 200, FileList, None, _list_files),
        ("POST", files, f"post_{subject}_file", 201, FileAnswer, None, _post_file),
        ("GET", f"{files}/<file_id>", f"get_{subject}_file", 200, None, None, _get_file),
        ("DELETE", f"{files}/<file_id>", f"delete_{subject}_file", 204, None, None, _delete_file),
    )
    for method, rule, name, status, answer, taken, work in declare:
        view = _named(work, name, subject)
        view = blueprint.gives(status, answer)(view)
        if taken is not None:
            view = blueprint.takes(taken, location="query" if method == "GET" else "json")(view)
        blueprint.on(method, rule)(view)


def _named(work: View, name: str, subject: Subject) -> View:
    def view(*args: Any, **kwargs: Any) -> Response:
        return work(subject, *args, **kwargs)

    view.__name__, view.__doc__ = name, work.__doc__
    return takes_up_to(LARGEST_FILE)(view) if work is _post_file else view


def _list_messages(subject: Subject, page: dict[str, Any], subject_id: str) -> Response:
    """What was said, the oldest first."""
    person, after = require_viewer(), page.get("cursor")
    with database().read() as connection:
        rows = threads.listing(
            connection,
            person,
            subject,
            read_id(subject_id),
            after=read_id(after) if after else None,
            limit=page["limit"] + 1,
        )
    items = [_message(row) for row in rows]
    return page_answer(items, limit=page["limit"], cursor=lambda item: str(item["id"]))


def _post_message(subject: Subject, body: dict[str, Any], subject_id: str) -> Response:
    """Say something; the other side is told."""
    person, at, about = require_viewer(), now(), read_id(subject_id)

    def make(connection: Connection) -> Created:
        row = threads.write(connection, person, subject, about, body["text"], at=at)
        return _message(row), f"{PREFIX}/{PLURALS[subject]}/{about}/messages", None

    return create_once(person, make)


def _list_files(subject: Subject, subject_id: str) -> Response:
    """What was added, the oldest first."""
    person, about = require_viewer(), read_id(subject_id)
    with database().read() as connection:
        rows = threads.files(connection, person, subject, about)
    return json_answer({"items": [_file(row, subject, subject_id) for row in rows], "next": None})


def _post_file(subject: Subject, subject_id: str) -> Response:
    """Add a file as multipart/form-data: `file`, and `kind` (project, rider, plan, picture, other).

    PDF files and pictures, told by their content, of ten megabytes at most.
    """
    person, at, about = require_viewer(), now(), read_id(subject_id)
    sent = request.files.get("file")
    if sent is None:
        raise Malformed({"file": ["required"]})
    name, content = sent.filename or "", sent.stream.read()
    kind = _kind(request.form.get("kind", FileKind.OTHER))

    def make(connection: Connection) -> Created:
        row = threads.keep_file(connection, person, subject, about, name=name, kind=kind, content=content, at=at)
        document = _file(row, subject, str(about))
        return document, document["url"], None

    return create_once(person, make)


def _get_file(subject: Subject, subject_id: str, file_id: str) -> Response:
    """The content, to be saved: nothing that a stranger made is shown as a page of ours."""
    person, about, wanted = require_viewer(), read_id(subject_id), read_id(file_id)
    with database().read() as connection:
        row, content = threads.fetch_file(connection, person, subject, about, wanted)
    return sent_file(row, content)


def _delete_file(subject: Subject, subject_id: str, file_id: str) -> Response:
    """Take back a file that your side added."""
    person, at, about, wanted = require_viewer(), now(), read_id(subject_id), read_id(file_id)
    database().write(lambda connection: threads.remove_file(connection, person, subject, about, wanted, at=at))
    return Response(status=204)


def _kind(text: str) -> FileKind:
    if text not in set(FileKind):
        raise Malformed({"kind": ["unknown"]})
    return FileKind(text)


def _message(row: MessageRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "at": row.at.isoformat(),
        "by": row.by,
        "side": row.side,
        "venue": _house(row),
        "text": row.text,
    }


def _house(row: MessageRow | FileRow) -> str | None:
    return row.venue if row.side == Side.HOUSE else None


def _file(row: FileRow, subject: Subject, subject_id: str) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "at": row.at.isoformat(),
        "by": row.by,
        "side": row.side,
        "venue": _house(row),
        "name": row.name,
        "kind": row.kind,
        "media_type": row.media_type,
        "size": row.size,
        "url": f"{PREFIX}/{PLURALS[subject]}/{subject_id}/files/{row.id}",
    }
