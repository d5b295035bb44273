"""Letters as people see them from outside: those in the folder of this machine, those that failed, and all of them
as they read, for whoever translates."""

from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.domain.people import Person
from booking.domain.refusals import NotFound
from booking.web.context import database, now, parts
from booking.web.languages import LANGUAGES, NAMES, language
from booking.web.pages.sign_in import signed_in
from notifications.post import folder_of
from notifications.services import letters
from notifications.web.letters.samples import samples
from notifications.web.letters.writing import KEY, Writer

pages = Blueprint("letters", __name__, template_folder="../templates")

MOST, KEPT_IN_SIGHT = 200, 2000
ONLY_ITSELF = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
"""A letter brings its styles along, and nothing that runs (CSP Level 3)."""


@pages.get("/letters/folder")
def folder() -> ResponseReturnValue:
    """The letters that landed on this machine, since no mail server is set. NotFound where one is."""
    person = signed_in()
    mails = [each for each in _landed(_folder()) if _may_read(person, each[1])]
    return render_template("letters/folder.html", mails=mails[:MOST])


@pages.get("/letters/folder/<uuid:letter_id>")
def landed(letter_id: UUID) -> ResponseReturnValue:
    """One of them, as a mail program shows it; `?as=text` for the plain part."""
    person = signed_in()
    message = _read(_folder() / f"{letter_id}.eml")
    if not _may_read(person, message):
        raise NotFound
    plain = request.args.get("as") == "text"
    part = message.get_body(("plain",) if plain else ("html",))
    if part is None:
        raise NotFound
    return _shown(str(part.get_content()), plain=plain)


@pages.get("/letters/failed")
def failed() -> ResponseReturnValue:
    """Letters that could not be delivered, with the reason."""
    _overseer()
    with database().read() as connection:
        rows = letters.set_aside(connection, limit=MOST)
    return render_template("letters/failed.html", rows=rows)


@pages.post("/letters/failed/<uuid:letter_id>/retry")
def retry(letter_id: UUID) -> ResponseReturnValue:
    """Send it once more."""
    _overseer()
    at = now()
    database().write(lambda connection: letters.retry(connection, letter_id, at=at))
    flash(gettext("It goes out again."))
    return redirect("/letters/failed", 303)


@pages.get("/letters/previews")
def previews() -> ResponseReturnValue:
    """Every letter that there is, in one language, filled in with an example."""
    signed_in()
    wanted = _wanted_language()
    write = _writer()
    shown = [(matter, write.in_language(matter, wanted)) for matter in samples(now())]
    return render_template("letters/previews.html", shown=shown, wanted=wanted, languages=NAMES.items())


@pages.get("/letters/previews/<kind>/<side>")
def preview(kind: str, side: str) -> ResponseReturnValue:
    """One of them as a mail program shows it."""
    signed_in()
    for matter in samples(now()):
        if (matter.letter.kind, matter.letter.side or "nobody") == (kind, side):
            return _shown(_writer().in_language(matter, _wanted_language()).html)
    raise NotFound


def _overseer() -> Person:
    person = signed_in()
    if not person.sees_everything:
        raise NotFound
    return person


def _folder() -> Path:
    settings = parts().settings
    if settings.mail_url is not None or settings.is_production:
        raise NotFound
    return folder_of(settings)


def _may_read(person: Person, message: EmailMessage) -> bool:
    """One's own letters; whoever oversees the programme sees what left for whom, but no invitation: its link would
    let them in as its reader."""
    is_own = parseaddr(str(message["To"]))[1].lower() == person.email
    return is_own or (person.sees_everything and not _invites(message))


def _invites(message: EmailMessage) -> bool:
    part = message.get_body(("plain",))
    return part is not None and "/invitation/" in str(part.get_content())


def _landed(path: Path) -> Iterator[tuple[str, EmailMessage, datetime]]:
    files = sorted(path.glob("*.eml"), reverse=True)[:KEPT_IN_SIGHT] if path.exists() else []
    for file in files:
        message = _read(file)
        yield file.stem, message, message["Date"].datetime


def _read(file: Path) -> EmailMessage:
    try:
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    except FileNotFoundError as error:
        raise NotFound from error
    if not isinstance(message, EmailMessage):
        raise NotFound
    return message


def _shown(body: str, *, plain: bool = False) -> Response:
    answer = Response(body, mimetype="text/plain" if plain else "text/html")
    answer.headers["Content-Security-Policy"] = ONLY_ITSELF
    return answer


def _wanted_language() -> str:
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else language()


def _writer() -> Writer:
    return cast(Writer, current_app.extensions[KEY])
