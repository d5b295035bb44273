"""Conversations under bookings, enquiries and trajectories, their files, and the common answers of a house."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from booking.domain.refusals import Malformed
from booking.domain.threads import LARGEST_FILE, LONGEST_MESSAGE, FileKind, Subject
from booking.services import threads
from booking.web.context import database, now
from booking.web.files import sent_file, takes_up_to
from booking.web.languages import LANGUAGES
from booking.web.pages import bookings, enquiries, trajectories
from booking.web.pages.blueprint import pages
from booking.web.pages.conversations import PLURALS, Unkept
from booking.web.pages.house import House
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed

View = TypeVar("View", bound=Callable[..., Any])
HERE = "#conversation"
SHOWN: Mapping[Subject, Callable[..., str]] = {
    Subject.BOOKING: bookings.show,
    Subject.ENQUIRY: enquiries.show,
    Subject.TRAJECTORY: trajectories.show,
}
"""The pages on which conversations stand."""


def of_each(method: str, rest: str) -> Callable[[View], View]:
    """The same address under everything that is talked about."""

    def declared(view: View) -> View:
        for subject, plural in PLURALS.items():
            rule = f"/{plural}/<uuid:subject_id>/{rest}"
            pages.add_url_rule(rule, view_func=view, methods=[method], defaults={"subject": subject})
        return view

    return declared


@of_each("POST", "messages")
def post_message(subject: Subject, subject_id: UUID) -> Response | tuple[str, int]:
    """Say something. What could not be kept comes back in its field."""
    person, at, text = signed_in(), now(), request.form.get("text", "").replace("\r\n", "\n")
    try:
        database().write(lambda connection: threads.write(connection, person, subject, subject_id, text, at=at))
    except Malformed as refusal:
        return SHOWN[subject](person, subject_id, unkept=Unkept(text, refusal.errors)), 422
    flash(gettext("Sent. The other side is told."))
    return _back(subject, subject_id)


@of_each("POST", "files")
@takes_up_to(LARGEST_FILE)
def post_file(subject: Subject, subject_id: UUID) -> Response | tuple[str, int]:
    """Add a file."""
    person, at = signed_in(), now()
    sent = request.files.get("file")
    raw = request.form.get("kind", "")
    kind = FileKind(raw) if raw in set(FileKind) else FileKind.OTHER
    try:
        if sent is None:
            raise Malformed({"file": ["required"]})
        name, content = sent.filename or "", sent.stream.read()
        database().write(
            lambda connection: threads.keep_file(
                connection, person, subject, subject_id, name=name, kind=kind, content=content, at=at
            )
        )
    except Malformed as refusal:
        return SHOWN[subject](person, subject_id, unkept=Unkept(errors=refusal.errors)), 422
    flash(gettext("The file is kept. The other side is told."))
    return _back(subject, subject_id)


@of_each("GET", "files/<uuid:file_id>")
def fetch_file(subject: Subject, subject_id: UUID, file_id: UUID) -> Response:
    """A file, to be saved."""
    person = signed_in()
    with database().read() as connection:
        row, content = threads.fetch_file(connection, person, subject, subject_id, file_id)
    return sent_file(row, content)


@of_each("POST", "files/<uuid:file_id>/remove")
def remove_file(subject: Subject, subject_id: UUID, file_id: UUID) -> Response:
    """Take back a file that one's own side added."""
    person, at = signed_in(), now()
    database().write(
        lambda connection: threads.remove_file(connection, person, subject, subject_id, file_id, at=at)
    )
    flash(gettext("The file is gone."))
    return _back(subject, subject_id)


def _back(subject: Subject, subject_id: UUID) -> Response:
    return redirect(f"/{PLURALS[subject]}/{subject_id}{HERE}", 303)


@pages.get("/desk/<venue>/templates")
def list_templates(venue: str) -> str:
    """The common answers of a house, to be edited."""
    return _templates(venue)


@pages.post("/desk/<venue>/templates")
@pages.post("/desk/<venue>/templates/<uuid:template_id>")
def keep_template(venue: str, template_id: UUID | None = None) -> Response | tuple[str, int]:
    """A new common answer, or another text of one."""
    person, typed = signed_in(), Typed(request.form)
    title, text = typed.text("title", required=True), typed.text("text", longest=LONGEST_MESSAGE, required=True)
    language = typed.raw("language")
    if language not in LANGUAGES:
        typed.refuse("language", "unknown")
    if typed.errors:
        return _templates(venue, typed, template_id), 422
    database().write(
        lambda connection: threads.keep_template(
            connection, person, venue, template_id, language=language, title=title or "", text=text or ""
        )
    )
    flash(gettext("The answer is kept."))
    return redirect(f"/desk/{venue}/templates", 303)


@pages.post("/desk/<venue>/templates/<uuid:template_id>/remove")
def remove_template(venue: str, template_id: UUID) -> Response:
    """Drop a common answer."""
    person = signed_in()
    database().write(lambda connection: threads.remove_template(connection, person, venue, template_id))
    flash(gettext("The answer is gone."))
    return redirect(f"/desk/{venue}/templates", 303)


def _templates(venue: str, typed: Typed | None = None, edited: UUID | None = None) -> str:
    person = signed_in()
    with database().read() as connection:
        rows = threads.templates(connection, person, venue)
        house = House.read(connection, person, venue)
    return render_template(
        "desk-templates.html",
        house=house,
        rows=rows,
        typed=typed.form if typed else {},
        errors=typed.errors if typed else {},
        edited=edited,
    )
