"""`/feeds/TOKEN.ics` and `.ifb`, for calendar apps: a calendar, or a short line of text; never a page.

An app that is handed a page with status 200 shows an empty calendar, and some drop the feed for
good. So every no here is plain text with its status, whatever went wrong, and no session is opened.
"""

import re

from flask import Blueprint, Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.exc import DBAPIError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from booking.domain.refusals import NotFound
from booking.web.context import now
from calendars.web.desk import desk
from calendars.web.documents import Document

blueprint = Blueprint("feeds", __name__)
log = get_logger("emerge.feeds")

SERVED = re.compile(r"/feeds/[^/]+\.(ics|ifb)")
"""The addresses that this module answers."""

DAV = "/dav/"
"""Where calendar apps bring a key with every request."""

GONE = "No such calendar. Deze agenda bestaat niet. Cet agenda n'existe pas.\n"
LATER = "Try again in a few minutes. Probeer het straks opnieuw. Réessayez dans quelques minutes.\n"
NOT_SO = "Only GET and HEAD.\n"


class SessionsForPages(SecureCookieSessionInterface):
    """No session for calendar apps: no cookie is read, none is set, and caches need not tell readers apart."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None stands for no session."""
        if request.path.startswith(DAV) or (request.method in ("GET", "HEAD") and SERVED.fullmatch(request.path)):
            return None
        return super().open_session(app, request)


@blueprint.get("/feeds/<token>.ics")
def calendar(token: str) -> Response:
    """The calendar (RFC 5545)."""
    return _document(desk().calendar(token, at=now()))


@blueprint.get("/feeds/<token>.ifb")
def free_busy(token: str) -> Response:
    """Free and busy time (RFC 5545 §3.6.4)."""
    return _document(desk().free_busy(token, at=now()))


@blueprint.errorhandler(NotFound)
def not_found(_: NotFound) -> Response:
    """Unknown, revoked, or not yours to follow any more: the same answer."""
    return _line(404, GONE)


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """What HTTP itself refuses."""
    return _line(error.code or 500, NOT_SO)


@blueprint.errorhandler(DBAPIError)
def without_database(error: DBAPIError) -> Response:
    """An app keeps its last copy and asks again."""
    log.error("feed without database", exc_info=error)
    return _later()


@blueprint.errorhandler(Exception)
def broken(error: Exception) -> Response:
    """Our mistake; still no page."""
    log.error("feed broke", exc_info=error)
    return _later()


def _document(document: Document) -> Response:
    said = document.answer(request.environ)
    return Response(said.body, said.status, said.headers)


def _later() -> Response:
    answer = _line(503, LATER)
    answer.headers["Retry-After"] = "300"
    return answer


def _line(status: int, words: str) -> Response:
    return Response(words, status, headers={"Cache-Control": "no-store"}, content_type="text/plain; charset=utf-8")
